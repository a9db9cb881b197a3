// SPDX-License-Identifier: Apache-2.0
#include "lib/remote/freshness.h"

#include <algorithm>
#include <charconv>

#include "lib/base/text.h"
#include "lib/remote/http_date.h"

namespace jwtctl {
namespace {

std::optional<Seconds> parse_seconds(std::string_view text) {
  if (text.size() > 1 && text.starts_with('"') && text.ends_with('"')) {
    text = text.substr(1, text.size() - 2);
  }
  bool digits = !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
  if (!digits) return std::nullopt;
  Seconds value = 0;
  auto [at, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  // RFC 9111 section 1.2.2: what overflows is very long.
  return error == std::errc{} ? std::min(value, kMaxDuration) : kMaxDuration;
}

/// Directives are those of all Cache-Control headers.
struct Directives {
  bool no_store = false;
  bool no_cache = false;
  bool must_revalidate = false;
  std::optional<Seconds> max_age;
  std::optional<Seconds> stale_if_error;
};

Directives read_directives(const HttpResponse& response) {
  Directives result;
  for (const auto& [name, value] : response.headers) {
    if (name != "cache-control") continue;
    for (std::string_view part : split(value, ',')) {
      std::string_view directive = trim(part);
      std::size_t equals = std::min(directive.find('='), directive.size());
      std::string key = to_lower(trim(directive.substr(0, equals)));
      std::string_view argument =
          equals < directive.size() ? trim(directive.substr(equals + 1)) : std::string_view{};
      auto seconds = parse_seconds(argument);
      if (key == "no-store") result.no_store = true;
      if (key == "no-cache") result.no_cache = true;
      if (key == "must-revalidate") result.must_revalidate = true;
      if (key == "max-age" && seconds)
        result.max_age = std::min(*seconds, result.max_age.value_or(*seconds));
      if (key == "stale-if-error" && seconds)
        result.stale_if_error = std::min(*seconds, result.stale_if_error.value_or(*seconds));
    }
  }
  return result;
}

}  // namespace

bool says_freshness(const HttpResponse& response) {
  return response.header("cache-control") || response.header("expires");
}

Freshness read_freshness(const HttpResponse& response, Instant now) {
  Directives directives = read_directives(response);
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
  auto date = parse_http_date(response.header("date").value_or(""));
  auto age = parse_seconds(response.header("age").value_or("")).value_or(0);
  Seconds lifetime = kDefaultFreshness;
  if (directives.max_age) {
    lifetime = *directives.max_age - age;
  } else if (auto header = response.header("expires")) {
    // What is no date, "0" above all, is in the past (RFC 9111 section 5.3).
    auto expires = parse_http_date(*header);
    lifetime = expires ? seconds_between(date.value_or(now), *expires) - age : 0;
  }
  freshness.lifetime = std::clamp(lifetime, kMinFreshness, kMaxFreshness);
  return freshness;
}

}  // namespace jwtctl
