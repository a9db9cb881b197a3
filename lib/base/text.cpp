// SPDX-License-Identifier: Apache-2.0
#include "lib/base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cstdint>
#include <iterator>
#include <utility>

namespace jwtctl {
namespace {

std::uint8_t byte_at(std::string_view text, std::size_t pos) {
  return static_cast<std::uint8_t>(text[pos]);
}

constexpr char fold(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

void append_escaped(std::string& out, CodePoint point) {
  auto value = static_cast<std::uint32_t>(point.value);
  if (value == '\n') {
    out += "\\n";
  } else if (value == '\r') {
    out += "\\r";
  } else if (value == '\t') {
    out += "\\t";
  } else if (!point.valid || value < 0x80) {
    out += fmt::format("\\x{:02x}", value);
  } else if (value < 0x10000) {
    out += fmt::format("\\u{:04x}", value);
  } else {
    out += fmt::format("\\U{:08x}", value);
  }
}

/// is_blank knows every space of Unicode: a CI runner trims them all before it looks for `::`.
bool is_blank(char32_t value) {
  constexpr std::u32string_view kBlanks = U" \u00a0\u1680\u202f\u205f\u3000";
  bool in_block = value >= 0x2000 && value <= 0x200A;
  return in_block || kBlanks.find(value) != std::u32string_view::npos;
}

bool starts_ci_command(std::string_view rest) {
  return rest.starts_with("##[") || rest.starts_with("##vso[");
}

}  // namespace

CodePoint decode_utf8(std::string_view text, std::size_t pos) {
  std::uint8_t lead = byte_at(text, pos);
  if (lead < 0x80) return {lead, 1, true};
  CodePoint invalid{lead, 1, false};

  std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || pos + length > text.size()) return invalid;
  auto value = static_cast<std::uint32_t>(lead & (0xFFU >> (length + 1)));
  for (std::size_t i = 1; i < length; ++i) {
    std::uint8_t next = byte_at(text, pos + i);
    if ((next & 0xC0U) != 0x80U) return invalid;
    value = (value << 6U) | (next & 0x3FU);
  }
  constexpr std::array<std::uint32_t, 5> kSmallest{0, 0, 0x80, 0x800, 0x10000};
  bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (value < kSmallest[length] || surrogate || value > 0x10FFFF) return invalid;
  return {static_cast<char32_t>(value), length, true};
}

bool is_utf8(std::string_view text) {
  for (std::size_t pos = 0; pos < text.size();) {
    CodePoint point = decode_utf8(text, pos);
    if (!point.valid) return false;
    pos += point.length;
  }
  return true;
}

bool is_unsafe(char32_t value) {
  struct Range {
    char32_t first, last;
  };
  static constexpr std::array<Range, 17> kUnsafe{{
      {0x0000, 0x001F},    // C0
      {0x007F, 0x009F},    // DEL, C1
      {0x00AD, 0x00AD},    // soft hyphen
      {0x034F, 0x034F},    // combining grapheme joiner
      {0x061C, 0x061C},    // Arabic letter mark
      {0x115F, 0x1160},    // Hangul fillers
      {0x180E, 0x180E},    // Mongolian vowel separator
      {0x200B, 0x200F},    // zero width, left-to-right and right-to-left marks
      {0x2028, 0x202E},    // line and paragraph separators, embeddings and overrides
      {0x2060, 0x2069},    // invisible operators, isolates
      {0x3164, 0x3164},    // Hangul filler
      {0xFEFF, 0xFEFF},    // byte order mark
      {0xFFA0, 0xFFA0},    // halfwidth Hangul filler
      {0xFFF9, 0xFFFB},    // interlinear annotation
      {0x1BCA0, 0x1BCA3},  // shorthand format controls
      {0x1D173, 0x1D17A},  // musical format controls
      {0xE0000, 0xE0FFF},  // tags, variation selectors
  }};
  return std::any_of(kUnsafe.begin(), kUnsafe.end(),
                     [value](Range r) { return value >= r.first && value <= r.last; });
}

std::string escape_text(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  bool at_start = true;
  for (std::size_t pos = 0; pos < text.size();) {
    CodePoint point = decode_utf8(text, pos);
    std::string_view rest = text.substr(pos);
    if (!point.valid || is_unsafe(point.value)) {
      append_escaped(out, point);
    } else if ((at_start && rest.starts_with("::")) || starts_ci_command(rest)) {
      out += fmt::format("\\x{:02x}", static_cast<unsigned>(point.value));
    } else {
      out.append(text, pos, point.length);
    }
    at_start = at_start && is_blank(point.value);
    pos += point.length;
  }
  return out;
}

std::optional<std::string> disarm_ci_commands(std::string_view text) {
  if (text.find("::") == std::string_view::npos && text.find("##") == std::string_view::npos) {
    return std::nullopt;
  }
  std::string out;
  std::size_t done = 0;
  bool at_start = true;
  for (std::size_t pos = 0; pos < text.size();) {
    CodePoint point = decode_utf8(text, pos);
    std::string_view rest = text.substr(pos);
    if ((at_start && rest.starts_with("::")) || starts_ci_command(rest)) {
      out += text.substr(done, pos - done);
      append_escaped(out, {point.value, 1, false});
      done = pos + 1;
    }
    bool line_end = point.value == '\n' || point.value == '\r';
    at_start = line_end || (at_start && (is_blank(point.value) || point.value == '\t'));
    pos += point.length;
  }
  if (done == 0) return std::nullopt;
  out += text.substr(done);
  return out;
}

bool has_unsafe_text(std::string_view text) {
  for (std::size_t pos = 0; pos < text.size();) {
    CodePoint point = decode_utf8(text, pos);
    if (!point.valid || is_unsafe(point.value)) return true;
    pos += point.length;
  }
  return false;
}

std::string shorten(std::string_view text, std::size_t max) {
  std::size_t count = 0;
  for (std::size_t pos = 0; pos < text.size(); ++count) {
    if (count == max) return fmt::format("{}…", text.substr(0, pos));
    pos += decode_utf8(text, pos).length;
  }
  return std::string(text);
}

std::size_t columns(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t pos = 0; pos < text.size(); ++count) pos += decode_utf8(text, pos).length;
  return count;
}

