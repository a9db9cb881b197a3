// SPDX-License-Identifier: Apache-2.0
// What the phase claims found, in words.
#include <fmt/format.h>

#include "lib/base/shown.h"
#include "lib/base/text.h"
#include "lib/codec/json_shown.h"
#include "lib/token/check_words.h"
#include "lib/token/diagnose.h"
#include "lib/token/judge_claims.h"
#include "lib/token/member_types.h"
#include "lib/token/words.h"

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

class ClaimWords {
 public:
  ClaimWords(const Subject& subject, Verdict& verdict)
      : claims_(*subject.payload.claims),
        dates_(claims_),
        policy_(subject.verifier.policy()),
        names_(subject.names),
        verdict_(verdict) {}

  void say() {
    std::size_t item = 0;
    for (const Outcome& outcome : verdict_.outcomes.list()) {
      Check& check = verdict_.checks[item++];
      bool reached = outcome.status != CheckStatus::unreached;
      if (reached && check_info(outcome.check).phase == CheckPhase::claims) say(outcome, check);
    }
    hint_leeway(dates_, policy_, names_.leeway, verdict_);
  }

 private:
  void say(const Outcome& outcome, Check& check) {
    CheckWords words(check);
    switch (outcome.check) {
      case CheckId::iss: return say_issuer(outcome, words);
      case CheckId::aud: return say_audience(outcome, words);
      case CheckId::sub: return say_subject(outcome, words);
      case CheckId::claim_types: return say_types(claims_, claim_type_faults(claims_), words);
      case CheckId::required: return say_required(outcome, words);
      case CheckId::claim: return say_claim(outcome, words);
      case CheckId::revoked: return say_revoked(outcome, words);
      case CheckId::nbf: return say_start(outcome, "nbf", dates_.nbf, "valid", words);
      case CheckId::iat: return say_start(outcome, "iat", dates_.iat, "issued", words);
      case CheckId::exp: return say_expiry(outcome, words);
      case CheckId::max_age: return say_max_age(outcome, words);
      case CheckId::min_remaining: return say_min_remaining(outcome, words);
      case CheckId::form:
      case CheckId::alg:
      case CheckId::crit:
      case CheckId::typ:
      case CheckId::header_types:
      case CheckId::key:
      case CheckId::signature: return;  // of the other phases
    }
  }

  static Json any_of(const std::vector<std::string>& values) {
    return values.size() == 1 ? Json(values.front()) : Json::strings(values);
  }

  void say_issuer(const Outcome& outcome, CheckWords& words) {
    const Json* iss = claims_.find("iss");
    const std::string* text = iss != nullptr ? iss->as_string() : nullptr;
    words.actual(iss);
    if (policy_.issuers.empty()) {
      if (outcome.status == CheckStatus::fail) {
        return words.say("iss must be one non-empty string, it is {}", show(iss));
      }
      return words.say("not asked: {}{}", names_.issuers,
                       text != nullptr ? fmt::format("; the token says {}", show(iss)) : "");
    }
    words.expected(any_of(policy_.issuers));
    if (outcome.status == CheckStatus::pass) return words.say("{}", show(iss));
    words.say("expected {}, actual {}", show(policy_.issuers), show(iss));
    if (text == nullptr) return;
    hint_near_miss(HintId::issuer_near, names_.issuers, policy_.issuers, *text, verdict_);
  }

  void say_audience(const Outcome& outcome, CheckWords& words) {
    const Json* aud = claims_.find("aud");
    words.actual(aud);
    if (!policy_.audiences.empty()) words.expected(any_of(policy_.audiences));
    bool malformed = outcome.rule == rules::aud_malformed;
    std::string problem = malformed ? *audience_problem(*aud) : "";
    if (policy_.any_audience) {
      if (malformed) return words.say("{}: {}", problem, show(aud));
      return words.say("any accepted: {}", names_.any_audience);
    }
    if (outcome.status == CheckStatus::skip) return words.say("the token names none");
    if (outcome.status == CheckStatus::pass) return words.say("{}", show(aud));
    if (outcome.rule == rules::aud_unchecked) {
      verdict_.hints.push_back(
          {HintId::audience_unasked, fmt::format("say who you are with {}, or {} to accept all "
                                                 "(RFC 7519 section 4.1.3)",
                                                 names_.audiences, names_.any_audience)});
      return words.say("the token is for {} and no {} was given", show(aud), names_.audiences);
    }
    words.say("expected {}, actual {}{}", show(policy_.audiences), show(aud),
              after_semicolon(problem));
    if (aud == nullptr) return;
    for (const std::string& value : audiences(*aud).value_or(std::vector<std::string>{})) {
      hint_near_miss(HintId::audience_near, names_.audiences, policy_.audiences, value, verdict_);
    }
  }

  void say_subject(const Outcome& outcome, CheckWords& words) {
    const Json* sub = claims_.find("sub");
    if (!policy_.subject) return words.actual(sub).say("not asked: {}", names_.subject);
    compared(outcome, shown_value(Json(*policy_.subject)), sub, words);
  }

