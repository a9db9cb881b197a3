// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/time.h"
#include "lib/jose/jws.h"

/// The predicates on claims: the one place where a claim is judged. `verify` turns them into
/// checks, `decode` and `lint` into findings.
namespace jwtctl {

/// Payload is the payload of a token read as claims (RFC 7519 section 7.2, steps 9 and 10).
struct Payload {
  std::optional<Json> claims;  ///< whatever JSON it is; claims when an object
  std::vector<Fault> faults;
};

/// read_payload parses the payload of a JWS. It cannot fail: what is wrong is listed in `faults`.
Payload read_payload(const Jws& jws);

/// The claims whose values are dates (RFC 7519 section 4.1, OpenID Connect Core sections 2, 5.1).
inline constexpr std::string_view kDateClaims[] = {"exp", "nbf", "iat", "auth_time", "updated_at"};

/// DateClaim is a claim read as a NumericDate. A fault names the rule that it breaks:
/// date_wrong_type, date_unit or date_out_of_range.
struct DateClaim {
  bool present = false;
  Instant value;          ///< meaningful without a fault, and with date_unit
  RuleId fault;           ///< rules::none when the claim is fine
  Instant corrected;      ///< with date_unit: what was probably meant
  std::string_view unit;  ///< with date_unit: "milliseconds", …

  bool good() const { return present && !fault; }
};

DateClaim read_date(const Json& claims, std::string_view name);

/// as_others_read says what verifiers make of a date that is far too late (a wrong unit, or past
/// the year 9999), which RFC 7519 does not forbid: "other verifiers take it as the year 58868: they
/// would accept it". Empty for other dates, and for claims that verifiers do not read.
std::string as_others_read(std::string_view name, const DateClaim& date);

/// is_expired: `now` is on or after `exp` plus the leeway (RFC 7519 section 4.1.4).
bool is_expired(Instant exp, Instant now, Seconds leeway);
/// is_not_yet_valid: `now` is before `nbf` minus the leeway (RFC 7519 section 4.1.5).
bool is_not_yet_valid(Instant nbf, Instant now, Seconds leeway);
/// is_from_future: the token says that it was issued later than `now` plus the leeway.
bool is_from_future(Instant iat, Instant now, Seconds leeway);
/// is_stale: more than `max_age` and the leeway have passed since `iat`.
bool is_stale(Instant iat, Instant now, Seconds max_age, Seconds leeway);
/// has_impossible_window: the token begins when it has ended already (`start` is nbf or iat).
bool has_impossible_window(Instant start, Instant exp);

/// is_malformed_issuer: `iss` is not one non-empty string (RFC 7519 section 4.1.1).
bool is_malformed_issuer(const Json& iss);
/// is_malformed_uri: a text with a colon is not the URI that it must be then (RFC 7519 section 2).
bool is_malformed_uri(std::string_view text);

/// audience_problem says why `aud` names nobody, or no verifier may read it: it must be one string
/// or an array of strings (RFC 7519 section 4.1.3), and one of them not empty.
std::optional<std::string> audience_problem(const Json& aud);

/// audiences returns the names in `aud`, of which there is one at least; empty entries of an array
/// name nobody and are left out. Nothing when `aud` has an audience_problem.
std::optional<std::vector<std::string>> audiences(const Json& aud);

/// names_audience says whether one of the names in `aud` is among those expected. `aud` has no
/// audience_problem.
bool names_audience(const Json& aud, std::span<const std::string> expected);

/// empty_audiences returns which entries of an array are empty strings, from 0.
std::vector<std::size_t> empty_audiences(const Json& aud);

/// matches_any compares code point by code point; nothing is normalised.
bool matches_any(std::string_view actual, std::span<const std::string> expected);

/// same_media_type compares `typ` values: `application/` may be left out when no other slash is
/// there, case does not matter (RFC 7515 section 4.1.9).
bool same_media_type(std::string_view a, std::string_view b);

/// crit_problem says why `crit` and `b64` of a header cannot be honoured (RFC 7515 section
/// 4.1.11, RFC 7797 sections 6 and 7); none of the extensions is implemented, so any `crit` is a
/// problem. Nothing when the header is fine.
struct HeaderProblem {
  RuleId rule;
  std::string message;
};
std::optional<HeaderProblem> crit_problem(const Json& header);

/// alg_problem says why no verifier may accept `alg` whatever its key: it is missing, no string,
/// "none" in any spelling, or not an algorithm for signatures.
std::optional<HeaderProblem> alg_problem(const Json& header);

}  // namespace jwtctl
