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

namespace jwtctl {
namespace {

constexpr std::size_t kNear = 4096;          // how far a line is looked at
constexpr std::size_t kMinHeader = 12;       // characters: {"typ":""} has 10 octets
constexpr std::size_t kMaxHeaderTries = 32;  // places in one run where a header might begin
// New text, with room for the longest token on both sides of the place that was looked at.
constexpr std::size_t kWindow =
    std::size_t{1024} * 1024 + kMaxTokenBytes + kMaxExtractBytes + 2 * kNear;
constexpr std::size_t kFirstRead = std::size_t{64} * 1024;
constexpr std::string_view kPemBegin = "-----BEGIN ";
constexpr std::string_view kPemEnd = "-----END ";

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

/// begins_object says whether base64url text decodes to the beginning of a JSON object.
bool begins_object(std::string_view text) {
  Base64Text decoded = decode_base64url(text.substr(0, 16));
  std::string_view rest = decoded.octets;
  auto skip = [&rest] {
    rest.remove_prefix(std::min(rest.find_first_not_of(" \t\r\n"), rest.size()));
  };
  skip();
  if (!rest.starts_with('{')) return false;
  rest.remove_prefix(1);
  skip();
  return rest.empty() || rest.starts_with('"');
}

/// Header is what the segment in front of a dot turned out to be.
struct Header {
  std::size_t start;
  bool encrypted;
};

/// read_header says whether the whole text is the header of a token.
std::optional<Header> read_header(std::string_view text, std::size_t start) {
  if (!begins_object(text)) return std::nullopt;
  JsonReading reading = read_json(decode_base64url(text).octets);
  if (!reading.value || !reading.value->is_object()) return std::nullopt;
  bool encrypted = reading.value->find("enc") != nullptr;
  bool named =
      encrypted || reading.value->find("alg") != nullptr || reading.value->find("typ") != nullptr;
  return named ? std::optional(Header{start, encrypted}) : std::nullopt;
}

/// TokenFinder looks for tokens in one window.
class TokenFinder {
 public:
  explicit TokenFinder(std::string_view text) : text_(text) {}

