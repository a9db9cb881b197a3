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
#include "lib/jose/object_scan.h"
#include "lib/jose/pem_finder.h"
#include "lib/jose/text_filter.h"

namespace jwtctl {
namespace {

constexpr std::size_t kNear = 4096;          // how far a line is looked at
constexpr std::size_t kMinHeader = 12;       // characters: {"typ":""} has 10 octets
constexpr std::size_t kMaxHeaderTries = 32;  // places in one run where a header might begin
constexpr std::size_t kMaxHeaderWork = 4;    // times that the octets of one run are decoded
// New text, with room in front of it for the longest header and behind for the longest token; small
// enough to stay in the cache of one core.
constexpr std::size_t kWindow =
    std::size_t{256} * 1024 + kMaxTokenBytes + kMaxExtractBytes + 2 * kNear;
constexpr std::size_t kAhead = 16;  // octets that a dot or a dash is judged with
constexpr std::size_t kFirstRead = std::size_t{64} * 1024;

constexpr std::array<bool, 256> kIsBase64url = [] {
  std::array<bool, 256> table{};
  for (char c :
       std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")) {
    table[static_cast<unsigned char>(c)] = true;
  }
  return table;
}();

bool is_base64url(char c) { return kIsBase64url[static_cast<unsigned char>(c)]; }
bool is_other_base64(char c) { return c == '+' || c == '/' || c == '='; }

/// may_begin_object says whether 'e' with these letters behind it is '{' with a quote, white space
/// or
/// '}'.
bool may_begin_object(char second, char third) {
  auto high = static_cast<unsigned>(base64_value(second));
  auto low = static_cast<unsigned>(base64_value(third));
  auto octet = static_cast<char>(((high & 0xFU) << 4U) | (low >> 2U));
  return high >> 4U == 3 && std::string_view("\" \t\r\n}").find(octet) != std::string_view::npos;
}

/// begins_object says whether base64url text decodes to the beginning of a JSON object.
bool begins_object(std::string_view text) {
  ObjectScan scan = scan_object(text.substr(0, 16));
  return scan.octets == std::min<std::size_t>(text.size(), 16) * 3 / 4;
}

/// Header is what the segment in front of a dot turned out to be.
struct Header {
  std::size_t start;
  bool encrypted;
};

/// read_header says whether a text that may be a JSON object is the header of a token. One that no
/// reader takes, for its depth or its characters, is the header of a malformed one.
std::optional<Header> read_header(std::string_view text, std::size_t start,
                                  const ObjectScan& scan) {
  if (!scan.named) return std::nullopt;
  JsonReading reading = read_json(decode_base64url(text).octets);
  if (!reading.value) return Header{start, scan.encrypted};
  if (!reading.value->is_object()) return std::nullopt;
  bool encrypted = reading.value->find("enc") != nullptr;
  bool named =
      encrypted || reading.value->find("alg") != nullptr || reading.value->find("typ") != nullptr;
  return named ? std::optional(Header{start, encrypted}) : std::nullopt;
}

/// TokenFinder looks for tokens in one window; `more` says that the text goes on behind it.
class TokenFinder {
 public:
  TokenFinder(std::string_view text, bool more) : text_(text), more_(more) {}

  /// next returns the first token whose first dot stands in [from, to), and moves `from` behind it.
  /// A token that the window may not hold whole is left: then `from` stays at its dot, below `to`.
  std::optional<std::string_view> next(std::size_t& from, std::size_t to) {
    while (from < to) {
      const void* found = std::memchr(text_.data() + from, '.', to - from);
      if (found == nullptr) break;
      auto dot = static_cast<std::size_t>(static_cast<const char*>(found) - text_.data());
      from = dot + 1;
      if (auto header = header_before(dot)) {
        if (more_ && header->start + kMaxExtractBytes + kNear > text_.size()) {
          from = dot;
          return std::nullopt;
        }
        if (auto end = token_end(*header, dot)) {
          from = last_end_ = *end;
          return text_.substr(header->start, *end - header->start);
        }
      }
    }
    from = std::max(from, to);
    return std::nullopt;
  }

 private:
  bool run_at(std::size_t at) const { return at < text_.size() && is_base64url(text_[at]); }
  bool dot_at(std::size_t at) const { return at < text_.size() && text_[at] == '.'; }

