// SPDX-License-Identifier: Apache-2.0
#include "lib/rotation/check.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "lib/base/shown.h"
#include "lib/rotation/checker.h"

namespace jwtctl {
namespace {

/// A clock that is set back by more than this makes every instant of the state worthless.
constexpr Seconds kSmallCorrection = 2;

std::string show(Instant instant) {
  return format_rfc3339(instant).value_or("beyond the calendar");
}

constexpr std::array<std::string_view, 4> kAnswers{"safe", "wait", "unsafe", "unknown"};
constexpr std::array<std::string_view, 5> kSteps{"publish", "activate", "retire", "destroy",
                                                 "none"};
constexpr std::array<std::string_view, 10> kStages{
    "unknown",  "prepared",        "publishing", "propagating", "ready-to-activate",
    "draining", "ready-to-retire", "retiring",   "untrusting",  "done"};

}  // namespace

CheckResult Checker::run() {
  if (memory_.checked && seconds_between(seen_.now, *memory_.checked) > kSmallCorrection) {
    answer(Answer::unknown,
           fmt::format("the clock went back: the last check was at {}", show(*memory_.checked)));
    return std::move(result_);
  }
  facts_ = gather_facts(plan_, seen_, memory_);
  remember();
  if (seen_.samples.empty()) {
    answer(Answer::unknown, "nothing was looked at");
  } else if (!find_breach() && !find_doubt()) {
    is_removal() ? judge_removal() : judge_rotation();
    compare_step();
    doubt_clock();
  }
  add_notes();
  return std::move(result_);
}

void Checker::remember() {
  memory_.plan = plan_.id;
  memory_.checked = seen_.now;
  for (const auto& [url, place] : memory_.places) {
    seen_before_ = seen_before_ || place.new_since.has_value();
  }
  remember_places(plan_, seen_, memory_);
  if (memory_.new_thumbprint.empty()) memory_.new_thumbprint = facts_.new_thumbprint;
  for (const SignerEvidence& token : seen_.tokens) {
    if (token.listed && !token.verified) continue;
    Instant signed_at = std::min(token.iat.value_or(seen_.now), seen_.now);
    auto& first = memory_.first_new_signature;
    auto& last = memory_.last_old_signature;
    // What cannot be verified may make us wait longer, never less.
    if (token.kid == in_.new_kid && token.verified) {
      first = first ? std::min(*first, signed_at) : signed_at;
    }
    bool ours = token.kid == in_.new_kid || token.kid == in_.old_kid;
    if (ours && token.verified) {
      Seconds life = token.exp ? seconds_between(signed_at, *token.exp) : kForever;
      memory_.longest_life = std::max(memory_.longest_life.value_or(0), life);
    }
    if (has_old() && token.kid == in_.old_kid) {
      last = last ? std::max(*last, signed_at) : signed_at;
    }
  }
}

std::optional<Instant> Checker::all_since(std::optional<Instant> PlaceMemory::*member) const {
  std::optional<Instant> latest;
  for (const auto& [url, place] : memory_.places) {
    if (!(place.*member)) return std::nullopt;
    if (!latest || *(place.*member) > *latest) latest = place.*member;
  }
  return latest;
}

bool Checker::find_breach() {
  if (!facts_.refused.empty()) {
    unsafe("I6", fmt::format("a set that must not be published: {}", facts_.refused.front()));
  } else if (!facts_.rekeyed.empty()) {
    unsafe("I5", fmt::format("{}; a kid names one key for ever", facts_.rekeyed));
  } else {
    for (const SignerEvidence& token : seen_.tokens) {
      if (find_orphan(token)) return true;
    }
    return false;
  }
  return true;
}

bool Checker::find_orphan(const SignerEvidence& token) {
  bool good = !token.exp || shift(*token.exp, in_.skew.value) > seen_.now;
  if (!good || (token.listed && !token.verified)) return false;
  if (token.kid == in_.new_kid && facts_.fresh != Presence::all) {
    unsafe("I1", fmt::format("{} is signed with {}, which {} lists", token.id, fresh(),
                             facts_.fresh == Presence::none ? "no place" : "not every place"));
    return true;
  }
  bool by_old = has_old() && token.kid == in_.old_kid;
  if (by_old && !is_removal() && facts_.old != Presence::all) {
    unsafe("I2", fmt::format("{} is good and signed with {}, which {} lists", token.id, old(),
                             facts_.old == Presence::none ? "no place" : "not every place"));
    return true;
  }
  return false;
}

bool Checker::find_doubt() {
  if (!facts_.failures.empty()) {
    answer(Answer::unknown, facts_.failures.front());
    return true;
  }
  for (const SignerEvidence& token : seen_.tokens) {
    if (find_odd(token)) return true;
  }
  for (const auto& [url, place] : memory_.places) {
    bool looked = std::any_of(seen_.samples.begin(), seen_.samples.end(),
                              [&url = url](const Sample& sample) { return sample.url == url; });
    if (looked) continue;
    std::string lacked = place.new_since ? "" : fmt::format(" and lacked {}", fresh());
    answer(Answer::unknown, fmt::format("{} was looked at before{}, and was not now", url, lacked));
    note("name every place each time; when one is gone for good, begin anew with another --state");
    return true;
  }
  return false;
}

bool Checker::find_odd(const SignerEvidence& token) {
  if (token.listed && !token.verified) {
    answer(Answer::unknown, fmt::format("{} says kid {}, and that key did not sign it", token.id,
                                        quote_argument(token.kid, ShownAs::member)));
  } else if (token.kid != in_.new_kid && token.kid != in_.old_kid) {
    answer(Answer::unknown, fmt::format("{} is by {}, a key that the plan does not know", token.id,
                                        quote_argument(token.kid, ShownAs::member)));
  } else if (token.iat && *token.iat > shift(seen_.now, in_.skew.value)) {
    answer(Answer::unknown, fmt::format("{} was issued in the future: clocks differ", token.id));
  } else {
    return false;
  }
  return true;
}

void Checker::compare_step() {
  if (is_removal()) return;  // there is one question only
  if (!seen_.step || *seen_.step == result_.next || result_.next == Step::none) return;
  bool settled = result_.answer == Answer::safe || result_.answer == Answer::wait;
  if (!settled) return;
  if (*seen_.step < result_.next) {
    result_.wait.reset();
    answer(Answer::safe,
           fmt::format("{} is done; next is {}", to_string(*seen_.step), to_string(result_.next)));
    return;
  }
  Seconds wait = result_.wait.value_or(0) + time_between(result_.next, *seen_.step);
  result_.wait = wait;
  result_.safe_at = shift(seen_.now, wait);
  answer(Answer::wait, fmt::format("{} comes first; {} is {} s away at least",
                                   to_string(result_.next), to_string(*seen_.step), wait));
}

Seconds Checker::time_between(Step from, Step to) const {
  Seconds sum = 0;
  // The lead is part of what `prepared` waits for already.
  if (from <= Step::activate && to >= Step::retire) sum += b_.tail;
  if (from <= Step::retire && to >= Step::destroy) sum += b_.margin;
  return sum;
}

void Checker::doubt_clock() {
  Seconds skew = std::abs(facts_.skew);
  if (skew <= std::max<Seconds>(in_.skew.value, kShownDifference)) return;
  std::string reason = fmt::format(
      "the server's clock differs by {} s from this machine's, and "
      "the plan reckons with {} s",
      skew, in_.skew.value);
  if (result_.answer == Answer::safe) return answer(Answer::unknown, std::move(reason));
  note(std::move(reason));
}

void Checker::add_notes() {
  Seconds known = std::max(b_.shared, in_.observed_max_age.value_or(0));
  if (facts_.max_age > known) {
    note(fmt::format("the set may be kept for {} s, the plan reckons with {} s: waits are longer",
                     facts_.max_age, known));
  }
  if (token_life() > in_.token_ttl.value && has_old()) {
    std::string life = token_life() == kForever ? "for ever" : fmt::format("{} s", token_life());
    note(fmt::format("tokens live {}, the plan reckons with {} s", life, in_.token_ttl.value));
  }
  for (const std::string& text : facts_.notes) note(text);
}

std::string_view to_string(Answer answer) { return kAnswers[static_cast<std::size_t>(answer)]; }
std::string_view to_string(Step step) { return kSteps[static_cast<std::size_t>(step)]; }
std::string_view to_string(Stage stage) { return kStages[static_cast<std::size_t>(stage)]; }

std::optional<Step> find_step(std::string_view name) {
  for (std::size_t i = 0; i + 1 < kSteps.size(); ++i) {
    if (kSteps[i] == name) return static_cast<Step>(i);
  }
  return std::nullopt;
}

CheckResult check_rotation(const RotationPlan& plan, const Observation& observation,
                           CheckMemory& memory) {
  return Checker(plan, observation, memory).run();
}

}  // namespace jwtctl
