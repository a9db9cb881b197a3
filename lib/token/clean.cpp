// SPDX-License-Identifier: Apache-2.0
#include "lib/token/clean.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <span>

#include "lib/base/text.h"
#include "lib/codec/base64url.h"
#include "lib/token/held_tokens.h"

namespace jwtctl {
namespace {

using View = std::string_view;

/// Step removes one kind of wrapping; nothing when there is none of it.
using Step = std::optional<std::string> (*)(View text);

/// without_prefix removes a prefix, ignoring case.
std::optional<View> without_prefix(View text, View prefix) {
  bool has =
      text.size() >= prefix.size() && equals_ignoring_case(text.substr(0, prefix.size()), prefix);
  return has ? std::optional(text.substr(prefix.size())) : std::nullopt;
}

std::optional<std::string> changed(View before, View after) {
  return before != after ? std::optional(std::string(after)) : std::nullopt;
}

std::optional<std::string> remove_whitespace(View text) { return changed(text, trim(text)); }

std::optional<std::string> remove_quotes(View text) {
  bool quoted = text.size() >= 2 && text.front() == text.back() &&
                View("\"'`").find(text.front()) != View::npos;
  return quoted ? std::optional(std::string(text.substr(1, text.size() - 2))) : std::nullopt;
}

std::optional<std::string> remove_prompt(View text) {
  auto rest = without_prefix(text, "> ");
  return rest ? std::optional(std::string(*rest)) : std::nullopt;
}

std::optional<std::string> remove_header(View text) {
  for (View name : {"authorization:", "proxy-authorization:"}) {
    if (auto rest = without_prefix(text, name)) return std::string(trim(*rest));
  }
  return std::nullopt;
}

std::optional<std::string> remove_bearer(View text) {
  auto rest = without_prefix(text, "bearer");
  bool separated = rest && !rest->empty() && (rest->front() == ' ' || rest->front() == '\t');
  return separated ? std::optional(std::string(trim(*rest))) : std::nullopt;
}

/// take_cookie takes the one cookie whose value is a token.
std::optional<std::string> take_cookie(View text) {
  return cookies_of(text) ? only_bare(held_tokens(text)) : std::nullopt;
}

std::optional<std::string> remove_punctuation(View text) {
  std::size_t last = text.find_last_not_of(",;");
  return changed(text, last == View::npos ? text : text.substr(0, last + 1));
}

std::optional<std::string> decode_percent(View text) {
  if (text.find('%') == View::npos) return std::nullopt;
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    auto octet = parse_hex(text.substr(i + 1, 2));
    if (!octet || octet->size() != 1) return std::nullopt;
    decoded += static_cast<char>(octet->front());
    i += 2;
  }
  return decoded;
}

std::optional<std::string> take_json_member(View text) {
  return cookies_of(text) ? std::nullopt : only_bare(held_tokens(text));
}

std::optional<std::string> join_lines(View text) {
  if (text.find_first_of(" \t\r\n") == View::npos) return std::nullopt;
  std::string joined;
  for (View line : split(text, '\n')) {
    if (looks_like_token(trim(line))) return std::nullopt;  // several tokens, not one
  }
  std::copy_if(text.begin(), text.end(), std::back_inserter(joined),
               [](char c) { return View(" \t\r\n").find(c) == View::npos; });
  return looks_like_token(joined) && std::count(joined.begin(), joined.end(), '.') == 2
             ? std::optional(joined)
             : std::nullopt;
}

struct NamedStep {
  View name;
  Step step;
  View fault = {};  ///< what no verifier forgives, in the words of a report
};

constexpr std::array<NamedStep, 10> kSteps{
    {{"whitespace", remove_whitespace},
     {"prompt", remove_prompt},
     {"header", remove_header},
     {"cookie", take_cookie},
     {"bearer", remove_bearer},
     {"quotes", remove_quotes, "quotes"},
     {"json-member", take_json_member},
     {"punctuation", remove_punctuation, "punctuation"},
     {"percent-encoding", decode_percent, "percent-encoding"},
     {"line-wrap", join_lines, "line-wrap"}}};

constexpr std::size_t kShownPlaces = 8;

constexpr int kMaxRounds = 8;  // wrappings nest, but nobody nests them deeper

bool has(const std::vector<std::string>& names, View name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

void add_once(std::vector<std::string>& names, View name) {
  if (!has(names, name)) names.emplace_back(name);
}

/// fault_of names what a step removed if it is a fault of who sent the token. Quotes around a whole
/// header line are those of a shell, and the value of a cookie may have them (RFC 6265 section
/// 4.1.1).
View fault_of(const NamedStep& step, const CleanedToken& before, View rest) {
  if (step.step == remove_bearer && has(before.cleanings, step.name)) return "a second Bearer";
  if (step.step != remove_quotes) return step.fault;
  View inner = trim(rest);
  bool around = remove_prompt(inner) || remove_header(inner) || cookies_of(inner);
  return around || has(before.cleanings, "cookie") ? View() : step.fault;
}

}  // namespace

bool looks_like_token(std::string_view text) {
  auto dots = std::count(text.begin(), text.end(), '.');
  if (dots != 2 && dots != 4) return false;
  Base64Text header = decode_base64url(text.substr(0, text.find('.')));
  return header.readable() && trim(header.octets).starts_with('{');
}

std::string faults_note(const CleanedToken& token) {
  if (token.faults.empty()) return {};
  return fmt::format("{} removed; sent like that it is refused", join(token.faults, ", "));
}

CleanedToken clean_token(std::string_view text, std::size_t max_bytes, TokenOrigin origin) {
  for (char end : {'\n', '\r'}) {
    if (origin == TokenOrigin::document && text.ends_with(end)) text.remove_suffix(1);
  }
  CleanedToken token{std::string(text), {}};
  if (text.size() > max_bytes) return token;
  for (int round = 0; round < kMaxRounds; ++round) {
    bool any = false;
    for (const NamedStep& named : kSteps) {
      auto rest = named.step(token.text);
      if (!rest) continue;
      any = true;
      if (View fault = fault_of(named, token, *rest); !fault.empty()) {
        add_once(token.faults, fault);
      }
      token.text = *std::move(rest);
      add_once(token.cleanings, named.name);
    }
    if (!any) break;
  }
  token.several = places_of_several(held_tokens(token.text));
  return token;
}

Jws read_token(const CleanedToken& token, std::size_t max_bytes) {
  if (token.several.empty() || token.text.size() > max_bytes) {
    return read_jws(token.text, max_bytes);
  }
  std::size_t shown = std::min(token.several.size(), kShownPlaces);
  std::string places = join(std::span(token.several).first(shown), ", ");
  if (shown < token.several.size()) {
    places += fmt::format(", and {} more", token.several.size() - shown);
  }
  Jws jws;
  jws.text = token.text;
  jws.faults.push_back({rules::not_compact, 0,
                        fmt::format("there are several tokens here, give one of them: {}", places),
                        false});
  return jws;
}

}  // namespace jwtctl
