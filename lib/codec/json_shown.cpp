// SPDX-License-Identifier: Apache-2.0
#include "lib/codec/json_shown.h"

#include <fmt/format.h>

#include <utility>

#include "lib/base/credential.h"
#include "lib/base/shown.h"

namespace jwtctl {

Json shown_value(const Json& value) {
  if (const std::string* text = value.as_string()) {
    return Json(masked_argument(*text, ShownAs::text));
  }
  if (const Json::Array* items = value.as_array()) {
    Json shown = Json::Array{};
    for (const Json& item : *items) shown.push_back(shown_value(item));
    return shown;
  }
  if (!value.is_object()) return value;
  auto hidden = hidden_argument(value.dump(), ShownAs::text);
  return hidden ? Json(*std::move(hidden)) : value;
}

Json shown_member(std::string_view name, const Json& value) {
  const std::string* string = value.as_string();
  std::string text = string != nullptr ? *string : value.dump();
  if (!holds_credential(fmt::format("{}={}", name, text))) return shown_value(value);
  return Json(masked_argument(text, ShownAs::secret));
}

}  // namespace jwtctl
