// SPDX-License-Identifier: Apache-2.0
// Plans, followed in a simulated world: none loses a token, and none could be shorter. A larger
// count of runs: JWTCTL_SIMULATION_RUNS.
#include <algorithm>
#include <cstdlib>

#include "tests/unit/rotation/plans.h"
#include "tests/unit/rotation/simulator.h"

namespace jwtctl {
namespace {

using namespace testing;

constexpr std::uint64_t kSeed = 20260302;

int runs() {
  const char* asked = std::getenv("JWTCTL_SIMULATION_RUNS");
  int count = asked != nullptr ? std::atoi(asked) : 0;
  return count > 0 ? count : 10'000;
}

std::string describe(const RotationInputs& in) {
  std::string out =
      fmt::format("L {} S {} Dp {} m {} Rs {}", in.token_ttl.value, in.skew.value,
                  in.publish_delay.value, in.missed_refreshes.value, in.signer_rollout.value);
  for (const Given& layer : in.caches) out += fmt::format(" C {}", layer.value);
  for (const VerifierTiming& v : in.verifiers) {
    out += fmt::format(" Cv {} J {} U {} K {}", v.cache, v.jitter, v.refetches, v.cooldown);
  }
  return out;
}

/// decisive says that the worst verifier only refreshes by the clock: others may do better than
/// their bound.
bool decisive(const RotationInputs& in) {
  auto worst = std::max_element(in.verifiers.begin(), in.verifiers.end(),
                                [](const VerifierTiming& a, const VerifierTiming& b) {
                                  return adding_time(a) < adding_time(b);
                                });
  return !worst->refetches;
}

TEST_CASE("no plan that is followed loses a token", "[slow]") {
  Random random(kSeed);
  int total = runs();
  int lost = 0;
  for (int i = 0; i < total && lost == 0; ++i) {
    RotationInputs in = random_inputs(random);
    RotationPlan plan = plan_of(in);
    Losses losses = simulate(in, plan.schedule, i % 2 == 0 ? Aim::worst : Aim::chance, random);
    lost += losses.all();
    if (losses.all() == 0) continue;
    INFO("run " << i << ": " << describe(in));
    CHECK(losses.fresh == 0);
    CHECK(losses.old == 0);
  }
  CHECK(lost == 0);
}

TEST_CASE("activation cannot be earlier than the bound") {
  Random random(kSeed + 1);
  int tried = 0;
  int kept = 0;
  for (int i = 0; i < runs() / 10; ++i) {
    RotationInputs in = random_inputs(random);
    if (!decisive(in)) continue;
    RotationPlan plan = plan_of(in);
    Schedule early = plan.schedule;
    early.activate = shift(early.activate, -(plan.bounds.margin + 1));
    if (early.activate <= early.publish) continue;
    ++tried;
    if (simulate(in, early, Aim::worst, random).fresh == 0) ++kept;
  }
  CHECK(tried > 100);
  CHECK(kept == 0);
}

TEST_CASE("retirement cannot be earlier than the bound") {
  Random random(kSeed + 2);
  int tried = 0;
  int kept = 0;
  for (int i = 0; i < runs() / 10; ++i) {
    RotationInputs in = random_inputs(random);
    RotationPlan plan = plan_of(in);
    Schedule early = plan.schedule;
    // One second for the last acceptance, and one for each copy on the way to be made.
    Seconds way = 2 + static_cast<Seconds>(in.caches.size());
    early.retire = shift(early.retire, -(plan.bounds.margin + way));
    ++tried;
    if (simulate(in, early, Aim::worst, random).old == 0) ++kept;
  }
  CHECK(tried > 100);
  CHECK(kept == 0);
}

/// Forgetting changes what a plan reckons with; the world stays as it is.
using Forgetting = void (*)(RotationInputs& in);

/// losses_of counts over many worlds how often a plan that forgets something loses a token.
Losses losses_of(Forgetting forget, std::uint64_t seed) {
  Random random(seed);
  Losses out;
  for (int i = 0; i < 300; ++i) {
    RotationInputs truth = random_inputs(random);
    truth.margin = Given{0, "flag"};
    RotationInputs believed = truth;
    forget(believed);
    RotationPlan plan = plan_of(believed);
    Losses losses = simulate(truth, plan.schedule, Aim::worst, random);
    out.fresh += losses.fresh;
    out.old += losses.old;
  }
  return out;
}

TEST_CASE("the simulator finds a bound that is broken on purpose", "[slow]") {
  auto nothing = [](RotationInputs&) {};
  CHECK(losses_of(nothing, kSeed + 3).all() == 0);
  CHECK(losses_of([](RotationInputs& in) { in.publish_delay.value = 0; }, kSeed + 4).fresh > 0);
  CHECK(losses_of([](RotationInputs& in) { in.caches.clear(); }, kSeed + 5).fresh > 0);
  CHECK(losses_of([](RotationInputs& in) { in.missed_refreshes.value = 0; }, kSeed + 6).fresh > 0);
  CHECK(losses_of([](RotationInputs& in) { in.verifiers.resize(1); }, kSeed + 7).fresh > 0);
  CHECK(losses_of(
            [](RotationInputs& in) {
              for (VerifierTiming& verifier : in.verifiers) verifier.jitter = 0;
            },
            kSeed + 8)
            .fresh > 0);
  CHECK(losses_of(
            [](RotationInputs& in) {
              for (VerifierTiming& verifier : in.verifiers) verifier.cooldown = 0;
            },
            kSeed + 9)
            .fresh > 0);
  CHECK(losses_of([](RotationInputs& in) { in.skew.value = 0; }, kSeed + 10).old > 0);
  CHECK(losses_of([](RotationInputs& in) { in.token_ttl.value /= 2; }, kSeed + 11).old > 0);
  CHECK(losses_of([](RotationInputs& in) { in.signer_rollout.value = 0; }, kSeed + 12).old > 0);
  CHECK(losses_of([](RotationInputs& in) { in.canary.clear(); }, kSeed + 13).old > 0);
}

}  // namespace
}  // namespace jwtctl
