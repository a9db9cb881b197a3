// SPDX-License-Identifier: Apache-2.0
#include "lib/lint/sensitive.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <string>

#include "lib/base/text.h"
#include "lib/token/clean.h"

namespace jwtctl {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_alnum(char c) { return is_digit(c) || is_upper(c) || (c >= 'a' && c <= 'z'); }

/// bare returns a member name in lower case without separators: `API-Key` and `api_key` are one.
std::string bare(std::string_view name) {
  std::string out;
  std::copy_if(name.begin(), name.end(), std::back_inserter(out), is_alnum);
  return to_lower(out);
}

constexpr std::size_t kLongestName = 64;

constexpr std::array<std::string_view, 14> kSecretNames{"password",
                                                        "passwd",
                                                        "pwd",
                                                        "passphrase",
                                                        "secret",
                                                        "clientsecret",
                                                        "apisecret",
                                                        "appsecret",
                                                        "secretkey",
                                                        "privatekey",
                                                        "apikey",
                                                        "sharedsecret",
                                                        "secretaccesskey",
                                                        "awssecretaccesskey"};

/// What people write where no value is to be seen.
constexpr std::array<std::string_view, 8> kPlaceholders{"true", "false",    "yes",    "no",
                                                        "none", "redacted", "hidden", "removed"};

/// Shape is how a service writes its secrets: a prefix, then letters, digits, `-` and `_`.
struct Shape {
  std::string_view prefix;
  std::size_t shortest;  ///< of the whole word
  std::size_t longest;   ///< 0: any
  std::string_view kind;
};

constexpr std::array<Shape, 16> kShapes{{{"AKIA", 20, 20, "an AWS access key id"},
                                         {"ghp_", 40, 0, "a GitHub token"},
                                         {"gho_", 40, 0, "a GitHub token"},
                                         {"ghu_", 40, 0, "a GitHub token"},
                                         {"ghs_", 40, 0, "a GitHub token"},
                                         {"ghr_", 40, 0, "a GitHub token"},
                                         {"github_pat_", 80, 0, "a GitHub token"},
                                         {"glpat-", 26, 0, "a GitLab token"},
                                         {"xoxb-", 24, 0, "a Slack token"},
                                         {"xoxp-", 24, 0, "a Slack token"},
                                         {"xoxa-", 24, 0, "a Slack token"},
                                         {"xoxs-", 24, 0, "a Slack token"},
                                         {"sk_live_", 24, 0, "a Stripe key"},
                                         {"rk_live_", 24, 0, "a Stripe key"},
                                         {"AIza", 39, 39, "a Google API key"},
                                         {"npm_", 40, 40, "an npm token"}}};

bool has_shape(std::string_view word, const Shape& shape) {
  bool size = word.size() >= shape.shortest && (shape.longest == 0 || word.size() <= shape.longest);
  if (!size || !word.starts_with(shape.prefix)) return false;
  return shape.prefix != "AKIA" ||
         std::all_of(word.begin(), word.end(), [](char c) { return is_upper(c) || is_digit(c); });
}

/// digits_of returns the digits of a number that may be written in groups; empty when there is
/// anything else in it.
std::string digits_of(std::string_view text) {
  std::string digits;
  for (char c : text) {
    if (is_digit(c)) {
      digits += c;
    } else if (c != ' ' && c != '-') {
      return {};
    }
  }
  return digits;
}

/// has_luhn checks the last digit (ISO/IEC 7812-1 annex B).
bool has_luhn(std::string_view digits) {
  int sum = 0;
  bool twice = false;
  for (std::size_t i = digits.size(); i > 0; --i, twice = !twice) {
    int value = digits[i - 1] - '0';
    if (twice) value = value > 4 ? value * 2 - 9 : value * 2;
    sum += value;
  }
  return sum % 10 == 0;
}

/// Range is the first four digits and the lengths of one network's cards.
struct Range {
  int first, last;
  std::size_t shortest, longest;
};

constexpr std::array<Range, 11> kCards{{{4000, 4999, 16, 16},    // Visa
                                        {5100, 5599, 16, 16},    // Mastercard
                                        {2221, 2720, 16, 16},    // Mastercard
                                        {3400, 3499, 15, 15},    // American Express
                                        {3700, 3799, 15, 15},    // American Express
                                        {6011, 6011, 16, 16},    // Discover
                                        {6440, 6599, 16, 16},    // Discover
                                        {3528, 3589, 16, 16},    // JCB
                                        {3000, 3059, 14, 14},    // Diners Club
                                        {3600, 3699, 14, 14},    // Diners Club
                                        {6200, 6299, 16, 19}}};  // UnionPay

bool is_card(std::string_view text) {
  std::string digits = digits_of(text);
  if (digits.size() < 14 || digits.size() > 19 || !has_luhn(digits)) return false;
  int first = std::stoi(digits.substr(0, 4));
  return std::any_of(kCards.begin(), kCards.end(), [&](const Range& range) {
    return first >= range.first && first <= range.last && digits.size() >= range.shortest &&
           digits.size() <= range.longest;
  });
}

/// Country is the length of its IBANs (IBAN registry of ISO 13616).
struct Country {
  std::string_view code;
  std::size_t length;
};

constexpr std::array<Country, 30> kIbans{
    {{"AT", 20}, {"BE", 16}, {"BG", 22}, {"CH", 21}, {"CY", 28}, {"CZ", 24}, {"DE", 22}, {"DK", 18},
     {"EE", 20}, {"ES", 24}, {"FI", 18}, {"FR", 27}, {"GB", 22}, {"GR", 27}, {"HR", 21}, {"HU", 28},
     {"IE", 22}, {"IT", 27}, {"LI", 21}, {"LT", 20}, {"LU", 20}, {"LV", 21}, {"MT", 31}, {"NL", 18},
     {"NO", 15}, {"PL", 28}, {"PT", 25}, {"RO", 24}, {"SE", 24}, {"SI", 19}}};

bool is_iban(std::string_view text) {
  std::string iban;
  std::copy_if(text.begin(), text.end(), std::back_inserter(iban), [](char c) { return c != ' '; });
  const auto* country = std::find_if(kIbans.begin(), kIbans.end(), [&iban](const Country& row) {
    return iban.starts_with(row.code) && iban.size() == row.length;
  });
  if (country == kIbans.end()) return false;
  int rest = 0;
  // The country and the check digits count last (ISO 7064 MOD 97-10).
  for (char c : iban.substr(4) + iban.substr(0, 4)) {
    if (!is_digit(c) && !is_upper(c)) return false;
    rest = is_digit(c) ? (rest * 10 + (c - '0')) % 97 : (rest * 100 + (c - 'A' + 10)) % 97;
  }
  return rest == 1;
}

/// is_social_security: AAA-GG-SSSS, without the numbers that are never given out.
bool is_social_security(std::string_view text) {
  if (text.size() != 11 || text[3] != '-' || text[6] != '-') return false;
  std::string digits = digits_of(text);
  if (digits.size() != 9) return false;
  return digits.substr(0, 3) != "000" && digits.substr(0, 3) != "666" && digits[0] != '9' &&
         digits.substr(3, 2) != "00" && digits.substr(5) != "0000";
}

constexpr std::size_t kLongestNumber = 40;  // in characters, with blanks between the groups

}  // namespace

