// SPDX-License-Identifier: Apache-2.0
#include "lib/base/shown.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "lib/base/credential.h"
#include "lib/base/text.h"

namespace jwtctl {
namespace {

constexpr std::size_t kShownWord = 64;
constexpr std::size_t kShownText = 1024;
constexpr std::size_t kNone = std::string_view::npos;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_letter(char c) { return is_lower(c) || is_upper(c); }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
bool is_base64(char c) {
  return is_digit(c) || is_letter(c) || c == '+' || c == '/' || c == '-' || c == '_';
}

template <class Test>
std::size_t run_length(std::string_view text, Test test) {
  auto end = std::find_if_not(text.begin(), text.end(), test);
  return static_cast<std::size_t>(end - text.begin());
}

/// any_run calls `judge` with the longest runs of characters that pass `test`.
template <class Test, class Judge>
bool any_run(std::string_view text, Test test, Judge judge) {
  while (!text.empty()) {
    std::size_t length = run_length(text, test);
    if (length > 0 && judge(text.substr(0, length))) return true;
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return false;
}

/// has_long says that `mark` stands somewhere with at least `least` characters of a kind from it
/// on.
template <class Test>
bool has_long(std::string_view text, std::string_view mark, std::size_t least, Test test) {
  for (std::size_t at = text.find(mark); at != kNone; at = text.find(mark, at + 1)) {
    if (run_length(text.substr(at), test) >= least) return true;
  }
  return false;
}

/// holds_pem looks for the frame of PEM, its spaces and dashes written in any way; a folder may be
/// called BEGINNER.
bool holds_pem(std::string_view text) {
  if (text.find("-----BEGIN") != kNone || text.find("-----END") != kNone) return true;
  for (std::size_t at = text.find("BEGIN"); at != kNone; at = text.find("BEGIN", at + 1)) {
    std::string_view rest = text.substr(at + 5);
    bool ends = !rest.empty() && !is_letter(rest[0]) && rest[0] != '/' && rest[0] != '.';
    if (!ends) continue;
    return rest.find("KEY") != kNone || rest.find("CERT") != kNone;
  }
  return false;
}

/// holds_token looks for the beginning of a JSON object in base64url, cut tokens included.
bool holds_token(std::string_view text) {
  // {"alg, {"typ, {"kid, {"enc, {"cty wherever they stand; other braces where a word begins: Key…
  constexpr std::array<std::string_view, 5> kHeaders{"eyJhbGci", "eyJ0eXAi", "eyJraWQi", "eyJlbmMi",
                                                     "eyJjdHki"};
  constexpr std::array<std::string_view, 6> kBraces{"eyJ", "eyI", "eyA", "ewo", "ew0K", "ewk"};
  constexpr std::size_t kShortest = 12;
  bool header = std::any_of(kHeaders.begin(), kHeaders.end(),
                            [text](std::string_view start) { return text.find(start) != kNone; });
  auto begins = [text](std::size_t at) {
    bool escape = at > 1 && text[at - 2] == '\\';
    return at == 0 || escape || !(is_letter(text[at - 1]) || is_digit(text[at - 1]));
  };
  return header || std::any_of(kBraces.begin(), kBraces.end(), [&](std::string_view brace) {
           for (std::size_t at = text.find(brace); at != kNone; at = text.find(brace, at + 1)) {
             if (begins(at) && run_length(text.substr(at), is_base64) >= kShortest) return true;
           }
           return false;
         });
}

/// holds_member looks for `name` as the name of a member of JSON or of something near to it.
bool holds_member(std::string_view plain, std::string_view name) {
  for (std::size_t at = plain.find(name); at != kNone; at = plain.find(name, at + 1)) {
    std::string_view rest = plain.substr(at + name.size());
    bool begins = at == 0 || !is_base64(plain[at - 1]);
    std::size_t next = rest.find_first_not_of(" \t\r\n\"'");
    bool quoted = at > 0 && (plain[at - 1] == '"' || plain[at - 1] == '\'');
    if (begins && (quoted || name.size() > 2) && next != kNone && rest[next] == ':') return true;
  }
  return false;
}

bool holds_jwk(std::string_view text) {
  constexpr std::array<std::string_view, 8> kMembers{"kty", "d", "k", "p", "q", "dp", "dq", "qi"};
  std::string plain(text);  // JSON in a string of JSON has its quotation marks escaped
  plain.erase(std::remove(plain.begin(), plain.end(), '\\'), plain.end());
  bool found = plain.find("u006") != kNone && plain.find('{') != kNone;  // names spelled in escapes
  found = found || std::any_of(kMembers.begin(), kMembers.end(), [&plain](std::string_view name) {
            return holds_member(plain, name);
          });
  std::fill(plain.begin(), plain.end(), '\0');
  return found;
}

/// holds_encoded_key recognises PEM, a token, JSON and DER in base64 or in hexadecimal.
bool holds_encoded_key(std::string_view text) {
  constexpr std::size_t kShortest = 16;
  constexpr std::size_t kShortestDer = 60;  // an Ed25519 key has 64
  if (has_long(text, "LS0tLS", kShortest, is_base64)) return true;
  if (has_long(text, "ZXlK", kShortest, is_base64)) return true;
  bool der = any_run(text, is_base64, [](std::string_view run) {
    return run.size() >= kShortestDer && run[0] == 'M' && run[1] >= 'A' && run[1] <= 'P';
  });
  return der || any_run(text, is_hex, [](std::string_view run) {
           std::string start = to_lower(run.substr(0, 4));
           bool text_start = start == "2d2d" || start == "7b22" || start == "7b0a" ||
                             start == "7b20" || start == "6579";
           return (run.size() >= 2 * kShortest && text_start) ||
                  (run.size() >= kShortestDer && start.starts_with("30"));
         });
}

/// is_random says that a run of characters looks drawn rather than chosen.
bool is_random(std::string_view run, std::size_t least) {
  auto count = [run](auto test) {
    return static_cast<std::size_t>(std::count_if(run.begin(), run.end(), test));
  };
  if (run.size() < least) return false;
  bool mixed = count(is_upper) > 0 && count(is_lower) > 0 && count(is_digit) > 0;
  bool hex = run.size() >= 32 && count(is_hex) == run.size() && count(is_digit) > 0;
  return mixed || hex ||
         (run.size() >= 26 && count(is_digit) >= 3 && count(is_letter) >= 3 &&
          count(is_digit) + count(is_letter) == run.size());
}

/// holds_random_in_prose looks for a drawn secret in a sentence: a line of base64, or less beside a
/// word for secrets. A name by itself is none: thumbprints are kids.
bool holds_random_in_prose(std::string_view text) {
  constexpr std::size_t kLine = 60;
  constexpr std::size_t kBesideWord = 40;
  if (text.find_first_of(" \t\n+=") == kNone) return false;
  std::string around = to_lower(text);  // but for the long runs
  std::vector<std::string_view> runs;
  any_run(text, is_base64, [&](std::string_view run) {
    if (run.size() < kBesideWord || run_length(run, is_hex) == run.size()) return false;
    runs.push_back(run);
    std::fill_n(around.begin() + (run.data() - text.data()), run.size(), ' ');
    return false;
  });
  auto near = [&around](std::string_view word) { return around.find(word) != kNone; };
  bool word = near("key") || near("secret") || near("passw") || near("token") || near("credential");
  return std::any_of(runs.begin(), runs.end(), [word](std::string_view run) {
    return is_random(run, word ? kBesideWord : kLine);
  });
}

/// holds_random looks for what may be a drawn secret. A path may have such names of folders, but
/// hardly longer ones than a digest.
bool holds_random(std::string_view text, ShownAs kind) {
  constexpr std::size_t kShortest = 20;
  constexpr std::size_t kShortestName = 40;
  if (kind == ShownAs::text) return holds_random_in_prose(text);
  if (kind != ShownAs::word && kind != ShownAs::path) return false;
  bool is_path = kind == ShownAs::path && text.find_first_of("/.") != kNone;
  auto in_name = [is_path](char c) { return is_base64(c) && (c != '/' || !is_path); };
  return any_run(text, in_name, [is_path](std::string_view run) {
    bool digest = is_path && run_length(run, is_hex) == run.size();
    return !digest && is_random(run, is_path ? kShortestName : kShortest);
  });
}

/// is_plain_address says that `before`, what stands before an @ in a URL, is a scheme, the name of
/// a host in a domain and a path: Google's key sets for Firebase have an @ in theirs.
bool is_plain_address(std::string_view before) {
  for (std::string_view scheme : {"https://", "http://"}) {
    if (!before.starts_with(scheme)) continue;
    before.remove_prefix(scheme.size());
    std::string_view host = before.substr(0, before.find('/'));
    std::size_t dot = host.rfind('.');
    std::string_view path = before.substr(host.size());
    bool domain = dot != kNone && dot > 0 && host.size() > dot + 2 &&
                  run_length(host.substr(dot + 1), is_letter) == host.size() - dot - 1;
    auto plain = [](char c) { return is_base64(c) || c == '.' || c == '~'; };
    return domain && path.size() > 1 && run_length(before, plain) == before.size();
  }
  return false;
}

/// holds_user_in_authority looks where RFC 3986 section 3.2 has user information, and nowhere else:
/// subjects and audiences have an @ in many places.
bool holds_user_in_authority(std::string_view original) {
  std::string text(original);
  std::replace(text.begin(), text.end(), '\\', '/');  // as browsers read it
  for (std::size_t at = text.find("://"); at != kNone; at = text.find("://", at + 1)) {
    std::string_view authority = std::string_view(text).substr(at + 3);
    authority = authority.substr(0, authority.find_first_of("/?# \t\n"));
    if (authority.find('@') != kNone || to_lower(authority).find("%40") != kNone) return true;
    std::size_t colon = authority.starts_with('[') ? kNone : authority.find(':');
    if (colon == kNone) continue;
    // Taken apart at the @: behind the host stands no port but a password.
    std::string_view port = authority.substr(colon + 1);
    if (run_length(port, is_digit) < port.size()) return true;
  }
  return false;
}

/// holds_user errs on the safe side: what stands before an @ may be a password wherever URLs go,
/// and there are more ways to write a URL than to read one. `me@example.com` is none.
bool holds_user(std::string_view text, ShownAs kind) {
  if (kind == ShownAs::value) return holds_user_in_authority(text);
  std::string lower = to_lower(text);
  std::size_t at = std::min(text.rfind('@'), lower.rfind("%40"));
  std::string_view front = std::string_view(lower).substr(0, at);  // user@host:/a is for scp
  bool scheme = front.find("//") != kNone || front.find("\\\\") != kNone ||
                front.find(":/") != kNone || front.find(":\\") != kNone ||
                front.starts_with("http") || front.starts_with("socks") ||
                front.find("%2f") != kNone;
  if (at == kNone) {
    // A part of a URL that was taken apart: behind the host stands no port but a password.
    std::size_t host = text.find("//");
    if (host == kNone) return false;
    std::size_t colon = text.find(':', host);
    if (colon == kNone || text.find_first_of("/?#[", host + 2) < colon) return false;
    return run_length(text.substr(colon + 1), is_digit) <
           std::min(text.find_first_of("/?#", colon), text.size()) - colon - 1;
  }
  if (kind == ShownAs::url) return !is_plain_address(text.substr(0, at));
  if (kind == ShownAs::text) {
    // https://example.com/@name is an address of our time, mailto:me@example.com a subject.
    std::string_view before = text.substr(0, at);
    std::size_t host = before.find("//");
    bool account = lower.starts_with("mailto:") || lower.starts_with("acct:");
    if (host == kNone) return scheme || (before.find(':') != kNone && !account);
    return before.find(':', host) != kNone || before.find('/', host + 2) == kNone ||
           !before.ends_with('/');
  }
  return scheme || text.substr(0, at).find(':') != kNone || lower.find("%3a") != kNone;
}

/// shown_part returns one part of a query: its name and kHiddenValue. A part without a value may be
/// a secret by itself, and so may a name that no program would choose.
std::string shown_part(std::string_view part) {
  constexpr std::size_t kLongestName = 40;
  std::size_t equals = part.find('=');
  bool has_value = equals != kNone && part.find_first_not_of('=', equals) != kNone;
  if (part.empty()) return "";
  std::string_view name = part.substr(0, has_value ? equals : 0);
  bool plain = name.size() <= kLongestName && std::all_of(name.begin(), name.end(), [](char c) {
                 return is_letter(c) || is_digit(c) || c == '_' || c == '-' || c == '.';
               });
  return plain && !name.empty() ? fmt::format("{}={}", name, kHiddenValue)
                                : std::string(kHiddenValue);
}

/// find_query returns where the query or fragment of a URL begins; of words and paths only where
/// they look like one.
std::size_t find_query(std::string_view text, ShownAs kind) {
  std::string lower = to_lower(text);
  std::size_t at = std::min({text.find_first_of("?#"), lower.find("%3f"), lower.find("%23")});
  if (at == kNone || kind == ShownAs::url) return at;
  if (kind != ShownAs::word && kind != ShownAs::path) return kNone;
  bool url = text.substr(0, at).find("//") != kNone || text.find('=', at) != kNone;
  return url ? at : kNone;
}

std::string without_values(std::string_view text, ShownAs kind);

/// without_queries does that for each URL of a sentence.
std::string without_queries(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    std::size_t end = std::min(text.find_first_of(" \t\r\n"), text.size());
    std::string_view word = text.substr(0, end);
    bool url = word.find("://") != kNone;
    out += url ? without_values(word, ShownAs::url) : std::string(word);
    std::size_t next = std::min(text.find_first_not_of(" \t\r\n", end), text.size());
    out += text.substr(end, next - end);
    text.remove_prefix(next);
  }
  return out;
}

/// without_values returns `text` without the values of its query and without its fragment.
std::string without_values(std::string_view text, ShownAs kind) {
  if (kind == ShownAs::text) return without_queries(text);
  std::size_t at = find_query(text, kind);
  if (at == kNone) return std::string(text);
  std::string out(text.substr(0, at));
  std::size_t fragment = std::min(text.find('#', at), text.size());
  if (at < fragment) {
    std::size_t mark = text[at] == '%' ? 3 : 1;
    std::string_view separator = "?";
    for (std::string_view part : split(text.substr(at + mark, fragment - at - mark), '&')) {
      out += fmt::format("{}{}", separator, shown_part(part));
      separator = "&";
    }
  }
  if (fragment < text.size()) out += fmt::format("#{}", kHiddenValue);
  return out;
}

/// hidden_as says why `text` may not be shown, of which `plain` is what would be.
std::optional<std::string_view> hidden_as(std::string_view text, std::string_view plain,
                                          ShownAs kind) {
  if (kind == ShownAs::member) return std::nullopt;
  if (auto looks = secret_kind(plain)) return looks;
  if (kind == ShownAs::secret) return "text";
  if (holds_user(text, kind)) return "text with user information";
  if (holds_random(plain, kind)) return "text";
  return std::nullopt;
}

std::string show(std::string_view text, ShownAs kind, std::string_view mark) {
  if (auto hidden = hidden_argument(text, kind)) return *std::move(hidden);
  bool is_short = kind == ShownAs::word || kind == ShownAs::member;
  std::string shown =
      escape_text(shorten(without_values(text, kind), is_short ? kShownWord : kShownText));
  return fmt::format("{}{}{}", mark, shown, mark);
}

}  // namespace

std::optional<std::string_view> secret_kind(std::string_view text) {
  if (holds_pem(text)) return "a PEM block";
  if (holds_jwk(text)) return "a JWK";
  if (holds_token(text)) return "a token";
  if (holds_encoded_key(text)) return "an encoded key";
  if (holds_credential(text)) return "a credential";
  return std::nullopt;
}

std::optional<std::string> hidden_argument(std::string_view text, ShownAs kind) {
  auto what = hidden_as(text, without_values(text, kind), kind);
  if (!what) return std::nullopt;
  return fmt::format("{} of {} characters", *what, columns(text));
}

std::string masked_argument(std::string_view text, ShownAs kind) {
  if (auto hidden = hidden_argument(text, kind)) return *std::move(hidden);
  return shorten(without_values(text, kind), kShownText);
}

std::string shown_kid(std::string_view kid) { return shorten(kid, kShownKid); }

std::string show_argument(std::string_view text, ShownAs kind) { return show(text, kind, ""); }

std::string quote_argument(std::string_view text, ShownAs kind) { return show(text, kind, "\""); }

}  // namespace jwtctl
