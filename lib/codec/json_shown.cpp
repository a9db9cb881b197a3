// SPDX-License-Identifier: Apache-2.0
#include "lib/codec/json_shown.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "lib/base/credential.h"
#include "lib/base/shown.h"
#include "lib/codec/base64url.h"

namespace jwtctl {
namespace {

/// holds_key says that an object, or one in it, is a JWK, or has a member with a short name and a
/// value that may be a key.
bool holds_key(const Json& value) {
  constexpr std::size_t kLongestName = 2;
  constexpr std::size_t kShortestKey = 16;
  if (const Json::Array* items = value.as_array()) {
    return std::any_of(items->begin(), items->end(), holds_key);
  }
  const Json::Object* members = value.as_object();
  if (members == nullptr) return false;
  return value.find("kty") != nullptr ||
         std::any_of(members->begin(), members->end(), [](const JsonMember& member) {
           const std::string* text = member.value.as_string();
           bool key = text != nullptr && member.name.size() <= kLongestName &&
                      text->size() >= kShortestKey &&
                      std::all_of(text->begin(), text->end(),
                                  [](char c) { return base64_value(c) >= 0 || c == '='; });
           return key || holds_key(member.value);
         });
}

}  // namespace

Json shown_value(const Json& value) {
  if (const std::string* text = value.as_string()) {
    return Json(masked_argument(*text, ShownAs::value));
  }
  if (const Json::Array* items = value.as_array()) {
    Json shown = Json::Array{};
    for (const Json& item : *items) shown.push_back(shown_value(item));
    return shown;
  }
  if (!value.is_object()) return value;
  std::string text = value.dump();
  auto hidden = hidden_argument(text, ShownAs::value);
  if (!hidden) return value;
  // The names of a JWK's members are short: {"k":"v"} is none.
  if (secret_kind(text) != "a JWK" || holds_key(value)) return Json(*std::move(hidden));
  Json shown = Json::object({});
  for (const JsonMember& member : *value.as_object()) {
    shown.set(member.name, shown_member(member.name, member.value));
  }
  return shown;
}

Json shown_member(std::string_view name, const Json& value) {
  const std::string* string = value.as_string();
  std::string text = string != nullptr ? *string : value.dump();
  if (!holds_credential(fmt::format("{}={}", name, text))) return shown_value(value);
  return Json(masked_argument(text, ShownAs::secret));
}

}  // namespace jwtctl
