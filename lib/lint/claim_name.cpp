// SPDX-License-Identifier: Apache-2.0
#include "lib/lint/claim_name.h"

#include <algorithm>
#include <array>
#include <string>

#include "lib/base/text.h"

namespace jwtctl {
namespace {

constexpr std::array<std::string_view, 7> kRegistered{"iss", "sub", "aud", "exp",
                                                      "nbf", "iat", "jti"};

constexpr std::size_t kLongestName = 64;  // in bytes: longer ones mean nothing that is registered

struct Lookalike {
  char32_t letter;
  char ascii;
};

/// Cyrillic, Greek and Armenian letters that are drawn like those of the registered names.
constexpr std::array<Lookalike, 21> kLookalikes{
    {{0x0430, 'a'}, {0x03B1, 'a'}, {0x0501, 'd'}, {0x0435, 'e'}, {0x0456, 'i'}, {0x03B9, 'i'},
     {0x0458, 'j'}, {0x03F3, 'j'}, {0x0578, 'n'}, {0x043E, 'o'}, {0x03BF, 'o'}, {0x0440, 'p'},
     {0x03C1, 'p'}, {0x0455, 's'}, {0x0442, 't'}, {0x03C4, 't'}, {0x057D, 'u'}, {0x03C5, 'u'},
     {0x0445, 'x'}, {0x03C7, 'x'}, {0x044C, 'b'}}};

struct Word {
  std::string_view word;  ///< without separators
  std::string_view meant;
};

constexpr std::array<Word, 20> kWords{
    {{"issuer", "iss"},     {"subject", "sub"},        {"audience", "aud"},  {"audiences", "aud"},
     {"auds", "aud"},       {"expires", "exp"},        {"expire", "exp"},    {"expiry", "exp"},
     {"expiration", "exp"}, {"expirationtime", "exp"}, {"expiresat", "exp"}, {"expiresin", "exp"},
     {"expireson", "exp"},  {"notbefore", "nbf"},      {"validfrom", "nbf"}, {"issuedat", "iat"},
     {"issuetime", "iat"},  {"jwtid", "jti"},          {"tokenid", "jti"},   {"expdate", "exp"}}};

/// fold reduces a name to what a person reads in it: ASCII in lower case without separators.
std::string fold(std::string_view name) {
  std::string out;
  for (std::size_t pos = 0; pos < name.size();) {
    CodePoint point = decode_utf8(name, pos);
    pos += point.length;
    char32_t value = point.value;
    if (value >= 0xFF01 && value <= 0xFF5E) value -= 0xFEE0;  // full width
    const auto* twin = std::find_if(kLookalikes.begin(), kLookalikes.end(),
                                    [value](const Lookalike& row) { return row.letter == value; });
    if (twin != kLookalikes.end()) value = static_cast<unsigned char>(twin->ascii);
    bool separator = value == '_' || value == '-' || value == '.' || value == ' ';
    if (separator || is_unsafe(value)) continue;
    out += value < 0x80 ? static_cast<char>(value) : '?';
  }
  return to_lower(out);
}

}  // namespace

std::optional<ClaimName> meant_claim(std::string_view name) {
  if (name.size() > kLongestName) return std::nullopt;
  std::string folded = fold(name);
  for (std::string_view registered : kRegistered) {
    if (name == registered) return std::nullopt;
    if (folded == registered) return ClaimName{registered, true};
  }
  const auto* found = std::find_if(kWords.begin(), kWords.end(),
                                   [&folded](const Word& row) { return row.word == folded; });
  return found != kWords.end() ? std::optional(ClaimName{found->meant, false}) : std::nullopt;
}

}  // namespace jwtctl
