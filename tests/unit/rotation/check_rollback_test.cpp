// SPDX-License-Identifier: Apache-2.0
// What ends what was measured, or goes before what is said: rotations that were taken back, looks
// that contradict the operator, and the plan's own time.
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

TEST_CASE("what is said of the last old signature does not overrule what was seen") {
  World w;
  (void)w.look({shows({"old"})});
  Instant lacked = w.now;
  w.pass(60);
  (void)w.look({shows({"old", "new"})});
  w.pass(1800);
  w.step = Step::retire;
  w.last_old_signature = shift(lacked, -90000);
  CheckResult early = w.look({shows({"old", "new"})}, {token("new", w.now)});
  CHECK(said(early) == "wait 2760 draining");
  CHECK(early.reasons.size() == 3);
  CHECK(early.reasons[1].find("was said, and not seen") != std::string::npos);
  CHECK(early.reasons[2].find("it may have signed until 2026-03-02T09:10:00Z") !=
        std::string::npos);
  w.last_old_signature = shift(lacked, 1);
  CHECK(said(w.look({shows({"old", "new"})}, {token("new", w.now)})) == "wait 2761 draining");
  w.last_old_signature = w.now;
  CheckResult late = w.look({shows({"old", "new"})}, {token("new", w.now)});
  CHECK(said(late) == "wait 4620 draining");
  CHECK(late.reasons.size() == 2);
}

TEST_CASE("nothing is signed before the plan's own time for it") {
  RotationInputs in = World().plan.inputs;
  in.start = shift(in.start, 7200);
  World w(in);
  Instant planned = w.plan.schedule.activate;
  w.now = at("2026-03-02T09:10:00Z");
  CheckResult first = w.look({shows({"old", "new"})});
  CHECK(said(first) == fmt::format("wait {} propagating", seconds_between(w.now, planned)));
  CHECK(first.safe_at == planned);
  w.now = shift(planned, -1);
  CheckResult last = w.look({shows({"old", "new"})});
  CHECK(said(last) == "wait 1 propagating");
  CHECK(last.reasons.front().find("the plan activates it at 2026-03-02T11:35:00Z") !=
        std::string::npos);
  w.now = planned;
  CHECK(said(w.look({shows({"old", "new"})})) == "safe ready-to-activate");
  CHECK(said(w.look({shows({"old", "new"})}, {token("new", w.now)})) == "wait 5220 draining");
}

}  // namespace
}  // namespace jwtctl
