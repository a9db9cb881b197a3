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
    // What is missing now, and who signs, ends what was measured, whatever the time is.
    clock_good_ = false;
    (void)remember_places(plan_, seen_, clock_good_, propagation() + b_.margin, memory_);
    remember_old_tokens();
    answer(Answer::unknown,
           fmt::format("the clock went back: the last check was at {}", show(*memory_.checked)));
    return std::move(result_);
  }
  result_.first_look = !memory_.checked;
  facts_ = gather_facts(plan_, seen_, memory_);
  clock_good_ = clock_doubt().empty();
  remember();
  if (seen_.samples.empty()) {
    answer(Answer::unknown, "nothing was looked at");
  } else if (!find_breach() && !find_doubt()) {
    is_removal() ? judge_removal() : judge_rotation();
    compare_step();
    doubt_clock();
    doubt_set();
  }
  add_notes();
  return std::move(result_);
}

void Checker::remember() {
  memory_.plan = plan_.id;
  memory_.start = in_.start;
  // A clock that may be ahead must not make later ones seem to have gone back.
  if (clock_good_) memory_.checked = seen_.now;
  for (const auto& [url, place] : memory_.places) {
    seen_before_ = seen_before_ || place.new_since.has_value();
  }
  for (const std::string& why :
       remember_places(plan_, seen_, clock_good_, propagation() + b_.margin, memory_)) {
    note(fmt::format("{}: the clock of {} starts again", why, fresh()));
  }
  // Copies of earlier answers may be about, whatever the server says now.
  for (const auto& [url, place] : memory_.places) {
    facts_.max_age = std::max(facts_.max_age, place.max_age);
  }
  if (memory_.new_thumbprint.empty()) memory_.new_thumbprint = facts_.new_thumbprint;
  for (const SignerEvidence& token : seen_.tokens) {
    bool ours = token.kid == in_.new_kid || token.kid == in_.old_kid;
    // Its exp says as little as its iat, and would be remembered for good.
    if (!ours || !token.verified || in_milliseconds(token)) continue;
    Instant signed_at = std::min(token.iat.value_or(seen_.now), seen_.now);
    Seconds life = token.exp ? seconds_between(signed_at, *token.exp) : kForever;
    memory_.longest_life = std::max(memory_.longest_life.value_or(0), life);
  }
  remember_old_tokens();
  remember_new_tokens();
}

void Checker::remember_old_tokens() {
  for (const SignerEvidence& token : seen_.tokens) {
    // What cannot be verified may make us wait longer, never less.
    if (!has_old() || token.kid != in_.old_kid || (token.listed && !token.verified)) continue;
    Instant signed_at = token.iat.value_or(seen_.now);
    if (clock_good_) signed_at = std::min(signed_at, seen_.now);
    // Made at an unknown time by a clock that may be wrong: as late as it can matter.
    if (!clock_good_ && !token.iat)
      signed_at = std::max(signed_at, memory_.signs_since.value_or(signed_at));
    auto& last = memory_.last_old_signature;
    last = last ? std::max(*last, signed_at) : signed_at;
  }
  // From then on it may have signed until the next time that the new key is seen to.
  if (memory_.signs_since && memory_.last_old_signature &&
      *memory_.last_old_signature >= *memory_.signs_since) {
    memory_.signs_since.reset();
    memory_.went_back = memory_.last_old_signature;
  }
}

void Checker::remember_new_tokens() {
  for (const SignerEvidence& token : seen_.tokens) {
    result_.token_doubts.push_back(doubt_of(token));
    if (token.kid != in_.new_kid || !token.verified) continue;
    Instant signed_at = std::min(token.iat.value_or(seen_.now), seen_.now);
    bool good = !token.exp || shift(*token.exp, in_.skew.value) > seen_.now;
    auto& first = memory_.first_new_signature;
    if (good) first = first ? std::min(*first, signed_at) : signed_at;
    if (!result_.token_doubts.back().empty()) continue;
    auto& since = memory_.signs_since;
    since = since ? std::min(*since, signed_at) : signed_at;
    memory_.went_back.reset();
  }
}

std::optional<Instant> Checker::last_turn() const {
  auto listed = all_since(&PlaceMemory::new_since, &PlaceMemory::new_skew);
  if (!listed) return std::nullopt;
  return std::max(*listed, plan_.schedule.activate);
}

