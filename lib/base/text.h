// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace jwtctl {

/// CodePoint is one decoded step through UTF-8 text.
struct CodePoint {
  char32_t value;      ///< the offending byte when not `valid`
  std::size_t length;  ///< bytes consumed, 1 when not `valid`
  bool valid;
};

/// decode_utf8 reads the code point at `pos`, which must be inside `text`. Overlong forms,
/// surrogates and values beyond U+10FFFF are not valid (RFC 3629 section 3).
CodePoint decode_utf8(std::string_view text, std::size_t pos);

/// is_utf8 says whether all of `text` is UTF-8 (RFC 3629).
bool is_utf8(std::string_view text);

/// is_unsafe says whether a code point may not reach a terminal or a log as it is: control
/// characters (C0, DEL, C1), bidirectional controls, line separators, and invisible format
/// characters that make two texts look alike.
bool is_unsafe(char32_t value);

/// escape_text makes untrusted text safe to print on one line: unsafe characters become `\n`,
/// `\x1b` or `\u202e`, bytes that are not UTF-8 become `\xff`. What a CI log would take for a
/// command (a leading `::`, `##[` and `##vso[` anywhere) is broken by an escape too.
std::string escape_text(std::string_view text);

/// disarm_ci_commands breaks, in text of several lines that is finished otherwise, what a CI log
/// would take for a command: `::` in front of a line, `##[` and `##vso[` anywhere, as `escape_text`
/// does. Nothing when there is none, which is the rule: what is harmless is not copied.
std::optional<std::string> disarm_ci_commands(std::string_view text);

/// has_unsafe_text says whether `escape_text` would change anything but CI commands.
bool has_unsafe_text(std::string_view text);

/// shorten returns `text` when it has at most `max` code points, else its beginning and "…".
std::string shorten(std::string_view text, std::size_t max);

/// columns counts the code points of `text`.
std::size_t columns(std::string_view text);

/// code_point_starts counts the bytes that begin a code point: the same in UTF-8, and fast.
std::size_t code_point_starts(std::string_view text);

/// to_lower folds ASCII letters.
std::string to_lower(std::string_view text);

/// equals_ignoring_case compares with ASCII letters folded.
bool equals_ignoring_case(std::string_view a, std::string_view b);

/// trim removes ASCII white space on both sides.
std::string_view trim(std::string_view text);

/// split cuts `text` at every `separator`; an empty text is one empty part.
std::vector<std::string_view> split(std::string_view text, char separator);

/// join puts `separator` between the parts.
std::string join(std::span<const std::string> parts, std::string_view separator);

/// parse_whole reads all of `text` as a decimal number without a sign that 64 bits hold. Nothing
/// when it is none.
std::optional<std::uint64_t> parse_whole(std::string_view text);

/// parse_number does so for a number from `least` to `most`, both included and neither negative.
template <std::integral T>
std::optional<T> parse_number(std::string_view text, T least = 0,
                              T most = std::numeric_limits<T>::max()) {
  auto value = parse_whole(text);
  bool good = value && *value >= static_cast<std::uint64_t>(least) &&
              *value <= static_cast<std::uint64_t>(most);
  return good ? std::optional(static_cast<T>(*value)) : std::nullopt;
}

/// edit_distance counts insertions, deletions, replacements and swaps of neighbours.
std::size_t edit_distance(std::string_view a, std::string_view b);

/// suggest returns the candidate nearest to `word`, if one is near enough to be what was meant:
/// at most two edits and a third of its length, or a difference in case only.
std::optional<std::string> suggest(std::string_view word,
                                   std::span<const std::string_view> candidates);

/// did_you_mean renders the hint for `suggest`, or the list of candidates when none is near.
std::string did_you_mean(std::string_view word, std::span<const std::string_view> candidates);

}  // namespace jwtctl
