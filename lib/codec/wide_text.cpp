// SPDX-License-Identifier: Apache-2.0
#include "lib/codec/wide_text.h"

#include <algorithm>
#include <cstring>

namespace jwtctl {
namespace {

constexpr std::size_t kChunk = std::size_t{64} * 1024;
constexpr std::size_t kProbe = 4096;
/// What is judged with: a run that begins at the last octet of a unit.
constexpr std::size_t kAhead = kMaxEncodingWidth * (kRunUnits + 1);
static_assert(kAhead > kNarrowRun + 1);
constexpr char32_t kReplacement = 0xFFFD;
constexpr char32_t kMark = 0xFEFF;
constexpr char32_t kSwappedMark = 0xFFFE;
constexpr char32_t kSwappedWideMark = 0xFFFE0000;

bool is_high(char32_t unit) { return unit >= 0xD800 && unit < 0xDC00; }
bool is_low(char32_t unit) { return unit >= 0xDC00 && unit < 0xE000; }

}  // namespace

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

/// give writes a character; `out_` has room for whatever a chunk becomes.
void WideText::give(char32_t value) {
  auto add = [this](char32_t octet) { out_[made_++] = static_cast<unsigned char>(octet); };
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

void WideText::give_octets(std::size_t count) {
  std::memcpy(out_.data() + made_, raw_.data() + at_, count);
  made_ += count;
  at_ += count;
}

/// other_run returns wide ASCII that begins within the unit here and is none in the encoding that
/// we are in: two programs wrote to one file, or an octet was lost.
std::optional<WideText::Run> WideText::other_run() const {
  std::string_view text = rest();
  std::size_t width = width_of(encoding_);
  std::string_view near = text.substr(0, width + 1);
  if (std::find(near.begin(), near.end(), '\0') == near.end()) return std::nullopt;
  // "é" and ASCII in one byte order is ASCII in the other from its second octet on.
  bool fits = begins_with_ascii(text.substr(std::min(width, text.size())), encoding_);
  for (std::size_t skip = 0; skip < width; ++skip) {
    auto encoding = run_in(text.substr(std::min(skip, text.size())));
    if (!encoding || (*encoding == encoding_ && skip == 0)) continue;
    if (!fits || width_of(*encoding) > width) return Run{*encoding, skip};
  }
  return std::nullopt;
}

/// begins_narrow says whether ASCII of one byte a character begins within the unit here, and hands
/// on what of the unit stands in front of it.
bool WideText::begins_narrow() {
  if (at_ < wide_until_) return false;
  std::string_view text = rest();
  std::size_t width = width_of(encoding_);
  for (std::size_t skip = 0; skip < std::min(width, text.size()); ++skip) {
    std::size_t length = narrow_length(text.substr(skip), kNarrowRun);
    if (length == kNarrowRun) {
      give_octets(skip);
      return true;
    }
    skip += length;
    wide_until_ = at_ + skip;
  }
  return false;
}

/// pass_narrow hands on ASCII within wide text, and finds out how the wide text goes on.
void WideText::pass_narrow(std::size_t stop) {
  std::size_t length = narrow_length(rest(), stop - at_);
  give_octets(length);
  narrow_size_ += length;
  if (at_ == stop) return;
  // Its last letter may be the first of what follows.
  std::size_t letter = std::min<std::size_t>(length, 1);
  std::string_view behind = rest();
  std::string_view from_letter = as_text(raw_).substr(at_ - letter, size_ - at_ + letter);
  bool with_letter = begins_with_run(from_letter, encoding_);
  narrow_ = false;
  if (!with_letter && begins_with_run(behind, encoding_)) return;
  std::optional<TextEncoding> found = with_letter ? encoding_ : run_in(from_letter);
  if (found) {
    encoding_ = *found;
    at_ -= letter;
    made_ -= letter;
    return;
  }
  // What two letters were taken for may have been one character all the time: units go on where
  // they would have.
  narrow_ = narrow_size_ % width_of(encoding_) != 0 && !run_in(behind);
  if (!narrow_) return;
  give_octets(1);
  ++narrow_size_;
}

void WideText::decode_unit() {
  std::string_view text = rest();
  std::size_t width = width_of(encoding_);
  char32_t unit = unit_at(text, 0, encoding_);
  at_ += width;
  if (unit == kMark) return;
  if (unit == (width == 2 ? kSwappedMark : kSwappedWideMark)) {
    encoding_ = swapped(encoding_);
    return;
  }
  if (width == 2 && is_high(unit) && text.size() >= 4 && is_low(unit_at(text, 2, encoding_))) {
    unit = 0x10000 + ((unit - 0xD800) << 10U) + (unit_at(text, 2, encoding_) - 0xDC00);
    at_ += 2;
  }
  bool none = unit > 0x10FFFF || is_high(unit) || is_low(unit);
  give(none ? kReplacement : unit);
}

/// ends_in_run says whether the last octet of the character here may as well be the first letter of
/// a token or of PEM in the other byte order: what follows is ASCII in both. Then it is handed on
/// too, for a letter too many does not hide what one too few would.
bool WideText::ends_in_run() const {
  constexpr std::string_view kFirst = "eICD-";
  std::string_view text = rest();
  std::size_t last = width_of(encoding_) - 1;
  return !is_little(encoding_) && kFirst.find(text[last]) != std::string_view::npos &&
         !begins_with_ascii(text, encoding_) &&
         begins_with_run(text.substr(last), swapped(encoding_));
}

void WideText::pass_bytes(std::size_t stop) {
  std::string_view text = as_text(raw_).substr(0, stop);
  // A run begins one character in front of its first NUL, or with up to three of them.
  std::size_t nul = std::min(text.find('\0', at_), stop);
  give_octets(nul < stop && nul > at_ ? nul - 1 - at_ : nul - at_);
  if (at_ >= stop) return;
  do {
    if (auto found = run_in(rest())) {
      encoding_ = *found;
      run_ = true;
      return;
    }
    std::string_view left = text.substr(at_);
    binary_ = binary_ || left[0] == 0;
    // Of many NULs the last three may belong to a letter.
    constexpr std::string_view kMany("\0\0\0\0\0\0\0\0", 8);
    std::size_t nuls = 1;
    if (left.starts_with(kMany)) {
      nuls = std::min(left.find_first_not_of('\0'), left.size()) - (kMaxEncodingWidth - 1);
    }
    give_octets(nuls);
  } while (at_ + 1 < stop && (raw_[at_] == 0 || raw_[at_ + 1] == 0));
}

/// pass_plain hands on what needs no second look: ASCII that no NUL makes ASCII of another width,
/// and two octets that are neither ASCII of one byte a character nor near a NUL.
void WideText::pass_plain(std::size_t stop) {
  std::size_t width = width_of(encoding_);
  if (width == kMaxEncodingWidth) {
    while (at_ + width <= stop && begins_with_ascii(rest(), encoding_)) {
      give(raw_[at_ + (is_little(encoding_) ? 0 : width - 1)]);
      at_ += width;
    }
    return;
  }
  std::size_t low = is_little(encoding_) ? 0 : 1;
  for (; at_ + 2 * width <= stop; at_ += width) {
    const unsigned char* raw = raw_.data() + at_;
    if (raw[1 - low] == 0) {
      if (!is_text_ascii(raw[low]) || (raw[2] | raw[3]) == 0) return;
      out_[made_++] = raw[low];
      continue;
    }
    bool narrow = is_text_ascii(raw[1]) && (is_text_ascii(raw[0]) || is_text_ascii(raw[2]));
    char32_t unit = (char32_t{raw[1 - low]} << 8U) | raw[low];
    bool other = is_high(unit) || is_low(unit) || unit >= kMark;
    if (run_ || narrow || other || raw[low] == 0 || raw[2] == 0) return;
    give(unit);
  }
}

void WideText::pass_wide(std::size_t stop) {
  pass_plain(stop);
  if (at_ >= stop) return;
  std::string_view text = rest();
  if (auto run = other_run()) {
    // A NUL in front of it belongs to its first letter, or the last one before.
    for (std::size_t left = run->skip; left > 0; --left) {
      if (raw_[at_] == 0) {
        ++at_;
      } else {
        give_octets(1);
      }
    }
    encoding_ = run->encoding;
  } else if (text.size() < width_of(encoding_) || (run_ && !begins_with_ascii(text, encoding_))) {
    encoding_ = TextEncoding::bytes;
    run_ = false;
  } else if (!run_ && begins_narrow()) {
    narrow_ = true;
    narrow_size_ = 0;
  } else {
    bool twice = ends_in_run();
    char letter = text[width_of(encoding_) - 1];
    decode_unit();
    if (twice) give(static_cast<unsigned char>(letter));
  }
}

/// convert turns into UTF-8 what it can judge: all but the last few bytes, until the end is known.
void WideText::convert() {
  // Two octets become three at most, a chunk with what is judged ahead not twice as many.
  out_.resize(2 * (kChunk + kAhead));
  made_ = 0;
  given_ = 0;
  std::size_t stop = end_ ? size_ : size_ - std::min(size_, kAhead);
  while (at_ < stop) {
    if (encoding_ == TextEncoding::bytes) {
      pass_bytes(stop);
    } else if (narrow_) {
      pass_narrow(stop);
    } else {
      pass_wide(stop);
    }
  }
}

Result<std::size_t> WideText::read(std::span<char> space) {
  while (given_ == made_) {
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
  std::size_t count = std::min(space.size(), made_ - given_);
  std::memcpy(space.data(), out_.data() + given_, count);
  given_ += count;
  return count;
}

}  // namespace jwtctl