std::string Checker::doubt_of(const SignerEvidence& token) const {
  if (!token.verified) return "no listed key is known to have made its signature";
  if (token.kid != in_.new_kid) return fmt::format("it is not by {}", fresh());
  if (!token.iat) return "it has no iat: when it was issued is not known";
  if (!clock_good_) return "this machine's clock may be wrong";
  Seconds age = seconds_between(*token.iat, seen_.now);
  if (age < -in_.skew.value) return "it was issued in the future: clocks differ";
  if (token.exp && *token.exp <= seen_.now) {
    return fmt::format("it expired {} s ago: who signs now is not seen",
                       seconds_between(*token.exp, seen_.now));
  }
  if (age > kJustNow) {
    return fmt::format("it was issued {} s ago, more than {} s: who signs now is not seen", age,
                       kJustNow);
  }
  if (token.repeated) return "it was looked at before: who signs now is not seen";
  auto turn = last_turn();
  if (!turn) return fmt::format("not every place shows {} yet", fresh());
  if (*token.iat < *turn) {
    return fmt::format("it was issued before {}, when {}", show(*turn),
                       *turn == plan_.schedule.activate ? "the plan activates the new key"
                                                        : "every place was seen to show its key");
  }
  if (memory_.last_old_signature && *token.iat <= *memory_.last_old_signature) {
    return fmt::format("{} signed after it, at {}", old(), show(*memory_.last_old_signature));
  }
  return "";
}

bool Checker::knows_old() const {
  bool partly = facts_.old_listed != Presence::none;
  bool shown = std::any_of(memory_.places.begin(), memory_.places.end(),
                           [](const auto& entry) { return entry.second.old_shown.has_value(); });
  return partly || shown || memory_.last_old_signature;
}

Seconds Checker::clock_jump(const std::string& url, const std::optional<Seconds>& then) const {
  auto now = skew_range(seen_, url);
  if (!now || !then || !clock_good_) return 0;  // else nothing is safe anyway
  Seconds jump = *then - now->lowest;
  return jump > in_.skew.value ? jump : 0;
}

std::optional<Instant> Checker::all_since(std::optional<Instant> PlaceMemory::*member,
                                          std::optional<Seconds> PlaceMemory::*skew) const {
  std::optional<Instant> latest;
  for (const auto& [url, place] : memory_.places) {
    if (!(place.*member)) return std::nullopt;
    Instant since = shift(*(place.*member), clock_jump(url, place.*skew));
    if (!latest || since > *latest) latest = since;
  }
  return latest;
}

