// SPDX-License-Identifier: Apache-2.0
// The phase claims of a verification: every predicate becomes a check.
#include "lib/base/shown.h"
#include "lib/base/text.h"
#include "lib/codec/json_shown.h"
#include "lib/token/check_builder.h"
#include "lib/token/claims.h"
#include "lib/token/diagnose.h"
#include "lib/token/member_types.h"
#include "lib/token/verify.h"

namespace jwtctl {
namespace {

constexpr std::size_t kShownValue = 200;

std::string show(const Json* value) {
  return value != nullptr ? shorten(value->dump(), kShownValue) : "absent";
}

std::string show(const std::vector<std::string>& values) {
  if (values.size() == 1) return shown_value(Json(values.front())).dump();
  return fmt::format("one of {}", shorten(shown_value(Json::strings(values)).dump(), kShownValue));
}

/// show an instant of a token, with its fraction if it has one.
std::string show(Instant instant) {
  return format_rfc3339_exact(instant).value_or(format_seconds(instant));
}

/// is_close says that a fraction of a second decides: less than one lies between the two, and one
/// of them has a fraction.
bool is_close(Instant a, Instant b) {
  return seconds_between(a, b) == 0 && (a.nanos != 0 || b.nanos != 0);
}

std::string after_semicolon(const std::string& text) {
  return text.empty() ? "" : fmt::format("; {}", text);
}

class ClaimsChecker {
 public:
  ClaimsChecker(const Json& claims, const Policy& policy, Verdict& verdict)
      : claims_(claims), policy_(policy), verdict_(verdict) {}

  void run() {
    check_issuer();
    check_audience();
    check_subject();
    if (policy_.strict) {
      check_types("claim-types", claims_, claim_type_faults(claims_), VerdictCode::claim, verdict_);
    }
    for (const std::string& name : policy_.required) check_required(name);
    for (const ClaimExpectation& expected : policy_.claims) check_claim(expected);
    check_revoked();
    check_not_before();
    check_issued_at();
    check_expiry();
    check_max_age();
    check_min_remaining();
    hint_leeway(claims_, policy_, verdict_);
  }

 private:
  CheckBuilder check(std::string name) { return {verdict_, std::move(name)}; }

  static Json any_of(const std::vector<std::string>& values) {
    return values.size() == 1 ? Json(values.front()) : Json::strings(values);
  }

  void check_issuer() {
    const Json* iss = claims_.find("iss");
    const std::string* text = iss != nullptr ? iss->as_string() : nullptr;
    bool malformed = iss != nullptr && (text == nullptr || text->empty());
    CheckBuilder result = check("iss").expected(any_of(policy_.issuers)).actual(iss);
    if (policy_.issuers.empty()) {
      if (malformed) {
        return result.expected(Json()).fail(VerdictCode::claim, rules::iss_malformed,
                                            "iss must be one non-empty string, it is {}",
                                            show(iss));
      }
      return result.expected(Json()).skip(
          "not asked: --issuer{}",
          text != nullptr ? fmt::format("; the token says {}", show(iss)) : "");
    }
    if (text != nullptr && matches_any(*text, policy_.issuers)) {
      return result.pass("{}", show(iss));
    }
    result.fail(VerdictCode::issuer, malformed ? rules::iss_malformed : rules::iss_mismatch,
                "expected {}, actual {}", show(policy_.issuers), show(iss));
    if (text != nullptr) {
      hint_near_miss(HintId::issuer_near, "--issuer", policy_.issuers, *text, verdict_);
    }
  }

  void check_audience() {
    const Json* aud = claims_.find("aud");
    auto problem = aud != nullptr ? audience_problem(*aud) : std::nullopt;
    auto values = aud != nullptr ? audiences(*aud) : std::nullopt;
    bool asked = !policy_.audiences.empty();
    CheckBuilder result = check("aud").actual(aud);
    if (asked) result.expected(any_of(policy_.audiences));
    if (policy_.any_audience) {
      if (problem) {
        return result.fail(VerdictCode::claim, rules::aud_malformed, "{}: {}", *problem, show(aud));
      }
      return result.skip("any accepted: --any-audience");
    }
    if (aud == nullptr && !asked) return result.skip("the token names none");
    if (!asked) {
      verdict_.hints.push_back({HintId::audience_unasked,
                                "say who you are with --audience, or --any-audience to accept all "
                                "(RFC 7519 section 4.1.3)"});
      return result.fail(VerdictCode::audience, rules::aud_unchecked,
                         "the token is for {} and no --audience was given", show(aud));
    }
    if (aud == nullptr) {
      return result.fail(VerdictCode::audience, rules::aud_missing, "expected {}, actual absent",
                         show(policy_.audiences));
    }
    for (const std::string& value : values.value_or(std::vector<std::string>{})) {
      if (matches_any(value, policy_.audiences)) return result.pass("{}", show(aud));
    }
    result.fail(VerdictCode::audience, problem ? rules::aud_malformed : rules::aud_mismatch,
                "expected {}, actual {}{}", show(policy_.audiences), show(aud),
                problem ? fmt::format("; {}", *problem) : "");
    for (const std::string& value : values.value_or(std::vector<std::string>{})) {
      hint_near_miss(HintId::audience_near, "--audience", policy_.audiences, value, verdict_);
    }
  }

