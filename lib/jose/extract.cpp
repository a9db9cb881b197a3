// SPDX-License-Identifier: Apache-2.0
#include "lib/jose/extract.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <vector>

#include "lib/base/limits.h"
#include "lib/base/secret.h"
#include "lib/base/text.h"
#include "lib/codec/base64url.h"
#include "lib/codec/json.h"
#include "lib/jose/pem_finder.h"
#include "lib/jose/text_filter.h"
#include "lib/jose/token_finder.h"

namespace jwtctl {
namespace {

// New text, with room in front of it for the longest header and behind for the longest token; small
// enough to stay in the cache of one core.
constexpr std::size_t kWindow =
    std::size_t{256} * 1024 + kMaxTokenBytes + kMaxExtractBytes + 2 * kNear;
constexpr std::size_t kAhead = 16;  // octets that a dot or a dash is judged with
constexpr std::size_t kFirstRead = std::size_t{64} * 1024;

/// Found is what one look found, and how far it went.
struct Found {
  std::vector<std::pair<Extract::Kind, std::string_view>> extracts;
  std::size_t looked;
  std::size_t untried = 0;
};

/// Look searches a window, block by block, for tokens and PEM.
class Look {
 public:
  Look(std::string_view text, bool more)
      : text_(text), more_(more), tokens_(text, more), pem_(text) {}

  Found run(std::size_t from, std::size_t to) && {
    Found found{{}, from};
    std::size_t& at = found.looked;
    while (at < to) {
      std::size_t end = std::min(at + kFilterBlock, to);
      Interest interest{true, true};
      bool whole = at >= kFilterBefore && at + kFilterBlock <= text_.size();
      if (whole) interest = filter_block(text_.data() + at);
      std::size_t stop = end;
      if (interest.pem) stop = add_pem(at, end, found);
      std::size_t next = at;
      if (interest.token) {
        while (auto token = tokens_.next(next, stop)) {
          found.extracts.emplace_back(Extract::Kind::token, *token);
        }
      } else {
        next = stop;
      }
      at = next;
      if (next < end) break;  // what begins there is not whole yet
    }
    found.untried = tokens_.untried();
    auto before = [](const auto& a, const auto& b) { return a.second.data() < b.second.data(); };
    bool sorted = std::is_sorted(found.extracts.begin(), found.extracts.end(), before);
    if (!sorted) std::sort(found.extracts.begin(), found.extracts.end(), before);
    return found;
  }

 private:
  /// add_pem adds the PEM blocks that begin up to `to`, and returns `to`, or where one begins that
  /// is not whole yet. A block of the filter is chosen by the last dash of the five.
  std::size_t add_pem(std::size_t from, std::size_t to, Found& found) {
    std::size_t at = std::max(pem_end_, from - std::min(from, kFilterBefore));
    std::size_t limit = std::min(text_.size(), to + kPemBegin.size() - 1);
    while (at < limit) {
      std::size_t begin = find_pem_begin(text_.substr(0, limit), at);
      if (begin == std::string_view::npos) break;
      if (more_ && begin + kMaxKeyFileBytes + kNear > text_.size()) return std::max(begin, from);
      at = begin + kPemBegin.size();
      if (auto end = pem_.end_of(begin)) {
        found.extracts.emplace_back(Extract::Kind::pem, text_.substr(begin, *end - begin));
        at = *end;
      }
      pem_end_ = at;
    }
    return to;
  }

  std::string_view text_;
  bool more_;
  TokenFinder tokens_;
  PemFinder pem_;
  std::size_t pem_end_ = 0;  ///< of the last block that was added
};

/// Scanner moves a window over the text.
class Scanner {
 public:
  Scanner(const ReadMore& read, const ExtractSink& sink, std::string_view mark)
      : read_(read), sink_(sink), mark_(mark) {}

  Result<std::size_t> run() {
    bool more = true;
    while (more) {
      auto filled = fill();
      if (!filled) return fail(std::move(filled).error());
      more = *filled;
      std::size_t to = size_ - std::min(size_, more ? kAhead : 0);
      if (to > looked_) look(to, more);
      drop();
    }
    return untried_;
  }

 private:
  std::string_view window() const { return as_text(buffer_).substr(0, size_); }

