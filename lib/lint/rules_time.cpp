// SPDX-License-Identifier: Apache-2.0
// Rules on when a token is valid (RFC 7519 sections 4.1.4 to 4.1.6).
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "lib/lint/catalogue.h"
#include "lib/token/diagnose.h"

namespace jwtctl {
namespace {

constexpr Seconds kDay = 86400;

/// date_of returns a date claim; it is absent when there are no claims.
DateClaim date_of(const TokenSubject& token, std::string_view name) {
  const ClaimsView* dates = token.outcomes.dates();
  if (dates == nullptr) return {};
  if (name == "exp") return dates->exp;
  if (name == "nbf") return dates->nbf;
  return name == "iat" ? dates->iat : read_date(dates->json, name);
}

/// relative says where a date lies from now: "2 s ago".
std::string relative(const TokenSubject& token, std::string_view name) {
  return format_relative(date_of(token, name).value, token.now());
}

Remarks exp_missing(const TokenSubject& token) {
  if (!token.outcomes.broken(rules::exp_missing)) return {};
  std::optional<Severity> level;
  const Profile* profile = token.expected.profile;
  bool demanded =
      profile != nullptr && std::find(profile->required.begin(), profile->required.end(), "exp") !=
                                profile->required.end();
  if (demanded) level = Severity::error;
  return {{"payload", "the token never expires: no exp", std::nullopt, level}};
}

constexpr Rule kExpMissing{
    .id = rules::exp_missing,
    .level = Severity::warning,
    .summary = "the token never expires: it has no exp",
    .why =
        "Whoever gets hold of the token can use it for ever; it can be stopped by changing the "
        "key alone. With a profile that demands exp this is an error.",
    .source = "RFC 7519 section 4.1.4; RFC 9068 section 2.2; OpenID Connect Core section 2",
    .fix = "Let the issuer set exp, minutes or hours after iat.",
    .bad = {{.payload = R"({"iss":"https://issuer.example","sub":"user-1","aud":"api.example"})"}},
    .good = {},
    .check = exp_missing};

Remarks expired(const TokenSubject& token) {
  if (!token.outcomes.broken(rules::expired)) return {};
  return {{"payload/exp", fmt::format("expired {}", relative(token, "exp"))}};
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
                        R"("iat":1767135600,"exp":1767139200})"}},
    .good = {},
    .check = expired};

Remarks not_yet_valid(const TokenSubject& token) {
  if (!token.outcomes.broken(rules::not_yet_valid)) return {};
  return {{"payload/nbf", fmt::format("not valid yet: {}", relative(token, "nbf"))}};
}

constexpr Rule kNotYetValid{
    .id = rules::not_yet_valid,
    .level = Severity::error,
    .needs = {.clock = true},
    .summary = "the token is not valid yet",
    .why = "A token must not be accepted before its nbf; a verifier refuses it.",
    .source = "RFC 7519 section 4.1.5",
    .fix = "Wait, or correct the clock of the issuer or of the verifier.",
    .bad = {{.payload = R"({"iss":"https://issuer.example","sub":"user-1","aud":"api.example",)"
                        R"("iat":1767225540,"nbf":1767226500,"exp":1767229140})"}},
    .good = {.payload = R"({"iss":"https://issuer.example","sub":"user-1","aud":"api.example",)"
                        R"("iat":1767225540,"nbf":1767225600,"exp":1767229140})"},
    .check = not_yet_valid};

Remarks iat_in_future(const TokenSubject& token) {
  if (!token.outcomes.broken(rules::iat_in_future)) return {};
  return {{"payload/iat", fmt::format("issued in the future: {}", relative(token, "iat"))}};
}

constexpr Rule kIatInFuture{
    .id = rules::iat_in_future,
    .level = Severity::error,
    .needs = {.clock = true},
    .summary = "the token was issued in the future",
    .why =
        "The issuer's clock is ahead of this one. No RFC forbids it, but go-jose, PyJWT and "
        "jwt-cpp refuse such tokens.",
    .source = "RFC 7519 section 4.1.6",
    .fix = "Correct the clock of the issuer, or of this machine.",
    .bad = {{.payload = R"({"iss":"https://issuer.example","sub":"user-1","aud":"api.example",)"
                        R"("iat":1767226500,"exp":1767229140})"}},
    .good = {.payload = R"({"iss":"https://issuer.example","sub":"user-1","aud":"api.example",)"
                        R"("iat":1767225600,"exp":1767229140})"},
    .check = iat_in_future};

/// is_near says that a date is missed by 5 minutes at most. For exp that can take a leeway of a
/// second more, which `verify` does not suggest: it speaks of the leeway, this of the clocks.
bool is_near(const Outcome& outcome, Seconds leeway, const TokenSubject& token) {
  if (outcome.check != CheckId::exp) return leeway <= kMostSkew;
  return token.now() <= shift(token.outcomes.dates()->exp.value, kMostSkew);
}

Remarks clock_skew_suspected(const TokenSubject& token) {
  Remarks remarks;
  for (CheckId check : {CheckId::exp, CheckId::nbf, CheckId::iat}) {
    for (const Outcome& outcome : token.outcomes.failures()) {
      if (outcome.check != check || !is_by_clock(outcome)) continue;
      Seconds leeway = leeway_needed(outcome, *token.outcomes.dates(), token.expected.policy);
      if (!is_near(outcome, leeway, token)) continue;
      std::string_view name = check_info(check).name;
      remarks.push_back(
          {member_place("payload", name),
           fmt::format("clocks may differ: a leeway of {} s would let {} pass", leeway, name)});
    }
  }
  return remarks;
}

constexpr Rule kClockSkew{
    .id = {"JWT205", "clock-skew-suspected"},
    .level = Severity::note,
    .needs = {.clock = true},
    .summary = "a date is missed by so little that clocks may differ",
    .why =
        "A difference of at most 5 minutes is more often two clocks than an old token, and "
        "verifiers may allow for it.",
    .source = "RFC 7519 sections 4.1.4 and 4.1.5",
    .fix = "Synchronise the clocks of issuer and verifier; allow a leeway of a few seconds.",
    .bad = {{.payload = R"({"iss":"https://issuer.example","sub":"user-1","aud":"api.example",)"
                        R"("iat":1767225612,"exp":1767229140})",
             .also = "JWT204"}},
    .good = {},
    .check = clock_skew_suspected};

Remarks window_impossible(const TokenSubject& token) {
  Remarks remarks;
  for (CheckId check : {CheckId::nbf, CheckId::iat}) {
    if (token.outcomes.failure(rules::window_impossible, check) == nullptr) continue;
    std::string_view name = check_info(check).name;
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
                        R"("iat":1767225540,"nbf":1767229140,"exp":1767229140})",
             .also = "JWT203"}},
    .good = {},
    .check = window_impossible};

/// Lifetime is how long a token may live, and who says so.
struct Lifetime {
  Seconds most;
  std::string_view reason;
  std::optional<Severity> level = std::nullopt;
};

constexpr Seconds kMostAccess = kDay;
constexpr Seconds kMostAny = 30 * kDay;

Lifetime allowed_lifetime(const TokenSubject& token) {
  const Expectations& expected = token.expected;
  if (expected.max_ttl) return {*expected.max_ttl, expected.names.max_ttl, Severity::error};
  if (expected.profile != nullptr && expected.profile->max_ttl != 0) {
    return {expected.profile->max_ttl, "the profile"};
  }
  auto typ = token.jws.header_text("typ");
  if (typ && same_media_type(*typ, "at+jwt")) return {kMostAccess, "an access token"};
  return {kMostAny, "any token"};
}

Remarks ttl_too_long(const TokenSubject& token) {
  DateClaim exp = date_of(token, "exp");
  DateClaim start = date_of(token, "iat");
  if (!start.good()) start = date_of(token, "nbf");
  // Issuers write zero for "no nbf".
  if (!exp.good() || !start.good() || start.value == Instant{}) return {};
  // A cluster gives its service accounts a long exp for a time of transition, and says in another
  // claim when the token is to be replaced.
  const Json* kubernetes = token.claim("kubernetes.io");
  if (kubernetes != nullptr && kubernetes->find("warnafter") != nullptr) return {};
  Lifetime allowed = allowed_lifetime(token);
  if (exp.value <= shift(start.value, allowed.most)) return {};
  return {{"payload/exp",
           fmt::format("the token lives for {}, more than {} for {}",
                       format_duration(seconds_between(start.value, exp.value)),
                       format_duration(allowed.most), allowed.reason),
           std::nullopt, allowed.level}};
}

constexpr Rule kTtlTooLong{
    .id = {"JWT207", "ttl-too-long"},
    .level = Severity::warning,
    .summary = "the token lives too long",
    .why =
        "Until exp whoever has the token can use it, and no verifier asks the issuer again. "
        "Bearer tokens should live for an hour or less; this rule speaks up at 24 hours for "
        "access tokens (typ at+jwt, or a profile) and at 30 days for any. Over {max_ttl} it is "
        "an error.",
    .source = "RFC 6750 section 5.3",
    .fix = "Shorten the lifetime at the issuer, and refresh.",
    .bad = {{.payload = R"({"iss":"https://issuer.example","sub":"user-1","aud":"api.example",)"
                        R"("iat":1767225540,"exp":4070908800})"},
            {.options = "{max_ttl} 30m"}},
    .good = {.options = "{max_ttl} 1h"},
    .check = ttl_too_long};

/// weight_of: a verifier reads exp, nbf and iat. auth_time matters to some clients, and
/// updated_at to none; known providers write it as text.
std::optional<Severity> weight_of(std::string_view name) {
  if (name == "updated_at") return Severity::note;
  return name == "auth_time" ? std::optional(Severity::warning) : std::nullopt;
}

/// bad_dates reports the date claims with one fault, each in the words of `describe`. What is a
/// fault of a date its reader says, whose answer the judge gives on for those that it asks for.
template <class Describe>
Remarks bad_dates(const TokenSubject& token, RuleId rule, Describe describe) {
  Remarks remarks;
  for (std::string_view name : kDateClaims) {
    DateClaim date = date_of(token, name);
    if (!date.fault || date.fault != rule) continue;
    remarks.push_back(
        {member_place("payload", name), describe(name, date), std::nullopt, weight_of(name)});
  }
  return remarks;
}

/// with_others ends a message with what verifiers without such a rule make of the date.
std::string with_others(std::string message, std::string_view name, const DateClaim& date) {
  std::string others = as_others_read(name, date);
  return others.empty() ? message : fmt::format("{}; {}", message, others);
}

Remarks date_wrong_type(const TokenSubject& token) {
  return bad_dates(token, rules::date_wrong_type, [&](std::string_view name, const DateClaim&) {
    return fmt::format("{} must be a number, it is {}", name, token.claim(name)->kind_name());
  });
}

constexpr Rule kDateWrongType{
    .id = rules::date_wrong_type,
    .level = Severity::error,
    .summary = "a date is not a number",
    .why =
        "Dates are seconds since 1970 as a JSON number. Some libraries take a string and some "
        "refuse it, so the token works in one place alone. auth_time is a warning and updated_at "
        "a note, because verifiers do not read them.",
    .source = "RFC 7519 section 2; OpenID Connect Core section 5.1",
    .fix = "Let the issuer write a number: 1767225600, not \"1767225600\" and not RFC 3339.",
    .bad = {{.payload = R"({"iss":"https://issuer.example","sub":"user-1","aud":"api.example",)"
                        R"("iat":1767225540,"exp":"1767229140"})"}},
    .good = {},
    .check = date_wrong_type};

Remarks date_unit(const TokenSubject& token) {
  return bad_dates(token, rules::date_unit, [](std::string_view name, const DateClaim& date) {
    return with_others(fmt::format("{} is in {}; a NumericDate counts seconds", name, date.unit),
                       name, date);
  });
}

constexpr Rule kDateUnit{
    .id = rules::date_unit,
    .level = Severity::error,
    .summary = "a date is in milliseconds or less, not in seconds",
    .why =
        "A clock that counts milliseconds went into the token as it is. Read as seconds, exp "
        "lies thousands of years ahead, and the token never expires.",
    .source = "RFC 7519 section 2",
    .fix = "Divide by 1000 at the issuer: Math.floor(Date.now() / 1000).",
    .bad = {{.payload = R"({"iss":"https://issuer.example","sub":"user-1","aud":"api.example",)"
                        R"("iat":1767225540,"exp":1767229140000})"}},
    .good = {},
    .check = date_unit};

Remarks date_out_of_range(const TokenSubject& token) {
  Remarks remarks =
      bad_dates(token, rules::date_out_of_range, [](std::string_view name, const DateClaim& date) {
        return with_others(fmt::format("{} is not a date between 1970 and 9999", name), name, date);
      });
  // A number beyond any double keeps the whole payload from being read.
  for (const auto* faults : {&token.jws.faults, &token.payload.faults}) {
    for (const Fault& fault : *faults) {
      if (fault.rule != rules::date_out_of_range) continue;
      remarks.push_back(
          {"token", fmt::format("{} (offset {})", fault.message, fault.offset), fault.offset});
    }
  }
  return remarks;
}

constexpr Rule kDateOutOfRange{
    .id = rules::date_out_of_range,
    .level = Severity::error,
    .summary = "a date is negative, zero for exp, or beyond the year 9999",
    .why =
        "Such numbers overflow in one library, become the distant past in another and never "
        "expire in a third.",
    .source = "RFC 7519 section 2; RFC 8259 section 6",
    .fix = "Write whole seconds since 1970. A token that is to live long needs no exp of 1e30.",
    .bad = {{.payload = R"({"iss":"https://issuer.example","sub":"user-1","aud":"api.example",)"
                        R"("iat":1767225540,"exp":1e30})"},
            {.payload = R"({"sub":"user-1","exp":1e400})"}},
    .good = {},
    .check = date_out_of_range};

Remarks stale(const TokenSubject& token) {
  if (!token.outcomes.broken(rules::stale)) return {};
  return {{"payload/iat", fmt::format("issued {}, at most {} allowed", relative(token, "iat"),
                                      format_duration(*token.expected.policy.max_age))}};
}

constexpr Rule kStale{
    .id = rules::stale,
    .level = Severity::error,
    .needs = {.clock = true, .expectation = true},
    .summary = "the token was issued too long ago",
    .why =
        "{max_age} says how old a token may be whatever its exp: what it says of its user may no "
        "longer hold.",
    .source = "RFC 7519 section 4.1.6; OpenID Connect Core section 3.1.3.7",
    .fix = "Get a new token.",
    .bad = {{.options = "{max_age} 30s"}},
    .good = {.options = "{max_age} 1m"},
    .check = stale};

constexpr Rule kRules[] = {kExpMissing, kExpired,          kNotYetValid, kIatInFuture,
                           kClockSkew,  kWindowImpossible, kTtlTooLong,  kDateWrongType,
                           kDateUnit,   kDateOutOfRange,   kStale};

}  // namespace

std::span<const Rule> time_rules() { return kRules; }

}  // namespace jwtctl
