// SPDX-License-Identifier: Apache-2.0
#include "lib/base/credential.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>

#include "lib/base/shown.h"
#include "lib/base/text.h"

namespace jwtctl {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_letter(char c) { return is_upper(c) || (c >= 'a' && c <= 'z'); }
bool is_word(char c) { return is_letter(c) || is_digit(c) || c == '-' || c == '_' || c == '.'; }

/// begins says that no word goes on at `at`.
bool begins(std::string_view text, std::size_t at) {
  return at == 0 || !(is_letter(text[at - 1]) || is_digit(text[at - 1]));
}

/// Prefix is how an issuer marks its credentials, and with how many characters behind it it is one.
struct Prefix {
  std::string_view mark;
  std::size_t least;
  bool drawn = false;  ///< a kid may begin like this as well: upper, lower case and digits tell
};

constexpr std::array<Prefix, 18> kPrefixes{{{"ghp_", 16},
                                            {"gho_", 16},
                                            {"ghu_", 16},
                                            {"ghs_", 16},
                                            {"ghr_", 16},
                                            {"github_pat_", 16},
                                            {"glpat-", 16},
                                            {"xoxb-", 10},
                                            {"xoxp-", 10},
                                            {"xoxa-", 10},
                                            {"xapp-", 10},
                                            {"AKIA", 16},
                                            {"sk_live_", 10},
                                            {"rk_live_", 10},
                                            {"AIza", 30},
                                            {"hvs.", 16},
                                            {"npm_", 30, true},
                                            {"sk-", 20, true}}};

bool holds_prefixed(std::string_view text) {
  return std::any_of(kPrefixes.begin(), kPrefixes.end(), [text](const Prefix& row) {
    for (std::size_t at = text.find(row.mark); at != kNone; at = text.find(row.mark, at + 1)) {
      std::string_view rest = text.substr(at + row.mark.size());
      auto end = std::find_if_not(rest.begin(), rest.end(), is_word);
      auto any = [&](auto test) { return std::any_of(rest.begin(), end, test); };
      bool mixed = any(is_digit) && any(is_upper) &&
                   any([](char c) { return is_letter(c) && !is_upper(c); });
      bool good = begins(text, at) && (!row.drawn || mixed);
      if (good && static_cast<std::size_t>(end - rest.begin()) >= row.least) return true;
    }
    return false;
  });
}

/// holds_scheme finds `Bearer VALUE` and the like: alone, or where the value is no word of prose.
bool holds_scheme(std::string_view text, std::string_view lower) {
  constexpr std::array<std::string_view, 4> kSchemes{"bearer ", "basic ", "digest ", "dpop "};
  constexpr std::size_t kShortest = 8;
  return std::any_of(kSchemes.begin(), kSchemes.end(), [&](std::string_view scheme) {
    for (std::size_t at = lower.find(scheme); at != kNone; at = lower.find(scheme, at + 1)) {
      std::string_view rest = trim(text.substr(at + scheme.size()));
      std::string_view value = rest.substr(0, rest.find_first_of(" \t\r\n,;\"'"));
      // A folder may be called "basic auth".
      bool file = scheme == "basic " && value.find('/') != kNone && value.find('.') != kNone;
      bool alone = !file && at == 0 && !value.empty() && value.size() == rest.size();
      bool drawn = !file && value.size() >= kShortest &&
                   std::any_of(value.begin() + 1, value.end(), [](char c) {
                     return is_digit(c) || is_upper(c) || c == '=' || c == '+' || c == '/';
                   });
      if (begins(text, at) && (alone || drawn)) return true;
    }
    return false;
  });
}

/// holds_header finds a header that carries a credential, with something in it.
bool holds_header(std::string_view lower) {
  constexpr std::array<std::string_view, 6> kHeaders{
      "authorization:", "cookie:", "api-key:", "auth-token:", "private-token:", "apikey:"};
  return std::any_of(kHeaders.begin(), kHeaders.end(), [lower](std::string_view header) {
    std::size_t at = lower.find(header);
    return at != kNone && !trim(lower.substr(at + header.size())).empty();
  });
}

/// is_masked says that a value was taken out of a query already.
bool is_masked(std::string_view value) {
  return value.substr(0, value.find_first_of("&#")) == kHiddenValue;
}

/// holds_named finds a value that is given with the name of a secret: `NAME=VALUE`, where NAME ends
/// in one of the words, or a member of JSON.
bool holds_named(std::string_view lower) {
  constexpr std::array<std::string_view, 9> kNames{"password", "passwd",  "passphrase",
                                                   "secret",   "token",   "apikey",
                                                   "api_key",  "api-key", "private_key"};
  return std::any_of(kNames.begin(), kNames.end(), [lower](std::string_view name) {
    for (std::size_t at = lower.find(name); at != kNone; at = lower.find(name, at + 1)) {
      std::string_view rest = lower.substr(at + name.size());
      bool quoted = rest.starts_with('"') || rest.starts_with('\'') || rest.starts_with('\\');
      std::size_t mark = std::min(rest.find_first_not_of(" \t\r\n\"'\\"), rest.size());
      rest.remove_prefix(mark);
      bool equals = rest.starts_with('=') || rest.starts_with("%3d");
      bool member = quoted && rest.starts_with(':');
      if (!equals && !member) continue;
      std::size_t value = rest.find_first_not_of(equals && rest[0] == '%' ? "%3d" : "=: \"'");
      if (value != kNone && !is_masked(rest.substr(value))) return true;
    }
    return false;
  });
}

}  // namespace

bool holds_credential(std::string_view text) {
  std::string lower = to_lower(text);
  bool found = holds_prefixed(text) || holds_scheme(text, lower) || holds_header(lower) ||
               holds_named(lower);
  std::fill(lower.begin(), lower.end(), '\0');
  return found;
}

}  // namespace jwtctl
