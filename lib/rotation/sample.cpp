// SPDX-License-Identifier: Apache-2.0
#include "lib/rotation/sample.h"

#include <arpa/inet.h>
#include <netdb.h>

#include <algorithm>
#include <charconv>
#include <memory>

#include "lib/base/shown.h"
#include "lib/base/text.h"
#include "lib/remote/http_date.h"
#include "lib/remote/key_body.h"
#include "lib/rotation/key_sets.h"

namespace jwtctl {
namespace {

std::optional<Seconds> parse_seconds(std::string_view text) {
  text = trim(text);
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
    text = text.substr(1, text.size() - 2);
  }
  Seconds value = 0;
  auto [at, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (at != text.data() + text.size() || text.empty() || value < 0) return std::nullopt;
  if (error == std::errc::result_out_of_range) return kMaxDuration;
  return error == std::errc{} ? std::optional(std::min(value, kMaxDuration)) : std::nullopt;
}

/// Directives are those of Cache-Control that say how long a copy may serve.
struct Directives {
  std::optional<Seconds> max_age, shared, while_revalidate;
  bool never = false;
};

Directives read_directives(const HttpResponse& response) {
  Directives out;
  for (const auto& [name, value] : response.headers) {
    if (name != "cache-control") continue;
    for (std::string_view part : split(value, ',')) {
      std::string_view directive = trim(part);
      std::size_t equals = directive.find('=');
      std::string key = to_lower(trim(directive.substr(0, equals)));
      auto number = equals == std::string_view::npos ? std::nullopt
                                                     : parse_seconds(directive.substr(equals + 1));
      if (key == "no-store" || key == "no-cache") out.never = true;
      if (key == "max-age") out.max_age = number;
      if (key == "s-maxage") out.shared = number;
      if (key == "stale-while-revalidate") out.while_revalidate = number;
    }
  }
  return out;
}

std::vector<ListedKey> list_keys(const Json& set) {
  std::vector<ListedKey> out;
  const Json* keys = set.find("keys");
  const Json::Array* entries = keys != nullptr ? keys->as_array() : nullptr;
  if (entries == nullptr) return out;
  for (const Json& key : *entries) out.push_back({text_member(key, "kid"), thumbprint_of(key)});
  return out;
}

}  // namespace

const ListedKey* Sample::find(const std::string& kid) const {
  auto found = std::find_if(keys.begin(), keys.end(),
                            [&kid](const ListedKey& key) { return key.kid == kid; });
  return found != keys.end() ? &*found : nullptr;
}

std::optional<Seconds> read_max_age(const HttpResponse& response, Instant now) {
  Directives directives = read_directives(response);
  if (directives.never) return 0;
  std::optional<Seconds> age = directives.max_age;
  if (directives.shared) age = std::max(age.value_or(0), *directives.shared);
  if (!age) {
    auto expires = parse_http_date(response.header("expires").value_or(""));
    if (!expires) return std::nullopt;
    Instant date = parse_http_date(response.header("date").value_or("")).value_or(now);
    age = std::clamp<Seconds>(seconds_between(date, *expires), 0, kMaxDuration);
  }
  return std::min(*age + directives.while_revalidate.value_or(0), kMaxDuration);
}

Sample take_sample(const SampleTarget& target, bool past_caches, FetchPolicy policy,
                   const Clock& clock) {
  Sample out;
  out.url = target.url;
  out.address = target.address;
  out.past_caches = past_caches;
  auto url = check_url(target.url, policy.allow_http);
  if (!url) {
    out.error = std::move(url).error();
    return out;
  }
  if (past_caches) policy.headers.emplace_back("Cache-Control: no-cache");
  Milliseconds begun = clock.monotonic();
  auto fetched = fetch_url(*url, policy, {}, target.get, clock);
  out.took = clock.monotonic() - begun;
  Instant now = clock.wall();
  Result<void> good;
  if (!fetched) good = fail(std::move(fetched).error());
  if (good) good = check_status(*fetched, now);
  if (!good) {
    out.error = std::move(good).error();
    return out;
  }
  out.bytes = fetched->response.body.size();
  out.age = parse_seconds(fetched->response.header("age").value_or(""));
  out.max_age = read_max_age(fetched->response, now);
  out.clock_skew = fetched->clock_skew;
  auto set = parse_key_body(fetched->response.body);
  if (!set) {
    out.error = std::move(set).error();
    return out;
  }
  out.set = *std::move(set);
  out.keys = list_keys(out.set);
  return out;
}

std::string port_of(const Url& url) {
  if (!url.port.empty()) return url.port;
  return url.scheme == "https" ? "443" : "80";
}

Result<std::vector<std::string>> addresses_of(const Url& url) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_ADDRCONFIG;  // of the kinds that this machine can reach
  addrinfo* raw = nullptr;
  int error = ::getaddrinfo(url.host.c_str(), port_of(url).c_str(), &hints, &raw);
  std::unique_ptr<addrinfo, void (*)(addrinfo*)> list(raw, ::freeaddrinfo);
  if (error != 0) {
    return fail(ErrorCode::network_dns, "{} has no address: {}",
                show_argument(url.host, ShownAs::url), ::gai_strerror(error));
  }
  std::vector<std::string> out;
  for (const addrinfo* at = list.get(); at != nullptr; at = at->ai_next) {
    char text[NI_MAXHOST] = {};
    bool good = ::getnameinfo(at->ai_addr, at->ai_addrlen, text, sizeof text, nullptr, 0,
                              NI_NUMERICHOST) == 0;
    std::string address(text);
    bool known = std::find(out.begin(), out.end(), address) != out.end();
    if (good && !known) out.push_back(std::move(address));
  }
  return out;
}

}  // namespace jwtctl
