// SPDX-License-Identifier: Apache-2.0
#include "lib/token/revocations.h"

#include "lib/base/text.h"
#include "lib/codec/json.h"

namespace jwtctl {
namespace {

/// is_wide_space knows the spaces of Unicode that are no control characters.
bool is_wide_space(char32_t value) {
  return value == 0xA0 || value == 0x1680 || (value >= 0x2000 && value <= 0x200A) ||
         value == 0x202F || value == 0x205F || value == 0x3000;
}

Result<Revocations> parse_array(const Json::Array& items) {
  Revocations list;
  for (const Json& item : items) {
    if (!item.is_string()) {
      return fail(ErrorCode::input, "the array holds {}, not only strings", item.kind_name());
    }
    list.ids.push_back(*item.as_string());
  }
  return list;
}

}  // namespace

Result<Revocations> parse_revocations(std::string_view text) {
  JsonReading reading = read_json(text);
  const Json* json = reading.value && !reading.fault ? &*reading.value : nullptr;
  if (json != nullptr && json->as_array() != nullptr) return parse_array(*json->as_array());
  if (trim(text).starts_with('[')) {
    return fail(ErrorCode::input, "{}", parse_json(text, "the list").error().message);
  }
  if (json != nullptr) {
    return fail(ErrorCode::input, "the list is {} in JSON, not an array", json->kind_name())
        .hint("write one jti a line without quotes, or a JSON array of strings");
  }
  Revocations list{{}, true};
  std::size_t number = 0;
  for (std::string_view line : split(text, '\n')) {
    ++number;
    std::string_view id = trim(line);
    if (id.empty()) continue;
    if (!fits_line(id)) {
      return fail(ErrorCode::input, "line {} is not one jti", number)
          .hint("write one jti a line without quotes, or a JSON array of strings");
    }
    list.ids.emplace_back(id);
  }
  if (list.ids.empty()) {
    return fail(ErrorCode::input, "the list is empty").hint("if that is meant, write []");
  }
  return list;
}

bool fits_line(std::string_view jti) {
  if (jti.empty() || has_unsafe_text(jti)) return false;
  if (jti.find_first_of("{}<>\"'`,; ") != std::string_view::npos) return false;
  for (std::size_t pos = 0; pos < jti.size();) {
    CodePoint point = decode_utf8(jti, pos);
    if (is_wide_space(point.value)) return false;
    pos += point.length;
  }
  return true;
}

}  // namespace jwtctl