  /// fill reads until the window is full; false at the end of the text. Most texts are short, so
  /// the window grows with them.
  Result<bool> fill() {
    while (size_ < kWindow) {
      if (size_ == buffer_.size()) buffer_.resize(std::min(kWindow, size_ * 2 + kFirstRead));
      auto* space = reinterpret_cast<char*>(buffer_.data());
      auto count = read_(std::span(space + size_, buffer_.size() - size_));
      if (!count) return fail(std::move(count).error());
      if (*count == 0) return false;
      size_ += *count;
    }
    return true;
  }

  void look(std::size_t to, bool more) {
    Found found = Look(window(), more).run(looked_, to);
    for (const auto& [kind, text] : found.extracts) hand_out(kind, text);
    looked_ = found.looked;
    untried_ += found.untried;
  }

  void hand_out(Extract::Kind kind, std::string_view text) {
    std::string_view all = window();
    auto offset = static_cast<std::size_t>(text.data() - all.data());
    advance(offset);
    std::size_t end = offset + text.size();
    if (line_end_ < end) line_end_ = std::min(all.find('\n', end), all.size());
    std::size_t first = std::max(line_begin_, offset - std::min(offset, kNear));
    std::size_t last = std::min(line_end_, end + kNear);
    std::string_view above = line_above();
    bool marked = is_marked(static_cast<std::size_t>(above.data() - all.data()), last);
    sink_({kind, text, position_, all.substr(first, last - first), above, marked});
  }

  /// line_above returns the line before the one that was advanced to.
  std::string_view line_above() const {
    if (line_begin_ == 0) return window().substr(0, 0);
    std::size_t end = line_begin_ - 1;
    std::size_t begin = std::max(above_begin_, end - std::min(end, kNear));
    return window().substr(begin, end - begin);
  }

  /// is_marked says whether the mark stands in a part of the window; these parts move forward.
  bool is_marked(std::size_t first, std::size_t last) {
    if (mark_.empty()) return false;
    if (mark_at_ < first || !mark_known_) mark_at_ = window().find(mark_, first);
    mark_known_ = true;
    return mark_at_ < last;
  }

  /// advance counts lines and columns up to an offset of the window.
  void advance(std::size_t offset) {
    if (offset <= counted_) return;
    std::string_view text = window().substr(counted_, offset - counted_);
    std::size_t line_start = 0;
    while (const void* found =
               std::memchr(text.data() + line_start, '\n', text.size() - line_start)) {
      line_start = static_cast<std::size_t>(static_cast<const char*>(found) - text.data()) + 1;
      ++position_.line;
      position_.column = 1;
      above_begin_ = line_begin_;
      line_begin_ = counted_ + line_start;
      if (line_start == text.size()) break;
    }
    position_.column += code_point_starts(text.substr(line_start));
    counted_ = offset;
  }

  /// drop forgets what no token to come can begin in: all but the letters that lead up to where we
  /// are, and the line that they are in.
  void drop() {
    std::string_view text = window();
    std::size_t keep_from = std::min(looked_, size_);
    std::size_t floor = keep_from - std::min(keep_from, kMaxTokenBytes);
    while (keep_from > floor && (is_base64url(text[keep_from - 1]) || text[keep_from - 1] == '=')) {
      --keep_from;
    }
    keep_from -= std::min(keep_from, kNear);
    advance(keep_from);
    std::memmove(buffer_.data(), buffer_.data() + keep_from, size_ - keep_from);
    size_ -= keep_from;
    looked_ -= keep_from;
    for (std::size_t* place : {&counted_, &line_begin_, &above_begin_}) {
      *place -= std::min(*place, keep_from);
    }
    // The window ended where the line and the search for the mark did.
    line_end_ = 0;
    mark_known_ = false;
  }

  const ReadMore& read_;
  const ExtractSink& sink_;
  std::string_view mark_;
  SecretBytes buffer_;           ///< what goes by may be private keys
  std::size_t size_ = 0;         ///< bytes in the window
  std::size_t looked_ = 0;       ///< of these, how far it was looked at
  std::size_t counted_ = 0;      ///< how far lines were counted
  TextPosition position_;        ///< there
  std::size_t line_begin_ = 0;   ///< of the line there, as far as the window has it
  std::size_t above_begin_ = 0;  ///< of the line above
  std::size_t line_end_ = 0;     ///< of a line that something was found in
  std::size_t mark_at_ = 0;      ///< where the mark was found last
  bool mark_known_ = false;
  std::size_t untried_ = 0;
};

}  // namespace

Result<std::size_t> extract_all(const ReadMore& read, const ExtractSink& sink,
                                std::string_view mark) {
  return Scanner(read, sink, mark).run();
}

}  // namespace jwtctl
