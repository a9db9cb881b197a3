// SPDX-License-Identifier: Apache-2.0
// The worked examples of the timing model, to the second.
#include "lib/rotation/plan.h"

#include <ostream>

#include "lib/rotation/plan_json.h"
#include "tests/unit/rotation/plans.h"

namespace jwtctl {
namespace {

using namespace testing;

constexpr Seconds kDay = 86400;

/// Instants are what the table of an example lists, as time of day or with the date in front.
struct Instants {
  std::string activate, last, drained, retire, untrusted;

  friend bool operator==(const Instants&, const Instants&) = default;
};

std::ostream& operator<<(std::ostream& out, const Instants& i) {
  return out << fmt::format("{{act {}, last {}, drain {}, ret {}, untr {}}}", i.activate, i.last,
                            i.drained, i.retire, i.untrusted);
}

Instants instants_of(const RotationPlan& plan) {
  auto text = [&plan](PhaseId id) {
    std::string full = phase_at(plan, id);
    return full.size() == 20 ? full.substr(5, 14) : full;
  };
  return {text(PhaseId::activate), text(PhaseId::last_old_signature), text(PhaseId::drained),
          text(PhaseId::retire), text(PhaseId::untrusted)};
}

TEST_CASE("V1: the base case") {
  RotationInputs in = base();
  in.every = Given{90 * kDay, "flag"};
  RotationPlan plan = plan_of(in);
  CHECK(plan.bounds.staleness == 900);
  CHECK(plan.bounds.lead == 2100);
  CHECK(plan.bounds.tail == 5220);
  CHECK(plan.keys.listed_for == 7'783'320);
  CHECK(plan.keys.min == 1);
  CHECK(plan.keys.max == 2);
  CHECK(phase_at(plan, PhaseId::publish) == "2026-03-02T09:00:00Z");
  CHECK(instants_of(plan) == Instants{"03-02T09:35:00", "03-02T09:45:00", "03-02T10:47:00",
                                      "03-02T11:02:00", "03-02T11:22:00"});
  CHECK(phase_at(plan, PhaseId::destroy) == "2026-03-02T11:17:00Z");
  for (const Invariant& invariant : plan.invariants) {
    INFO(invariant.id);
    CHECK(invariant.holds);
  }
  CHECK(invariant(plan.invariants, "I1").slack == 900);
  CHECK(invariant(plan.invariants, "I2").slack == 900);
  CHECK(plan.phase(PhaseId::activate)->reason ==
        "publish 2026-03-02T09:00:00Z + publish delay 300 s + staleness 900 s + margin 900 s");
}

TEST_CASE("V2: copies live longer than tokens") {
  RotationInputs in = base();
  in.caches.clear();
  in.verifiers = {verifier(86400)};
  in.signer_rollout = {300, "flag"};
  in.token_ttl = {900, "flag"};
  in.skew = {60, "flag"};
  in.margin = Given{1800, "flag"};
  in.every = Given{30 * kDay, "flag"};
  RotationPlan plan = plan_of(in);
  CHECK(plan.bounds.staleness == 86400);
  CHECK(plan.bounds.lead == 88500);
  CHECK(instants_of(plan) == Instants{"03-03T09:35:00", "03-03T09:40:00", "03-03T09:56:00",
                                      "03-03T10:26:00", "03-04T10:31:00"});
  CHECK(seconds_between(plan.schedule.publish, plan.schedule.activate) == 24 * 3600 + 35 * 60);
  CHECK(seconds_between(plan.schedule.activate, plan.schedule.retire) == 51 * 60);
}

TEST_CASE("V3: tokens live longer than the period") {
  RotationInputs in = base();
  in.caches.clear();
  in.verifiers = {verifier(3600)};
  in.signer_rollout = {300, "flag"};
  in.token_ttl = {30 * kDay, "flag"};
  in.skew = {300, "flag"};
  in.margin = Given{3600, "flag"};
  in.every = Given{7 * kDay, "flag"};
  RotationPlan plan = plan_of(in);
  CHECK(plan.bounds.staleness == 3600);
  CHECK(plan.bounds.lead == 7500);
  CHECK(plan.bounds.tail == 2'596'200);
  CHECK(plan.keys.min == 5);
  CHECK(plan.keys.max == 6);
  CHECK(instants_of(plan) == Instants{"03-02T11:05:00", "03-02T11:10:00", "04-01T11:15:00",
                                      "04-01T12:15:00", "04-01T13:20:00"});
  CHECK_FALSE(invariant(plan.invariants, "I9").holds);
  bool warned = std::any_of(plan.warnings.begin(), plan.warnings.end(), [](const std::string& w) {
    return w.find("(I9)") != std::string::npos;
  });
  CHECK(warned);
}

TEST_CASE("V4: two layers of caches") {
  RotationInputs in = base();
  in.publish_delay = {0, "flag"};
  in.caches = {{600, "flag"}};
  in.verifiers = {verifier(600)};
  in.signer_rollout = {300, "flag"};
  in.skew = {0, "flag"};
  in.margin = Given{0, "flag"};
  RotationPlan plan = plan_of(in);
  CHECK(plan.bounds.staleness == 1200);
  CHECK(plan.bounds.lead == 1200);
  CHECK(instants_of(plan) == Instants{"03-02T09:20:00", "03-02T09:25:00", "03-02T10:25:00",
                                      "03-02T10:25:00", "03-02T10:45:00"});
}

TEST_CASE("V5: .NET, whose refreshes jitter") {
  RotationInputs in = base();
  in.caches.clear();
  in.verifiers = {{"dotnet", 43200, 2160, true, 300, 0, "profile:dotnet"}};
  in.skew = {300, "flag"};
  in.margin = Given{1800, "flag"};
  RotationPlan plan = plan_of(in);
  CHECK(plan.bounds.staleness == 45360);
  CHECK(plan.bounds.lead == 47460);
  CHECK(instants_of(plan) == Instants{"03-02T22:11:00", "03-02T22:21:00", "03-02T23:26:00",
                                      "03-02T23:56:00", "03-03T12:37:00"});
  bool warned = std::any_of(plan.warnings.begin(), plan.warnings.end(), [](const std::string& w) {
    return w.starts_with("dotnet: refreshes in the background");
  });
  CHECK(warned);
}

TEST_CASE("V6: a canary") {
  RotationInputs in = base();
  in.signer_rollout = {300, "flag"};
  in.canary = {{10'000, 1800}, {100'000, 1800}, {500'000, 3600}};
  RotationPlan plan = plan_of(in);
  CHECK(plan.bounds.lead == 2100);
  CHECK(phase_at(plan, PhaseId::fully_active) == "2026-03-02T11:35:00Z");
  CHECK(instants_of(plan) == Instants{"03-02T09:35:00", "03-02T11:40:00", "03-02T12:42:00",
                                      "03-02T12:57:00", "03-02T13:17:00"});
}

TEST_CASE("V7: SPIFFE with three missed refreshes") {
  RotationInputs in = base();
  in.publish_delay = {0, "flag"};
  in.caches.clear();
  in.verifiers = {verifier(300)};
  in.missed_refreshes = {3, "flag"};
  in.signer_rollout = {60, "flag"};
  in.token_ttl = {300, "flag"};
  in.skew = {0, "flag"};
  in.margin = Given{0, "flag"};
  RotationPlan plan = plan_of(in);
  CHECK(plan.bounds.staleness == 1200);
  CHECK(plan.bounds.lead == 1200);
  CHECK(instants_of(plan) == Instants{"03-02T09:20:00", "03-02T09:21:00", "03-02T09:26:00",
                                      "03-02T09:26:00", "03-02T09:46:00"});
}

TEST_CASE("V8: Istio") {
  RotationInputs in = base();
  in.publish_delay = {120, "flag"};
  in.caches.clear();
  in.verifiers = {verifier(1200)};
  in.signer_rollout = {120, "flag"};
  in.skew = {60, "flag"};
  in.margin = Given{600, "flag"};
  RotationPlan plan = plan_of(in);
  CHECK(plan.bounds.lead == 1920);
  CHECK(instants_of(plan) == Instants{"03-02T09:32:00", "03-02T09:34:00", "03-02T10:35:00",
                                      "03-02T10:45:00", "03-02T11:07:00"});
}

TEST_CASE("V9: API Gateway") {
  RotationInputs in = base();
  in.publish_delay = {120, "flag"};
  in.verifiers = {verifier(7200)};
  in.signer_rollout = {120, "flag"};
  in.skew = {0, "flag"};
  in.margin = Given{600, "flag"};
  RotationPlan plan = plan_of(in);
  CHECK(plan.bounds.staleness == 7500);
  CHECK(plan.bounds.lead == 8220);
  CHECK(instants_of(plan) == Instants{"03-02T11:17:00", "03-02T11:19:00", "03-02T12:19:00",
                                      "03-02T12:29:00", "03-02T14:36:00"});
}

TEST_CASE("V10: another algorithm, whose allow-lists take longer than copies live") {
  RotationInputs in = base();
  in.variant = Variant::algorithm;
  in.to_alg = "ES256";
  in.allow_list_start = at("2026-03-03T08:00:00Z");
  in.verifier_deploy = Given{14400, "flag"};
  RotationPlan plan = plan_of(in);
  CHECK(instants_of(plan) == Instants{"03-03T12:15:00", "03-03T12:25:00", "03-03T13:27:00",
                                      "03-03T13:42:00", "03-03T14:02:00"});
  CHECK(plan.phase(PhaseId::activate)->reason ==
        "allow-list 2026-03-03T08:00:00Z + deployment 14400 s + margin 900 s");
  CHECK(invariant(plan.invariants, "I12").slack == 900);
  in.allow_list_start = at("2026-03-02T00:00:00Z");
  CHECK(phase_at(plan_of(in), PhaseId::activate) == "2026-03-02T09:35:00Z");
}

TEST_CASE("V11: a shared secret") {
  RotationInputs in = base();
  in.variant = Variant::symmetric;
  in.verifier_deploy = Given{172800, "flag"};
  in.signer_rollout = {1800, "flag"};
  in.token_ttl = {43200, "flag"};
  in.skew = {300, "flag"};
  in.margin = Given{21600, "flag"};
  RotationPlan plan = plan_of(in);
  CHECK(plan.bounds.staleness == 0);
  CHECK(plan.bounds.lead == 194400);
  CHECK(instants_of(plan) == Instants{"03-04T15:00:00", "03-04T15:30:00", "03-05T03:35:00",
                                      "03-05T09:35:00", "03-07T09:35:00"});
}

TEST_CASE("V12: the first key") {
  RotationInputs in;
  in.variant = Variant::first_key;
  in.start = at("2026-03-02T09:00:00Z");
  in.publish_delay = {300, "flag"};
  in.negative_cache = {300, "flag"};
  in.margin = Given{60, "flag"};
  RotationPlan plan = plan_of(in);
  CHECK(plan.bounds.lead == 660);
  CHECK(phase_at(plan, PhaseId::activate) == "2026-03-02T09:11:00Z");
  CHECK(phase_at(plan, PhaseId::retire) == "no phase");
  in.caches = {{120, "flag"}};  // a shared layer may keep the 404
  CHECK(phase_at(plan_of(in), PhaseId::activate) == "2026-03-02T09:13:00Z");
}

TEST_CASE("V13, V14: a deadline, and one that cannot be met") {
  RotationInputs in = base();
  in.start = at("2026-06-29T23:15:00Z");
  in.deadline = at("2026-06-30T00:00:00Z");
  RotationPlan plan = plan_of(in);
  CHECK(shown(plan.phase(PhaseId::activate)->latest) == "2026-06-29T23:50:00Z");
  CHECK(shown(plan.phase(PhaseId::publish)->latest) == "2026-06-29T23:15:00Z");
  in.start = at("2026-06-29T23:15:01Z");
  CHECK(refusal_of(in).message.find("too late for a rotation without failures: 1 s are missing") ==
        0);
  in.start = at("2026-06-29T23:20:00Z");
  Error error = refusal_of(in);
  CHECK(error.code == ErrorCode::usage);
  CHECK(error.message.find("300 s are missing") != std::string::npos);
  CHECK(error.hint.find("--emergency") != std::string::npos);
  in.start = at("2026-07-01T00:00:00Z");
  CHECK(refusal_of(in).message.find("too late") == 0);
}

TEST_CASE("how many keys are listed at once") {
  RotationInputs in = base();
  Bounds bounds;
  auto listed = [&](Seconds lead, Seconds every, Seconds tail) {
    bounds.lead = lead;
    bounds.tail = tail;
    in.every = Given{every, "flag"};
    return keys_listed(in, bounds);
  };
  CHECK(listed(0, 6 * 3600, kDay).max == 5);                // Dex
  CHECK(listed(kDay, kDay, kDay).max == 3);                 // Vault
  CHECK(listed(8 * 3600, 12 * 3600, 28 * 3600).max == 4);   // SPIRE
  CHECK(listed(14 * kDay, 76 * kDay, 14 * kDay).min == 1);  // Duende
  CHECK(listed(14 * kDay, 76 * kDay, 14 * kDay).max == 2);
  CHECK(listed(31 * kDay, 31 * kDay, 92 * kDay).min == 4);  // Zitadel's example
  CHECK(listed(31 * kDay, 31 * kDay, 92 * kDay).max == 5);
  bounds.lead = 2100;
  bounds.tail = 5220;
  CHECK(least_period(bounds, 2) == 7320);
  CHECK(least_period(bounds, 3) == 3660);
  CHECK(listed(2100, 7320, 5220).max == 2);
  CHECK(listed(2100, 7319, 5220).max == 3);
}

TEST_CASE("the margin is a tenth of delay and staleness, and at least 300 s") {
  RotationInputs in = base();
  in.margin.reset();
  CHECK(bounds_of(in).margin == 300);  // a tenth of 1200
  in.verifiers = {verifier(86400)};
  CHECK(bounds_of(in).margin == 8700);  // of 300 + 300 + 86400
  in.margin_percent = {20, "flag"};
  CHECK(bounds_of(in).margin == 17400);
  in.margin = Given{0, "flag"};
  CHECK(bounds_of(in).margin == 0);
}

TEST_CASE("the start is rounded up to a whole second") {
  RotationInputs in = base();
  in.start.nanos = 1;
  CHECK(phase_at(plan_of(in), PhaseId::publish) == "2026-03-02T09:00:01Z");
}

TEST_CASE("the id of a plan is that of its keys") {
  RotationInputs in = base();
  in.old_kid = "a";
  in.new_kid = "b";
  std::string id = plan_of(in).id;
  CHECK(id.size() == 12);
  in.start = shift(in.start, 3600);
  CHECK(plan_of(in).id == id);
  // Two issuers may call their keys the same.
  RotationInputs other = in;
  other.old_thumbprint = "T-other";
  CHECK(plan_of(other).id != id);
  other = in;
  other.new_thumbprint = "T-other";
  CHECK(plan_of(other).id != id);
  in.new_kid = "c";
  CHECK(plan_of(in).id != id);
}

TEST_CASE("a plan keeps the id that its file has, if it is one of its own") {
  RotationInputs in = base();
  in.old_kid = "a";
  in.new_kid = "b";
  in.jwks = "https://id.example.com/jwks";
  in.old_thumbprint = "T-old";
  Json document = plan_json(plan_of(in));
  auto id_after = [&document](std::string_view id) {
    document.set("id", Json(id));
    auto plan = parse_plan(document);
    return plan ? plan->id : plan.error().message;
  };
  CHECK(id_after(plan_of(in).id) == plan_of(in).id);
  // printf 'rotation\nhttps://id.example.com/jwks\na\nb' | sha256sum
  CHECK(id_after("e35d601e02bb") == "e35d601e02bb");
  CHECK(id_after("000000000000").find("was it edited?") != std::string::npos);
}

}  // namespace
}  // namespace jwtctl
