// SPDX-License-Identifier: Apache-2.0
#include "lib/jose/pem_finder.h"

#include "lib/base/limits.h"
#include "lib/codec/base64url.h"

namespace jwtctl {
namespace {

constexpr std::string_view kPemEnd = "-----END ";
constexpr std::string_view kDashes = "-----";
constexpr std::size_t kMaxLabel = 80;  // characters of what is ended, with the dashes behind it

/// may_be_pem says whether what stands between BEGIN and END can be a key, and not a pattern or a
/// sentence about keys: enough base64, with what line breaks and quotes look like in any language
/// and the headers of RFC 1421.
bool may_be_pem(std::string_view body) {
  constexpr std::size_t kShortestKey = 48;  // octets of base64; an Ed25519 public key has 60
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

std::optional<std::size_t> PemFinder::end_of(std::size_t begin) {
  std::size_t end = next_end(begin + kPemBegin.size());
  if (end == std::string_view::npos || end - begin > kMaxKeyFileBytes) return std::nullopt;
  std::string_view block = text_.substr(begin, end - begin);
  if (block.find(kPemBegin, kPemBegin.size()) != std::string_view::npos) return std::nullopt;
  std::string_view rest = text_.substr(end + kPemEnd.size(), kMaxLabel);
  std::size_t close = rest.find(kDashes);
  std::size_t body = block.find(kDashes, kPemBegin.size());
  if (close == std::string_view::npos || body == std::string_view::npos) return std::nullopt;
  if (!may_be_pem(block.substr(body))) return std::nullopt;
  return end + kPemEnd.size() + close + kDashes.size();
}

std::size_t PemFinder::next_end(std::size_t from) {
  if (end_ < from) end_ = text_.find(kPemEnd, from);
  return end_;
}

}  // namespace jwtctl