  void check_subject() {
    const Json* sub = claims_.find("sub");
    if (!policy_.subject) return check("sub").actual(sub).skip("not asked: --subject");
    Json expected(*policy_.subject);
    compare("sub", expected, shown_value(expected), sub, rules::none);
  }

  /// compare judges by `expected` and reports `shown`.
  void compare(std::string name, const Json& expected, const Json& shown, const Json* actual,
               RuleId missing) {
    CheckBuilder result = check(std::move(name)).expected(shown).actual(actual);
    if (actual != nullptr && actual->same_value(expected)) {
      return result.pass("{}", show(actual));
    }
    result.fail(VerdictCode::claim, actual == nullptr ? missing : rules::none,
                "expected {}, actual {}", shorten(shown.dump(), kShownValue), show(actual));
  }

  /// hint_claim_near helps with a claim that is absent because its name was mistyped.
  void hint_claim_near(std::string_view name) {
    std::vector<std::string_view> names;
    for (const JsonMember& claim : *claims_.as_object()) names.push_back(claim.name);
    auto near = suggest(name, names);
    if (!near) return;
    verdict_.hints.push_back(
        {HintId::claim_near,
         fmt::format("there is no claim {}, but there is {}", quote_argument(name, ShownAs::text),
                     quote_argument(*near, ShownAs::text))});
  }

  void check_required(const std::string& name) {
    const Json* claim = claims_.find(name);
    CheckBuilder result =
        check(fmt::format("require:{}", masked_argument(name, ShownAs::text))).actual(claim);
    if (claim != nullptr && !claim->is_null()) return result.pass("{}", show(claim));
    if (claim == nullptr) hint_claim_near(name);
    result.fail(VerdictCode::claim, rules::required_claim_missing, "the claim is required and {}",
                claim == nullptr ? "absent" : "null");
  }

  void check_claim(const ClaimExpectation& expected) {
    const Json* actual = claims_.find(expected.name);
    if (actual == nullptr) hint_claim_near(expected.name);
    compare(fmt::format("claim:{}", masked_argument(expected.name, ShownAs::text)), expected.value,
            shown_member(expected.name, expected.value), actual, rules::required_claim_missing);
  }

  void check_revoked() {
    const Json* jti = claims_.find("jti");
    CheckBuilder result = check("revoked").actual(jti);
    if (!policy_.revoked) return result.skip("not asked: --revoked");
    const std::string* id = jti != nullptr ? jti->as_string() : nullptr;
    if (id == nullptr) {
      return result.fail(VerdictCode::claim, rules::required_claim_missing,
                         "revocation cannot be judged: jti is {}",
                         jti == nullptr ? "absent" : "not a string");
    }
    if (matches_any(*id, *policy_.revoked)) {
      return result.fail(VerdictCode::claim, rules::none, "jti {} is revoked", show(jti));
    }
    result.pass("jti {} is not among {} revoked", show(jti), policy_.revoked->size());
  }

  /// judged_date runs what is wrong with a date itself: type, unit, range. Returns the date when
  /// it can be compared; else the check is done.
  std::optional<Instant> judged_date(std::string_view name, std::string_view absent) {
    const Json* claim = claims_.find(name);
    CheckBuilder result = check(std::string(name)).actual(claim);
    DateClaim date = read_date(claims_, name);
    if (date.good()) return date.value;
    if (!date.present) {
      result.skip("{}", absent);
    } else if (std::string others = after_semicolon(as_others_read(name, date));
               date.fault == rules::date_unit) {
      verdict_.hints.push_back(
          {HintId::date_unit, fmt::format("{} was probably meant as {}; the issuer must divide by "
                                          "the factor, a NumericDate counts seconds",
                                          name, show(date.corrected))});
      result.fail(VerdictCode::claim, date.fault, "{} is in {}, not in seconds{}", show(claim),
                  date.unit, others);
    } else {
      result.fail(VerdictCode::claim, date.fault, "{}: {}{}",
                  date.fault == rules::date_wrong_type ? "a date must be a number"
                                                       : "no date from 1970 to 9999",
                  show(claim), others);
    }
    return std::nullopt;
  }

  /// begins_too_late fails the check of a start that is not before the end.
  bool begins_too_late(std::string_view name, Instant start) {
    DateClaim exp = read_date(claims_, "exp");
    if (!exp.good() || !has_impossible_window(start, exp.value)) return false;
    check(std::string(name))
        .expected(*claims_.find("exp"))
        .actual(claims_.find(name))
        .fail(VerdictCode::claim, rules::window_impossible,
              "{} is not before exp {}, so the token is never valid", show(start), show(exp.value));
    return true;
  }

  /// Border is what a date is compared with: now, moved by the leeway or by a duration. Fractions
  /// of the clock are shown only where they decide.
  struct Border {
    Instant at;
    Instant date;

