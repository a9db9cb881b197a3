// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace jwtctl {

/// find_place returns where in a JSON text the member or element stands that `pointer` names: the
/// offset of the member's name, or of the element's first character. The pointer is RFC 6901
/// without its leading slash; empty is the whole text. Of members with one name the last counts.
/// Nothing when there is no such place. `text` must have passed `read_json`.
std::optional<std::size_t> find_place(std::string_view text, std::string_view pointer);

/// element_places returns where the elements of the array begin that the member `name` of the
/// text's object is, in one pass; empty when there is no such array.
std::vector<std::size_t> element_places(std::string_view text, std::string_view name);

/// TextPosition is a place in a text as people count it: from 1, columns in code points.
struct TextPosition {
  std::size_t line = 1;
  std::size_t column = 1;
};

/// to_position counts lines and columns up to `offset`; what is not UTF-8 counts by its bytes that
/// could begin a code point.
TextPosition to_position(std::string_view text, std::size_t offset);

}  // namespace jwtctl
