// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/sign_dates.h"

#include "lib/base/time.h"

namespace jwtctl::cli {
namespace {

/// date_of turns a time into a NumericDate: of whole seconds, unless a fraction was asked for.
Json date_of(const When& when, Instant now) {
  Instant instant = when.seen_from(now);
  bool fraction = when.instant && instant.nanos != 0;
  return fraction ? Json(Json::Number{format_seconds(instant)}) : Json(instant.seconds);
}

}  // namespace

Result<void> add_dates(const DateOptions& options, Instant now, Members& claims) {
  if (options.not_before) {
    Json date = date_of(*options.not_before, now);
    if (auto done = claims.add("nbf", std::move(date), "--not-before"); !done) return done;
  }
  if (!options.no_iat && !claims.has("iat")) {
    if (auto done = claims.add("iat", now.seconds, "the clock"); !done) return done;
  }
  if (options.expires_in) {
    Json date = shift(now, *options.expires_in).seconds;
    if (auto done = claims.add("exp", std::move(date), "--expires-in"); !done) return done;
  }
  if (options.expires_at) {
    Json date = date_of(*options.expires_at, now);
    if (auto done = claims.add("exp", std::move(date), "--expires-at"); !done) return done;
  }
  if (options.no_iat && claims.has("iat")) {
    return fail(ErrorCode::usage, "--no-iat contradicts the iat that the claims have");
  }
  if (const Json* exp = claims.json().find("exp"); exp != nullptr && !exp->is_number()) {
    return fail(ErrorCode::usage, "the claim \"exp\" must be a number, it is {}", exp->kind_name())
        .hint(
            "to some verifiers a token without a date there never expires; say --no-expiry if "
            "that is meant");
  }
  if (options.no_expiry && claims.has("exp")) {
    return fail(ErrorCode::usage, "--no-expiry contradicts the exp that the token gets");
  }
  if (options.no_expiry || claims.has("exp")) return {};
  return fail(ErrorCode::usage, "nothing says when the token expires")
      .hint("add --expires-in 15m, or --no-expiry if it must never expire");
}

void declare_dates(Spec& spec, DateOptions& options) {
  spec.duration("--expires-in", options.expires_in, "how long it is valid from now",
                {Error{ErrorCode::usage, "the token would never be valid",
                       "to make an expired one use --expires-at"}})
      .common();
  spec.time("--expires-at", options.expires_at, "when it expires");
  spec.flag("--no-expiry", options.no_expiry, "make a token that never expires");
  spec.time("--not-before", options.not_before, "when it becomes valid (nbf)");
  spec.flag("--no-iat", options.no_iat, "leave out when it was issued");
}

}  // namespace jwtctl::cli