bool Checker::find_breach() {
  if (!facts_.refused.empty()) {
    unsafe("I6", fmt::format("a set that must not be published: {}", facts_.refused.front()));
  } else if (!facts_.rekeyed.empty()) {
    unsafe("I5", fmt::format("{}; a kid names one key for ever", facts_.rekeyed));
  } else if (!facts_.untaken.empty() && !is_removal()) {
    unsafe("I12", facts_.untaken);
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
  bool by_new = token.kid == in_.new_kid;
  bool by_old = has_old() && token.kid == in_.old_kid && !is_removal();
  if (!by_new && !by_old) return false;
  Presence presence = presence_of(seen_, token.kid, token.verified ? token.alg : "");
  if (presence == Presence::all) return false;
  std::string where = presence == Presence::none ? "no place lists" : "not every place lists";
  const std::string& problem = by_new ? facts_.fresh_problem : facts_.old_problem;
  unsafe(by_new ? "I1" : "I2", fmt::format("{} is good and signed with {}, which {}{}", token.id,
                                           by_new ? fresh() : old(), where,
                                           problem.empty() ? "" : " so that it is taken"));
  if (!problem.empty()) note(problem);
  return true;
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
    bool looked =
        std::any_of(seen_.samples.begin(), seen_.samples.end(),
                    [&key = url](const Sample& sample) { return memory_key(sample.url) == key; });
    if (looked) continue;
    std::string lacked = place.new_since ? "" : fmt::format(" and lacked {}", fresh());
    answer(Answer::unknown,
           fmt::format("{} was looked at before{}, and was not now", shown_place(url), lacked));
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
  } else if (in_milliseconds(token)) {
    answer(Answer::unknown,
           fmt::format("{} says that it was issued more than 100 years from now: its dates are not "
                       "in seconds, and verifiers may take it for ever",
                       token.id));
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
  // `safe_at` stays that of the step that comes first.
  Seconds wait = result_.wait.value_or(0) + time_between(result_.next, *seen_.step);
  std::string now = result_.answer == Answer::safe ? ", and is possible now" : "";
  result_.wait = wait;
  answer(Answer::wait, fmt::format("{} comes first{}; {} is {} s away at least",
                                   to_string(result_.next), now, to_string(*seen_.step), wait));
}

Seconds Checker::time_between(Step from, Step to) const {
  Seconds sum = 0;
  // The lead is part of what `prepared` waits for already.
  if (from <= Step::activate && to >= Step::retire) sum += b_.tail;
  if (from <= Step::retire && to >= Step::destroy) sum += b_.margin;
  return sum;
}

std::string Checker::clock_doubt() const {
  if (!facts_.skew) {
    std::string why = facts_.timeless.empty() ? "" : fmt::format(" ({})", facts_.timeless);
    return fmt::format(
        "no answer says what time it is{}, so nothing shows that this machine's clock is right",
        why);
  }
  Seconds skew = std::abs(*facts_.skew);
  if (skew <= std::max<Seconds>(in_.skew.value, kShownDifference)) return "";
  return fmt::format(
      "the server's clock differs by {} s from this machine's, and "
      "the plan reckons with {} s",
      skew, in_.skew.value);
}

void Checker::doubt_clock() {
  if (clock_good_) return;
  if (result_.answer == Answer::safe) return answer(Answer::unknown, clock_doubt());
  note(clock_doubt());
}

void Checker::doubt_set() {
  const std::string& doubt = facts_.set_doubt;
  if (doubt.empty() || result_.reasons.front() == doubt) return;
  bool settled = result_.answer == Answer::safe || result_.answer == Answer::wait;
  if (!settled) return note(doubt);
  result_.wait.reset();
  result_.safe_at.reset();
  answer(Answer::unknown, doubt);
}

void Checker::add_notes() {
  if (facts_.max_age > b_.shared) {
    note(fmt::format("the set may be kept for {} s, the plan reckons with {} s: waits are longer",
                     facts_.max_age, b_.shared));
  }
  for (const auto& [url, place] : memory_.places) {
    Seconds jump = std::max(place.new_since ? clock_jump(url, place.new_skew) : 0,
                            place.old_gone ? clock_jump(url, place.gone_skew) : 0);
    if (jump == 0) continue;
    note(
        fmt::format("this machine's clock is {} s further ahead of {} than when its keys changed: "
                    "waits are longer",
                    jump, shown_place(url)));
  }
  if (token_life() > in_.token_ttl.value && has_old()) {
    std::string life = token_life() == kForever ? "for ever" : fmt::format("{} s", token_life());
    note(fmt::format("tokens live {}, the plan reckons with {} s", life, in_.token_ttl.value));
  }
  for (std::size_t i = 0; i < result_.token_doubts.size(); ++i) {
    const SignerEvidence& token = seen_.tokens[i];
    if (token.kid != in_.new_kid || result_.token_doubts[i].empty()) continue;
    note(fmt::format("{} is no evidence: {}", token.id, result_.token_doubts[i]));
  }
  for (const std::string& text : facts_.notes) note(text);
  bool planned = std::any_of(seen_.samples.begin(), seen_.samples.end(),
                             [this](const Sample& sample) { return sample.url == in_.jwks; });
  if (!planned && parse_url(in_.jwks)) {
    note(fmt::format("the plan was made for {}, which was not looked at",
                     show_argument(in_.jwks, ShownAs::url)));
  }
}

std::string_view to_string(Answer answer) { return kAnswers[static_cast<std::size_t>(answer)]; }
std::string_view to_string(Step step) { return kSteps[static_cast<std::size_t>(step)]; }
std::string_view to_string(Stage stage) { return kStages[static_cast<std::size_t>(stage)]; }

CheckResult check_rotation(const RotationPlan& plan, const Observation& observation,
                           CheckMemory& memory) {
  bool published = memory.first_new_signature ||
                   std::any_of(memory.places.begin(), memory.places.end(), [](const auto& entry) {
                     return entry.second.new_since.has_value();
                   });
  if (plan.inputs.variant != Variant::first_key || published) {
    return Checker(plan, observation, memory).run();
  }
  // Before the first key there need be no set: that is no fault, it lacks the key.
  Observation first = observation;
  for (Sample& sample : first.samples) {
    if (sample.nothing_yet) sample.error.reset();
  }
  return Checker(plan, first, memory).run();
}

}  // namespace jwtctl
