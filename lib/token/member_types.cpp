// SPDX-License-Identifier: Apache-2.0
#include "lib/token/member_types.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>

namespace jwtctl {
namespace {

/// MemberType is a row: what the value of a registered member must be.
struct MemberType {
  std::string_view name;
  RuleId rule;
  bool (*fits)(const Json&);
  std::string_view wanted;
};

bool is_text(const Json& json) { return json.is_string(); }
bool is_object(const Json& json) { return json.is_object(); }
bool is_list_of_texts(const Json& json) {
  const Json::Array* items = json.as_array();
  return items != nullptr && std::all_of(items->begin(), items->end(), is_text);
}

constexpr MemberType kHeader[] = {
    {"typ", rules::typ_mismatch, is_text, "a string"},
    {"cty", rules::cty_unexpected, is_text, "a string"},
    {"kid", rules::kid_suspicious, is_text, "a string"},
    {"jku", rules::remote_key_reference, is_text, "a string"},
    {"jwk", rules::embedded_jwk, is_object, "an object"},
    {"x5u", rules::remote_key_reference, is_text, "a string"},
    {"x5c", rules::x5c_in_header, is_list_of_texts, "an array of strings"},
    {"x5t", rules::x5t_mismatch, is_text, "a string"},
    {"x5t#S256", rules::x5t_mismatch, is_text, "a string"},
};

constexpr MemberType kClaims[] = {
    {"sub", rules::sub_malformed, is_text, "a string"},
    {"jti", rules::claim_type_surprise, is_text, "a string"},
};

std::string describe(const MemberType& type, const Json& value) {
  if (type.fits == is_list_of_texts && value.is_array()) {
    const Json::Array& items = *value.as_array();
    auto other = std::find_if_not(items.begin(), items.end(), is_text);
    return fmt::format("{} must be {}, its entry {} is {}", type.name, type.wanted,
                       other - items.begin(), other->kind_name());
  }
  return fmt::format("{} must be {}, it is {}", type.name, type.wanted, value.kind_name());
}

std::vector<TypeFault> faults_of(const Json& json, std::span<const MemberType> types) {
  std::vector<TypeFault> faults;
  for (const MemberType& type : types) {
    const Json* value = json.find(type.name);
    if (value == nullptr || type.fits(*value)) continue;
    faults.push_back({type.name, type.rule, describe(type, *value)});
  }
  return faults;
}

std::optional<std::string> message_of(std::vector<TypeFault> faults, std::string_view name) {
  for (TypeFault& fault : faults) {
    if (fault.name == name) return std::move(fault.message);
  }
  return std::nullopt;
}

Outcome judge(CheckId check, VerdictCode code, const std::vector<TypeFault>& faults) {
  return faults.empty() ? passed(check) : failed(check, code, faults.front().rule);
}

}  // namespace

std::vector<TypeFault> header_type_faults(const Json& header) { return faults_of(header, kHeader); }

std::vector<TypeFault> claim_type_faults(const Json& claims) { return faults_of(claims, kClaims); }

std::optional<std::string> header_type_fault(const Json& header, std::string_view name) {
  return message_of(header_type_faults(header), name);
}

std::optional<std::string> claim_type_fault(const Json& claims, std::string_view name) {
  return message_of(claim_type_faults(claims), name);
}

Outcome judge_header_types(const Json& header) {
  return judge(CheckId::header_types, VerdictCode::header, header_type_faults(header));
}

Outcome judge_claim_types(const Json& claims) {
  return judge(CheckId::claim_types, VerdictCode::claim, claim_type_faults(claims));
}

}  // namespace jwtctl
