// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>

#include "lib/base/shown.h"
#include "lib/rotation/facts.h"

namespace jwtctl {

/// Checker is one check at work: it goes from what is certain to what must be waited for.
class Checker {
 public:
  Checker(const RotationPlan& plan, const Observation& seen, CheckMemory& memory)
      : plan_(plan), in_(plan.inputs), b_(plan.bounds), seen_(seen), memory_(memory) {}

  CheckResult run();

 private:
  // small words
  bool is_removal() const {
    return in_.variant == Variant::emergency && in_.emergency != EmergencyCase::soft;
  }
  bool has_old() const { return in_.variant != Variant::first_key; }
  bool soft() const { return in_.variant == Variant::emergency; }
  std::string fresh() const {
    return fmt::format("the new key {}", quote_argument(in_.new_kid, ShownAs::member));
  }
  std::string old() const {
    return fmt::format("the old key {}", quote_argument(in_.old_kid, ShownAs::member));
  }
  void answer(Answer which, std::string reason) {
    result_.answer = which;
    result_.reasons.insert(result_.reasons.begin(), std::move(reason));
  }
  void unsafe(std::string invariant, std::string reason) {
    result_.invariant = std::move(invariant);
    answer(Answer::unsafe, std::move(reason));
  }
  void note(std::string reason) { result_.reasons.push_back(std::move(reason)); }
  /// until answers WAIT before `instant`, and says whether it did.
  bool until(Instant instant, std::string reason) {
    result_.safe_at = instant;
    if (seen_.now >= instant) return false;
    result_.wait = seconds_between(seen_.now, instant);
    answer(Answer::wait, std::move(reason));
    return true;
  }
  // what is remembered
  void remember();
  void remember_old_tokens();
  void remember_new_tokens();
  /// all_since returns the latest instant at which a place began to show what `member` says;
  /// nothing when one never did.
  std::optional<Instant> all_since(std::optional<Instant> PlaceMemory::*member,
                                   std::optional<Seconds> PlaceMemory::*skew) const;
  /// clock_jump returns by how much our clock went ahead of the server's since it differed by
  /// `then`; 0: by no more than the plan reckons with. That time did not pass.
  Seconds clock_jump(const std::string& url, const std::optional<Seconds>& then) const;
  /// knows_old: an earlier look or this one saw the old key, or a good token by it. Else that it is
  /// not listed says nothing: it may have gone in its time.
  bool knows_old() const;
  /// last_turn returns from when on a token by the new key may show who signs: every place shows
  /// the key, and the plan says that it is to sign. Nothing: not yet.
  std::optional<Instant> last_turn() const;
  /// doubt_of says why a token does not show that the new key signs now; empty: it does.
  std::string doubt_of(const SignerEvidence& token) const;
  // what is certain
  /// find_breach answers UNSAFE for what is broken whatever the rest says.
  bool find_breach();
  /// find_orphan: a token that is good and whose key some place does not list.
  bool find_orphan(const SignerEvidence& token);
  /// find_doubt answers UNKNOWN when not everything could be looked at.
  bool find_doubt();
  /// in_milliseconds: iat is so far ahead that it cannot be in seconds, as RFC 7519 wants it.
  bool in_milliseconds(const SignerEvidence& token) const {
    return token.iat && seconds_between(seen_.now, *token.iat) > kMaxDuration;
  }
  /// find_odd: a token that proves nothing about the two keys.
  bool find_odd(const SignerEvidence& token);
  // a rotation
  void judge_rotation();
  void judge_prepared();
  /// propagation returns how long copies without the new key live, by the plan or by what the
  /// server ever said, whichever is longer.
  Seconds propagation() const;
  /// ready_at returns when signing may switch.
  Instant ready_at(Instant since) const;
  void judge_propagation(Instant since);
  /// judge_lost_old: the old key goes, and nothing shows that the new one signs.
  void judge_lost_old(Instant since);
  /// lost_old answers UNSAFE when the old key is not listed though its tokens are good until
  /// `until`; UNKNOWN when nothing shows that there are any.
  void lost_old(const std::string& until);
  // after the switch
  void judge_switched();
  /// judge_went_back: the old key signed again, and when it will stop is not known.
  void judge_went_back();
  void judge_drained(Instant last);
  /// token_life returns how long tokens live, by the plan or as seen, whichever is longer.
  Seconds token_life() const {
    return std::max(in_.token_ttl.value, memory_.longest_life.value_or(0));
  }
  /// shows_signer: a token of just now says that the new key signs.
  bool shows_signer() const;
  /// last_signature returns when the old key signed for the last time: as seen, as said, or at the
  /// latest by what the plan says of canary and rollout.
  Instant last_signature() const;
  /// find_early_switch: the new key signed while copies without it were about, or may have, or
  /// before the verifiers allow its algorithm.
  bool find_early_switch(Instant since);
  bool find_disallowed(Instant begun);
  /// last_lack returns the last look at which a place lacked the new key: the old one signed then.
  std::optional<Instant> last_lack() const;
  void judge_retired();
  // an emergency
  void judge_removal();
  /// find_leak answers UNKNOWN when a token shows that somebody signs with the key that is gone.
  bool find_leak(Instant gone);
  // what the answer is for
  /// compare_step turns the answer about the next step into one about the step that was asked for.
  void compare_step();
  /// time_between returns the least time from one step to a later one.
  Seconds time_between(Step from, Step to) const;
  /// clock_doubt says why instants of this machine's clock are worth nothing; empty: they are good.
  std::string clock_doubt() const;
  /// since_unknown is the reason when an instant was not remembered, by the clock or `otherwise`.
  std::string since_unknown(std::string_view otherwise) const;
  void doubt_clock();
  /// doubt_set: nothing is safe, nor will be by waiting, with a set that verifiers may refuse.
  void doubt_set();
  void add_notes();

  static constexpr Seconds kShownDifference = 30;
  static constexpr Seconds kJustNow = 60;  ///< a token this old says who signs

  const RotationPlan& plan_;
  const RotationInputs& in_;
  const Bounds& b_;
  const Observation& seen_;
  CheckMemory& memory_;
  Facts facts_;
  CheckResult result_;
  bool seen_before_ = false;
  bool clock_good_ = true;
};

}  // namespace jwtctl
