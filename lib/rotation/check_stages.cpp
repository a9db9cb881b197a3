// SPDX-License-Identifier: Apache-2.0
// Where a rotation stands, and what that means for its next step.
#include "lib/rotation/checker.h"

namespace jwtctl {
namespace {

std::string show(Instant instant) {
  return format_rfc3339(instant).value_or("beyond the calendar");
}

}  // namespace

std::string Checker::since_unknown(std::string_view otherwise) const {
  return clock_good_ ? std::string(otherwise)
                     : fmt::format("nothing is measured from now on: {}", clock_doubt());
}

void Checker::judge_rotation() {
  if (facts_.fresh == Presence::none) return judge_prepared();
  if (facts_.fresh == Presence::some) {
    result_.stage = Stage::publishing;
    result_.next = Step::publish;
    if (!facts_.fresh_problem.empty()) note(facts_.fresh_problem);
    return answer(
        Answer::unknown,
        fmt::format("not every look shows {}: replicas disagree, or copies are stale", fresh()));
  }
  auto since = all_since(&PlaceMemory::new_since, &PlaceMemory::new_skew);
  if (!since) {
    if (facts_.set_doubt.empty()) {
      return answer(Answer::unknown, since_unknown("a place never showed the new key"));
    }
    result_.stage = Stage::publishing;
    result_.next = Step::publish;
    return answer(Answer::unknown, facts_.set_doubt);
  }
  if (memory_.first_new_signature && find_early_switch(*since)) return;
  if (memory_.signs_since || memory_.went_back) return judge_switched();
  judge_propagation(*since);
}

void Checker::judge_prepared() {
  result_.stage = Stage::prepared;
  result_.next = Step::publish;
  bool needs_old = has_old() && !in_.old_kid.empty();
  if (needs_old && facts_.old != Presence::all) {
    if (!facts_.old_problem.empty()) note(facts_.old_problem);
    if (!facts_.fresh_problem.empty()) note(facts_.fresh_problem);
    return unsafe("I2", fmt::format("{} is not listed everywhere, and no other key is", old()));
  }
  if (memory_.first_new_signature) {
    if (!facts_.fresh_problem.empty()) note(facts_.fresh_problem);
    return unsafe("I7", fmt::format("{} signs, and no place lists it", fresh()));
  }
  if (!facts_.fresh_problem.empty()) {
    result_.stage = Stage::publishing;
    note(
        fmt::format("mend it under this kid before anything is signed; from when all places list "
                    "it so that it is taken it takes {} s",
                    propagation() + b_.margin));
    return answer(Answer::unknown, facts_.fresh_problem);
  }
  if (seen_before_) note(fmt::format("{} was listed before: its clock starts again", fresh()));
  if (seen_.step == Step::publish) {
    return answer(Answer::safe, fmt::format("no place lists {} yet: publish it", fresh()));
  }
  result_.wait = b_.lead + std::max<Seconds>(facts_.max_age - b_.shared, 0);
  answer(Answer::wait, fmt::format("no place lists {}: publish it, and from when all do it takes "
                                   "{} s",
                                   fresh(), propagation() + b_.margin));
}

Seconds Checker::propagation() const {
  Seconds planned = soft() ? b_.quick_staleness : b_.staleness;
  return planned - b_.shared + std::max(b_.shared, facts_.max_age);
}

Instant Checker::ready_at(Instant since) const {
  Instant ready = shift(since, propagation() + b_.margin);
  if (!plan_.schedule.allow_list) return ready;
  Seconds deploy = in_.verifier_deploy ? in_.verifier_deploy->value : 0;
  return std::max(ready, shift(*plan_.schedule.allow_list, deploy + b_.margin));
}

void Checker::judge_propagation(Instant since) {
  result_.next = Step::activate;
  if (has_old() && !in_.old_kid.empty() && facts_.old != Presence::all) {
    return judge_lost_old(since);
  }
  result_.stage = Stage::propagating;
  Instant ready = ready_at(since);
  bool waits =
      until(ready, fmt::format("all places show {} since {}; copies without it may be about",
                               fresh(), show(since)));
  // A token of before then would not be counted as the switch.
  Instant planned = plan_.schedule.activate;
  if (!waits && planned > ready) {
    waits = until(planned, fmt::format("all places show {} since {}; the plan activates it at {}, "
                                       "and a plan with an earlier start may do so sooner",
                                       fresh(), show(since), show(planned)));
  } else if (waits && planned > ready) {
    result_.safe_at = planned;
    result_.wait = seconds_between(seen_.now, planned);
  }
  if (waits) return;
  result_.stage = Stage::ready_to_activate;
  answer(Answer::safe,
         fmt::format("all places show {} since {}: sign with it", fresh(), show(since)));
}

void Checker::judge_lost_old(Instant since) {
  Instant soonest = shift(since, propagation() + b_.bake + in_.signer_rollout.value + b_.life);
  if (seen_.now < soonest) return lost_old(fmt::format("{} at least", show(soonest)));
  result_.stage = Stage::retiring;
  answer(Answer::unknown,
         fmt::format("{} is not listed everywhere, and nothing shows that {} signs; a current "
                     "token would: --token",
                     old(), fresh()));
}

void Checker::lost_old(const std::string& until) {
  if (!facts_.old_problem.empty()) note(facts_.old_problem);
  if (knows_old()) {
    return unsafe("I2", fmt::format("{} is not listed everywhere, and its tokens are good until {}",
                                    old(), until));
  }
  result_.next = Step::none;
  answer(Answer::unknown,
         fmt::format("{} is not listed, and no check remembers when it was: its tokens may be good "
                     "until {}",
                     old(), until));
}

void Checker::judge_switched() {
  if (!has_old()) {
    result_.stage = Stage::done;
    return answer(Answer::safe, fmt::format("{} signs, and all places show it", fresh()));
  }
  if (in_.old_kid.empty()) return answer(Answer::unknown, "the plan names no old key");
  if (token_life() == kForever) {
    result_.next = Step::retire;
    return unsafe("I10", fmt::format("tokens have no exp: those by {} die when it goes, whenever "
                                     "that is",
                                     old()));
  }
  if (!memory_.signs_since) return judge_went_back();
  Instant last = last_signature();
  Instant drained = shift(last, token_life() + in_.skew.value);
  if (facts_.old != Presence::all && seen_.now < drained) return lost_old(show(drained));
  if (facts_.old_listed == Presence::none) return judge_retired();
  result_.next = Step::retire;
  if (facts_.old_listed == Presence::some) {
    result_.stage = Stage::retiring;
    return answer(Answer::unknown, fmt::format("some looks still show {}", old()));
  }
  judge_drained(last);
}

void Checker::judge_went_back() {
  result_.next = Step::retire;
  Seconds wait = b_.bake + in_.signer_rollout.value + token_life() + in_.skew.value + b_.margin;
  if (facts_.old != Presence::all) {
    return lost_old(fmt::format("{} at least", show(shift(seen_.now, wait - b_.margin))));
  }
  result_.stage = Stage::draining;
  result_.wait = wait;
  answer(
      Answer::wait,
      fmt::format("{} signed at {}, after {} had: the wait begins when a token of just now shows "
                  "that the new key signs again",
                  old(), show(*memory_.went_back), fresh()));
}

void Checker::judge_drained(Instant last) {
  Instant drained = shift(last, token_life() + in_.skew.value);
  result_.stage = Stage::draining;
  bool waits = until(shift(drained, b_.margin),
                     fmt::format("{} signed until {}; its tokens are good until {}", old(),
                                 show(last), show(drained)));
  if (seen_.last_old_signature) {
    note(fmt::format("that {} signed at {} for the last time was said, and not seen", old(),
                     show(*seen_.last_old_signature)));
    if (last > *seen_.last_old_signature) {
      note(fmt::format("what was seen says that it may have signed until {}", show(last)));
    }
  }
  if (waits) return;
  result_.stage = Stage::ready_to_retire;
  // Who signed then need not sign now: somebody may have gone back to the old key.
  if (!shows_signer()) {
    return answer(Answer::unknown,
                  fmt::format("no token by {} can be good any more, unless it signs again; a token "
                              "of just now would show that it does not: --token",
                              old()));
  }
  answer(Answer::safe,
         fmt::format("no token by {} is good any more: take it out of the set", old()));
}

bool Checker::shows_signer() const {
  return std::any_of(result_.token_doubts.begin(), result_.token_doubts.end(),
                     [](const std::string& doubt) { return doubt.empty(); });
}

Instant Checker::last_signature() const {
  Instant last = seen_.last_old_signature.value_or(
      shift(*memory_.signs_since, b_.bake + in_.signer_rollout.value));
  // What is said must not contradict what was seen.
  if (seen_.last_old_signature) last = std::max(last, last_lack().value_or(last));
  return std::max(last, memory_.last_old_signature.value_or(last));
}

std::optional<Instant> Checker::last_lack() const {
  std::optional<Instant> last;
  for (const auto& [url, place] : memory_.places) {
    if (place.new_missing && (!last || *place.new_missing > *last)) last = place.new_missing;
  }
  return last;
}

bool Checker::find_early_switch(Instant since) {
  Instant begun = *memory_.first_new_signature;
  bool measured = false;
  for (const auto& [url, place] : memory_.places) {
    if (!place.new_missing) continue;
    Instant spread = shift(*place.new_missing, propagation());
    if (begun >= spread) continue;
    if (seen_.now < spread) {
      result_.next = Step::activate;
      unsafe("I1", fmt::format("{} signs since {}, and {} lacked it at {}: copies without it may "
                               "live until {}",
                               fresh(), show(begun), shown_place(url), show(*place.new_missing),
                               show(spread)));
      return true;
    }
    note(fmt::format("{} signed earlier than it should have, at {}", fresh(), show(begun)));
    measured = true;
  }
  if (find_disallowed(begun)) return true;
  Instant spread = shift(since, propagation());
  if (begun >= spread || seen_.now >= spread) return false;
  result_.next = Step::activate;
  // Who did not see it published does not know since when it is. But before the plan's own time
  // for it nobody had reason to sign.
  if (!measured && begun < plan_.schedule.activate) {
    unsafe("I1", fmt::format("{} signs since {}, the plan activates it at {}, and copies without "
                             "it may live until {}: who holds one refuses these tokens",
                             fresh(), show(begun), show(plan_.schedule.activate), show(spread)));
    return true;
  }
  answer(Answer::unknown, fmt::format("{} signs since {}, and since when all places show it is "
                                      "known from {} on only: ask again at {}",
                                      fresh(), show(begun), show(since), show(spread)));
  return true;
}

bool Checker::find_disallowed(Instant begun) {
  if (!plan_.schedule.allow_list || !in_.verifier_deploy) return false;
  Instant allowed = shift(*plan_.schedule.allow_list, in_.verifier_deploy->value);
  if (begun >= allowed || seen_.now >= allowed) return false;
  result_.next = Step::activate;
  unsafe("I12", fmt::format("{} signs since {}, and some verifiers do not allow {} until {}",
                            fresh(), show(begun), in_.to_alg, show(allowed)));
  return true;
}

void Checker::judge_retired() {
  auto gone = all_since(&PlaceMemory::old_gone, &PlaceMemory::gone_skew);
  if (!gone)
    return answer(Answer::unknown, since_unknown("a place showed the old key when last "
                                                 "looked at"));
  result_.stage = Stage::untrusting;
  result_.next = Step::destroy;
  Seconds distrust = add_lengths(propagation(), b_.outage);
  bool forever = distrust == kForever;
  if (forever) {
    note(fmt::format("{} trusts {} until it is made to forget it", b_.outage_verifier, old()));
  } else if (shift(*gone, distrust) > seen_.now) {
    note(fmt::format("verifiers may trust {} until {}", old(), show(shift(*gone, distrust))));
  }
  bool waits =
      until(shift(*gone, b_.margin), fmt::format("no place shows {} since {}", old(), show(*gone)));
  if (waits) return;
  if (!forever && shift(*gone, distrust) <= seen_.now) result_.stage = Stage::done;
  answer(Answer::safe,
         fmt::format("no place shows {} since {}: its private half may go", old(), show(*gone)));
}

bool Checker::find_leak(Instant gone) {
  for (const SignerEvidence& token : seen_.tokens) {
    if (token.kid != in_.old_kid || (token.iat && *token.iat < gone)) continue;
    result_.safe_at.reset();
    answer(
        Answer::unknown,
        fmt::format("{} says that {} signed it {}, and no place lists that since {}: who made it, "
                    "and who takes it, cannot be seen from here",
                    token.id, old(),
                    token.iat ? fmt::format("at {}", show(*token.iat)) : "at an unknown time",
                    show(gone)));
    return true;
  }
  return false;
}

void Checker::judge_removal() {
  result_.next = Step::retire;
  if (facts_.old_listed != Presence::none) {
    result_.stage = facts_.old_listed == Presence::some ? Stage::retiring : Stage::prepared;
    return unsafe("I7",
                  fmt::format("{} must go, and {} lists it", old(),
                              facts_.old_listed == Presence::all ? "every place" : "some place"));
  }
  result_.stage = Stage::untrusting;
  result_.next = Step::destroy;
  if (facts_.fresh != Presence::all) {
    if (!facts_.fresh_problem.empty()) note(facts_.fresh_problem);
    return answer(Answer::unknown, fmt::format("not every look shows {}", fresh()));
  }
  auto gone = all_since(&PlaceMemory::old_gone, &PlaceMemory::gone_skew);
  if (!gone)
    return answer(Answer::unknown, since_unknown("a place showed the old key when last "
                                                 "looked at"));
  Seconds distrust = add_lengths(propagation(), b_.outage);
  if (distrust == kForever) {
    return answer(Answer::unknown, fmt::format("{} trusts {} until it is made to forget it: that "
                                               "cannot be seen from here",
                                               b_.outage_verifier, old()));
  }
  Seconds quick =
      add_lengths(facts_.max_age > b_.shared ? b_.quick_staleness - b_.shared + facts_.max_age
                                             : b_.quick_staleness,
                  b_.outage);
  bool waits = until(
      shift(*gone, quick),
      fmt::format("no place shows {} since {}; verifiers may trust it still", old(), show(*gone)));
  if (waits || find_leak(*gone)) return;
  result_.stage = Stage::done;
  answer(Answer::safe, fmt::format("no verifier trusts {} any more", old()));
}

}  // namespace jwtctl
