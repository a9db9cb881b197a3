// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/sign_dates.h"

#include "lib/base/time.h"

namespace jwtctl::cli {
namespace {

/// date_of turns a TIME into a NumericDate: of whole seconds, unless a fraction was asked for.
Result<Json> date_of(const std::string& time, Instant now) {
  auto instant = parse_time(time, now);
  if (!instant) return fail(std::move(instant).error());
  bool fraction = time.find('.') != std::string::npos && instant->nanos != 0;
  return fraction ? Json(Json::Number{format_seconds(*instant)}) : Json(instant->seconds);
}

/// check_time lets a wrong TIME be reported with its option.
Assign check_time(std::optional<std::string>& target) {
  return [&target](const std::string& value) -> Result<void> {
    auto time = parse_time(value, Io::clock());
    if (!time) return fail(std::move(time).error());
    target = value;
    return {};
  };
}

}  // namespace

Result<void> add_dates(const DateOptions& options, Instant now, Members& claims) {
  if (options.not_before) {
    auto date = date_of(*options.not_before, now);
    if (!date) return fail(std::move(date).error());
    if (auto done = claims.add("nbf", *std::move(date), "--not-before"); !done) return done;
  }
  if (!options.no_iat && !claims.has("iat")) {
    if (auto done = claims.add("iat", now.seconds, "the clock"); !done) return done;
  }
  if (options.expires_in) {
    Json date = shift(now, *options.expires_in).seconds;
    if (auto done = claims.add("exp", std::move(date), "--expires-in"); !done) return done;
  }
  if (options.expires_at) {
    auto date = date_of(*options.expires_at, now);
    if (!date) return fail(std::move(date).error());
    if (auto done = claims.add("exp", *std::move(date), "--expires-at"); !done) return done;
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
  spec.option("--expires-in", "DUR", "how long it is valid from now",
              [&options](const std::string& value) -> Result<void> {
                auto length = parse_duration(value);
                if (!length) return fail(std::move(length).error());
                if (*length == 0) {
                  return fail(ErrorCode::usage, "the token would never be valid")
                      .hint("to make an expired one use --expires-at");
                }
                options.expires_in = *length;
                return {};
              })
      .common();
  spec.option("--expires-at", "TIME", "when it expires", check_time(options.expires_at));
  spec.flag("--no-expiry", options.no_expiry, "make a token that never expires");
  spec.option("--not-before", "TIME", "when it becomes valid (nbf)",
              check_time(options.not_before));
  spec.flag("--no-iat", options.no_iat, "leave out when it was issued");
}

}  // namespace jwtctl::cli
