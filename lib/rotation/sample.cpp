// SPDX-License-Identifier: Apache-2.0
#include "lib/rotation/sample.h"

#include <arpa/inet.h>
#include <netdb.h>

#include <algorithm>
#include <memory>

#include "lib/base/shown.h"
#include "lib/base/text.h"
#include "lib/remote/freshness.h"
#include "lib/remote/http_date.h"
#include "lib/remote/key_body.h"
#include "lib/rotation/key_sets.h"
#include "lib/token/candidates.h"

namespace jwtctl {
namespace {

std::vector<ListedKey> list_keys(const Json& set) {
  std::vector<ListedKey> out;
  const Json* keys = set.find("keys");
  const Json::Array* entries = keys != nullptr ? keys->as_array() : nullptr;
  if (entries == nullptr) return out;
  for (const Json& key : *entries) {
    out.push_back({text_member(key, "kid"), thumbprint_of(key), {}, {}, material_of(key)});
  }
  auto parsed = parse_jwks(set);
  if (!parsed) return out;
  for (Acceptance& accepted : list_acceptance(*std::move(parsed))) {
    out[accepted.index].algorithms = std::move(accepted.algorithms);
    out[accepted.index].problem = std::move(accepted.problem);
  }
  return out;
}

/// clock_skew_of compares clocks through caches as well: what left its server at Date and is that
/// old is of now. Nothing when the answer has no Date.
std::optional<Seconds> clock_skew_of(const HttpAnswer& fetched, const std::optional<Seconds>& age,
                                     Instant now) {
  if (fetched.clock_skew) return fetched.clock_skew;
  auto date = parse_http_date(fetched.response.header("date").value_or(""), now);
  if (!date || !age) return std::nullopt;
  return seconds_between(now, shift(*date, *age));
}

/// timeless says which header keeps an answer from telling the time.
std::string timeless(const HttpResponse& response, Instant now) {
  auto shown = [](std::string_view value) { return quote_argument(value, ShownAs::member); };
  auto date = response.header("date");
  if (!date) return "it has no Date";
  if (!parse_http_date(*date, now)) return fmt::format("its Date {} is no date", shown(*date));
  return fmt::format("its Age {} is no number of seconds",
                     shown(response.header("age").value_or("")));
}

/// max_age_of_all reads what is for all caches.
std::optional<Seconds> max_age_of_all(const HttpResponse& response, Instant now) {
  CacheControl directives = read_cache_control(response, Bound::longest);
  // RFC 9111 section 5.2.2.3: who understands the status need not obey no-store.
  bool stored = !directives.no_store || directives.must_understand;
  if (!stored || directives.no_cache) return 0;
  std::optional<Seconds> age = directives.max_age;
  if (directives.shared_max_age) age = std::max(age.value_or(0), *directives.shared_max_age);
  if (!age) {
    Instant date = parse_http_date(response.header("date").value_or(""), now).value_or(now);
    for (const auto& [name, value] : response.headers) {
      auto expires = name == "expires" ? parse_http_date(value, now) : std::nullopt;
      if (!expires) continue;
      Seconds length = std::clamp<Seconds>(seconds_between(date, *expires), 0, kMaxDuration);
      age = std::max(age.value_or(0), length);
    }
    if (!age) return std::nullopt;
  }
  return std::min(*age + directives.stale_while_revalidate.value_or(0), kMaxDuration);
}

}  // namespace

Seconds Sample::kept() const { return std::max(max_age.value_or(0), age.value_or(0)); }

const ListedKey* Sample::find(const std::string& kid) const {
  auto found = std::find_if(keys.begin(), keys.end(),
                            [&kid](const ListedKey& key) { return key.kid == kid; });
  return found != keys.end() ? &*found : nullptr;
}

bool Sample::takes(const std::string& kid, const std::string& algorithm) const {
  return std::any_of(keys.begin(), keys.end(), [&](const ListedKey& key) {
    if (key.kid != kid || key.algorithms.empty()) return false;
    return algorithm.empty() || std::find(key.algorithms.begin(), key.algorithms.end(),
                                          algorithm) != key.algorithms.end();
  });
}

std::string Sample::problem_of(const std::string& kid, const std::string& algorithm) const {
  const ListedKey* key = find(kid);
  if (key == nullptr || takes(kid, algorithm)) return "";
  if (!key->algorithms.empty()) {
    return fmt::format("it is for {}, not {}", join(key->algorithms, ", "), algorithm);
  }
  return key->problem.empty() ? "it cannot be used" : key->problem;
}

std::optional<Seconds> read_max_age(const HttpResponse& response, Instant now) {
  std::optional<Seconds> longest = max_age_of_all(response, now);
  // RFC 9213: what shared caches of a network obey instead.
  for (std::string_view header : {"cdn-cache-control", "surrogate-control"}) {
    CacheControl directives = read_cache_control(response, Bound::longest, header);
    std::optional<Seconds> age = directives.max_age;
    if (!age || directives.no_store || directives.no_cache) continue;
    Seconds kept = add_lengths(*age, directives.stale_while_revalidate.value_or(0));
    longest = std::max(longest.value_or(0), std::min(kept, kMaxDuration));
  }
  return longest;
}

std::optional<Seconds> guess_max_age(const HttpResponse& response, Instant now) {
  auto modified = parse_http_date(response.header("last-modified").value_or(""), now);
  if (!modified) return std::nullopt;
  constexpr Seconds kPart = 10;
  Instant date = parse_http_date(response.header("date").value_or(""), now).value_or(now);
  return std::clamp<Seconds>(seconds_between(*modified, date) / kPart, 0, kMaxDuration);
}

Sample take_sample(const SampleTarget& target, bool past_caches, FetchPolicy policy,
                   const Clock& clock) {
  Sample out;
  out.url = target.url;
  out.address = target.address;
  out.route = target.route;
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
  if (fetched) {
    // Also of what is no set: copies of it are what a verifier gets instead.
    out.retried = fetched->retried;
    out.bytes = fetched->response.body.size();
    out.age = parse_delta_seconds(fetched->response.header("age").value_or(""));
    out.max_age = read_max_age(fetched->response, now);
    out.stale_if_error = read_cache_control(fetched->response, Bound::longest).stale_if_error;
    if (!out.max_age) out.guessed = guess_max_age(fetched->response, now);
    // A cache may keep where it was led as well, and so to what is there no more.
    for (const HttpResponse& hop : fetched->hops) {
      if (auto kept = read_max_age(hop, now))
        out.max_age = std::max(out.max_age.value_or(0), *kept);
    }
    out.clock_skew = clock_skew_of(*fetched, out.age, now);
    if (!out.clock_skew) out.timeless = timeless(fetched->response, now);
    if (!fetched->redirects.empty()) {
      out.led_to = fetched->final_url;
      auto last = parse_url(out.led_to);
      out.led_astray = last && last->origin() != url->origin();
    }
  } else {
    good = fail(std::move(fetched).error());
  }
  if (good) good = check_status(*fetched, now);
  if (!good) {
    out.nothing_yet =
        fetched && (fetched->response.status == 404 || fetched->response.status == 410);
    out.error = std::move(good).error();
    return out;
  }
  auto set = parse_key_body(fetched->response.body);
  if (!set) {
    auto json = parse_json(fetched->response.body, "");
    const Json* keys = json ? json->find("keys") : nullptr;
    out.nothing_yet = keys != nullptr && keys->as_array() != nullptr && keys->as_array()->empty();
    out.error = std::move(set).error();
    return out;
  }
  out.set = std::move(set->document);
  out.keys = list_keys(out.set);
  out.faults = set_faults(out.set, out.bytes);
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
