// SPDX-License-Identifier: Apache-2.0
// Rules on when a token is valid (RFC 7519 sections 4.1.4 to 4.1.6).
#include <fmt/format.h>

#include "lib/lint/catalogue.h"

namespace jwtctl {
namespace {

Remarks exp_missing(const TokenSubject& token) {
  if (token.claims() == nullptr || token.claim("exp") != nullptr) return {};
  return {{"payload", "the token never expires: no exp"}};
}

constexpr Rule kExpMissing{
    .id = rules::exp_missing,
    .level = Severity::warning,
    .summary = "the token never expires: it has no exp",
    .why =
        "Whoever gets hold of the token can use it for ever; it can be stopped by changing the "
        "key alone.",
    .source = "RFC 7519 section 4.1.4; RFC 8725 section 3.10",
    .fix = "Let the issuer set exp, minutes or hours after iat.",
    .bad = {{.payload = R"({"iss":"https://issuer.example","sub":"user-1","aud":"api.example"})"}},
    .good = {},
    .check = exp_missing};

Remarks expired(const TokenSubject& token) {
  if (token.claims() == nullptr) return {};
  DateClaim exp = read_date(*token.claims(), "exp");
  if (!exp.good() || !is_expired(exp.value, token.now, token.expected.leeway)) return {};
  return {{"payload/exp", fmt::format("expired {}", format_relative(exp.value, token.now))}};
}

constexpr Rule kExpired{
    .id = rules::expired,
    .level = Severity::error,
    .needs = {.clock = true},
    .summary = "the token has expired",
    .why = "A token must not be accepted on or after its exp; a verifier refuses it.",
    .source = "RFC 7519 section 4.1.4",
    .fix =
        "Get a new token. Where it expired by a few seconds only, compare the clocks and give "
        "the verifier a leeway of at most a few minutes.",
    .bad = {{.payload = R"({"iss":"https://issuer.example","sub":"user-1","aud":"api.example",)"
                        R"("iat":1767221999,"exp":1767225600})"}},
    .good = {},
    .check = expired};

Remarks window_impossible(const TokenSubject& token) {
  if (token.claims() == nullptr) return {};
  DateClaim exp = read_date(*token.claims(), "exp");
  Remarks remarks;
  for (std::string_view name : {"nbf", "iat"}) {
    DateClaim start = read_date(*token.claims(), name);
    if (!exp.good() || !start.good() || !has_impossible_window(start.value, exp.value)) continue;
    remarks.push_back({member_place("payload", name),
                       fmt::format("{} is not before exp, so the token is never valid", name)});
  }
  return remarks;
}

constexpr Rule kWindowImpossible{
    .id = rules::window_impossible,
    .level = Severity::error,
    .summary = "the token ends before it begins",
    .why = "With nbf or iat on or after exp there is no moment at which the token is valid.",
    .source = "RFC 7519 sections 4.1.4 to 4.1.6",
    .fix = "Compute exp from iat plus the lifetime, in seconds and in UTC.",
    .bad = {{.payload = R"({"iss":"https://issuer.example","sub":"user-1","aud":"api.example",)"
                        R"("iat":1767221000,"nbf":1767225000,"exp":1767225000})",
             .also = "JWT202"}},
    .good = {},
    .check = window_impossible};

constexpr Rule kRules[] = {kExpMissing, kExpired, kWindowImpossible};

}  // namespace

std::span<const Rule> time_rules() { return kRules; }

}  // namespace jwtctl