    bool close() const { return is_close(at, date); }
    /// expected is for programs: whole seconds, unless they would contradict the verdict.
    Json expected() const {
      return close() && at.nanos != 0 ? Json(Json::Number{format_seconds(at)}) : Json(at.seconds);
    }
  };

  Border border(Instant date, Seconds moved) const { return {shift(policy_.now, moved), date}; }

  std::string relative(const Border& border) const {
    return border.close() ? format_relative_exact(border.date, policy_.now)
                          : format_relative(border.date, policy_.now);
  }

  std::string clock(const Border& border) const {
    Instant now = border.close() ? policy_.now : Instant{policy_.now.seconds, 0};
    return fmt::format("now {}, leeway {} s", show(now), policy_.leeway);
  }

  void check_not_before() {
    auto nbf = judged_date("nbf", "the token has none");
    if (!nbf || begins_too_late("nbf", *nbf)) return;
    Border latest = border(*nbf, policy_.leeway);
    CheckBuilder result = check("nbf").expected(latest.expected()).actual(claims_.find("nbf"));
    if (is_not_yet_valid(*nbf, policy_.now, policy_.leeway)) {
      return result.fail(VerdictCode::not_yet_valid, rules::not_yet_valid, "valid {}: {}, {}",
                         relative(latest), show(*nbf), clock(latest));
    }
    result.pass("{}, {}", show(*nbf), format_relative(*nbf, policy_.now));
  }

  void check_issued_at() {
    auto iat = judged_date("iat", "the token has none");
    if (!iat || begins_too_late("iat", *iat)) return;
    Border latest = border(*iat, policy_.leeway);
    CheckBuilder result = check("iat").expected(latest.expected()).actual(claims_.find("iat"));
    if (is_from_future(*iat, policy_.now, policy_.leeway)) {
      return result.fail(VerdictCode::not_yet_valid, rules::iat_in_future, "issued {}: {}, {}",
                         relative(latest), show(*iat), clock(latest));
    }
    result.pass("{}, {}", show(*iat), format_relative(*iat, policy_.now));
  }

  void check_expiry() {
    if (claims_.find("exp") == nullptr && !policy_.allow_no_exp) {
      return check("exp").fail(VerdictCode::claim, rules::exp_missing,
                               "the token never expires: no exp (--allow-no-exp accepts that)");
    }
    auto exp = judged_date("exp", "the token never expires: --allow-no-exp");
    if (!exp) return;
    Border latest = border(*exp, -policy_.leeway);
    CheckBuilder result = check("exp").expected(latest.expected()).actual(claims_.find("exp"));
    if (is_expired(*exp, policy_.now, policy_.leeway)) {
      return result.fail(VerdictCode::expired, rules::expired, "expired {}: {}, {}",
                         relative(latest), show(*exp), clock(latest));
    }
    result.pass("{}, {}", show(*exp), format_relative(*exp, policy_.now));
  }

  void check_max_age() {
    const Json* iat = claims_.find("iat");
    if (!policy_.max_age) return check("max-age").actual(iat).skip("not asked: --max-age");
    CheckBuilder result = check("max-age").expected(*policy_.max_age).actual(iat);
    DateClaim date = read_date(claims_, "iat");
    if (!date.good()) {
      return result.fail(VerdictCode::claim, rules::required_claim_missing,
                         "the age cannot be judged: iat is {}",
                         date.present ? "no date" : "absent");
    }
    if (is_stale(date.value, policy_.now, *policy_.max_age, policy_.leeway)) {
      return result.fail(VerdictCode::expired, rules::stale,
                         "issued {}, at most {} allowed, leeway {} s",
                         relative(border(date.value, -*policy_.max_age - policy_.leeway)),
                         format_duration(*policy_.max_age), policy_.leeway);
    }
    result.pass("issued {}, at most {} allowed", format_relative(date.value, policy_.now),
                format_duration(*policy_.max_age));
  }

  void check_min_remaining() {
    const Json* exp = claims_.find("exp");
    if (!policy_.min_remaining) {
      return check("min-remaining").actual(exp).skip("not asked: --min-remaining");
    }
    CheckBuilder result =
        std::move(check("min-remaining").expected(*policy_.min_remaining).actual(exp));
    DateClaim date = read_date(claims_, "exp");
    if (!date.present) return result.skip("the token never expires");
    if (!date.good()) {
      return result.fail(VerdictCode::claim, date.fault,
                         "the remaining time cannot be judged: exp is no date");
    }
    // Without the leeway: a token that lives on tolerance alone has nothing left to count on.
    if (date.value < shift(policy_.now, *policy_.min_remaining)) {
      return result.fail(VerdictCode::expired, rules::none, "expires {}, at least {} must remain",
                         relative(border(date.value, *policy_.min_remaining)),
                         format_duration(*policy_.min_remaining));
    }
    result.pass("expires {}, at least {} must remain", format_relative(date.value, policy_.now),
                format_duration(*policy_.min_remaining));
  }

  const Json& claims_;
  const Policy& policy_;
  Verdict& verdict_;
};

}  // namespace

void check_claims(const Json& claims, const Policy& policy, Verdict& verdict) {
  ClaimsChecker(claims, policy, verdict).run();
}

}  // namespace jwtctl
