// SPDX-License-Identifier: Apache-2.0
// Rotations as they may happen, with lapses, stale tokens, tokens made for tests, signers that go
// back and clocks that are wrong, looked at from time to time: whenever the answer is SAFE, the
// plain timeline agrees. A larger count of runs: JWTCTL_SIMULATION_RUNS.
#include <algorithm>
#include <cstdlib>
#include <random>

#include "tests/unit/rotation/world.h"

namespace jwtctl {
namespace {

using namespace testing;

constexpr Seconds kCopies = 900;  // V1: A
constexpr Seconds kRollout = 600;
constexpr Seconds kLife = 3600;
constexpr Seconds kSkew = 120;

/// Scenario is one rotation: what is true, beside what is seen of it.
class Scenario {
 public:
  explicit Scenario(std::uint64_t seed) : random_(seed) {
    begin_ = world_.plan.inputs.start;
    now_ = begin_;
  }

  int safe_to_activate = 0;
  int safe_to_retire = 0;
  std::string wrong;  ///< the first answer that the timeline contradicts

  void run() {
    for (int i = 0; i < 120 && wrong.empty() && safe_to_retire == 0; ++i) {
      now_ = shift(now_, pick(1, i % 3 == 0 ? 2000 : 300));
      live();
      look();
    }
  }

 private:
  Seconds pick(Seconds low, Seconds high) {
    return std::uniform_int_distribution<Seconds>(low, high)(random_);
  }
  bool chance(int percent) { return pick(1, 100) <= percent; }

  /// live lets the operator do what was found safe, or go back.
  void live() {
    if (allowed_ && !signs_new_ && chance(40)) {
      signs_new_ = true;
      switched_ = now_;
    } else if (signs_new_ && chance(5)) {
      signs_new_ = false;  // the old key signs again, and a token by it is shown
      went_back_ = true;
    }
    missing_ = !signs_new_ && !went_back_ && (chance(15) || now_ < shift(begin_, 400));
  }

  /// token_of_now is by whoever signs; while signers follow each other, by either of them.
  SignerEvidence token_of_now() {
    bool follows = signs_new_ && now_ < shift(switched_, kRollout) && chance(50);
    return token(signs_new_ && !follows ? "new" : "old", now_, kLife);
  }

  std::vector<SignerEvidence> tokens() {
    std::vector<SignerEvidence> out;
    if (chance(60) || went_back_) out.push_back(token_of_now());
    for (SignerEvidence& stale : kept_) {
      if (chance(30)) out.push_back(stale);
    }
    // Somebody tried the key before it was published.
    if (chance(10)) out.push_back(token("new", shift(begin_, -pick(1, 10 * 86400)), kLife));
    for (SignerEvidence& evidence : out) {
      std::size_t number = static_cast<std::size_t>(&evidence - out.data());
      evidence.id = fmt::format("tok:{}", number);
      if (missing_ && evidence.kid == "new") evidence.listed = evidence.verified = false;
      if (chance(5)) evidence.iat.reset();
    }
    if (!out.empty() && out.front().iat && kept_.size() < 5) kept_.push_back(out.front());
    if (missing_) std::erase_if(out, [](const SignerEvidence& e) { return e.kid == "new"; });
    return out;
  }

  Sample sample() {
    Sample out = shows(missing_ && chance(50) ? std::vector<std::string>{"old"}
                                              : std::vector<std::string>{"old", "new"});
    if (missing_ && out.keys.size() == 2) out.keys[1].algorithms.clear();
    return out;
  }

  void look() {
    Sample seen = sample();
    Seconds error = chance(10) ? pick(-7200, 7200) : 0;
    seen.clock_skew = -error;
    if (chance(10)) seen.clock_skew.reset();
    world_.now = shift(now_, error);
    CheckResult result = world_.look({seen}, tokens());
    if (missing_) complete_ = std::nullopt;
    if (!missing_ && !complete_) complete_ = now_;
    judge(result);
  }

  /// judge compares a SAFE with what is true.
  void judge(const CheckResult& result) {
    if (result.answer != Answer::safe) return;
    if (result.next == Step::activate) {
      ++safe_to_activate;
      allowed_ = true;
      if (!complete_ || seconds_between(*complete_, now_) < kCopies) note(result, "copies lack it");
    } else if (result.next == Step::retire) {
      ++safe_to_retire;
      Instant end = shift(switched_, kRollout + kLife + kSkew);
      if (!signs_new_) note(result, "the old key signs");
      if (now_ < end)
        note(result, fmt::format("old tokens are good for {} s more", seconds_between(now_, end)));
    } else {
      note(result, "no step is due");
    }
  }

  void note(const CheckResult& result, std::string why) {
    wrong = fmt::format("{} at +{} s: {}", said(result), seconds_between(begin_, now_), why);
  }

  std::mt19937_64 random_;
  World world_;
  Instant begin_, now_, switched_;
  std::optional<Instant> complete_;  ///< since then every look shows a key that can be used
  std::vector<SignerEvidence> kept_;
  bool allowed_ = false, signs_new_ = false, went_back_ = false, missing_ = true;
};

TEST_CASE("SAFE is never said against the timeline", "[slow]") {
  const char* asked = std::getenv("JWTCTL_SIMULATION_RUNS");
  int count = asked != nullptr ? std::atoi(asked) : 0;
  int activations = 0;
  int retirements = 0;
  int runs = count > 0 ? count : 600;
  for (int i = 0; i < runs; ++i) {
    Scenario scenario(20260302U + static_cast<std::uint64_t>(i));
    scenario.run();
    activations += scenario.safe_to_activate > 0 ? 1 : 0;
    retirements += scenario.safe_to_retire;
    INFO("run " << i);
    REQUIRE(scenario.wrong == "");
  }
  CHECK(activations > runs / 2);
  CHECK(retirements > runs / 20);
}

TEST_CASE("before the first key is published there need be no set") {
  RotationInputs in;
  in.variant = Variant::first_key;
  in.start = at("2026-03-02T09:00:00Z");
  in.margin = Given{60, "flag"};
  in.new_kid = "new";
  for (ErrorCode code : {ErrorCode::key_refused, ErrorCode::network_status}) {
    Sample nothing = fails(code);
    nothing.clock_skew = 0;
    nothing.nothing_yet = true;
    World w(in);
    CHECK(w.look({nothing}).answer == Answer::wait);
    w.step = Step::publish;
    CHECK(said(w.look({nothing})) == "safe prepared");
    for (Step step : {Step::activate, Step::retire, Step::destroy}) {
      w.step = step;
      CHECK(w.look({nothing}).answer == Answer::wait);
    }
    // One place of two is not enough, and a token by the key is too early.
    w.step.reset();
    CHECK(w.look({shows({"new"}), nothing}).answer == Answer::unknown);
    CHECK(w.look({nothing}, {token("new", w.now)}).invariant == "I1");
    // Once it was there, it must not go.
    World gone(in);
    (void)gone.look({shows({"new"})});
    gone.step = Step::publish;
    CHECK(gone.look({nothing}).answer ==
          (code == ErrorCode::key_refused ? Answer::unsafe : Answer::unknown));
    // Other errors say nothing, and other rotations begin with a set.
    World broken(in);
    broken.step = Step::publish;
    CHECK(broken.look({fails(code)}).answer != Answer::safe);
    World rotation;
    rotation.step = Step::publish;
    CHECK(rotation.look({nothing}).answer != Answer::safe);
  }
}

}  // namespace
}  // namespace jwtctl
