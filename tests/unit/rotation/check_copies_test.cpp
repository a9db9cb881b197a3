// SPDX-License-Identifier: Apache-2.0
// Copies that outlive what a server says now: of earlier answers, through outages, by clocks that
// move.
#include <algorithm>

#include "tests/unit/rotation/world.h"

namespace jwtctl {
namespace {

using namespace testing;

Sample kept_for(Seconds max_age, Sample sample) {
  sample.max_age = max_age;
  return sample;
}

Sample ahead_by(Seconds skew, Sample sample = shows({"old", "new"})) {
  sample.clock_skew = skew;
  return sample;
}

/// carry_over goes through the state file.
void carry_over(World& w) { w.memory = *parse_memory(memory_json(w.memory).dump(), w.plan); }

bool says(const CheckResult& result, std::string_view text) {
  return std::any_of(result.reasons.begin(), result.reasons.end(), [text](const std::string& why) {
    return why.find(text) != std::string::npos;
  });
}

TEST_CASE("the largest max-age ever counts, of whatever answer had it") {
  const Sample kBefore[] = {shows({"old"}), shows({"old"}, kCdn), fails(ErrorCode::network_status),
                            fails(ErrorCode::network_body), fails(ErrorCode::key_refused)};
  for (const Sample& before : kBefore) {
    World w;
    CheckResult first = w.look({shows({"old"}), kept_for(3600, before)});
    if (!before.error) CHECK(said(first) == "wait 5400 prepared");
    carry_over(w);
    w.pass(5);
    std::vector<Sample> now = {kept_for(0, shows({"old", "new"}))};
    if (before.url == kCdn) now.push_back(shows({"old", "new"}, kCdn));
    // 3600 + 600 + 900
    CheckResult result = w.look(now);
    CHECK(said(result) == "wait 5100 propagating");
    CHECK(says(result, "may be kept for 3600 s, the plan reckons with 300 s"));
    w.pass(5099);
    CHECK(said(w.look(now)) == "wait 1 propagating");
    w.pass(1);
    CHECK(said(w.look(now)) == "safe ready-to-activate");
  }
}

TEST_CASE("an answer that is kept for no longer than planned changes nothing") {
  for (Seconds max_age : {0, 299, 300}) {
    World w;
    (void)w.look({kept_for(max_age, shows({"old"}))});
    CHECK(said(w.look({shows({"old", "new"})})) == "wait 1800 propagating");
  }
  World w;
  (void)w.look({kept_for(301, shows({"old"}))});
  CHECK(said(w.look({shows({"old", "new"})})) == "wait 1801 propagating");
}

TEST_CASE("what the server said when the plan was made is no reason to wait less") {
  RotationInputs in = base();
  in.old_kid = "old";
  in.new_kid = "new";
  in.observed_max_age = 1000;  // and --cache says 300
  World w(in);
  CHECK(said(w.look({kept_for(1000, shows({"old", "new"}))})) == "wait 2500 propagating");
}

TEST_CASE("what caches may guess is said once, and not waited for") {
  for (Seconds guessed : {300, 301}) {
    World w;
    Sample sample = shows({"old", "new"});
    sample.guessed = guessed;
    Sample later = sample;
    later.guessed = guessed + 1;
    CheckResult result = w.look(guessed == 300 ? std::vector{sample} : std::vector{sample, later});
    CHECK(said(result) == "wait 1800 propagating");
    auto notes =
        std::count_if(result.reasons.begin(), result.reasons.end(), [](const std::string& why) {
          return why.find("caches may guess 301 s, the plan reckons with 300 s") !=
                 std::string::npos;
        });
    CHECK(notes == (guessed == 300 ? 0 : 1));
    CHECK(result.reasons.size() == (guessed == 300 ? 1 : 2));
  }
}

TEST_CASE("early signing is judged by the longest copies too") {
  World w;
  (void)w.look({kept_for(3600, shows({"old"}))});
  w.pass(5);
  (void)w.look({shows({"old", "new"})});
  w.pass(1800);
  CHECK(said(w.look({shows({"old", "new"})}, {token("new", w.now)})) == "unsafe I1 unknown");
}

/// after_outage looks at 0 and `begin`, fails then, and is good again `length` s after `begin`.
CheckResult after_outage(World& w, Seconds begin, Seconds length, ErrorCode code) {
  (void)w.look({shows({"old", "new"})});
  w.pass(begin);
  (void)w.look({shows({"old", "new"})});
  w.pass(length / 2);
  CHECK(w.look({fails(code)}).answer != Answer::safe);
  carry_over(w);
  w.pass(length - length / 2);
  return w.look({shows({"old", "new"})});
}

TEST_CASE("an outage while copies are about begins the wait anew") {
  RotationInputs in = base();
  in.old_kid = "old";
  in.new_kid = "new";
  in.missed_refreshes = {1, "flag"};  // 600 s may be missed; 300 + 2 * 600 + 900
  for (ErrorCode code :
       {ErrorCode::network_status, ErrorCode::network_timeout, ErrorCode::key_refused}) {
    World w(in);
    CHECK(said(after_outage(w, 100, 600, code)) == "wait 1700 propagating");
    World later(in);
    CheckResult anew = after_outage(later, 100, 601, code);
    CHECK(said(anew) == "wait 2400 propagating");
    CHECK(says(anew, "failed for longer than the plan lets verifiers miss refreshes"));
    later.pass(2399);
    CHECK(said(later.look({shows({"old", "new"})})) == "wait 1 propagating");
    later.pass(1);
    CHECK(said(later.look({shows({"old", "new"})})) == "safe ready-to-activate");
  }
  // None may be missed.
  World strict;
  CHECK(said(after_outage(strict, 100, 1, ErrorCode::network_status)) == "wait 1800 propagating");
}

TEST_CASE("an outage after the wait takes nothing back") {
  World w;
  CHECK(said(after_outage(w, 1800, 7200, ErrorCode::network_timeout)) == "safe ready-to-activate");
  World early;
  CHECK(said(after_outage(early, 1799, 7200, ErrorCode::network_timeout)) ==
        "wait 1800 propagating");
}

TEST_CASE("an outage of a replica is one of its place, and none of another place") {
  World w;
  auto both = [](Sample cdn) { return std::vector<Sample>{shows({"old", "new"}), std::move(cdn)}; };
  (void)w.look(both(shows({"old", "new"}, kCdn)));
  w.pass(1700);
  (void)w.look(
      {shows({"old", "new"}), shows({"old", "new"}, kCdn), fails(ErrorCode::network_status, kCdn)});
  w.pass(10);
  CHECK(w.memory.places[std::string(kOrigin)].new_since == shift(w.now, -1710));
  CHECK(said(w.look(both(shows({"old", "new"}, kCdn)))) == "wait 1800 propagating");
  CHECK(w.memory.places[std::string(kOrigin)].new_since == shift(w.now, -1710));
}

TEST_CASE("an outage ends only when the time can be told") {
  World w;
  (void)w.look({shows({"old", "new"})});
  w.pass(100);
  (void)w.look({fails(ErrorCode::network_status)});
  Sample timeless = shows({"old", "new"});
  timeless.clock_skew.reset();
  w.pass(1700);
  CHECK(w.look({timeless}).answer != Answer::safe);
  CHECK(said(w.look({shows({"old", "new"})})) == "wait 1800 propagating");
}

TEST_CASE("time that our clock jumped over did not pass") {
  World w;  // skew 120
  (void)w.look({ahead_by(110)});
  carry_over(w);
  w.pass(1800);
  CHECK(said(w.look({ahead_by(-10)})) == "safe ready-to-activate");
  CheckResult jumped = w.look({ahead_by(-11)});
  CHECK(said(jumped) == "wait 121 propagating");
  CHECK(says(jumped, "is 121 s further ahead"));
  // Of several answers the one that makes the wait longest.
  CHECK(said(w.look({ahead_by(110), ahead_by(-20)})) == "wait 130 propagating");
  w.pass(121);
  CHECK(said(w.look({ahead_by(-11)})) == "safe ready-to-activate");
  // A clock that went back saw less time pass than did.
  World back;
  (void)back.look({ahead_by(-110)});
  back.pass(1800);
  CHECK(said(back.look({ahead_by(110)})) == "safe ready-to-activate");
}

TEST_CASE("a jump counts since the old key went too") {
  RotationInputs in = base();
  in.variant = Variant::emergency;
  in.old_kid = "old";
  in.new_kid = "new";
  World w(in);
  (void)w.look({ahead_by(100, shows({"new"}))});
  carry_over(w);
  w.pass(900);
  CHECK(said(w.look({ahead_by(-21, shows({"new"}))})) == "wait 121 untrusting");
  CHECK(said(w.look({ahead_by(-20, shows({"new"}))})) == "safe done");
}

TEST_CASE("a state of an earlier version is read, one that was tampered with is not") {
  World w;
  (void)w.look({kept_for(3600, shows({"old", "new"}))});
  auto with = [&w](std::string_view name, const std::optional<Json>& value) {
    Json place = Json::object({});
    const Json state = memory_json(w.memory);
    for (const JsonMember& member : *state.find("places")->as_array()->front().as_object()) {
      if (member.name != name) place.set(member.name, member.value);
    }
    if (value) place.set(name, *value);
    Json changed = state;
    changed.set("places", Json::Array{place});
    return parse_memory(changed.dump(), w.plan);
  };
  for (std::string_view name : {"max_age", "last_good", "failing_since", "new_skew", "gone_skew"}) {
    INFO(name);
    auto older = with(name, std::nullopt);
    REQUIRE(older.has_value());
    if (name == "max_age") CHECK(older->places.begin()->second.max_age == 0);
    CHECK_FALSE(with(name, Json(true)).has_value());
    CHECK_FALSE(with(name, Json("1")).has_value());
    CHECK_FALSE(with(name, Json(-kMaxDuration - 1)).has_value());
  }
  CHECK_FALSE(with("max_age", Json(-1)).has_value());
  CHECK_FALSE(with("max_age", Json(kMaxDuration + 1)).has_value());
  CHECK(with("new_skew", Json(-1)).has_value());
}

TEST_CASE("signing before the plan's time, with a key that nobody saw published") {
  for (bool looked : {false, true}) {
    World w;
    if (looked) (void)w.look({shows({"old", "new"})});
    Instant seen = w.now;
    w.pass(looked ? 60 : 0);
    CheckResult result = w.look({shows({"old", "new"})}, {token("new", w.now)});
    CHECK(said(result) == "unsafe I1 unknown");
    CHECK(result.next == Step::activate);
    // Whether or not the token is shown again: who holds a copy without the key refuses it.
    w.now = shift(seen, 899);
    CHECK(said(w.look({shows({"old", "new"})})) == "unsafe I1 unknown");
    w.pass(1);
    CHECK(said(w.look({shows({"old", "new"})})) == "wait 900 propagating");
  }
  // From the plan's `activate` on it may have been published in time.
  for (Seconds late : {-1, 0}) {
    World w;
    w.now = shift(w.plan.schedule.activate, late);
    CHECK(said(w.look({shows({"old", "new"})}, {token("new", w.now)})) ==
          (late < 0 ? "unsafe I1 unknown" : "unknown unknown"));
  }
  // What is not known to be by the new key is no sign of it.
  World forged;
  (void)forged.look({shows({"old", "new"})});
  SignerEvidence other = token("new", forged.now);
  other.verified = false;
  CHECK(forged.look({shows({"old", "new"})}, {other}).answer == Answer::unknown);
}

TEST_CASE("signing before the verifiers allow the algorithm") {
  RotationInputs in = base();
  in.variant = Variant::algorithm;
  in.to_alg = "ES256";
  in.old_kid = "old";
  in.new_kid = "new";
  in.verifier_deploy = Given{7200, "flag"};
  World w(in);
  (void)w.look({shows({"old", "new"})});
  w.pass(1800);
  Instant allowed = shift(*w.plan.schedule.allow_list, 7200);
  CHECK(said(w.look({shows({"old", "new"})}, {token("new", w.now)})) == "unsafe I12 unknown");
  w.now = shift(allowed, -1);
  CHECK(w.look({shows({"old", "new"})}).invariant == "I12");
  w.pass(1);
  CHECK(said(w.look({shows({"old", "new"})})) == "wait 900 propagating");
}

TEST_CASE("another key under the new kid is published anew") {
  World w;
  Sample other = shows({"old", "new"});
  other.keys[1].thumbprint = "T-other";
  CHECK(said(w.look({other})) == "unsafe I5 unknown");
  w.pass(1800);
  CHECK(said(w.look({shows({"old", "new"})})) == "wait 1800 propagating");
  w.pass(1800);
  CHECK(w.look({shows({"old", "new"})}).answer == Answer::safe);
  // The plan is made anew for a new key of the same kid: what the other one did does not count.
  World again = switched_world();
  again.pass(86400);
  again.plan.inputs.new_thumbprint = "T-other";
  again.step = Step::retire;
  CHECK(again.look({other}).answer != Answer::safe);
  CHECK_FALSE(again.memory.signs_since.has_value());
  again.step.reset();
  CHECK(said(again.look({other})) == "wait 1800 propagating");
}

TEST_CASE("what other addresses showed says nothing of these") {
  auto at_one = [](std::vector<std::string> kids) {
    Sample sample = shows(std::move(kids));
    sample.route = "192.0.2.1";
    return sample;
  };
  World w;
  (void)w.look({at_one({"old", "new"})});
  w.pass(1799);
  CHECK(said(w.look({at_one({"old", "new"})})) == "wait 1 propagating");
  w.pass(1);
  CheckResult all = w.look({shows({"old", "new"})});
  CHECK(said(all) == "wait 1800 propagating");
  CHECK(std::any_of(all.reasons.begin(), all.reasons.end(), [](const std::string& reason) {
    return reason.find("at other addresses before (--resolve, --any-address)") != std::string::npos;
  }));
  w.pass(1800);
  CHECK(w.look({shows({"old", "new"})}).answer == Answer::safe);
  // A switch that was right there, before the plan's time for it, is no early one here.
  World early;
  early.now = early.plan.inputs.start;
  (void)early.look({at_one({"old", "new"})});
  early.pass(1800);
  (void)early.look({at_one({"old", "new"})}, {token("new", early.now)});
  early.pass(60);
  CHECK(early.look({shows({"old", "new"})}).answer == Answer::wait);
  // Likewise for the old key.
  World gone = switched_world();
  gone.pass(86400);
  (void)gone.look({at_one({"new"})}, {token("new", gone.now)});
  gone.pass(900);
  CHECK(gone.look({shows({"new"})}).answer == Answer::unknown);
  gone.pass(899);
  CHECK(gone.look({shows({"new"})}).answer != Answer::safe);
  gone.pass(1);
  CHECK(gone.look({shows({"new"})}).answer == Answer::safe);
}

TEST_CASE("a plan's own place that was not looked at is named") {
  RotationInputs in = base();
  in.old_kid = "old";
  in.new_kid = "new";
  in.jwks = kOrigin;
  World w(in);
  auto named = [&w](std::string_view url) {
    CheckResult result = w.look({shows({"old"}, url)});
    return std::any_of(result.reasons.begin(), result.reasons.end(), [](const std::string& why) {
      return why == fmt::format("the plan was made for {}, which was not looked at", kOrigin);
    });
  };
  CHECK(named(kCdn));
  w.memory = {};
  CHECK_FALSE(named(kOrigin));
}

TEST_CASE("a cache that shows an old copy keeps others as long") {
  World w;
  Sample stale = shows({"old"});
  stale.max_age = 60;
  stale.age = 50000;
  (void)w.look({stale});
  w.pass(10);
  // 300 s of the plan's layers are 50,000 s.
  CHECK(said(w.look({shows({"old", "new"})})) == "wait 51500 propagating");
  World within;
  stale.age = 300;
  (void)within.look({stale});
  CHECK(said(within.look({shows({"old", "new"})})) == "wait 1800 propagating");
}

TEST_CASE("copies that may serve while the server is in trouble count when it was") {
  auto after = [](bool failed) {
    World w;
    Sample lenient = shows({"old"});
    lenient.max_age = 60;
    lenient.stale_if_error = 86400;
    (void)w.look({lenient});
    if (failed) (void)w.look({fails(ErrorCode::network_dns)});
    return said(w.look({shows({"old", "new"})}));
  };
  CHECK(after(false) == "wait 1800 propagating");
  CHECK(after(true) == "wait 87960 propagating");
}

}  // namespace
}  // namespace jwtctl