std::size_t code_point_starts(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  }));
}

std::string to_lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), fold);
  return out;
}

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return fold(x) == fold(y); });
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n\v\f";
  std::size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return text.substr(0, 0);  // what is empty has a place, too
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (std::size_t start = 0;;) {
    std::size_t end = text.find(separator, start);
    parts.push_back(text.substr(start, end - start));
    if (end == std::string_view::npos) return parts;
    start = end + 1;
  }
}

std::string join(std::span<const std::string> parts, std::string_view separator) {
  return fmt::format("{}", fmt::join(parts, separator));
}

std::optional<std::uint64_t> parse_whole(std::string_view text) {
  std::uint64_t value = 0;
  const char* end = text.data() + text.size();
  auto [at, error] = std::from_chars(text.data(), end, value);
  return error == std::errc{} && at == end ? std::optional(value) : std::nullopt;
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  // Optimal string alignment: three rows of the usual table.
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> previous(b.size() + 1);
  std::vector<std::size_t> current(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) previous[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    current[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      std::size_t cost = a[i - 1] == b[j - 1] ? 0 : 1;
      current[j] = std::min({previous[j] + 1, current[j - 1] + 1, previous[j - 1] + cost});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        current[j] = std::min(current[j], before[j - 2] + 1);
      }
    }
    std::swap(before, previous);
    std::swap(previous, current);
  }
  return previous[b.size()];
}

std::optional<std::string> suggest(std::string_view word,
                                   std::span<const std::string_view> candidates) {
  constexpr std::size_t kLongestWord = 64;  // nothing that we name is longer
  if (word.empty() || word.size() > kLongestWord) return std::nullopt;
  std::optional<std::string> best;
  std::size_t best_distance = 3;
  for (std::string_view candidate : candidates) {
    if (equals_ignoring_case(word, candidate)) return std::string(candidate);
    std::size_t distance = edit_distance(to_lower(word), to_lower(candidate));
    if (distance < best_distance && distance * 3 <= candidate.size()) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

std::string did_you_mean(std::string_view word, std::span<const std::string_view> candidates) {
  if (auto near = suggest(word, candidates)) return fmt::format("did you mean {}?", *near);
  return fmt::format("known are: {}", fmt::join(candidates, ", "));
}

}  // namespace jwtctl
