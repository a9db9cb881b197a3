// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// The markup of details: paragraphs parted by blank lines, `code`, list items that begin with
/// "- ", and blocks indented by four spaces that are kept as they are.
namespace jwtctl::cli {

inline constexpr std::size_t kHelpWidth = 80;

/// markup_to_text wraps to `kHelpWidth` columns with `indent` spaces in front.
std::string markup_to_text(std::string_view markup, std::size_t indent);

/// markup_to_roff renders for man(7).
std::string markup_to_roff(std::string_view markup);

/// roff_code renders one paragraph of markup, without the macro in front of it.
std::string roff_code(std::string_view text);

/// roff_text escapes plain text for man(7).
std::string roff_text(std::string_view text);

}  // namespace jwtctl::cli
