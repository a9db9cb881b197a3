// SPDX-License-Identifier: Apache-2.0
// What counts as evidence: keys that verifiers take, tokens of just now, clocks that can be told,
// and what is remembered.
#include <algorithm>

#include "tests/unit/rotation/world.h"

namespace jwtctl {
namespace {

using namespace testing;

/// unusable takes the new key's algorithms away, or the old one's.
Sample unusable(std::string_view kid, std::vector<std::string> kids = {"old", "new"}) {
  Sample sample = shows(std::move(kids));
  for (ListedKey& key : sample.keys) {
    if (key.kid != kid) continue;
    key.algorithms.clear();
    key.problem = "its use is \"enc\", not \"sig\"";
  }
  return sample;
}

bool says(const CheckResult& result, std::string_view text) {
  return std::any_of(result.reasons.begin(), result.reasons.end(), [text](const std::string& why) {
    return why.find(text) != std::string::npos;
  });
}

TEST_CASE("a token with dates in milliseconds is named, and is not remembered") {
  World w = switched_world();
  for (std::string kid : {"old", "new"}) {
    SignerEvidence evidence = token(kid, {w.now.seconds * 1000, 0}, 3'600'000);
    CheckResult result = w.look({shows({"old", "new"})}, {evidence});
    CHECK(said(result) == "unknown unknown");
    CHECK(says(result, "its dates are not in seconds"));
    CHECK(w.memory.longest_life == 3600);
  }
  // What is merely long is what tokens live.
  (void)w.look({shows({"old", "new"})}, {token("new", w.now, kMaxDuration)});
  CHECK(w.memory.longest_life == kMaxDuration);
}

TEST_CASE("a new key that no verifier takes is not published") {
  World w;
  CheckResult result = w.look({unusable("new")});
  CHECK(said(result) == "unknown publishing");
  CHECK(result.next == Step::publish);
  CHECK(result.reasons.front() ==
        fmt::format("{} lists \"new\", but no verifier takes it: its use is \"enc\", not \"sig\"",
                    kOrigin));
  w.pass(86400);
  for (Step step : {Step::publish, Step::activate, Step::retire, Step::destroy}) {
    w.step = step;
    CHECK(w.look({unusable("new")}).answer == Answer::unknown);
  }
  w.step.reset();
  CHECK(said(w.look({shows({"old", "new"}), unusable("new")})) == "unknown publishing");
  // Its clock begins when it can be used.
  CHECK(said(w.look({shows({"old", "new"})})) == "wait 1800 propagating");
  w.pass(1000);
  CHECK(said(w.look({unusable("new")})) == "unknown publishing");
  CHECK(said(w.look({shows({"old", "new"})})) == "wait 1800 propagating");
  CHECK(said(w.look({unusable("new")}, {token("new", w.now)})) == "unsafe I1 unknown");
}

TEST_CASE("an old key that no verifier takes any more is lost") {
  World w;
  CHECK(said(w.look({unusable("old", {"old"})})) == "unsafe I2 prepared");
  World later;
  (void)later.look({shows({"old", "new"})});
  later.pass(60);
  CheckResult lost = later.look({unusable("old")});
  CHECK(said(lost) == "unsafe I2 unknown");
  CHECK(says(lost, "its use is"));
  CHECK(said(later.look({unusable("old")}, {token("old", later.now)})) == "unsafe I2 unknown");
  World switched = switched_world();
  CHECK(said(switched.look({unusable("old")})) == "unsafe I2 unknown");
  // It is listed all the same, so it is not retired either.
  switched.pass(600 + 3600 + 120 + 900);
  CHECK(said(switched.look({unusable("old")}, {token("new", switched.now)})) ==
        "safe ready-to-retire");
  CHECK(switched.look({unusable("old")}).next == Step::retire);
}

TEST_CASE("in an emergency the old key is there as long as it is listed") {
  RotationInputs in = base();
  in.variant = Variant::emergency;
  in.old_kid = "old";
  in.new_kid = "new";
  World w(in);
  CHECK(w.look({unusable("old")}).invariant == "I7");
  CHECK(said(w.look({unusable("new", {"new"})})) == "unknown untrusting");
}

TEST_CASE("a new key for another algorithm than the plan's is not published") {
  RotationInputs in = base();
  in.variant = Variant::algorithm;
  in.to_alg = "EdDSA";
  in.old_kid = "old";
  in.new_kid = "new";
  in.verifier_deploy = Given{0, "flag"};
  World w(in);
  CheckResult result = w.look({shows({"old", "new"})});
  CHECK(said(result) == "unknown publishing");
  CHECK(says(result, "it is for ES256, not EdDSA"));
}

TEST_CASE("a change of what the key is for begins its clock anew") {
  World w;
  Sample wide = shows({"old", "new"});
  wide.keys[1].algorithms = {"RS256", "PS256"};
  (void)w.look({wide});
  w.pass(1799);
  CHECK(said(w.look({wide})) == "wait 1 propagating");
  Sample narrow = wide;
  narrow.keys[1].algorithms = {"PS256"};
  CHECK(said(w.look({narrow})) == "wait 1800 propagating");
}

TEST_CASE("two keys under the new kid are no rotation") {
  RotationInputs in = base();
  in.old_kid = "old";
  in.new_kid = "new";
  World w(in);
  Sample twice = shows({"old", "new", "new"});
  twice.keys[2].thumbprint = "T-other";
  CHECK(w.look({twice}).invariant == "I5");
}

TEST_CASE("a token shows who signs when it is of just now, and of its turn") {
  // Each change alone makes the token no evidence: `--step retire` is never safe with it.
  auto judged = [](const auto& change) {
    World w = switched_world();
    w.pass(600 + 3600 + 120 + 900);
    SignerEvidence evidence = token("new", w.now, 30);
    change(evidence, w.now);
    return w.look({shows({"old", "new"})}, {evidence});
  };
  auto age = [&judged](Seconds seconds, Seconds life) {
    return said(judged([=](SignerEvidence& evidence, Instant now) {
      evidence.iat = shift(now, -seconds);
      evidence.exp = shift(*evidence.iat, life);
    }));
  };
  constexpr std::string_view kSafe = "safe ready-to-retire";
  constexpr std::string_view kUnknown = "unknown ready-to-retire";
  CHECK(age(0, 30) == kSafe);
  CHECK(age(29, 30) == kSafe);
  CHECK(age(30, 30) == kUnknown);
  CHECK(age(42, 30) == kUnknown);
  CHECK(age(60, 3600) == kSafe);
  CHECK(age(61, 3600) == kUnknown);
  CHECK(age(-120, 3480) == kSafe);  // what clocks may differ by
  CHECK(age(-121, 3600) == "unknown unknown");
  CheckResult timeless = judged([](SignerEvidence& evidence, Instant) { evidence.iat.reset(); });
  CHECK(said(timeless) == kUnknown);
  CHECK(says(timeless, "it has no iat"));
  CheckResult again = judged([](SignerEvidence& evidence, Instant) { evidence.repeated = true; });
  CHECK(said(again) == kUnknown);
  CHECK(says(again, "it was looked at before"));
  CheckResult expired = judged([](SignerEvidence& evidence, Instant now) {
    evidence.iat = shift(now, -42);
    evidence.exp = shift(now, -12);
  });
  CHECK(says(expired, "it expired 12 s ago"));
  REQUIRE(expired.token_doubts.size() == 1);
}

TEST_CASE("a token from before the plan is no switch, with a fresh one beside it either") {
  World w;
  (void)w.look({shows({"old", "new"})});
  w.pass(1800);
  w.step = Step::retire;
  SignerEvidence ancient = token("new", shift(w.now, -7 * 86400));
  CHECK(w.look({shows({"old", "new"})}, {ancient}).answer == Answer::wait);
  CHECK_FALSE(w.memory.signs_since.has_value());
  CheckResult both = w.look({shows({"old", "new"})}, {ancient, token("new", w.now)});
  CHECK(said(both) == "wait 5220 draining");
  CHECK(w.memory.signs_since == w.now);
  // Good for long, it is known to have been made too early, but still not the switch.
  World good;
  (void)good.look({shows({"old", "new"})});
  good.pass(1800);
  good.step = Step::retire;
  SignerEvidence lasting = token("new", shift(good.now, -7 * 86400), 30 * 86400);
  CHECK(good.look({shows({"old", "new"})}, {lasting}).answer != Answer::safe);
  CHECK_FALSE(good.memory.signs_since.has_value());
}

TEST_CASE("a token from before the plan's activate says nothing of the switch") {
  World w;
  w.now = w.plan.inputs.start;
  (void)w.look({shows({"old", "new"})});
  w.pass(1800);  // no copy lacks the key, and it is five minutes before the plan has it
  CheckResult early = w.look({shows({"old", "new"})}, {token("new", w.now)});
  CHECK(said(early) == "wait 300 propagating");
  CHECK(says(early, "when the plan activates the new key"));
  w.pass(299);
  (void)w.look({shows({"old", "new"})}, {token("new", w.now)});
  CHECK_FALSE(w.memory.signs_since.has_value());
  w.pass(1);
  CHECK(said(w.look({shows({"old", "new"})}, {token("new", w.now)})) == "wait 5220 draining");
}

TEST_CASE("of two tokens the later one says who signs") {
  World w = switched_world();
  w.pass(6000);
  CheckResult result =
      w.look({shows({"old", "new"})}, {token("new", shift(w.now, -5)), token("old", w.now)});
  CHECK(said(result) == "wait 5220 draining");
  CHECK(w.memory.went_back == w.now);
  w.pass(10);
  (void)w.look({shows({"old", "new"})}, {token("new", w.now), token("old", shift(w.now, -5))});
  CHECK(w.memory.signs_since == w.now);
}

TEST_CASE("what was merely not remembered is unknown, and stays so") {
  World w;
  CheckResult first = w.look({shows({"new"})});
  CHECK(said(first) == "unknown unknown");
  CHECK(first.first_look);
  CHECK(first.next == Step::none);
  w.pass(60);
  CHECK(said(w.look({shows({"new"})})) == "unknown unknown");
  w.pass(3600);
  CheckResult fresh = w.look({shows({"new"})}, {token("new", w.now)});
  CHECK(fresh.answer == Answer::unknown);
  w.pass(600 + 3600 + 120);
  CHECK(w.look({shows({"new"})}).stage == Stage::done);
  // A good token by the old key is evidence, though nothing is remembered.
  World token_shown;
  CHECK(said(token_shown.look({shows({"new"})}, {token("old", token_shown.now)})) ==
        "unsafe I2 unknown");
  World seen;
  (void)seen.look({shows({"old", "new"})});
  seen.pass(60);
  CHECK(said(seen.look({shows({"new"})})) == "unsafe I2 unknown");
}

TEST_CASE("a clock that nothing confirms proves nothing") {
  World w;
  Sample dateless = shows({"old", "new"});
  dateless.clock_skew.reset();
  CHECK(said(w.look({dateless})) == "unknown unknown");
  CHECK(w.memory.places.begin()->second.new_since == std::nullopt);
  w.pass(86400);
  CHECK(w.look({dateless}).answer == Answer::unknown);
  // One answer that tells the time is enough.
  CHECK(said(w.look({dateless, shows({"old", "new"})})) == "wait 1800 propagating");
  w.pass(1800);
  CHECK(said(w.look({dateless})) == "unknown ready-to-activate");
  CHECK(said(w.look({shows({"old", "new"}), dateless})) == "safe ready-to-activate");
}

TEST_CASE("a clock that was wrong when the key was first seen starts nothing") {
  World w;
  Sample behind = shows({"old", "new"});
  behind.clock_skew = 3600;
  CHECK(w.look({behind}).answer == Answer::unknown);
  w.pass(3600);  // it is put right
  CHECK(said(w.look({shows({"old", "new"})})) == "wait 1800 propagating");
  World ahead;
  ahead.pass(3600);
  Sample late = shows({"old", "new"});
  late.clock_skew = -3600;
  (void)ahead.look({late});
  ahead.pass(-3600);  // that is no clock that goes back
  CHECK(said(ahead.look({shows({"old", "new"})})) == "wait 1800 propagating");
}

TEST_CASE("a clock that went back hides neither a lapse nor who signs") {
  World w = switched_world();
  w.pass(-3600);
  CHECK(w.look({shows({"old"})}, {token("old", shift(w.now, 7200))}).answer == Answer::unknown);
  CHECK_FALSE(w.memory.places.begin()->second.new_since.has_value());
  CHECK_FALSE(w.memory.signs_since.has_value());
}

TEST_CASE("what a cache dates counts when no server speaks for itself") {
  World w;
  (void)w.look({shows({"old", "new"})});
  w.pass(1800);
  Sample cached = shows({"old", "new"});
  cached.age = 5;
  cached.clock_skew = -3600;
  CHECK(said(w.look({cached})) == "unknown ready-to-activate");
  CHECK(said(w.look({cached, shows({"old", "new"})})) == "safe ready-to-activate");
}

TEST_CASE("answers that had to be asked for twice are named") {
  World w;
  Sample twice = shows({"old", "new"});
  twice.retried = {"status 500"};
  CHECK(says(w.look({twice}), "answered at try 2 only: status 500"));
}

TEST_CASE("a state of an earlier version is read") {
  World w = switched_world();
  std::string text =
      R"({"schema":"jwtctl.rotate-state/1","plan":")" + w.plan.id +
      R"(","new_thumbprint":"T-new","checked":1772442000,"first_new_signature":1772442000,)"
      R"("last_old_signature":null,"longest_life":-1,"places":[{"url":"https://id.example.com/jwks",)"
      R"("new_since":1772442000,"new_missing":null,"old_gone":null}]})";
  auto read = parse_memory(text, w.plan);
  REQUIRE(read.has_value());
  CHECK(read->longest_life == kForever);
  CHECK_FALSE(read->signs_since.has_value());
}

}  // namespace
}  // namespace jwtctl
