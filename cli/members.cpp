// SPDX-License-Identifier: Apache-2.0
#include "cli/members.h"

#include <algorithm>

#include "lib/base/shown.h"
#include "lib/base/text.h"

namespace jwtctl::cli {

Result<JsonMember> parse_member(const std::string& text, std::string_view what) {
  std::size_t equals = text.find('=');
  bool typed = equals != std::string::npos && equals > 0 && text[equals - 1] == ':';
  std::string name = text.substr(0, typed ? equals - 1 : equals);
  if (equals == std::string::npos || name.empty()) {
    return fail(ErrorCode::usage, "{} is neither NAME=VALUE nor NAME:=JSON", quote_argument(text))
        .hint("role=admin is a {} with a string, level:=3 one with a JSON value", what);
  }
  std::string value = text.substr(equals + 1);
  if (value.empty()) {
    return fail(ErrorCode::usage, "the value of {} is empty", quote_argument(name))
        .hint("is a variable unset? if an empty string is meant write '{}:=\"\"'",
              show_argument(name));
  }
  if (!typed) return JsonMember{name, Json(value)};
  auto json = parse_json(value, fmt::format("the value of {}", quote_argument(name)));
  if (json) return JsonMember{name, *std::move(json)};
  return fail(ErrorCode::usage, "{}", json.error().message)
      .hint("for a string leave out the colon: {}={}", show_argument(name), show_argument(value));
}

Members::Members(Json start, std::string_view source, std::string what)
    : json_(std::move(start)), what_(std::move(what)) {
  for (const JsonMember& member : *json_.as_object()) sources_.emplace_back(member.name, source);
}

Result<void> Members::add(std::string_view name, Json value, std::string_view source) {
  auto found = std::find_if(sources_.begin(), sources_.end(),
                            [name](const auto& entry) { return entry.first == name; });
  if (found != sources_.end()) {
    return fail(ErrorCode::usage, "the {} {} is given twice: by {} and by {}", what_,
                quote_argument(name), found->second, source)
        .hint("leave one of them out");
  }
  const std::string* text = value.as_string();
  if (!is_utf8(name) || (text != nullptr && !is_utf8(*text))) {
    return fail(ErrorCode::usage, "{}: the {} {} is not UTF-8", source, what_,
                quote_argument(name));
  }
  sources_.emplace_back(name, source);
  json_.append(std::string(name), std::move(value));
  return {};
}

}  // namespace jwtctl::cli
