// SPDX-License-Identifier: Apache-2.0
// What breaks when a schedule is not the planned one, and what an emergency costs.
#include "lib/rotation/verifiers.h"
#include "tests/unit/rotation/plans.h"

namespace jwtctl {
namespace {

using namespace testing;

std::vector<Invariant> judged(const RotationPlan& plan, const Schedule& schedule) {
  return check_schedule(plan.inputs, plan.bounds, schedule);
}

TEST_CASE("X1: signing at publication breaks I1 for delay and staleness") {
  RotationPlan plan = plan_of(base());
  Schedule early = plan.schedule;
  early.activate = early.publish;
  auto found = judged(plan, early);
  CHECK_FALSE(invariant(found, "I1").holds);
  CHECK(invariant(found, "I1").slack == -1200);
  CHECK_FALSE(invariant(found, "I3").holds);
  VerifierTiming asks = verifier(600);
  asks.refetches = true;
  asks.cooldown = 30;
  CHECK(blind_share(asks) == 50'000);  // 5 %
  CHECK(blind_share(verifier(600)) == 1'000'000);
}

TEST_CASE("X2: retiring early breaks I2 by what is left of the tokens") {
  RotationInputs in = base();
  in.skew = {0, "flag"};
  in.signer_rollout = {0, "flag"};
  RotationPlan plan = plan_of(in);
  Schedule early = plan.schedule;
  early.retire = shift(early.activate, 600);
  const Invariant broken = invariant(judged(plan, early), "I2");
  CHECK_FALSE(broken.holds);
  REQUIRE(broken.slack.has_value());
  CHECK(-*broken.slack * 200 == 600'000);
  early.retire = shift(early.activate, 3600);
  CHECK(invariant(judged(plan, early), "I2").holds);
  early.retire = shift(early.activate, 3599);
  CHECK_FALSE(invariant(judged(plan, early), "I2").holds);
}

TEST_CASE("X3: waiting one token life after publication retires before activation") {
  RotationInputs in = base();
  in.caches.clear();
  in.verifiers = {verifier(86400)};
  in.token_ttl = {900, "flag"};
  RotationPlan plan = plan_of(in);
  Schedule early = plan.schedule;
  early.retire = shift(early.publish, in.token_ttl.value);
  CHECK(shown(early.retire) == "2026-03-02T09:15:00Z");
  CHECK_FALSE(invariant(judged(plan, early), "I3").holds);
}

RotationInputs emergency() {
  RotationInputs in = base();
  in.variant = Variant::emergency;
  in.start = at("2026-03-02T13:37:00Z");
  in.publish_delay = {120, "flag"};
  in.issue_rate = 200;
  return in;
}

TEST_CASE("X4: an emergency") {
  RotationPlan plan = plan_of(emergency());
  CHECK(plan.bounds.quick_staleness == 900);
  CHECK(phase_at(plan, PhaseId::activate) == "2026-03-02T13:37:00Z");
  CHECK(phase_at(plan, PhaseId::retire) == "2026-03-02T13:37:00Z");
  CHECK(phase_at(plan, PhaseId::untrusted) == "2026-03-02T13:54:00Z");
  REQUIRE(plan.cost.has_value());
  CHECK(plan.cost->killed == 720'000);
  CHECK(plan.cost->reissue_peak == 800);
  REQUIRE(plan.verifiers.size() == 1);
  CHECK(shown(plan.verifiers[0].untrusted) == "2026-03-02T13:54:00Z");
  CHECK(plan.verifiers[0].rejects_new == 120 + 900);

  RotationInputs in = emergency();
  in.verifiers.push_back(*verifier_timing("go-oidc", {}));
  plan = plan_of(in);
  CHECK(phase_at(plan, PhaseId::untrusted) == "never");
  REQUIRE(plan.verifiers.size() == 2);
  CHECK(shown(plan.verifiers[0].untrusted) == "2026-03-02T13:54:00Z");
  CHECK(shown(plan.verifiers[1].untrusted) == "never");
  CHECK(plan.verifiers[1].force == "restart it");
  CHECK(plan.verifiers[1].rejects_new == 120 + 300);
}

TEST_CASE("an emergency with a standby key fails no new token, a suspicion no old one") {
  RotationInputs in = emergency();
  in.emergency = EmergencyCase::standby;
  RotationPlan plan = plan_of(in);
  CHECK(phase_at(plan, PhaseId::publish) == "no phase");
  CHECK(phase_at(plan, PhaseId::activate) == "2026-03-02T13:37:00Z");
  CHECK_FALSE(plan.verifiers[0].rejects_new.has_value());
  CHECK(plan.cost->killed == 720'000);

  in.emergency = EmergencyCase::soft;
  plan = plan_of(in);
  CHECK(phase_at(plan, PhaseId::activate) == "2026-03-02T13:54:00Z");   // + 120 + 900
  CHECK(phase_at(plan, PhaseId::retire) == "2026-03-02T15:06:00Z");     // + 600 + 3600 + 120
  CHECK(phase_at(plan, PhaseId::untrusted) == "2026-03-02T15:23:00Z");  // + 120 + 900
  CHECK_FALSE(plan.cost->killed.has_value());
  CHECK(invariant(plan.invariants, "I1").holds);
  CHECK(invariant(plan.invariants, "I2").holds);
}

TEST_CASE("X5: going back keeps the new key listed") {
  RotationPlan plan = plan_of(base());
  CHECK(shown(keep_new_until(plan.inputs, at("2026-03-02T09:55:00Z"))) == "2026-03-02T11:07:00Z");
  CHECK(plan.phase(PhaseId::activate)->rollback->action.find("4320 s") != std::string::npos);
}

TEST_CASE("X6: what a canary can show") {
  CHECK(canary_failures({10'000, 300}, 500, 20'000) == Approx(30));
  CHECK(bake_for(10, 10'000, 500, 20'000) == 100);
  CHECK(bake_for(10, 10'000, 501, 20'000) == 100);
  CHECK(bake_for(10, 10'000, 499, 20'000) == 101);
  CHECK(bake_for(10, 10'000, 0, 20'000) == kForever);
}

TEST_CASE("X9: skew moves retirement alone, and what cannot be is refused") {
  RotationInputs in = base();
  in.skew = {0, "flag"};
  RotationPlan without = plan_of(in);
  in.skew = {300, "flag"};
  RotationPlan with = plan_of(in);
  CHECK(with.schedule.activate == without.schedule.activate);
  CHECK(seconds_between(without.schedule.retire, with.schedule.retire) == 300);

  auto refused = [](auto change) {
    RotationInputs changed = base();
    change(changed);
    return refusal_of(changed).code == ErrorCode::usage;
  };
  CHECK(refused([](RotationInputs& i) { i.skew.value = -1; }));
  CHECK(refused([](RotationInputs& i) { i.margin->value = -1; }));
  CHECK(refused([](RotationInputs& i) { i.token_ttl.value = 0; }));
  CHECK(refused([](RotationInputs& i) { i.every = Given{0, "flag"}; }));
  CHECK(refused([](RotationInputs& i) { i.every = Given{-1, "flag"}; }));
  CHECK(refused([](RotationInputs& i) { i.outage = Given{-1, "flag"}; }));
  CHECK(refused([](RotationInputs& i) { i.verifiers[0].outage = -1; }));
  CHECK(refused([](RotationInputs& i) { i.verifiers.clear(); }));
  CHECK(refused([](RotationInputs& i) { i.missed_refreshes.value = 101; }));
  CHECK(refused([](RotationInputs& i) { i.caches[0].value = kMaxDuration + 1; }));
  CHECK(refused([](RotationInputs& i) { i.canary = {{500'000, 60}, {500'000, 60}}; }));
  CHECK(refused([](RotationInputs& i) { i.canary = {{1'000'000, 60}}; }));
  CHECK(refused([](RotationInputs& i) { i.old_kid = i.new_kid = "same"; }));

  in.outage = Given{kForever, "flag"};
  CHECK(phase_at(plan_of(in), PhaseId::untrusted) == "never");
  in.outage = Given{600, "flag"};
  CHECK(phase_at(plan_of(in), PhaseId::untrusted) == "2026-03-02T11:35:00Z");
  in.verifiers.push_back(*verifier_timing("go-oidc", {}));  // keeps keys whatever is said
  CHECK(phase_at(plan_of(in), PhaseId::untrusted) == "never");
}

TEST_CASE("X10, I5: one kid for one key") {
  RotationInputs in = base();
  in.old_kid = "a";
  in.new_kid = "b";
  in.old_thumbprint = in.new_thumbprint = "same";
  CHECK_FALSE(invariant(plan_of(in).invariants, "I5").holds);
  in.new_thumbprint = "other";
  CHECK(invariant(plan_of(in).invariants, "I5").holds);
}

TEST_CASE("known verifiers") {
  CHECK(known_verifiers().size() >= 20);
  for (const KnownVerifier& known : known_verifiers()) {
    INFO(known.name);
    CHECK(find_verifier(known.name) == &known);
    CHECK_FALSE(known.title.empty());
    CHECK_FALSE(known.force.empty());
    CHECK_FALSE(known.source.empty());
    // What keeps a key for ever must ask for another one, or it would never see one.
    if (known.cache == kForever) CHECK(known.refetch == Refetch::at_once);
    if (known.cache == kForever) CHECK(known.outage == kForever);
    CHECK(verifier_timing(known.name, {}).has_value());
  }
  auto set = verifier_timing("go-oidc@ttl=10m", {});
  REQUIRE(set.has_value());
  CHECK(set->cache == 600);
  CHECK(set->outage == 0);
  CHECK(set->source == "flag");
  CHECK(verifier_timing("jwx", 7200)->cache == 7200);
  CHECK(verifier_timing("jwx", 7200)->source == "observed:max-age");
  CHECK(verifier_timing("jwx", 60)->cache == 900);
  CHECK(verifier_timing("envoy", 7200)->cache == 600);
  auto unknown = verifier_timing("envoi", {});
  REQUIRE_FALSE(unknown.has_value());
  CHECK(unknown.error().message == "unknown verifier \"envoi\"");
  CHECK(unknown.error().hint.find("did you mean envoy?") == 0);
  CHECK_FALSE(verifier_timing("envoy@x=1", {}).has_value());
  CHECK_FALSE(verifier_timing("envoy@ttl=", {}).has_value());
  CHECK_FALSE(verifier_timing("envoy@ttl=-1", {}).has_value());
}

}  // namespace
}  // namespace jwtctl
