// SPDX-License-Identifier: Apache-2.0
#include "lib/lint/locate.h"

#include <algorithm>
#include <charconv>

#include "lib/base/shown.h"
#include "lib/base/text.h"
#include "lib/codec/base64url.h"
#include "lib/codec/json_place.h"
#include "lib/crypto/openssl.h"
#include "lib/jose/key_type.h"
#include "lib/jose/pem_body.h"

namespace jwtctl {
namespace {

constexpr std::size_t kMinQuoted = 16;  // characters of a segment that are worth hiding
constexpr std::size_t kPemLine = 64;    // RFC 7468 section 2

constexpr std::size_t kNear = 4096;  // bytes

/// moved is the position behind `text` that begins at `from`.
TextPosition moved(TextPosition from, std::string_view text) {
  std::size_t line_start = text.rfind('\n') + 1;  // npos + 1 is 0
  if (line_start > 0) from.column = 1;
  from.line += static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  from.column += code_point_starts(text.substr(line_start));
  return from;
}

/// digest_name names content that has no other name.
std::string digest_name(std::string_view content) {
  auto digest = sha256(content);
  return digest ? fmt::format("content {}", to_base64url(*digest)) : "key";
}

}  // namespace

TokenSpan token_span(const Jws& jws, const Finding& finding) {
  std::size_t size = jws.text.size();
  if (finding.offset) {
    std::size_t offset = std::min(*finding.offset, size);
    return {offset, offset < size ? std::size_t{1} : 0};
  }
  std::string_view place = finding.place;
  const Segment* segment = jws.segment(place.substr(0, place.find('/')));
  if (segment == nullptr) return {0, size};
  return {segment->offset, segment->length};
}

std::string without_token(std::string message, const Jws& jws) {
  for (const Segment& segment : jws.segments) {
    if (segment.length < kMinQuoted) continue;
    std::string_view text = std::string_view(jws.text).substr(segment.offset, segment.length);
    for (std::size_t at = message.find(text); at != std::string::npos; at = message.find(text)) {
      message.replace(at, text.size(), "…");
    }
  }
  return message;
}

std::string key_name(const KeySubject& key) {
  if (key.jwk) {
    if (auto print = thumbprint(key.jwk->key)) return *print;
  }
  if (key.text("kid")) {
    return fmt::format("kid {}", masked_argument(*key.text("kid"), ShownAs::text));
  }
  const Json::Object* members = key.json().as_object();
  if (members == nullptr || members->empty()) return "key";
  // A secret may be guessed from its digest: of private members only their lengths count.
  Json shown = Json::object({});
  for (const JsonMember& member : *members) {
    const std::string* text = member.value.as_string();
    bool hidden = is_private_member(member.name);
    shown.append(member.name,
                 hidden ? Json(text != nullptr ? text->size() : std::size_t{0}) : member.value);
  }
  return digest_name(shown.dump());
}

std::string block_name(std::string_view pem) {
  // The digest of less could be guessed.
  constexpr std::size_t kMinMaterial = 64;
  std::size_t end = pem.find("-----", std::min(pem.size(), pem.find('\n')));
  std::string_view body = pem.substr(0, end);
  std::size_t material = body.size() - std::min(body.size(), body.find('\n'));
  return material < kMinMaterial ? "key" : digest_name(pem);
}

std::optional<std::size_t> place_index(std::string_view place) {
  constexpr std::string_view kKeys = "keys/";
  if (!place.starts_with(kKeys)) return std::nullopt;
  std::size_t index = 0;
  const char* end = place.data() + place.size();
  auto [at, error] = std::from_chars(place.data() + kKeys.size(), end, index);
  return error == std::errc{} ? std::optional(index) : std::nullopt;
}

std::string_view below_key(std::string_view place) {
  std::size_t slash = place.find('/', std::string_view("keys/").size());
  return slash == std::string_view::npos ? std::string_view() : place.substr(slash + 1);
}

std::size_t nearest_place(std::string_view text, std::string_view place) {
  for (;;) {
    if (auto offset = find_place(text, place)) return *offset;
    if (place.empty()) return 0;
    std::size_t slash = place.rfind('/');
    place = slash == std::string_view::npos ? std::string_view() : place.substr(0, slash);
  }
}

PositionIndex::PositionIndex(std::string_view text) : text_(text) {
  marks_.emplace_back();
  for (std::size_t from = 0; from + kNear < text.size(); from += kNear) {
    marks_.push_back(moved(marks_.back(), text.substr(from, kNear)));
  }
}

TextPosition PositionIndex::at(std::size_t offset) const {
  std::size_t mark = std::min(offset / kNear, marks_.size() - 1);
  return moved(marks_[mark], text_.substr(mark * kNear, offset - mark * kNear));
}

LineView lines_at(std::string_view text, std::size_t offset) {
  auto line_before = [text](std::size_t end) {
    std::size_t first = end - std::min(end, kNear);
    return text.substr(first, end - first).substr(text.substr(first, end - first).rfind('\n') + 1);
  };
  std::string_view before = line_before(offset);
  std::string_view behind = text.substr(offset, kNear);
  std::size_t begin = offset - before.size();
  std::size_t length = before.size() + std::min(behind.find('\n'), behind.size());
  LineView lines{text.substr(begin, length), {}};
  if (begin > 0 && text[begin - 1] == '\n') lines.above = line_before(begin - 1);
  return lines;
}

std::string normalized_pem(std::string_view block) {
  constexpr std::string_view kBegin = "-----BEGIN";
  constexpr std::string_view kEnd = "-----END";
  auto label = read_pem_label(block.substr(kBegin.size()));
  // Headers of OpenSSL's traditional encryption must stay lines.
  bool headers = block.find("Proc-Type:") != std::string_view::npos;
  if (!label || headers) return fmt::format("{}\n", block);
  std::string_view body = block.substr(kBegin.size() + label->size);
  std::string ended = label->name;
  std::size_t end = body.rfind(kEnd);
  if (end != std::string_view::npos) {
    if (auto last = read_pem_label(body.substr(end + kEnd.size()))) ended = last->name;
    body = body.substr(0, end);
  }
  std::string out = fmt::format("{} {}-----\n", kBegin, label->name);
  std::string base64 = pem_base64(body);
  for (std::size_t at = 0; at < base64.size(); at += kPemLine) {
    out += std::string_view(base64).substr(at, kPemLine);
    out += '\n';
  }
  cleanse(base64);
  out += fmt::format("{} {}-----\n", kEnd, ended);
  return out;
}

}  // namespace jwtctl
