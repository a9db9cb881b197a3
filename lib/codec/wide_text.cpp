// SPDX-License-Identifier: Apache-2.0
#include "lib/codec/wide_text.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <optional>

namespace jwtctl {
namespace {

constexpr std::size_t kChunk = std::size_t{64} * 1024;
constexpr std::size_t kProbe = 4096;
constexpr std::size_t kRunUnits = 4;    // wide ASCII characters that make a run
constexpr std::size_t kNarrowRun = 32;  // octets of ASCII that are no characters of two octets
constexpr std::size_t kAhead = kNarrowRun + 4;
constexpr char32_t kReplacement = 0xFFFD;
constexpr std::array kWide{Encoding::utf32le, Encoding::utf32be, Encoding::utf16le,
                           Encoding::utf16be};

std::size_t width_of(Encoding encoding) {
  return encoding == Encoding::utf16le || encoding == Encoding::utf16be ? 2 : 4;
}

/// unit_at returns the unit of a wide text that begins at `at`; it must be whole.
char32_t unit_at(std::string_view text, std::size_t at, Encoding encoding) {
  std::size_t width = width_of(encoding);
  bool little = encoding == Encoding::utf16le || encoding == Encoding::utf32le;
  char32_t unit = 0;
  for (std::size_t i = 0; i < width; ++i) {
    auto octet = static_cast<unsigned char>(text[at + (little ? width - 1 - i : i)]);
    unit = (unit << 8U) | octet;
  }
  return unit;
}

bool is_text_ascii(char32_t unit) {
  return (unit >= 0x20 && unit < 0x7F) || unit == '\t' || unit == '\n' || unit == '\r';
}

bool is_high(char32_t unit) { return unit >= 0xD800 && unit < 0xDC00; }
bool is_low(char32_t unit) { return unit >= 0xDC00 && unit < 0xE000; }

/// count_ascii returns how many units of the text are ASCII, nothing when one can be no character
/// of a text.
std::optional<std::size_t> count_ascii(std::string_view text, Encoding encoding) {
  std::size_t width = width_of(encoding);
  std::size_t count = 0;
  bool high = false;
  for (std::size_t at = 0; at + width <= text.size(); at += width) {
    char32_t unit = unit_at(text, at, encoding);
    if (unit > 0x10FFFF || is_low(unit) != high) return std::nullopt;
    high = is_high(unit);
    if (width == 4 && high) return std::nullopt;
    if (unit < 0x80 && !is_text_ascii(unit)) return std::nullopt;
    if (unit < 0x80) ++count;
  }
  return count;
}

void append_utf8(char32_t value, SecretBytes& out) {
  auto add = [&out](char32_t octet) { out.push_back(static_cast<unsigned char>(octet)); };
  if (value < 0x80) return add(value);
  if (value < 0x800) {
    add(0xC0 | (value >> 6U));
  } else {
    if (value < 0x10000) {
      add(0xE0 | (value >> 12U));
    } else {
      add(0xF0 | (value >> 18U));
      add(0x80 | ((value >> 12U) & 0x3FU));
    }
    add(0x80 | ((value >> 6U) & 0x3FU));
  }
  add(0x80 | (value & 0x3FU));
}

/// begins_with_run says whether a text begins with wide ASCII.
bool begins_with_run(std::string_view text, Encoding encoding) {
  std::size_t width = width_of(encoding);
  if (text.size() < width * kRunUnits) return false;
  for (std::size_t i = 0; i < kRunUnits; ++i) {
    if (!is_text_ascii(unit_at(text, i * width, encoding))) return false;
  }
  return true;
}

/// begins_narrow says whether what stands in front of the first wide ASCII character may be of one
/// byte each: because it is all ASCII, for a program has written wide text behind what another
/// wrote, or because its last byte is the first of wide text in the other byte order.
bool begins_narrow(std::string_view text, Encoding encoding) {
  std::size_t width = width_of(encoding);
  std::size_t at = 0;
  while (at + width <= text.size() && !is_text_ascii(unit_at(text, at, encoding))) at += width;
  std::string_view lead = text.substr(0, at);
  if (lead.empty()) return false;
  bool other = std::any_of(kWide.begin(), kWide.end(), [&](Encoding order) {
    return order != encoding && begins_with_run(text.substr(at - 1), order);
  });
  return other || std::all_of(lead.begin(), lead.end(),
                              [](char c) { return is_text_ascii(static_cast<unsigned char>(c)); });
}

}  // namespace

Encoding find_encoding(std::string_view head, std::size_t& mark) {
  struct Mark {
    std::string_view octets;
    Encoding encoding;
  };
  // That of UTF-32 begins like that of UTF-16.
  const std::array<Mark, 4> marks{{{{"\xFF\xFE\0\0", 4}, Encoding::utf32le},
                                   {{"\0\0\xFE\xFF", 4}, Encoding::utf32be},
                                   {{"\xFF\xFE", 2}, Encoding::utf16le},
                                   {{"\xFE\xFF", 2}, Encoding::utf16be}}};
  mark = 0;
  head = head.substr(0, kProbe);
  // Without a NUL there is no ASCII in it: it is Latin-1 that begins oddly, or of no interest.
  std::size_t nul = head.find('\0');
  if (nul == std::string_view::npos) return Encoding::bytes;
  for (const Mark& known : marks) {
    if (!head.starts_with(known.octets)) continue;
    mark = known.octets.size();
    return known.encoding;
  }
  for (Encoding encoding : kWide) {
    constexpr std::size_t kMostOther = 32;  // characters for one that is ASCII
    auto count = count_ascii(head, encoding);
    std::size_t units = head.size() / width_of(encoding);
    bool enough = count && *count >= kRunUnits && *count >= units / kMostOther;
    if (enough && !begins_narrow(head, encoding)) return encoding;
  }
  return Encoding::bytes;
}

std::string_view WideText::rest() const { return as_text(raw_).substr(at_, size_ - at_); }

/// fill reads the next chunk behind what is left of the last; false at the end of the text.
Result<bool> WideText::fill() {
  if (at_ < size_) std::memmove(raw_.data(), raw_.data() + at_, size_ - at_);
  size_ -= at_;
  wide_until_ -= std::min(wide_until_, at_);
  at_ = 0;
  raw_.resize(kChunk + kAhead);
  auto* space = reinterpret_cast<char*>(raw_.data());
  auto count = read_(std::span(space + size_, raw_.size() - size_));
  if (!count) return fail(std::move(count).error());
  size_ += *count;
  end_ = *count == 0;
  return !end_;
}

void WideText::begin() {
  begun_ = true;
  std::size_t mark = 0;
  encoding_ = find_encoding(rest(), mark);
  at_ += mark;
}

/// enter_run says whether a run of wide ASCII begins here.
bool WideText::enter_run() {
  for (Encoding encoding : kWide) {
    if (!begins_with_run(rest(), encoding)) continue;
    encoding_ = encoding;
    run_ = true;
    return true;
  }
  return false;
}

/// leaves_wide says whether what follows is no wide text any more.
bool WideText::leaves_wide() {
  std::string_view text = rest();
  if (run_) return !is_text_ascii(unit_at(text, 0, encoding_));
  if (at_ < wide_until_) return false;
  std::size_t narrow = 0;
  while (narrow < std::min(text.size(), kNarrowRun) &&
         is_text_ascii(static_cast<unsigned char>(text[narrow]))) {
    ++narrow;
  }
  wide_until_ = at_ + narrow;
  return narrow == kNarrowRun;
}

void WideText::decode_unit() {
  std::string_view text = rest();
  std::size_t width = width_of(encoding_);
  char32_t unit = unit_at(text, 0, encoding_);
  at_ += width;
  if (width == 2 && is_high(unit) && text.size() >= 4 && is_low(unit_at(text, 2, encoding_))) {
    unit = 0x10000 + ((unit - 0xD800) << 10U) + (unit_at(text, 2, encoding_) - 0xDC00);
    at_ += 2;
  }
  bool none = unit > 0x10FFFF || is_high(unit) || is_low(unit);
  append_utf8(none ? kReplacement : unit, out_);
}

/// convert turns into UTF-8 what it can judge: all but the last few bytes, until the end is known.
void WideText::convert() {
  out_.clear();
  given_ = 0;
  std::size_t stop = end_ ? size_ : size_ - std::min(size_, kAhead);
  while (at_ < stop) {
    if (encoding_ == Encoding::bytes) {
      std::string_view text = as_text(raw_).substr(0, stop);
      // A run begins one character in front of its first NUL, or with up to three of them.
      std::size_t nul = std::min(text.find('\0', at_), stop);
      std::size_t plain = nul < stop && nul > at_ ? nul - 1 : nul;
      out_.insert(out_.end(), raw_.begin() + static_cast<std::ptrdiff_t>(at_),
                  raw_.begin() + static_cast<std::ptrdiff_t>(plain));
      at_ = plain;
      if (at_ >= stop || enter_run()) continue;
      binary_ = binary_ || raw_[at_] == 0;
      out_.push_back(raw_[at_++]);
      continue;
    }
    bool cut = size_ - at_ < width_of(encoding_);
    if (!cut && !leaves_wide()) {
      decode_unit();
      continue;
    }
    encoding_ = Encoding::bytes;
    run_ = false;
  }
}

Result<std::size_t> WideText::read(std::span<char> space) {
  while (given_ == out_.size()) {
    if (end_) return std::size_t{0};
    auto more = fill();
    if (!more) return fail(std::move(more).error());
    if (!begun_) {
      // A pipe may give little at first.
      while (*more && size_ < kProbe) {
        more = fill();
        if (!more) return fail(std::move(more).error());
      }
      begin();
    }
    convert();
  }
  std::size_t count = std::min(space.size(), out_.size() - given_);
  std::memcpy(space.data(), out_.data() + given_, count);
  given_ += count;
  return count;
}

}  // namespace jwtctl
