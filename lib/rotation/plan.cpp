// SPDX-License-Identifier: Apache-2.0
#include "lib/rotation/plan.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "lib/crypto/openssl.h"
#include "lib/rotation/phases.h"
#include "lib/rotation/verifiers.h"

namespace jwtctl {
namespace {

constexpr double kMillion = 1e6;

constexpr std::array<std::pair<PhaseId, std::string_view>, 10> kPhaseNames{
    {{PhaseId::generate, "generate"},
     {PhaseId::allow_list, "allow-list"},
     {PhaseId::publish, "publish"},
     {PhaseId::activate, "activate"},
     {PhaseId::fully_active, "fully-active"},
     {PhaseId::last_old_signature, "last-old-signature"},
     {PhaseId::drained, "drained"},
     {PhaseId::retire, "retire"},
     {PhaseId::untrusted, "untrusted"},
     {PhaseId::destroy, "destroy"}}};

/// hashed_id returns the first 12 digits of the SHA-256 of a text.
Result<std::string> hashed_id(std::string_view text) {
  auto digest = sha256(text);
  if (!digest) return fail(std::move(digest).error());
  std::string out;
  for (char c : digest->substr(0, 6)) {
    out += fmt::format("{:02x}", static_cast<unsigned char>(c));
  }
  return out;
}

/// names_of is what the keys are called; where that is not known, when the rotation begins too.
std::string names_of(const RotationInputs& inputs) {
  std::string text = fmt::format("{}\n{}\n{}\n{}", to_string(inputs.variant), inputs.jwks,
                                 inputs.old_kid, inputs.new_kid);
  if (inputs.new_kid.empty()) text += fmt::format("\n{}", inputs.start.seconds);
  return text;
}

/// plan_id tells plans of different keys apart, and is the same for a later plan of the same keys:
/// a calendar then moves its entries.
Result<std::string> plan_id(const RotationInputs& inputs) {
  return hashed_id(
      fmt::format("{}\n{}\n{}", names_of(inputs), inputs.old_thumbprint, inputs.new_thumbprint));
}

Result<void> check_deadline(const RotationPlan& plan) {
  const RotationInputs& inputs = plan.inputs;
  if (!inputs.deadline || inputs.variant == Variant::emergency) return {};
  Instant latest = latest_activation(inputs, plan.bounds, *inputs.deadline);
  Seconds shortfall = seconds_between(latest, plan.schedule.activate);
  if (shortfall <= 0) return {};
  return fail(ErrorCode::usage,
              "too late for a rotation without failures: {} s are missing; publishing at {} leads "
              "to the last old signature at {}, and the deadline is {}",
              shortfall, format_rfc3339(plan.schedule.publish).value_or("?"),
              format_rfc3339(plan.schedule.last).value_or("?"),
              format_rfc3339(*inputs.deadline).value_or("?"))
      .hint("shorten caches or the margin, or see what an emergency costs: --emergency");
}

std::vector<VerifierEnd> verifier_ends(const RotationPlan& plan) {
  const RotationInputs& inputs = plan.inputs;
  const Bounds& bounds = plan.bounds;
  std::vector<VerifierEnd> out;
  if (inputs.variant == Variant::first_key || inputs.variant == Variant::symmetric) return out;
  bool emergency = inputs.variant == Variant::emergency;
  Seconds misses = emergency ? 0 : inputs.missed_refreshes.value;
  for (const VerifierTiming& verifier : inputs.verifiers) {
    VerifierEnd end;
    end.name = verifier.name;
    Seconds own = adding_time(verifier);
    Seconds distrust = add_lengths(distrust_time(verifier, inputs.outage), own * misses);
    Seconds total = add_lengths(bounds.publish_delay + bounds.shared, distrust);
    if (total < kForever) end.untrusted = shift(plan.schedule.retire, total);
    if (emergency && inputs.emergency == EmergencyCase::cold) {
      Seconds blind = verifier.refetches ? verifier.cooldown : own;
      end.rejects_new = bounds.publish_delay + bounds.shared + blind;
    }
    const KnownVerifier* known = find_verifier(verifier.name);
    end.force = known != nullptr ? known->force : "restart it, or what its manual says";
    out.push_back(std::move(end));
  }
  return out;
}

EmergencyCost emergency_cost(const RotationPlan& plan) {
  EmergencyCost cost;
  const RotationInputs& inputs = plan.inputs;
  if (!inputs.issue_rate || inputs.emergency == EmergencyCase::soft) return cost;
  cost.killed = inputs.token_ttl.value * *inputs.issue_rate;
  Seconds spread = std::max<Seconds>(plan.bounds.quick_staleness, 1);
  cost.reissue_peak = (*cost.killed + spread - 1) / spread;
  return cost;
}

std::vector<CanaryOutcome> canary_outcomes(const RotationInputs& inputs) {
  std::vector<CanaryOutcome> out;
  if (!inputs.request_rate || !inputs.unready) return out;
  for (const CanaryStep& step : inputs.canary) {
    CanaryOutcome outcome;
    outcome.step = step;
    outcome.failures = canary_failures(step, *inputs.request_rate, *inputs.unready);
    outcome.bake_for_ten = bake_for(10, step.share, *inputs.request_rate, *inputs.unready);
    out.push_back(outcome);
  }
  return out;
}

}  // namespace

std::string_view to_string(PhaseId id) {
  return std::find_if(kPhaseNames.begin(), kPhaseNames.end(),
                      [id](const auto& row) { return row.first == id; })
      ->second;
}

const Phase* RotationPlan::phase(PhaseId wanted) const {
  auto found = std::find_if(phases.begin(), phases.end(),
                            [wanted](const Phase& phase) { return phase.id == wanted; });
  return found != phases.end() ? &*found : nullptr;
}

bool is_plan_id(const RotationInputs& inputs, std::string_view id) {
  auto same = [id](const Result<std::string>& own) { return own && *own == id; };
  return same(plan_id(inputs)) || same(hashed_id(names_of(inputs)));
}

Instant latest_activation(const RotationInputs& inputs, const Bounds& bounds, Instant deadline) {
  return shift(deadline, -(inputs.signer_rollout.value + bounds.bake));
}

double canary_failures(const CanaryStep& step, Seconds rate, Seconds unready) {
  return static_cast<double>(rate) * (static_cast<double>(step.share) / kMillion) *
         (static_cast<double>(unready) / kMillion) * static_cast<double>(step.bake);
}

Seconds bake_for(double failures, Seconds share, Seconds rate, Seconds unready) {
  double each_second = canary_failures({share, 1}, rate, unready);
  if (each_second <= 0 || failures / each_second > static_cast<double>(kMaxDuration)) {
    return kForever;
  }
  // A little less than the quotient, so that rounding does not add a second.
  return static_cast<Seconds>(std::ceil(failures / each_second - 1e-6));
}

Seconds blind_share(const VerifierTiming& verifier) {
  if (!verifier.refetches) return 1'000'000;
  if (verifier.cache == kForever || verifier.cache <= 0) return 0;
  return std::min<Seconds>(verifier.cooldown * 1'000'000 / verifier.cache, 1'000'000);
}

Result<RotationPlan> make_rotation_plan(RotationInputs inputs, Instant now) {
  if (auto good = check_inputs(inputs); !good) return fail(std::move(good).error());
  RotationPlan plan;
  auto id = plan_id(inputs);
  if (!id) return fail(std::move(id).error());
  plan.id = *std::move(id);
  plan.created = {now.seconds, 0};
  plan.inputs = std::move(inputs);
  plan.bounds = bounds_of(plan.inputs);
  plan.schedule = make_schedule(plan.inputs, plan.bounds);
  if (!format_rfc3339(plan.schedule.destroy)) {
    return fail(ErrorCode::usage, "the rotation would end after the year 9999");
  }
  if (auto good = check_deadline(plan); !good) return fail(std::move(good).error());
  plan.phases = describe_phases(plan.inputs, plan.bounds, plan.schedule);
  plan.invariants = check_schedule(plan.inputs, plan.bounds, plan.schedule);
  plan.keys = keys_listed(plan.inputs, plan.bounds);
  plan.verifiers = verifier_ends(plan);
  plan.canary = canary_outcomes(plan.inputs);
  if (plan.inputs.variant == Variant::emergency) plan.cost = emergency_cost(plan);
  plan.warnings = list_warnings(plan);
  return plan;
}

}  // namespace jwtctl
