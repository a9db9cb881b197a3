// SPDX-License-Identifier: Apache-2.0
#include "lib/rotation/inputs.h"

#include <algorithm>
#include <array>
#include <utility>

namespace jwtctl {
namespace {

constexpr std::array<std::pair<Variant, std::string_view>, 5> kVariants{
    {{Variant::rotation, "rotation"},
     {Variant::emergency, "emergency"},
     {Variant::algorithm, "algorithm"},
     {Variant::first_key, "first-key"},
     {Variant::symmetric, "symmetric"}}};

constexpr std::array<std::pair<EmergencyCase, std::string_view>, 3> kEmergencies{
    {{EmergencyCase::standby, "standby"},
     {EmergencyCase::cold, "cold"},
     {EmergencyCase::soft, "soft"}}};

template <class Table, class Value>
std::string_view name_in(const Table& table, Value value) {
  return std::find_if(table.begin(), table.end(),
                      [value](const auto& row) { return row.first == value; })
      ->second;
}

template <class Value, std::size_t N>
std::optional<Value> find_in(const std::array<std::pair<Value, std::string_view>, N>& table,
                             std::string_view name) {
  for (const auto& [value, text] : table) {
    if (text == name) return value;
  }
  return std::nullopt;
}

}  // namespace

std::string_view to_string(Variant variant) { return name_in(kVariants, variant); }
std::string_view to_string(EmergencyCase which) { return name_in(kEmergencies, which); }
std::optional<Variant> find_variant(std::string_view name) { return find_in(kVariants, name); }
std::optional<EmergencyCase> find_emergency(std::string_view name) {
  return find_in(kEmergencies, name);
}

}  // namespace jwtctl
