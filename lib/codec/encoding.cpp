// SPDX-License-Identifier: Apache-2.0
#include "lib/codec/encoding.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>

namespace jwtctl {
namespace {

constexpr std::size_t kProbe = 4096;

constexpr std::size_t kShortestRun = 2 * kRunUnits;

/// nuls_of returns a word that has the upper bit of each octet set that is NUL in wide ASCII.
constexpr std::uint64_t nuls_of(TextEncoding encoding) {
  std::size_t width = width_of(encoding);
  std::size_t low = is_little(encoding) ? 0 : width - 1;
  std::array<std::uint8_t, kShortestRun> octets{};
  for (std::size_t i = 0; i < octets.size(); ++i) octets[i] = i % width == low ? 0 : 0x80;
  return std::bit_cast<std::uint64_t>(octets);
}

constexpr std::array kNuls{nuls_of(kWideEncodings[0]), nuls_of(kWideEncodings[1]),
                           nuls_of(kWideEncodings[2]), nuls_of(kWideEncodings[3])};

/// count_ascii returns how many units of the text are ASCII, nothing when one can be no character
/// of a text.
std::optional<std::size_t> count_ascii(std::string_view text, TextEncoding encoding) {
  std::size_t width = width_of(encoding);
  std::size_t count = 0;
  bool high = false;
  for (std::size_t at = 0; at + width <= text.size(); at += width) {
    char32_t unit = unit_at(text, at, encoding);
    bool low = unit >= 0xDC00 && unit < 0xE000;
    if (unit > 0x10FFFF || low != high) return std::nullopt;
    high = unit >= 0xD800 && unit < 0xDC00;
    if (width == 4 && high) return std::nullopt;
    if (unit < 0x80 && !is_text_ascii(unit)) return std::nullopt;
    if (unit < 0x80) ++count;
  }
  return count;
}

/// begins_narrow says whether what stands in front of the first wide ASCII character may be of one
/// byte each: because it is all ASCII, for a program has written wide text (and its mark) behind
/// what another wrote, or because its last byte is the first of wide text in the other byte order.
bool begins_narrow(std::string_view text, TextEncoding encoding) {
  std::size_t width = width_of(encoding);
  std::size_t at = 0;
  while (at + width <= text.size() && !begins_with_ascii(text.substr(at), encoding)) at += width;
  std::string_view lead = text.substr(0, at);
  if (lead.empty()) return false;
  bool other = std::any_of(kWideEncodings.begin(), kWideEncodings.end(), [&](TextEncoding order) {
    return order != encoding && begins_with_run(text.substr(at - 1), order);
  });
  std::size_t narrow = narrow_length(lead, at);
  bool marked = narrow > 0 && at - narrow == width && unit_at(text, narrow, encoding) == 0xFEFF;
  return other || marked || narrow == at;
}

/// guess_encoding judges a text without a mark.
TextEncoding guess_encoding(std::string_view head) {
  for (TextEncoding encoding : kWideEncodings) {
    constexpr std::size_t kMostOther = 32;  // characters for one that is ASCII
    auto count = count_ascii(head, encoding);
    std::size_t units = head.size() / width_of(encoding);
    bool enough = count && *count >= kRunUnits && *count >= units / kMostOther;
    if (enough && !begins_narrow(head, encoding)) return encoding;
  }
  return TextEncoding::bytes;
}

}  // namespace

TextEncoding swapped(TextEncoding encoding) {
  switch (encoding) {
    case TextEncoding::utf16le: return TextEncoding::utf16be;
    case TextEncoding::utf16be: return TextEncoding::utf16le;
    case TextEncoding::utf32le: return TextEncoding::utf32be;
    case TextEncoding::utf32be: return TextEncoding::utf32le;
    case TextEncoding::bytes: break;
  }
  return TextEncoding::bytes;
}

char32_t unit_at(std::string_view text, std::size_t at, TextEncoding encoding) {
  std::size_t width = width_of(encoding);
  bool little = is_little(encoding);
  char32_t unit = 0;
  for (std::size_t i = 0; i < width; ++i) {
    auto octet = static_cast<unsigned char>(text[at + (little ? width - 1 - i : i)]);
    unit = (unit << 8U) | octet;
  }
  return unit;
}

bool begins_with_ascii(std::string_view text, TextEncoding encoding) {
  std::size_t width = width_of(encoding);
  if (text.size() < width) return false;
  std::size_t low = is_little(encoding) ? 0 : width - 1;
  // Of two octets the other one, of four the two in the middle and the other end.
  unsigned others = static_cast<unsigned char>(text[width - 1 - low]);
  if (width == 4) others |= static_cast<unsigned char>(text[1] | text[2]);
  return others == 0 && is_text_ascii(static_cast<unsigned char>(text[low]));
}

bool begins_with_run(std::string_view text, TextEncoding encoding) {
  std::size_t width = width_of(encoding);
  if (text.size() < width * kRunUnits) return false;
  for (std::size_t i = 0; i < kRunUnits; ++i) {
    if (!begins_with_ascii(text.substr(i * width), encoding)) return false;
  }
  return true;
}

std::optional<TextEncoding> run_in(std::string_view text) {
  if (text.size() < kShortestRun) return std::nullopt;
  std::uint64_t octets = 0;
  std::memcpy(&octets, text.data(), kShortestRun);
  // The upper bit of each octet that is NUL.
  constexpr std::uint64_t kLower = 0x7F7F7F7F7F7F7F7F;
  std::uint64_t nuls = ~(((octets & kLower) + kLower) | octets | kLower);
  const auto* found = std::find(kNuls.begin(), kNuls.end(), nuls);
  if (found == kNuls.end()) return std::nullopt;
  TextEncoding encoding = kWideEncodings[static_cast<std::size_t>(found - kNuls.begin())];
  return begins_with_run(text, encoding) ? std::optional(encoding) : std::nullopt;
}

std::size_t narrow_length(std::string_view text, std::size_t limit) {
  limit = std::min(limit, text.size());
  std::size_t length = 0;
  while (length < limit && is_text_ascii(static_cast<unsigned char>(text[length]))) ++length;
  return length;
}

TextEncoding find_encoding(std::string_view head, std::size_t& mark) {
  struct Mark {
    std::string_view octets;
    TextEncoding encoding;
  };
  // That of UTF-32 begins like that of UTF-16.
  const std::array<Mark, 5> marks{{{{"\xFF\xFE\0\0", 4}, TextEncoding::utf32le},
                                   {{"\0\0\xFE\xFF", 4}, TextEncoding::utf32be},
                                   {{"\xFF\xFE", 2}, TextEncoding::utf16le},
                                   {{"\xFE\xFF", 2}, TextEncoding::utf16be},
                                   {"\xEF\xBB\xBF", TextEncoding::bytes}}};
  mark = 0;
  head = head.substr(0, kProbe);
  // Without a NUL there is no ASCII in it: it is Latin-1 that begins oddly, or of no interest.
  if (head.find('\0') == std::string_view::npos) return TextEncoding::bytes;
  std::string_view text = head;
  TextEncoding marked = TextEncoding::bytes;
  for (bool more = true; more;) {
    const auto* known = std::find_if(marks.begin(), marks.end(), [text](const Mark& one) {
      return text.starts_with(one.octets);
    });
    more = known != marks.end();
    if (!more) break;
    marked = known->encoding;
    text.remove_prefix(known->octets.size());
  }
  // A mark that some tool has put in front of what it took for its own encoding.
  bool wrong = marked == TextEncoding::bytes || narrow_length(text, kNarrowRun) == kNarrowRun;
  TextEncoding encoding = wrong ? guess_encoding(text) : marked;
  if (encoding != TextEncoding::bytes) mark = head.size() - text.size();
  return encoding;
}

}  // namespace jwtctl
