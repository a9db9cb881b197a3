// SPDX-License-Identifier: Apache-2.0
#include "lib/jose/pem_finder.h"

#include "lib/base/limits.h"
#include "lib/codec/base64url.h"
#include "lib/jose/pem_body.h"

namespace jwtctl {
namespace {

constexpr std::string_view kPemEnd = "-----END";
constexpr std::size_t kShortestKey = 48;  // octets of base64; an Ed25519 public key has 60

/// may_be_pem says whether what stands between BEGIN and END can be a key, and not a pattern or a
/// sentence about keys: enough base64, with what line breaks and quotes look like in any language
/// and the headers of RFC 1421.
bool may_be_pem(std::string_view body) {
  constexpr std::string_view kAround = " \t\r\n\\\"'`,:-+/=|";
  std::size_t letters = 0;
  for (char c : body) {
    if (base64_value(c) >= 0 || c == '=') {
      ++letters;
    } else if (kAround.find(c) == std::string_view::npos) {
      return false;
    }
  }
  return letters >= kShortestKey;
}

}  // namespace

std::size_t find_pem_begin(std::string_view text, std::size_t from) {
  // Searched by its letters: there are texts of nothing but dashes.
  constexpr std::string_view kLetters = "BEGIN";
  constexpr std::size_t kBefore = kPemBegin.size() - kLetters.size();
  std::size_t at = text.find(kLetters, from + kBefore);
  while (at != std::string_view::npos && !text.substr(at - kBefore).starts_with(kPemBegin)) {
    at = text.find(kLetters, at + 1);
  }
  return at == std::string_view::npos ? at : at - kBefore;
}

std::optional<std::size_t> PemFinder::end_of(std::size_t begin) {
  std::size_t from = begin + kPemBegin.size();
  std::string_view block = text_.substr(begin, kMaxKeyFileBytes);
  block = block.substr(0, find_pem_begin(block, kPemBegin.size()));
  if (block.size() < kPemBegin.size() + kShortestKey) return std::nullopt;
  auto label = read_pem_label(text_.substr(from));
  if (!label) return std::nullopt;
  bool secret = label->name.find("PRIVATE KEY") != std::string::npos;
  std::size_t body = kPemBegin.size() + label->size;
  std::size_t end = next_end(from) - begin;
  bool finished = end_ != std::string_view::npos && end < block.size() && end >= body;
  if (finished) {
    auto last = read_pem_label(text_.substr(begin + end + kPemEnd.size()));
    std::string_view inner = block.substr(body, end - body);
    bool good = last && (may_be_pem(inner) || (secret && find_pem_material(inner, true).plausible));
    if (good) return begin + end + kPemEnd.size() + last->size;
  }
  if (!secret || body > block.size()) return std::nullopt;
  PemMaterial cut =
      find_pem_material(block.substr(body, finished ? end - body : block.npos), false);
  return cut.plausible ? std::optional(begin + body + cut.end) : std::nullopt;
}

std::size_t PemFinder::next_end(std::size_t from) {
  if (end_ < from) end_ = text_.find(kPemEnd, from);
  return end_;
}

}  // namespace jwtctl
