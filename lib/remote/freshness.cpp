// SPDX-License-Identifier: Apache-2.0
#include "lib/remote/freshness.h"

#include <algorithm>
#include <charconv>

#include "lib/base/text.h"
#include "lib/remote/http_date.h"

namespace jwtctl {
namespace {

/// split_directives cuts at commas that stand outside of quotes (RFC 9110 section 5.6.1); by
/// `longest` at semicolons too, as lenient caches do.
std::vector<std::string_view> split_directives(std::string_view text, Bound bound) {
  std::vector<std::string_view> out;
  bool quoted = false;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && quoted) {
      ++i;
    } else if (text[i] == '"') {
      quoted = !quoted;
    } else if ((text[i] == ',' || (text[i] == ';' && bound == Bound::longest)) && !quoted) {
      out.push_back(text.substr(begin, i - begin));
      begin = i + 1;
    }
  }
  out.push_back(text.substr(begin));
  return out;
}

/// leading_seconds reads what a lenient cache makes of a malformed number: "+3600", "3600s",
/// "3600.5", "\"3600".
std::optional<Seconds> leading_seconds(std::string_view argument) {
  constexpr std::string_view kDigits = "0123456789";
  std::size_t begin = std::min(argument.find_first_not_of(" \t\"'+"), argument.size());
  argument = argument.substr(begin);
  return parse_delta_seconds(argument.substr(0, argument.find_first_not_of(kDigits)));
}

/// add_number keeps the one of several that `bound` believes.
void add_number(std::optional<Seconds>& kept, std::string_view argument, Bound bound) {
  auto number = parse_delta_seconds(argument);
  if (!number && bound == Bound::longest) number = leading_seconds(argument);
  if (!number) return;
  Seconds other = kept.value_or(*number);
  kept = bound == Bound::shortest ? std::min(*number, other) : std::max(*number, other);
}

void add_directive(CacheControl& out, std::string_view directive, Bound bound) {
  directive = trim(directive);
  std::size_t equals = std::min(directive.find('='), directive.size());
  std::string key = to_lower(trim(directive.substr(0, equals)));
  std::string_view argument =
      equals < directive.size() ? trim(directive.substr(equals + 1)) : std::string_view{};
  // RFC 9111 section 5.2.2.4: with field names the copy may serve, but for those fields.
  bool whole = argument.empty() || bound == Bound::shortest;
  if (key == "no-store") out.no_store = true;
  if (key == "no-cache" && whole) out.no_cache = true;
  if (key == "must-revalidate") out.must_revalidate = true;
  if (key == "must-understand") out.must_understand = true;
  if (key == "max-age") add_number(out.max_age, argument, bound);
  if (key == "s-maxage") add_number(out.shared_max_age, argument, bound);
  if (key == "stale-while-revalidate") add_number(out.stale_while_revalidate, argument, bound);
  if (key == "stale-if-error") add_number(out.stale_if_error, argument, bound);
}

}  // namespace

std::optional<Seconds> parse_delta_seconds(std::string_view text) {
  text = trim(text);
  if (text.size() > 1 && text.starts_with('"') && text.ends_with('"')) {
    text = text.substr(1, text.size() - 2);
  }
  bool digits = !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
  if (!digits) return std::nullopt;
  Seconds value = 0;
  auto [at, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} ? std::min(value, kMaxDuration) : kMaxDuration;
}

CacheControl read_cache_control(const HttpResponse& response, Bound bound,
                                std::string_view header) {
  CacheControl out;
  for (const auto& [name, value] : response.headers) {
    if (name != header) continue;
    for (std::string_view part : split_directives(value, bound)) add_directive(out, part, bound);
  }
  return out;
}

bool says_freshness(const HttpResponse& response) {
  return response.header("cache-control") || response.header("expires");
}

Freshness read_freshness(const HttpResponse& response, Instant now) {
  CacheControl directives = read_cache_control(response, Bound::shortest);
  Freshness freshness;
  freshness.no_store = directives.no_store;
  // RFC 9111 section 4.2.4: these forbid what RFC 5861 allows.
  if (!directives.must_revalidate && !directives.no_cache) {
    freshness.stale_if_error = std::min(directives.stale_if_error.value_or(0), kMaxFreshness);
  }
  bool always_ask = directives.no_cache || directives.max_age == Seconds{0};
  if (always_ask) {
    freshness.lifetime = 0;
    return freshness;
  }
  auto date = parse_http_date(response.header("date").value_or(""), now);
  Seconds age = parse_delta_seconds(response.header("age").value_or("")).value_or(0);
  Seconds lifetime = kDefaultFreshness;
  if (directives.max_age) {
    lifetime = *directives.max_age - age;
  } else if (auto header = response.header("expires")) {
    // What is no date, "0" above all, is in the past (RFC 9111 section 5.3).
    auto expires = parse_http_date(*header, now);
    lifetime = expires ? seconds_between(date.value_or(now), *expires) - age : 0;
  }
  freshness.lifetime = std::clamp(lifetime, kMinFreshness, kMaxFreshness);
  return freshness;
}

}  // namespace jwtctl
