// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

/// How text is written that is not UTF-8: what Windows and databases write.
namespace jwtctl {

/// TextEncoding is how the characters of a text are written; `bytes` is UTF-8, or anything else
/// whose ASCII is one byte wide.
enum class TextEncoding { bytes, utf16le, utf16be, utf32le, utf32be };

/// The wide ones, those first that must be tried first: ASCII in UTF-32 has a NUL too many for
/// UTF-16.
inline constexpr std::array kWideEncodings{TextEncoding::utf32le, TextEncoding::utf32be,
                                           TextEncoding::utf16le, TextEncoding::utf16be};
inline constexpr std::size_t kMaxEncodingWidth = 4;
inline constexpr std::size_t kRunUnits = 4;    ///< wide ASCII characters that make a run
inline constexpr std::size_t kNarrowRun = 14;  ///< octets: no token in a text is shorter

/// width_of returns how many octets a unit of a wide encoding has.
constexpr std::size_t width_of(TextEncoding encoding) {
  return encoding == TextEncoding::utf16le || encoding == TextEncoding::utf16be ? 2 : 4;
}

constexpr bool is_little(TextEncoding encoding) {
  return encoding == TextEncoding::utf16le || encoding == TextEncoding::utf32le;
}

/// swapped returns the encoding of the other byte order.
TextEncoding swapped(TextEncoding encoding);

/// unit_at returns the unit of a wide text that begins at `at`; it must be whole.
char32_t unit_at(std::string_view text, std::size_t at, TextEncoding encoding);

/// is_text_ascii says whether a unit is an ASCII character that texts have.
constexpr bool is_text_ascii(char32_t unit) {
  return (unit >= 0x20 && unit < 0x7F) || unit == '\t' || unit == '\n' || unit == '\r';
}

/// begins_with_ascii says whether a text begins with a character of wide ASCII, begins_with_run
/// whether with `kRunUnits` of them.
bool begins_with_ascii(std::string_view text, TextEncoding encoding);
bool begins_with_run(std::string_view text, TextEncoding encoding);

/// run_in returns the encoding of the run that a text begins with: it can be of one alone.
std::optional<TextEncoding> run_in(std::string_view text);

/// narrow_length returns how many octets of ASCII a text begins with, of at most `limit`.
std::size_t narrow_length(std::string_view text, std::size_t limit);

/// find_encoding looks at the beginning of a text: at its byte order marks, of which the last one
/// counts, else at where the NULs of its ASCII characters stand. `mark` is the length of the marks.
TextEncoding find_encoding(std::string_view head, std::size_t& mark);

}  // namespace jwtctl
