// SPDX-License-Identifier: Apache-2.0
// Rules on the size of a token: what it must pass through has limits.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "lib/base/text.h"
#include "lib/lint/catalogue.h"

namespace jwtctl {
namespace {

/// Limit is the default of something that requests pass through; it counts the header line, or
/// more.
struct Limit {
  std::string_view who;
  std::size_t octets;
};

/// Documented defaults in ascending order: Apache LimitRequestFieldSize, gunicorn
/// limit_request_field_size, nginx large_client_header_buffers, Tomcat maxHttpHeaderSize, API
/// Gateway's total of headers, HAProxy tune.bufsize less tune.maxrewrite, Node.js
/// --max-http-header-size, the ALB's single header, Apigee's total, Kestrel
/// MaxRequestHeadersTotalSize, Envoy max_request_headers_kb.
constexpr std::array<Limit, 11> kLimits{{{"Apache httpd", 8190},
                                         {"gunicorn", 8190},
                                         {"nginx", 8192},
                                         {"Tomcat", 8192},
                                         {"AWS API Gateway", 10240},
                                         {"HAProxy", 15360},
                                         {"Node.js", 16384},
                                         {"AWS ALB", 16384},
                                         {"Apigee", 25600},
                                         {"Kestrel", 32768},
                                         {"Envoy", 61440}}};

constexpr std::size_t kCookieOctets = 4096;
constexpr std::size_t kSmallHeader = 8190;
constexpr std::size_t kLargeHeader = 16384;
constexpr std::size_t kHugeHeader = 61440;

/// header_line returns the length of `Authorization: Bearer TOKEN`.
std::size_t header_line(const TokenSubject& token) {
  return std::string_view("Authorization: Bearer ").size() + token.jws.text.size();
}

/// judge_header reports a header line between two limits, with all defaults that it is over.
Remarks judge_header(const TokenSubject& token, std::size_t over, std::size_t at_most) {
  std::size_t line = header_line(token);
  if (line <= over || line > at_most) return {};
  std::vector<std::string> refusing;
  for (const Limit& limit : kLimits) {
    if (line > limit.octets) refusing.push_back(fmt::format("{} ({})", limit.who, limit.octets));
  }
  return {{"token", fmt::format("as Authorization: Bearer it has {} octets, over the default of {}",
                                line, join(refusing, ", "))}};
}

Remarks over_cookie_limit(const TokenSubject& token) {
  // A name has one character at least; most have more.
  std::size_t octets = token.jws.text.size() + 1;
  if (octets <= kCookieOctets) return {};
  return {{"token", fmt::format("the token has {} octets; with its name a cookie has at most {}",
                                token.jws.text.size(), kCookieOctets)}};
}

constexpr Rule kOverCookie{
    .id = {"JWT401", "over-cookie-limit"},
    .level = Severity::warning,
    .summary = "the token is too long for a cookie",
    .why =
        "Browsers need not keep a cookie whose name and value are longer than 4096 octets, and "
        "drop it without a word: users are logged out at random.",
    .source = "RFC 6265 section 6.1",
    .fix = "Keep the session at the server, or leave out what the service can look up.",
    .bad = {{.also = "JWT405", .bytes = 4096}},
    .good = {.bytes = 4095},
    .check = over_cookie_limit};

Remarks over_8k_header(const TokenSubject& token) {
  return judge_header(token, kSmallHeader, kLargeHeader);
}

constexpr Rule kOver8k{
    .id = {"JWT402", "over-8k-header"},
    .level = Severity::warning,
    .summary = "as a header the token is over the limit of 8 KiB",
    .why =
        "Common servers refuse a header line above 8190 octets with 400 or 431, before any "
        "application sees the request. It happens to users with many groups first.",
    .source =
        "Apache httpd LimitRequestFieldSize (8190); nginx large_client_header_buffers (8k); "
        "gunicorn limit_request_field_size (8190)",
    .fix = "Leave groups and roles out of the token, or raise the limit on every hop.",
    .bad = {{.also = "JWT401 JWT405", .bytes = 8170}},
    .good = {.bytes = 8168},
    .check = over_8k_header};

Remarks over_16k_header(const TokenSubject& token) {
  return judge_header(token, kLargeHeader, kHugeHeader);
}

constexpr Rule kOver16k{
    .id = {"JWT403", "over-16k-header"},
    .level = Severity::error,
    .summary = "as a header the token is over the limit of 16 KiB",
    .why = "Hardly a server or load balancer takes a header of more than 16384 octets.",
    .source =
        "Node.js --max-http-header-size (16 KiB); AWS Application Load Balancer quotas (16 K for "
        "a single header); HAProxy tune.bufsize (16384)",
    .fix = "Issue a reference token, or leave out what the service can look up.",
    .bad = {{.also = "JWT401 JWT405", .bytes = 16363}},
    .good = {.bytes = 16362},
    .check = over_16k_header};

Remarks over_60k(const TokenSubject& token) {
  return judge_header(token, kHugeHeader, std::string_view::npos);
}

constexpr Rule kOver60k{
    .id = {"JWT404", "over-60k"},
    .level = Severity::error,
    .summary = "as a header the token is over the limit of 60 KiB",
    .why = "No common proxy passes it on, and parsers have limits of their own soon after.",
    .source = "Envoy max_request_headers_kb (60 KiB)",
    .fix = "Issue a reference token.",
    .bad = {{.also = "JWT401 JWT405", .bytes = 61419}},
    .good = {.options = "{max_size} 61440"},
    .check = over_60k};

/// Below that a token fits everywhere, whatever is in it.
constexpr std::size_t kWorthCutting = kCookieOctets / 2;

Remarks bloat(const TokenSubject& token) {
  std::size_t size = token.jws.text.size();
  auto limit = token.expected.max_size;
  if (limit && size > *limit) {
    return {{"token",
             fmt::format("the token has {} octets, {} is {}", size, token.expected.names.max_size,
                         *limit),
             std::nullopt, Severity::error}};
  }
  const Json::Object* claims = token.claims() != nullptr ? token.claims()->as_object() : nullptr;
  if (size <= kWorthCutting || claims == nullptr) return {};
  std::size_t most = 0;
  std::size_t total = token.jws.octets("payload").size();
  const JsonMember* largest = nullptr;
  for (const JsonMember& claim : *claims) {
    std::size_t length = claim.name.size() + claim.value.dump().size();
    if (length > most) {
      most = length;
      largest = &claim;
    }
  }
  if (largest == nullptr || most * 2 <= total) return {};
  return {{member_place("payload", largest->name),
           fmt::format("{} takes {} of the {} octets of the payload",
                       Json(shorten(largest->name, 40)).dump(), most, total)}};
}

constexpr Rule kBloat{
    .id = {"JWT405", "bloat"},
    .level = Severity::note,
    .summary = "most of a large token is one claim",
    .why =
        "A token travels with every request, and base64url adds a third to it. Above 2048 octets "
        "this rule names the claim that takes more than half of the payload. Over {max_size} the "
        "token is an error.",
    .source = "RFC 6265 section 6.1; RFC 7515 section 2",
    .fix = "Let the service look the claim up, or send a reference to it.",
    .bad = {{.bytes = 2050}, {.options = "{max_size} 100"}},
    .good = {.bytes = 2048},
    .check = bloat};

constexpr Rule kRules[] = {kOverCookie, kOver8k, kOver16k, kOver60k, kBloat};

}  // namespace

std::span<const Rule> size_rules() { return kRules; }

}  // namespace jwtctl
