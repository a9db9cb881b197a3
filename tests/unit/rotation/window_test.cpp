// SPDX-License-Identifier: Apache-2.0
#include "lib/rotation/window.h"

#include "tests/unit/rotation/plans.h"

namespace jwtctl {
namespace {

using namespace testing;

std::string local(std::string_view text, const std::string& zone) {
  auto time = parse_local_time(text, zone);
  REQUIRE(time.has_value());
  REQUIRE(time->has_value());
  return shown((*time)->instant);
}

TEST_CASE("X7: local times that are skipped or come twice") {
  CHECK(local("2026-03-29T02:30", "Europe/Berlin") == "2026-03-29T01:00:00Z");
  CHECK(local("2026-10-25T02:30", "Europe/Berlin") == "2026-10-25T01:30:00Z");
  CHECK(local("2026-03-08T02:30", "America/New_York") == "2026-03-08T07:00:00Z");
  CHECK(local("2026-11-01T01:30", "America/New_York") == "2026-11-01T06:30:00Z");
  CHECK(local("2026-03-29T01:59:59", "Europe/Berlin") == "2026-03-29T00:59:59Z");
  CHECK(local("2026-03-29T03:00", "Europe/Berlin") == "2026-03-29T01:00:00Z");
  CHECK(local("2026-07-01 12:00", "Europe/Berlin") == "2026-07-01T10:00:00Z");
  CHECK((*parse_local_time("2026-03-29T02:30", "Europe/Berlin"))->note ==
        "2026-03-29T02:30 does not exist in Europe/Berlin, where clocks are put forward; taken as "
        "2026-03-29T03:00:00+02:00");
  CHECK((*parse_local_time("2026-10-25T02:30", "Europe/Berlin"))->note.find("comes twice") !=
        std::string::npos);
  CHECK((*parse_local_time("2026-10-25T03:00", "Europe/Berlin"))->note.empty());
  // A day has 86,400 s: over the change of clocks the local time moves.
  CHECK(format_rfc3339(shift(at("2026-03-28T13:00:00+01:00"), 86400), 7200) ==
        "2026-03-29T14:00:00+02:00");
}

TEST_CASE("what is no local time") {
  for (std::string_view text :
       {"", "now", "2026-03-29", "2026-03-29T02:30Z", "2026-03-29T02:30+01:00", "2026-13-01T00:00",
        "2026-02-30T00:00", "2026-03-29T24:00", "2026-03-29T02:60", "2026-03-29x02:30",
        "2026-03-29T02:30:60", "1800000000"}) {
    INFO(text);
    CHECK_FALSE(parse_local_time(text, "Europe/Berlin").has_value());
  }
  auto nowhere = parse_local_time("2026-03-29T02:30", "Europe/Berlim");
  REQUIRE(nowhere.has_value());
  REQUIRE_FALSE(nowhere->has_value());
  CHECK(nowhere->error().code == ErrorCode::usage);
  CHECK(nowhere->error().message == "there is no time zone \"Europe/Berlim\"");
}

std::string pushed(std::string_view window, std::string_view instant) {
  auto parsed = parse_window(window);
  INFO((parsed ? "" : parsed.error().message));
  REQUIRE(parsed.has_value());
  std::vector<Window> windows{*parsed};
  return shown(next_in_window(windows, at(instant)));
}

TEST_CASE("X8: windows push later, never sooner") {
  constexpr std::string_view kWork = "Mon-Thu 09:00-16:00 Europe/Berlin";
  CHECK(pushed(kWork, "2026-03-06T16:20:00Z") == "2026-03-09T08:00:00Z");
  CHECK(pushed(kWork, "2026-03-05T14:59:59Z") == "2026-03-05T14:59:59Z");
  CHECK(pushed(kWork, "2026-03-05T15:00:00Z") == "2026-03-09T08:00:00Z");
  CHECK(pushed(kWork, "2026-03-05T07:59:59Z") == "2026-03-05T08:00:00Z");
  CHECK(pushed(kWork, "2026-03-05T08:00:00Z") == "2026-03-05T08:00:00Z");
  CHECK(pushed(kWork, "2026-03-30T00:00:00Z") == "2026-03-30T07:00:00Z");  // summer time
  CHECK(pushed("Fri-Mon 00:00-24:00 UTC", "2026-03-03T00:00:00Z") == "2026-03-06T00:00:00Z");
  CHECK(pushed("sun 10:00-11:00 UTC", "2026-03-01T11:00:00Z") == "2026-03-08T10:00:00Z");
  // The hour of this window does not exist on that day, so it opens when the next hour begins.
  CHECK(pushed("daily 02:15-04:00 Europe/Berlin", "2026-03-29T00:00:00Z") ==
        "2026-03-29T01:00:00Z");
  // All of this one is skipped on that day.
  CHECK(pushed("daily 02:15-02:45 Europe/Berlin", "2026-03-29T00:00:00Z") ==
        "2026-03-30T00:15:00Z");
}

TEST_CASE("X8: what follows moves with what was pushed") {
  RotationInputs in = base();
  in.start = at("2026-03-05T14:00:00Z");
  in.verifiers = {verifier(94'800 - 300 - 300 - 900)};  // the lead ends on Friday at 16:20
  RotationPlan freely = plan_of(in);
  CHECK(phase_at(freely, PhaseId::activate) == "2026-03-06T16:20:00Z");
  in.windows = {*parse_window("Mon-Thu 09:00-16:00 Europe/Berlin")};
  RotationPlan plan = plan_of(in);
  CHECK(phase_at(plan, PhaseId::publish) == "2026-03-05T14:00:00Z");
  CHECK(phase_at(plan, PhaseId::activate) == "2026-03-09T08:00:00Z");
  CHECK(shown(plan.phase(PhaseId::activate)->earliest) == "2026-03-06T16:20:00Z");
  CHECK(phase_at(plan, PhaseId::last_old_signature) == "2026-03-09T08:10:00Z");
  CHECK(phase_at(plan, PhaseId::retire) == "2026-03-09T09:27:00Z");
  CHECK(invariant(plan.invariants, "I1").slack ==
        900 + seconds_between(at("2026-03-06T16:20:00Z"), at("2026-03-09T08:00:00Z")));
}

TEST_CASE("what is no window") {
  for (std::string_view text :
       {"", "Mon", "Mon 09:00-16:00", "Mon 09:00 UTC", "Mon 16:00-09:00 UTC", "Mon 09:00-09:00 UTC",
        "Moon 09:00-16:00 UTC", "Mon-Tue-Wed 09:00-16:00 UTC", "Mon 9:00-16:00 UTC",
        "Mon 09:00-24:01 UTC", "Mon 09:00-25:00 UTC", "Mon 09:60-16:00 UTC",
        "Mon 09:00-16:00 Nowhere/Here", "Mon 09:00-16:00 UTC x", "Mon, 09:00-16:00 UTC",
        "Mon 09:00-16:00-17:00 UTC", "Mon  09:00-16:00 UTC"}) {
    INFO(text);
    auto window = parse_window(text);
    REQUIRE_FALSE(window.has_value());
    CHECK(window.error().code == ErrorCode::usage);
  }
}

}  // namespace
}  // namespace jwtctl