  /// header_before finds the header that ends in front of a dot. What stands before it may be of
  /// the same alphabet (the n of an escaped line break, a name), so every place where an object
  /// might begin is tried.
  std::optional<Header> header_before(std::size_t dot) {
    if (!run_at(dot + 1) && !dot_at(dot + 1)) return std::nullopt;
    std::size_t floor = std::max(last_end_, dot - std::min(dot, kMaxTokenBytes));
    std::size_t end = dot;
    while (end > floor && dot - end < 2 && text_[end - 1] == '=') --end;
    std::size_t start = end;
    while (start > floor && is_base64url(text_[start - 1])) --start;
    if (end - start < kMinHeader) return std::nullopt;
    // Many texts repeat themselves, above all those that were made to cost time.
    std::string_view run = text_.substr(start, end - start);
    if (run == known_header_) return Header{start, known_encrypted_};
    if (run == known_none_) return std::nullopt;
    return try_starts(start, end);
  }

  std::optional<Header> try_starts(std::size_t start, std::size_t end) {
    std::size_t work = 0;
    std::array<bool, 4> judged{};  // by the phase of the start: no header can follow
    auto try_at = [&](std::size_t at) -> std::optional<Header> {
      if (judged[at % 4]) return std::nullopt;
      std::string_view text = text_.substr(at, end - at);
      ObjectScan scan = scan_object(text);
      work += scan.octets + 1;
      // Nor can what begins further on within one that has no end be an object to the end: what is
      // a string in the one would be none in the other.
      judged[at % 4] = scan.whole || scan.open;
      if (!scan.whole) return std::nullopt;
      return read_header(text, at, scan);
    };
    auto header = try_at(start);
    std::size_t tries = 0;
    for (std::size_t at = start + 1; !header && at + kMinHeader <= end; ++at) {
      if (text_[at] != 'e' || !may_begin_object(text_[at + 1], text_[at + 2])) continue;
      header = try_at(at);
      if (++tries == kMaxHeaderTries || work > kMaxHeaderWork * (end - start)) break;
    }
    std::size_t from = header ? header->start : start;
    (header ? known_header_ : known_none_) = text_.substr(from, end - from);
    if (header) known_encrypted_ = header->encrypted;
    return header;
  }

  /// run_end returns the end of the base64url that begins at `at`; standard base64 is taken along
  /// when `wide`.
  std::size_t run_end(std::size_t at, bool wide = false) const {
    std::size_t limit = std::min(text_.size(), at + kMaxExtractBytes);
    while (at < limit && (is_base64url(text_[at]) || (wide && is_other_base64(text_[at])))) ++at;
    return at;
  }

  /// token_end returns where the token ends whose header ends at `dot`, nothing when what follows
  /// makes none.
  std::optional<std::size_t> token_end(const Header& header, std::size_t dot) const {
    if (header.encrypted) {
      std::size_t at = dot + 1;
      std::size_t dots = 1;
      for (; dots < 5; ++dots) {
        at = run_end(at);
        if (dots == 4 || !dot_at(at)) break;
        ++at;
      }
      if (dots == 4) return at;
      return dots >= 2 ? std::optional(at) : std::nullopt;
    }
    std::size_t payload = dot + 1;
    std::size_t wide_end = run_end(payload, true);
    std::size_t end = dot_at(wide_end) ? wide_end : run_end(payload);
    if (!dot_at(end)) {
      // Cut: only worth a word when the payload is one.
      bool cut = begins_object(text_.substr(payload, end - payload));
      return cut ? std::optional(std::min(end, header.start + kMaxExtractBytes)) : std::nullopt;
    }
    std::size_t signature = end + 1;
    std::string_view before = text_.substr(header.start, end - header.start);
    bool standard = std::any_of(before.begin(), before.end(), is_other_base64);
    return std::min(run_end(signature, standard), header.start + kMaxExtractBytes);
  }

  std::string_view text_;
  bool more_;
  std::size_t last_end_ = 0;
  std::string_view known_header_;  ///< the last one that was found
  std::string_view known_none_;    ///< the last letters in front of a dot that are no header
  bool known_encrypted_ = false;
};

/// Found is what one look found, and how far it went.
struct Found {
  std::vector<std::pair<Extract::Kind, std::string_view>> extracts;
  std::size_t looked;
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

  Result<void> run() {
    bool more = true;
    while (more) {
      auto filled = fill();
      if (!filled) return fail(std::move(filled).error());
      more = *filled;
      std::size_t to = size_ - std::min(size_, more ? kAhead : 0);
      if (to > looked_) look(to, more);
      drop();
    }
    return {};
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
};

}  // namespace

Result<void> extract_all(const ReadMore& read, const ExtractSink& sink, std::string_view mark) {
  return Scanner(read, sink, mark).run();
}

}  // namespace jwtctl
