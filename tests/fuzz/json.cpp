// SPDX-License-Identifier: Apache-2.0
// What parses is written and parsed again as the same value, has no member twice, and its members
// are found where they stand.
#include "lib/codec/json.h"

#include <algorithm>

#include "lib/base/text.h"
#include "lib/codec/json_place.h"
#include "tests/fuzz/targets.h"

namespace jwtctl::fuzz {
namespace {

bool has_duplicates(const Json& json) {
  if (const auto* items = json.as_array()) {
    return std::any_of(items->begin(), items->end(), has_duplicates);
  }
  const auto* members = json.as_object();
  if (members == nullptr) return false;
  std::vector<std::string_view> names;
  for (const JsonMember& member : *members) {
    if (has_duplicates(member.value)) return true;
    names.push_back(member.name);
  }
  std::sort(names.begin(), names.end());
  return std::adjacent_find(names.begin(), names.end()) != names.end();
}

/// string_at returns the JSON string that begins at `place`.
std::string_view string_at(std::string_view text, std::size_t place) {
  std::size_t end = place + 1;
  while (end < text.size() && text[end] != '"') end += text[end] == '\\' ? 2 : 1;
  return text.substr(place, end + 1 - place);
}

void check_places(std::string_view text, const Json& json) {
  const auto* members = json.as_object();
  if (members == nullptr) return;
  for (const JsonMember& member : *members) {
    if (member.name.empty() || member.name.find_first_of("~/") != std::string::npos) continue;
    auto place = find_place(text, member.name);
    must(place && *place < text.size() && text[*place] == '"', "a member has a place");
    JsonReading name = read_json(string_at(text, *place));
    must(name.value && name.value->same_value(Json(member.name)), "its name stands there");
    const auto* items = member.value.as_array();
    if (items == nullptr) continue;
    must(element_places(text, member.name).size() == items->size(), "each element has a place");
  }
}

}  // namespace

void json(std::string_view input) {
  JsonReading first = read_json(input);
  if (first.fault) {
    must(first.fault->offset <= input.size(), "a fault lies in the text");
    must(!parse_json(input, "it"), "a fault is a refusal");
    return;
  }
  must(first.value.has_value(), "there is a value or a fault");
  must(is_utf8(input), "what is accepted is UTF-8");
  must(!has_duplicates(*first.value), "no member is there twice");
  for (int indent : {-1, 2}) {
    JsonReading again = read_json(first.value->dump(indent));
    must(again.value && !again.fault, "what is written can be read");
    must(again.value->same_value(*first.value), "it is the same value");
    must(!has_unsafe_text(again.value->dump()), "what is written can be shown");
  }
  check_places(input, *first.value);
}

}  // namespace jwtctl::fuzz
