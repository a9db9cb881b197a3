// SPDX-License-Identifier: Apache-2.0
#include "lib/jose/token_finder.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "lib/base/limits.h"
#include "lib/base/text.h"
#include "lib/codec/base64url.h"
#include "lib/codec/json.h"
#include "lib/jose/extract.h"

namespace jwtctl {
namespace {

constexpr std::size_t kMinHeader = 12;       // characters: {"typ":""} has 10 octets
constexpr std::size_t kMaxHeaderTries = 32;  // places in one run where a header might begin
constexpr std::size_t kMaxHeaderWork = 4;    // times that the octets of one run are decoded

constexpr std::array<bool, 256> kIsBase64url = [] {
  std::array<bool, 256> table{};
  for (char c :
       std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")) {
    table[static_cast<unsigned char>(c)] = true;
  }
  return table;
}();

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

}  // namespace

bool is_base64url(char c) { return kIsBase64url[static_cast<unsigned char>(c)]; }

/// read_header says whether a text that may be a JSON object is the header of a token. One that no
/// reader takes, for its depth or its characters, is the header of a malformed one.
std::optional<TokenFinder::Header> TokenFinder::read_header(std::string_view text,
                                                            std::size_t start,
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

std::optional<std::string_view> TokenFinder::next(std::size_t& from, std::size_t to) {
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

std::optional<TokenFinder::Header> TokenFinder::header_before(std::size_t dot) {
  if (!run_at(dot + 1) && !dot_at(dot + 1)) return std::nullopt;
  std::size_t floor = std::max(last_end_, dot - std::min(dot, kMaxTokenBytes));
  std::size_t end = dot;
  while (end > floor && dot - end < 2 && text_[end - 1] == '=') --end;
  std::size_t start = end;
  while (start > floor && is_base64url(text_[start - 1])) --start;
  if (end - start < kMinHeader) return std::nullopt;
  bool cut = dot - start == kMaxTokenBytes && start > 0 && is_base64url(text_[start - 1]);
  if (cut) ++untried_;
  // Many texts repeat themselves, above all those that were made to cost time.
  std::string_view run = text_.substr(start, end - start);
  if (run == known_header_) return Header{start, known_encrypted_};
  if (run == known_none_) return std::nullopt;
  return try_starts(start, end);
}

std::optional<TokenFinder::Header> TokenFinder::try_starts(std::size_t start, std::size_t end) {
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
    if (++tries == kMaxHeaderTries || work > kMaxHeaderWork * (end - start)) {
      if (!header) ++untried_;
      break;
    }
  }
  std::size_t from = header ? header->start : start;
  (header ? known_header_ : known_none_) = text_.substr(from, end - from);
  if (header) known_encrypted_ = header->encrypted;
  return header;
}

std::size_t TokenFinder::run_end(std::size_t at, bool wide) const {
  std::size_t limit = std::min(text_.size(), at + kMaxExtractBytes);
  while (at < limit && (is_base64url(text_[at]) || (wide && is_other_base64(text_[at])))) ++at;
  return at;
}

std::optional<std::size_t> TokenFinder::token_end(const Header& header, std::size_t dot) const {
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

}  // namespace jwtctl
