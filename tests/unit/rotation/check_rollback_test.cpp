// SPDX-License-Identifier: Apache-2.0
// Rotations that were taken back: what is remembered of the first try is not what the second rests
// on.
#include "tests/unit/rotation/world.h"

namespace jwtctl {
namespace {

using namespace testing;

constexpr Seconds kTail = 600 + 3600 + 120 + 900;

TEST_CASE("a new key that was nowhere signs anew when it is back") {
  World w = switched_world();
  w.pass(kTail);
  w.step = Step::retire;
  // Somebody went back to the old key, and no token by it was shown.
  CHECK(said(w.look({shows({"old"})})) == "unsafe I7 prepared");
  CHECK_FALSE(w.memory.signs_since.has_value());
  w.pass(60);
  CHECK(said(w.look({shows({"old"})})) == "unsafe I7 prepared");
  w.pass(60);
  CheckResult back = w.look({shows({"old", "new"})});
  CHECK(said(back) == "wait 7020 propagating");
  CHECK(back.next == Step::activate);
  w.pass(1800);
  CheckResult signs = w.look({shows({"old", "new"})}, {token("new", w.now)});
  CHECK(said(signs) == "wait 5220 draining");
  w.pass(kTail - 1);
  CHECK(said(w.look({shows({"old", "new"})}, {token("new", w.now)})) == "wait 1 draining");
  w.pass(1);
  CHECK(said(w.look({shows({"old", "new"})}, {token("new", w.now)})) == "safe ready-to-retire");
}

TEST_CASE("a new key that no verifier took was nowhere either") {
  World w = switched_world();
  w.pass(kTail);
  Sample broken = shows({"old", "new"});
  broken.keys[1].algorithms.clear();
  (void)w.look({broken});
  CHECK(w.look({shows({"old", "new"})}).next == Step::activate);
}

TEST_CASE("what one place or no answer says ends nothing of who signs") {
  World w = switched_world();
  w.pass(60);
  (void)w.look({shows({"old", "new"}), shows({"old"})});
  CHECK(w.memory.signs_since.has_value());
  (void)w.look({fails(ErrorCode::network_dns)});
  CHECK(w.memory.signs_since.has_value());
  (void)w.look({fails(ErrorCode::network_dns), shows({"old"}, kCdn)});
  CHECK_FALSE(w.memory.signs_since.has_value());
}

TEST_CASE("a token by a key that is back is an early one all the same") {
  World w = switched_world();
  w.pass(60);
  (void)w.look({shows({"old"})});
  w.pass(60);
  CHECK(said(w.look({shows({"old", "new"})}, {token("new", w.now)})) == "unsafe I1 unknown");
}

TEST_CASE("who signed before the plan's own time signed for another plan") {
  World w = switched_world();
  RotationInputs in = w.plan.inputs;
  in.start = shift(w.now, kTail);
  World later(in);
  later.memory = w.memory;
  later.now = shift(later.plan.schedule.activate, 60);
  later.step = Step::retire;
  CHECK(said(later.look({shows({"old", "new"})}, {token("new", later.now)})) ==
        "wait 5220 draining");
}

}  // namespace
}  // namespace jwtctl
