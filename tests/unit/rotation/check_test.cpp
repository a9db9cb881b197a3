// SPDX-License-Identifier: Apache-2.0
#include "lib/rotation/check.h"

#include "tests/unit/rotation/world.h"

namespace jwtctl {
namespace {

using namespace testing;

TEST_CASE("a rotation from start to end, second by second") {
  World w;
  CHECK(said(w.look({shows({"old"})})) == "wait 2100 prepared");
  w.pass(60);
  CHECK(said(w.look({shows({"old", "new"}), shows({"old"})})) == "unknown publishing");
  w.pass(60);
  CHECK(said(w.look({shows({"old", "new"}), shows({"new", "old"})})) == "wait 1800 propagating");
  w.pass(1799);
  CHECK(said(w.look({shows({"old", "new"})})) == "wait 1 propagating");
  w.pass(1);
  CheckResult ready = w.look({shows({"old", "new"})});
  CHECK(said(ready) == "safe ready-to-activate");
  CHECK(ready.next == Step::activate);

  Instant switched = w.now;
  w.pass(30);
  // The last old signature is at most the rollout after the first new one: 600 + 3600 + 120 + 900.
  CHECK(said(w.look({shows({"old", "new"})}, {token("new", switched)})) == "wait 5190 draining");
  w.pass(5189);
  CHECK(said(w.look({shows({"old", "new"})})) == "wait 1 draining");
  w.pass(1);
  // Who signs now must be seen: somebody may have gone back.
  CHECK(said(w.look({shows({"old", "new"})})) == "unknown ready-to-retire");
  CHECK(said(w.look({shows({"old", "new"})}, {token("new", shift(w.now, -61))})) ==
        "unknown ready-to-retire");
  CHECK(said(w.look({shows({"old", "new"})}, {token("new", shift(w.now, -60))})) ==
        "safe ready-to-retire");
  w.pass(10);
  CHECK(said(w.look({shows({"old", "new"}), shows({"new"})})) == "unknown retiring");
  w.pass(10);
  CHECK(said(w.look({shows({"new"})})) == "wait 900 untrusting");
  w.pass(899);
  CHECK(said(w.look({shows({"new"})})) == "wait 1 untrusting");
  w.pass(1);
  CheckResult done = w.look({shows({"new"})});
  CHECK(said(done) == "safe done");  // the staleness of 900 s is over too
  CHECK(done.next == Step::destroy);
}

TEST_CASE("never safe while a replica lacks the key") {
  World w;
  (void)w.look({shows({"old", "new"})});
  w.pass(86400);
  CHECK(said(w.look({shows({"old", "new"}), shows({"old"})})) == "unknown publishing");
  // Its clock begins again.
  CHECK(said(w.look({shows({"old", "new"})})) == "wait 1800 propagating");
  w.pass(1800);
  CHECK(said(w.look({shows({"old", "new"})})) == "safe ready-to-activate");
}

TEST_CASE("each place has a clock, and one that is left out is not forgotten") {
  World w;
  CHECK(said(w.look({shows({"old", "new"}), shows({"old"}, kCdn)})) == "unknown publishing");
  w.pass(1800);
  CheckResult left_out = w.look({shows({"old", "new"})});
  CHECK(said(left_out) == "unknown unknown");
  CHECK(left_out.reasons.front().find(kCdn) == 0);
  CHECK(said(w.look({shows({"old", "new"}), shows({"old", "new"}, kCdn)})) ==
        "wait 1800 propagating");
  w.pass(1800);
  CHECK(said(w.look({shows({"old", "new"}), shows({"old", "new"}, kCdn)})) ==
        "safe ready-to-activate");
}

TEST_CASE("what cannot be seen is unknown") {
  World w;
  (void)w.look({shows({"old", "new"})});
  w.pass(1800);
  CHECK(said(w.look({})) == "unknown unknown");
  CHECK(said(w.look({fails(ErrorCode::network_timeout)})) == "unknown unknown");
  CHECK(said(w.look({shows({"old", "new"}), fails(ErrorCode::network_dns, kCdn)})) ==
        "unknown unknown");
  // A look that failed does not stop the clock of the place.
  CHECK(said(w.look({shows({"old", "new"}), shows({"old", "new"}, kCdn)})) ==
        "wait 1800 propagating");
}

TEST_CASE("a set that must not be published is unsafe") {
  World w;
  CheckResult result = w.look({fails(ErrorCode::key_refused)});
  CHECK(said(result) == "unsafe I6 unknown");
}

TEST_CASE("X10: another key under the kid, or the key under another kid") {
  World w;
  Sample rekeyed = shows({"old", "new"});
  rekeyed.keys[1].thumbprint = "T-other";
  CHECK(said(w.look({rekeyed})) == "unsafe I5 unknown");
  Sample renamed = shows({"old", "renamed"});
  renamed.keys[1].thumbprint = "T-new";
  CHECK(said(w.look({renamed})) == "unsafe I5 unknown");
  Sample old_rekeyed = shows({"old"});
  old_rekeyed.keys[0].thumbprint = "T-other";
  CHECK(said(w.look({old_rekeyed})) == "unsafe I5 unknown");

  // Where the plan does not know the key, the first look does.
  RotationInputs in = base();
  in.old_kid = "old";
  in.new_kid = "new";
  World blind(in);
  CHECK(blind.look({shows({"old", "new"}), rekeyed}).invariant == "I5");
  World later(in);
  (void)later.look({shows({"old", "new"})});
  CHECK(later.look({rekeyed}).invariant == "I5");
}

TEST_CASE("a place that showed the key and was not looked at again is no yes") {
  World w;
  w.look({shows({"old", "new"}), shows({"old", "new"}, kCdn)});
  w.pass(3600);
  CHECK(said(w.look({shows({"old", "new"})})) == "unknown unknown");
  CHECK(said(w.look({shows({"old", "new"}), shows({"old", "new"}, kCdn)})) ==
        "safe ready-to-activate");
}

TEST_CASE("X1: signing before all places have the key") {
  World w;
  CHECK(said(w.look({shows({"old"})}, {token("new", w.now)})) == "unsafe I1 unknown");
  CHECK(said(w.look({shows({"old", "new"}), shows({"old"})}, {token("new", w.now)})) ==
        "unsafe I1 unknown");
}

TEST_CASE("signing before copies are gone") {
  World w;
  (void)w.look({shows({"old"})});
  w.pass(60);
  (void)w.look({shows({"old", "new"})});
  w.pass(60);
  // The place lacked it 120 s ago, and copies live for 900 s.
  CHECK(said(w.look({shows({"old", "new"})}, {token("new", w.now)})) == "unsafe I1 unknown");
  w.pass(780);
  CHECK(said(w.look({shows({"old", "new"})})) == "unknown unknown");  // seen for 840 s
  w.pass(60);
  // That token was made too early to say who signs.
  CHECK(w.look({shows({"old", "new"})}).stage == Stage::propagating);
  w.pass(600);
  CHECK(w.look({shows({"old", "new"})}, {token("new", w.now)}).stage == Stage::draining);
}

TEST_CASE("a first look after the switch cannot tell since when the key is listed") {
  World w;
  w.pass(3600);
  CHECK(said(w.look({shows({"old", "new"})}, {token("new", w.now)})) == "unknown unknown");
  w.pass(900);
  CHECK(w.look({shows({"old", "new"})}, {token("new", w.now)}).stage == Stage::draining);
}

TEST_CASE("X2: retiring before the tokens are gone") {
  World w = switched_world();
  w.pass(600 + 3600 + 120 - 1);
  CHECK(said(w.look({shows({"new"})})) == "unsafe I2 unknown");
  w.pass(1);
  CHECK(w.look({shows({"new"})}).stage == Stage::untrusting);

  World early;
  (void)early.look({shows({"old", "new"})});
  early.pass(60);
  CHECK(said(early.look({shows({"new"})})) == "unsafe I2 unknown");
  CHECK(said(early.look({shows({"new"})}, {token("old", early.now)})) == "unsafe I2 unknown");
  // Long after, somebody may have switched: who signs is not known.
  early.pass(900 + 600 + 3600 + 120);
  CHECK(said(early.look({shows({"new"})})) == "unknown retiring");

  World lost;
  CHECK(said(lost.look({shows({})})) == "unsafe I2 prepared");
}

TEST_CASE("a token by the old key after one by the new begins the wait anew") {
  World w = switched_world();
  w.pass(2000);
  // It signs again, and until when is not known: 600 + 3600 + 120 + 900 from when that ends.
  CHECK(said(w.look({shows({"old", "new"})}, {token("old", w.now)})) == "wait 5220 draining");
  w.pass(4620);
  CHECK(said(w.look({shows({"old", "new"})})) == "wait 5220 draining");
  CHECK(said(w.look({shows({"old", "new"})}, {token("new", w.now)})) == "wait 5220 draining");
  w.pass(5219);
  CHECK(said(w.look({shows({"old", "new"})}, {token("new", w.now)})) == "wait 1 draining");
  w.pass(1);
  CHECK(said(w.look({shows({"old", "new"})}, {token("new", w.now)})) == "safe ready-to-retire");
  CHECK(said(w.look({shows({"old", "new"})}, {token("old", shift(w.now, -10))})) ==
        "wait 5220 draining");
  CHECK(said(w.look({shows({"new"})})) == "unsafe I2 unknown");
}

TEST_CASE("I10: tokens that live longer than planned put retirement off") {
  World w = switched_world();
  CHECK(w.look({shows({"old", "new"})}, {token("new", w.now, 7200)}).wait ==
        600 + 7200 + 120 + 900);
  SignerEvidence endless = token("old", w.now);
  endless.exp.reset();
  CHECK(said(w.look({shows({"old", "new"})}, {endless})) == "unsafe I10 unknown");
  World later(RotationInputs(w.plan.inputs));
  later.memory = *parse_memory(memory_json(w.memory).dump(), w.plan);
  later.now = w.now;
  CHECK(later.look({shows({"old", "new"})}).invariant == "I10");
}

TEST_CASE("what the operator knows of the last old signature counts") {
  World w = switched_world();
  w.last_old_signature = w.now;
  w.pass(3600 + 120 + 900);
  CHECK(said(w.look({shows({"old", "new"})}, {token("new", w.now)})) == "safe ready-to-retire");
  w.last_old_signature = shift(w.now, -10);
  CHECK(said(w.look({shows({"old", "new"})})) == "wait 4610 draining");
}

TEST_CASE("tokens that prove nothing") {
  World w;
  (void)w.look({shows({"old", "new"})});
  w.pass(1800);
  SignerEvidence forged = token("new", w.now);
  forged.verified = false;
  CHECK(said(w.look({shows({"old", "new"})}, {forged})) == "unknown unknown");
  CHECK(said(w.look({shows({"old", "new"})}, {token("third", w.now)})) == "unknown unknown");
  CHECK(said(w.look({shows({"old", "new"})}, {token("old", shift(w.now, 121))})) ==
        "unknown unknown");
  CHECK_FALSE(w.memory.first_new_signature.has_value());
  CHECK(said(w.look({shows({"old", "new"})}, {token("old", w.now)})) == "safe ready-to-activate");
}

TEST_CASE("what is asked about is what is answered") {
  World w;
  w.step = Step::publish;
  CHECK(said(w.look({shows({"old"})})) == "safe prepared");
  w.step = Step::activate;
  CHECK(said(w.look({shows({"old"})})) == "wait 2100 prepared");
  (void)w.look({shows({"old", "new"})});
  w.pass(1800);
  w.step = Step::retire;
  // The tail of the plan lies in between: 600 + 3600 + 120 + 900.
  CHECK(said(w.look({shows({"old", "new"})})) == "wait 5220 ready-to-activate");
  w.step = Step::publish;
  CHECK(said(w.look({shows({"old", "new"})})) == "safe ready-to-activate");
  w.step = Step::destroy;
  CHECK(said(w.look({shows({"old", "new"})})) == "wait 6120 ready-to-activate");
}

TEST_CASE("a longer max-age than planned makes the wait longer") {
  World w;
  Sample longer = shows({"old", "new"});
  longer.max_age = 3600;  // the plan reckons with 300 s
  CHECK(said(w.look({longer})) == "wait 5100 propagating");
  longer.max_age = 300;  // copies of what it said before may be about
  CHECK(said(w.look({longer})) == "wait 5100 propagating");
}

TEST_CASE("clocks") {
  World w;
  (void)w.look({shows({"old", "new"})});
  w.pass(1800);
  Sample skewed = shows({"old", "new"});
  skewed.clock_skew = 121;
  CHECK(said(w.look({skewed})) == "unknown ready-to-activate");
  skewed.clock_skew = -120;
  CHECK(said(w.look({skewed})) == "safe ready-to-activate");
  CheckMemory before = w.memory;
  w.pass(-3);
  CheckResult back = w.look({shows({"old", "new"})});
  CHECK(said(back) == "unknown unknown");
  CHECK(back.reasons.front().find("the clock went back") == 0);
  CHECK(w.memory == before);
  w.pass(1);  // two seconds are what a clock is put right by
  CHECK(said(w.look({shows({"old", "new"})})) == "wait 2 propagating");
}

TEST_CASE("going back before the switch") {
  World w;
  (void)w.look({shows({"old", "new"})});
  w.pass(600);
  CHECK(said(w.look({shows({"old"})})) == "wait 2100 prepared");
  w.pass(1200);
  CHECK(said(w.look({shows({"old", "new"})})) == "wait 1800 propagating");
}

TEST_CASE("the signing key is taken out of the set") {
  World w = switched_world();
  w.pass(10);
  CHECK(w.look({shows({"old"})}).invariant == "I7");
}

TEST_CASE("an emergency") {
  RotationInputs in = base();
  in.variant = Variant::emergency;
  in.old_kid = "old";
  in.new_kid = "new";
  World w(in);
  CHECK(said(w.look({shows({"old", "new"})})) == "unsafe I7 prepared");
  CHECK(said(w.look({shows({"new"}), shows({"old", "new"})})) == "unsafe I7 retiring");
  CHECK(said(w.look({shows({"new"})})) == "wait 900 untrusting");
  w.pass(900);
  CHECK(said(w.look({shows({"new"})})) == "safe done");
  in.verifiers[0].outage = kForever;
  World forever(in);
  CHECK(said(forever.look({shows({"new"})})) == "unknown untrusting");
}

TEST_CASE("the first key") {
  RotationInputs in;
  in.variant = Variant::first_key;
  in.start = at("2026-03-02T09:00:00Z");
  in.margin = Given{60, "flag"};
  in.new_kid = "new";
  World w(in);
  CHECK(said(w.look({shows({"new"})})) == "wait 120 propagating");
  w.pass(120);
  CHECK(said(w.look({shows({"new"})})) == "safe ready-to-activate");
  CHECK(said(w.look({shows({"new"})}, {token("new", w.now)})) == "safe done");
}

TEST_CASE("an algorithm waits for its allow-lists too") {
  RotationInputs in = base();
  in.variant = Variant::algorithm;
  in.to_alg = "ES256";
  in.old_kid = "old";
  in.new_kid = "new";
  in.verifier_deploy = Given{7200, "flag"};
  World w(in);
  w.now = w.plan.inputs.start;
  CHECK(said(w.look({shows({"old", "new"})})) == "wait 8100 propagating");
}

TEST_CASE("a state is read as it was written, and nothing else is") {
  World w = switched_world();
  std::string text = memory_json(w.memory).dump(2);
  auto read = parse_memory(text, w.plan);
  REQUIRE(read.has_value());
  CHECK(*read == w.memory);
  auto refused = [&](std::string_view changed) {
    auto memory = parse_memory(changed, w.plan);
    return !memory.has_value() && memory.error().code == ErrorCode::input;
  };
  CHECK(refused(""));
  CHECK(refused("{}"));
  CHECK(refused("[]"));
  CHECK(refused(text.substr(0, text.size() / 2)));
  RotationInputs other = base();
  other.old_kid = "old";
  other.new_kid = "another";
  auto foreign = parse_memory(text, plan_of(other));
  REQUIRE_FALSE(foreign.has_value());
  CHECK(foreign.error().message.find("belongs to plan") != std::string::npos);
  for (std::string_view name :
       {"checked", "places", "first_new_signature", "new_thumbprint", "signs_since", "went_back"}) {
    INFO(name);
    Json broken = memory_json(w.memory);
    broken.set(name, true);
    CHECK(refused(broken.dump()));
    broken.set(name, -1772442000);  // no clock of ours says 1913
    CHECK(refused(broken.dump()));
  }
}

}  // namespace
}  // namespace jwtctl