std::optional<std::string_view> secret_member(std::string_view name, std::string_view value) {
  if (name.size() > kLongestName) return std::nullopt;
  std::string plain = bare(name);
  if (std::none_of(value.begin(), value.end(), is_alnum)) return std::nullopt;
  std::string lower = value.size() <= kLongestName ? to_lower(value) : std::string{};
  bool hidden = std::find(kPlaceholders.begin(), kPlaceholders.end(), lower) != kPlaceholders.end();
  if (hidden) return std::nullopt;
  if (plain == "refreshtoken") return "a refresh token";
  if (plain.ends_with("token") && looks_like_token(value)) return "a token of its own";
  bool secret = std::find(kSecretNames.begin(), kSecretNames.end(), plain) != kSecretNames.end();
  return secret ? std::optional<std::string_view>("a secret by its name") : std::nullopt;
}

std::optional<std::string_view> secret_in(std::string_view text) {
  std::size_t begin = text.find("-----BEGIN ");
  if (begin != std::string_view::npos &&
      text.find("PRIVATE KEY-----", begin) != std::string_view::npos) {
    return "a private key";
  }
  auto in_word = [](char c) { return is_alnum(c) || c == '_' || c == '-'; };
  for (auto at = text.begin(); at != text.end();) {
    auto start = std::find_if(at, text.end(), in_word);
    at = std::find_if_not(start, text.end(), in_word);
    std::string_view word(text.data() + (start - text.begin()),
                          static_cast<std::size_t>(at - start));
    for (const Shape& shape : kShapes) {
      if (has_shape(word, shape)) return shape.kind;
    }
  }
  return std::nullopt;
}

std::optional<std::string_view> personal_number(std::string_view name, std::string_view text) {
  if (text.size() > kLongestNumber || text.empty()) return std::nullopt;
  if (is_social_security(text)) return "a US social security number";
  if (is_iban(text)) return "an IBAN";
  std::string plain = bare(name.substr(0, kLongestName));
  bool identifier = plain.ends_with("id") || plain.ends_with("ids") || plain == "sub" ||
                    plain == "jti" || plain == "aud" || plain == "azp" || plain == "nonce";
  if (!identifier && is_card(text)) return "a payment card number";
  return std::nullopt;
}

}  // namespace jwtctl