  /// compared is given what was expected as it may be shown.
  static void compared(const Outcome& outcome, const Json& expected, const Json* actual,
                       CheckWords& words) {
    words.expected(expected).actual(actual);
    if (outcome.status == CheckStatus::pass) return words.say("{}", show(actual));
    words.say("expected {}, actual {}", shorten(expected.dump(), kShownValue), show(actual));
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

  void say_required(const Outcome& outcome, CheckWords& words) {
    const std::string& name = policy_.required[outcome.item];
    const Json* claim = claims_.find(name);
    words.actual(claim);
    if (outcome.status == CheckStatus::pass) return words.say("{}", show(claim));
    if (claim == nullptr) hint_claim_near(name);
    words.say("the claim is required and {}", claim == nullptr ? "absent" : "null");
  }

  void say_claim(const Outcome& outcome, CheckWords& words) {
    const ClaimExpectation& expected = policy_.claims[outcome.item];
    const Json* actual = claims_.find(expected.name);
    if (actual == nullptr) hint_claim_near(expected.name);
    compared(outcome, shown_member(expected.name, expected.value), actual, words);
  }

  void say_revoked(const Outcome& outcome, CheckWords& words) {
    const Json* jti = claims_.find("jti");
    words.actual(jti);
    if (!policy_.revoked) return words.say("not asked: {}", names_.revoked);
    if (outcome.rule == rules::required_claim_missing) {
      return words.say("revocation cannot be judged: jti is {}",
                       jti == nullptr     ? "absent"
                       : jti->is_string() ? "none that could stand in a list of lines, "
                                            "only a JSON array could hold it"
                                          : "not a string");
    }
    if (outcome.status == CheckStatus::fail) return words.say("jti {} is revoked", show(jti));
    words.say("jti {} is not among {} revoked", show(jti), policy_.revoked->size());
  }

  /// say_fault says what is wrong with a date itself: type, unit, range. Returns whether there is.
  bool say_fault(std::string_view name, const DateClaim& date, CheckWords& words) {
    if (date.good() || !date.present) return false;
    const Json* claim = claims_.find(name);
    std::string others = after_semicolon(as_others_read(name, date));
    if (date.fault == rules::date_unit) {
      verdict_.hints.push_back(
          {HintId::date_unit, fmt::format("{} was probably meant as {}; the issuer must divide by "
                                          "the factor, a NumericDate counts seconds",
                                          name, show(date.corrected))});
      words.say("{} is in {}, not in seconds{}", show(claim), date.unit, others);
    } else {
      words.say("{}: {}{}",
                date.fault == rules::date_wrong_type ? "a date must be a number"
                                                     : "no date from 1970 to 9999",
                show(claim), others);
    }
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

  /// say_start is for nbf and iat; `what` began or begins.
  void say_start(const Outcome& outcome, std::string_view name, const DateClaim& start,
                 std::string_view what, CheckWords& words) {
    words.actual(claims_.find(name));
    if (!start.present) return words.say("the token has none");
    if (say_fault(name, start, words)) return;
    if (outcome.rule == rules::window_impossible) {
      return words.expected(*claims_.find("exp"))
          .say("{} is not before exp {}, so the token is never valid", show(start.value),
               show(dates_.exp.value));
    }
    Border latest = border(start.value, policy_.leeway);
    words.expected(latest.expected());
    if (outcome.status == CheckStatus::fail) {
      return words.say("{} {}: {}, {}", what, relative(latest), show(start.value), clock(latest));
    }
    words.say("{}, {}", show(start.value), format_relative(start.value, policy_.now));
  }

  void say_expiry(const Outcome& outcome, CheckWords& words) {
    const DateClaim& exp = dates_.exp;
    if (outcome.rule == rules::exp_missing) {
      return words.say("the token never expires: no exp ({} accepts that)", names_.allow_no_exp);
    }
    words.actual(claims_.find("exp"));
    if (!exp.present) return words.say("the token never expires: {}", names_.allow_no_exp);
    if (say_fault("exp", exp, words)) return;
    Border latest = border(exp.value, -policy_.leeway);
    words.expected(latest.expected());
    if (outcome.status == CheckStatus::fail) {
      return words.say("expired {}: {}, {}", relative(latest), show(exp.value), clock(latest));
    }
    words.say("{}, {}", show(exp.value), format_relative(exp.value, policy_.now));
  }

  void say_max_age(const Outcome& outcome, CheckWords& words) {
    const DateClaim& iat = dates_.iat;
    words.actual(claims_.find("iat"));
    if (!policy_.max_age) return words.say("not asked: {}", names_.max_age);
    words.expected(*policy_.max_age);
    if (!iat.good()) {
      return words.say("the age cannot be judged: iat is {}", iat.present ? "no date" : "absent");
    }
    if (outcome.status == CheckStatus::fail) {
      return words.say("issued {}, at most {} allowed, leeway {} s",
                       relative(border(iat.value, -*policy_.max_age - policy_.leeway)),
                       format_duration(*policy_.max_age), policy_.leeway);
    }
    words.say("issued {}, at most {} allowed", format_relative(iat.value, policy_.now),
              format_duration(*policy_.max_age));
  }

  void say_min_remaining(const Outcome& outcome, CheckWords& words) {
    const DateClaim& exp = dates_.exp;
    words.actual(claims_.find("exp"));
    if (!policy_.min_remaining) return words.say("not asked: {}", names_.min_remaining);
    words.expected(*policy_.min_remaining);
    if (!exp.present) return words.say("the token never expires");
    if (!exp.good()) return words.say("the remaining time cannot be judged: exp is no date");
    std::string when = outcome.status == CheckStatus::fail
                           ? relative(border(exp.value, *policy_.min_remaining))
                           : format_relative(exp.value, policy_.now);
    words.say("expires {}, at least {} must remain", when, format_duration(*policy_.min_remaining));
  }

  const Json& claims_;
  ClaimsView dates_;
  const Policy& policy_;
  const OptionNames& names_;
  Verdict& verdict_;
};

}  // namespace

void say_claims(const Subject& subject, Verdict& verdict) { ClaimWords(subject, verdict).say(); }

}  // namespace jwtctl
