// SPDX-License-Identifier: Apache-2.0
#include "lib/remote/fetch.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "lib/base/shown.h"
#include "lib/base/text.h"
#include "lib/crypto/random.h"
#include "lib/remote/http_date.h"

namespace jwtctl {
namespace {

constexpr Milliseconds kFirstPause{250};
constexpr Milliseconds kLongestPause{5'000};

bool is_transient(ErrorCode code) {
  return code == ErrorCode::network_connect || code == ErrorCode::network_timeout;
}

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

std::string text_of(const Url& url) {
  return fmt::format("{}://{}{}{}", url.scheme, url.authority, url.path, url.query);
}

/// jitter draws a pause from zero to the limit of this attempt, so that many clients that failed
/// together do not come back together.
Milliseconds jitter(int attempt) {
  Milliseconds limit = std::min(kFirstPause * (1 << std::min(attempt, 10)), kLongestPause);
  auto bytes = random_bytes(2);
  unsigned drawn = bytes ? (unsigned{(*bytes)[0]} << 8U) | (*bytes)[1] : 0x8000U;
  return limit * drawn / 0xFFFF;
}

/// retry_after reads both forms (RFC 9110 section 10.2.3).
std::optional<Milliseconds> retry_after(const HttpResponse& response, Instant now) {
  auto header = response.header("retry-after");
  if (!header) return std::nullopt;
  if (auto date = parse_http_date(*header, now)) {
    return std::chrono::seconds(std::max<Seconds>(seconds_between(now, *date), 0));
  }
  long seconds = 0;
  auto [at, error] = std::from_chars(header->data(), header->data() + header->size(), seconds);
  bool good = at == header->data() + header->size() && !header->starts_with('-');
  if (!good || error == std::errc::invalid_argument) return std::nullopt;
  constexpr long kDay = 86'400;
  return std::chrono::seconds(error == std::errc{} ? std::min(seconds, kDay) : kDay);
}

/// skew_of compares the server's Date with the middle of the exchange (a cached answer's Date is
/// old).
std::optional<Seconds> skew_of(const HttpResponse& response, Instant sent, Instant received) {
  auto date = parse_http_date(response.header("date").value_or(""), received);
  auto age = response.header("age");
  if (!date || (age && *age != "0")) return std::nullopt;
  Seconds half = seconds_between(sent, received) / 2;
  return seconds_between(shift(sent, half), *date);
}

class Fetch {
 public:
  Fetch(const FetchPolicy& policy, const Validators& validators, const HttpGet& get,
        const Clock& clock)
      : policy_(policy),
        validators_(validators),
        get_(get),
        clock_(clock),
        end_(clock.monotonic() + policy.deadline) {}

  Result<HttpAnswer> run(const Url& first) {
    Url url = first;
    HttpAnswer fetched;
    for (;;) {
      bool own_origin = url.origin() == first.origin();
      auto response = get_with_retries(url, own_origin, fetched.redirects.empty());
      if (!response) return fail(std::move(response).error());
      if (!is_redirect(response->status)) {
        fetched.final_url = text_of(url);
        fetched.clock_skew = skew_of(*response, sent_, received_);
        fetched.conditional = conditional_;
        fetched.retried = std::move(retried_);
        fetched.response = *std::move(response);
        return fetched;
      }
      auto next = follow(url, first, *response, fetched.redirects.size());
      if (!next) return fail(std::move(next).error());
      url = *std::move(next);
      fetched.redirects.push_back(text_of(url));
      response->body.clear();
      fetched.hops.push_back(*std::move(response));
    }
  }

 private:
  Milliseconds left() const { return end_ - clock_.monotonic(); }

  Reach reach_of(const Url& url, bool own_origin) const {
    bool plain = url.scheme == "http" && !policy_.allow_http;
    if (plain) return Reach::loopback_only;  // check_url and follow let no other pass
    // The server that the user named may be this machine, whatever name it goes by.
    bool named = own_origin && (policy_.typed || policy_.own_origin);
    bool trusted = is_loopback_host(url.host) || named;
    return trusted ? Reach::loopback_too : Reach::not_loopback;
  }

  Result<HttpResponse> get_once(const Url& url, bool own_origin, bool conditional) {
    HttpRequest request;
    request.url = text_of(url);
    request.timeout = std::min(kTryTimeout, left());
    request.headers = {"Accept: application/jwk-set+json, application/json;q=0.9, */*;q=0.1"};
    request.reach = reach_of(url, own_origin);
    request.own_origin = own_origin && policy_.own_origin;
    if (request.own_origin) {
      request.headers.insert(request.headers.end(), policy_.headers.begin(), policy_.headers.end());
    }
    conditional_ = conditional && (!validators_.etag.empty() || !validators_.last_modified.empty());
    if (conditional && !validators_.etag.empty()) {
      request.headers.push_back(fmt::format("If-None-Match: {}", validators_.etag));
    }
    if (conditional && !validators_.last_modified.empty()) {
      request.headers.push_back(fmt::format("If-Modified-Since: {}", validators_.last_modified));
    }
    sent_ = clock_.wall();
    auto response = get_(request);
    received_ = clock_.wall();
    return response;
  }

  Result<HttpResponse> get_with_retries(const Url& url, bool own_origin, bool conditional) {
    // For a transport a limit of zero would be none.
    if (left() <= Milliseconds{0}) {
      return fail(ErrorCode::network_timeout, "no time was left to fetch {}",
                  show_argument(text_of(url), ShownAs::url))
          .hint("--timeout DUR gives more");
    }
    for (int attempt = 0;; ++attempt) {
      auto response = get_once(url, own_origin, conditional);
      bool again =
          response ? is_server_trouble(response->status) : is_transient(response.error().code);
      if (!again || attempt >= policy_.retries) return response;
      Milliseconds pause = jitter(attempt);
      if (response) {
        if (auto asked = retry_after(*response, clock_.wall())) pause = *asked;
      }
      // A server that wants to be left alone for longer than we have gets its wish.
      if (pause >= left()) return response;
      clock_.sleep(pause);
      if (left() <= Milliseconds{0}) return response;
      retried_.push_back(response ? fmt::format("status {}", response->status)
                                  : response.error().message);
    }
  }

  Result<Url> follow(const Url& from, const Url& first, const HttpResponse& response,
                     std::size_t followed) {
    auto location = response.header("location");
    if (!location) {
      return fail(ErrorCode::network_status, "{} answers {} without saying where to go",
                  show_argument(text_of(from), ShownAs::url), response.status);
    }
    if (followed >= static_cast<std::size_t>(kMaxRedirects)) {
      return fail(ErrorCode::network_status, "{} redirects more than {} times",
                  show_argument(text_of(first), ShownAs::url), kMaxRedirects)
          .hint("give the URL that it ends at");
    }
    std::string target = resolve_reference(from, *location);
    auto next = parse_url(target);
    if (!next) {
      return fail(ErrorCode::network_status, "{} redirects to what is refused: {}",
                  show_argument(text_of(from), ShownAs::url), next.error().message);
    }
    bool downgrade = next->scheme == "http" && from.scheme == "https";
    if (downgrade ||
        (next->scheme == "http" && !policy_.allow_http && !is_loopback_host(next->host))) {
      return fail(ErrorCode::network_status, "{} redirects to {}, which is not https",
                  show_argument(text_of(from), ShownAs::url), show_argument(target, ShownAs::url));
    }
    if (is_loopback_host(next->host) && !is_loopback_host(first.host)) {
      return fail(ErrorCode::network_status, "{} redirects to {}, a loopback address",
                  show_argument(text_of(from), ShownAs::url), show_argument(target, ShownAs::url));
    }
    return next;
  }

 private:
  const FetchPolicy& policy_;
  const Validators& validators_;
  const HttpGet& get_;
  const Clock& clock_;
  Milliseconds end_;
  bool conditional_ = false;
  std::vector<std::string> retried_;
  Instant sent_;
  Instant received_;
};

}  // namespace

Result<Url> check_url(std::string_view url, bool allow_http) {
  auto parsed = parse_url(url);
  if (!parsed && url.size() <= kMaxUrlBytes && has_credentials(url)) {
    return fail(ErrorCode::usage, "{}", parsed.error().message)
        .hint("give them as a header: --header @FILE");
  }
  if (!parsed || parsed->scheme == "https" || allow_http || is_loopback_host(parsed->host)) {
    return parsed;
  }
  return fail(ErrorCode::usage, "{} is not https", show_argument(url, ShownAs::url))
      .hint("who sits in between could send keys of their own; if you accept that: --allow-http");
}

Result<HttpAnswer> fetch_url(const Url& url, const FetchPolicy& policy,
                             const Validators& validators, const HttpGet& get, const Clock& clock) {
  return Fetch(policy, validators, get, clock).run(url);
}

Result<void> check_status(const HttpAnswer& fetched, Instant now) {
  const HttpResponse& response = fetched.response;
  if (response.status == 200 || (response.status == 304 && fetched.conditional)) return {};
  std::string asked;
  if (auto wait = retry_after(response, now)) {
    Seconds seconds = std::chrono::duration_cast<std::chrono::seconds>(*wait).count();
    asked = fmt::format(", and asks to wait {}", format_duration(seconds));
  }
  // A redirect may have led to what is not shown; its host is.
  std::string on;
  auto parsed = parse_url(fetched.final_url);
  if (parsed && hidden_argument(fetched.final_url, ShownAs::url)) {
    on = fmt::format(" on {}", show_argument(parsed->host));
  }
  Failure failure =
      fail(ErrorCode::network_status, "{}{} answers with status {}{}",
           show_argument(fetched.final_url, ShownAs::url), on, response.status, asked);
  if (response.status == 401 || response.status == 403) {
    return std::move(failure).hint("if the server wants credentials: --header @FILE");
  }
  if (response.status == 404) return std::move(failure).hint("is the URL complete?");
  return failure;
}

bool is_server_trouble(int status) {
  return status == 408 || status == 429 || (status >= 500 && status != 501);
}

}  // namespace jwtctl