  /// next returns the first token whose first dot stands in [from, to), and moves `from` behind it.
  std::optional<std::string_view> next(std::size_t& from, std::size_t to) {
    while (from < to) {
      const void* found = std::memchr(text_.data() + from, '.', to - from);
      if (found == nullptr) break;
      auto dot = static_cast<std::size_t>(static_cast<const char*>(found) - text_.data());
      from = dot + 1;
      if (auto header = header_before(dot)) {
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
  std::optional<Header> header_before(std::size_t dot) const {
    if (!run_at(dot + 1) && !dot_at(dot + 1)) return std::nullopt;
    std::size_t floor = std::max(last_end_, dot - std::min(dot, kMaxTokenBytes));
    std::size_t end = dot;
    while (end > floor && dot - end < 2 && text_[end - 1] == '=') --end;
    std::size_t start = end;
    while (start > floor && is_base64url(text_[start - 1])) --start;
    if (end - start < kMinHeader) return std::nullopt;
    auto try_at = [&](std::size_t at) { return read_header(text_.substr(at, end - at), at); };
    if (auto header = try_at(start)) return header;
    std::size_t tries = 0;
    for (std::size_t at = start + 1; at + kMinHeader <= end; ++at) {
      char second = text_[at + 1];
      // '{' and a quote, white space or '}' behind it.
      if (text_[at] != 'e' || (second != 'y' && second != 'w' && second != '3')) continue;
      if (auto header = try_at(at)) return header;
      if (++tries == kMaxHeaderTries) break;
    }
    return std::nullopt;
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
    bool standard = before.find_first_of("+/=") != std::string_view::npos;
    return std::min(run_end(signature, standard), header.start + kMaxExtractBytes);
  }

  std::string_view text_;
  std::size_t last_end_ = 0;
};

/// find_pem returns the PEM blocks that begin in [from, to).
std::vector<std::string_view> find_pem(std::string_view text, std::size_t from, std::size_t to) {
  std::vector<std::string_view> blocks;
  std::size_t limit = std::min(text.size(), to + kPemBegin.size() - 1);
  while (from < limit) {
    const void* found =
        ::memmem(text.data() + from, limit - from, kPemBegin.data(), kPemBegin.size());
    if (found == nullptr) break;
    auto begin = static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
    std::string_view near = text.substr(begin, kMaxKeyFileBytes);
    from = begin + kPemBegin.size();
    std::size_t end = near.find(kPemEnd);
    if (end == std::string_view::npos) continue;
    std::size_t close = near.find("-----", end + kPemEnd.size());
    if (close == std::string_view::npos || close - end > 80) continue;
    blocks.push_back(near.substr(0, close + 5));
    from = begin + close + 5;
  }
  return blocks;
}

/// Scanner moves a window over the text. Behind the place that it has looked at it keeps enough
/// for the longest header, before it enough for the longest token.
class Scanner {
 public:
  Scanner(const ReadMore& read, const ExtractSink& sink) : read_(read), sink_(sink) {}

  Result<void> run() {
    bool more = true;
    while (more) {
      auto filled = fill();
      if (!filled) return fail(std::move(filled).error());
      more = *filled;
      std::size_t ahead = more ? kMaxExtractBytes + kNear : 0;
      std::size_t to = size_ - std::min(size_, ahead);
      if (to > looked_) look(to);
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

  void look(std::size_t to) {
    std::string_view text = window();
    std::vector<std::string_view> blocks = find_pem(text, looked_, to);
    auto block = blocks.begin();
    auto hand_out_blocks = [&](const char* before) {
      for (; block != blocks.end() && block->data() < before; ++block) {
        hand_out(Extract::Kind::pem, *block);
      }
    };
    TokenFinder finder(text);
    std::size_t from = looked_;
    while (auto token = finder.next(from, to)) {
      hand_out_blocks(token->data());
      hand_out(Extract::Kind::token, *token);
    }
    hand_out_blocks(text.data() + text.size());
    looked_ = std::max(from, to);
  }

  void hand_out(Extract::Kind kind, std::string_view text) {
    std::string_view all = window();
    auto offset = static_cast<std::size_t>(text.data() - all.data());
    advance(offset);
    std::size_t floor = offset - std::min(offset, kNear);
    std::size_t begin = all.substr(0, offset).rfind('\n') + 1;
    std::string_view behind = all.substr(offset + text.size(), kNear);
    std::size_t length = std::min(behind.find('\n'), behind.size());
    std::size_t first = std::max(begin, floor);
    std::string_view above = all.substr(0, begin > 0 ? begin - 1 : 0);
    above = above.substr(above.size() - std::min(above.size(), kNear));
    sink_({kind, text, position_, all.substr(first, offset + text.size() + length - first),
           above.substr(above.rfind('\n') + 1)});
  }

  /// advance counts lines and columns up to an offset of the window.
  void advance(std::size_t offset) {
    if (offset <= counted_) return;
    std::string_view text = window().substr(counted_, offset - counted_);
    counted_ = offset;
    std::size_t line_start = 0;
    while (const void* found =
               std::memchr(text.data() + line_start, '\n', text.size() - line_start)) {
      line_start = static_cast<std::size_t>(static_cast<const char*>(found) - text.data()) + 1;
      ++position_.line;
      position_.column = 1;
      if (line_start == text.size()) break;
    }
    position_.column += code_point_starts(text.substr(line_start));
  }

  /// drop forgets what no token to come can begin in.
  void drop() {
    std::size_t keep_from = looked_ - std::min(looked_, kMaxTokenBytes + kNear);
    advance(keep_from);
    std::memmove(buffer_.data(), buffer_.data() + keep_from, size_ - keep_from);
    size_ -= keep_from;
    looked_ -= keep_from;
    counted_ -= std::min(counted_, keep_from);
  }

  const ReadMore& read_;
  const ExtractSink& sink_;
  SecretBytes buffer_;       ///< what goes by may be private keys
  std::size_t size_ = 0;     ///< bytes in the window
  std::size_t looked_ = 0;   ///< of these, how far it was looked at
  std::size_t counted_ = 0;  ///< how far lines were counted
  TextPosition position_;    ///< there
};

}  // namespace

Result<void> extract_all(const ReadMore& read, const ExtractSink& sink) {
  return Scanner(read, sink).run();
}

}  // namespace jwtctl
