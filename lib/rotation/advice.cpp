// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "lib/base/shown.h"
#include "lib/base/text.h"
#include "lib/rotation/phases.h"
#include "lib/rotation/verifiers.h"

namespace jwtctl {
namespace {

constexpr Seconds kMostMisses = 100;
constexpr Seconds kMillion = 1'000'000;
constexpr Seconds kMostEachSecond = 1'000'000'000;

bool is_length(const Given& given) { return given.value >= 0 && given.value <= kMaxDuration; }

Result<void> check_lengths(const RotationInputs& inputs) {
  std::vector<std::pair<std::string_view, Given>> lengths{
      {"--token-ttl", inputs.token_ttl},         {"--skew", inputs.skew},
      {"--publish-delay", inputs.publish_delay}, {"--signer-rollout", inputs.signer_rollout},
      {"--max-key-age", inputs.max_key_age},     {"--negative-cache", inputs.negative_cache}};
  for (const Given& layer : inputs.caches) lengths.emplace_back("--cache", layer);
  if (inputs.outage && inputs.outage->value != kForever) {
    lengths.emplace_back("--stale-if-error", *inputs.outage);
  }
  if (inputs.margin) lengths.emplace_back("--margin", *inputs.margin);
  if (inputs.every) lengths.emplace_back("--every", *inputs.every);
  if (inputs.verifier_deploy) lengths.emplace_back("--verifier-deploy", *inputs.verifier_deploy);
  for (const VerifierTiming& verifier : inputs.verifiers) {
    if (verifier.cache != kForever) {
      lengths.emplace_back("--verifier", Given{verifier.cache, verifier.source});
    }
    lengths.emplace_back("--cache-jitter", Given{verifier.jitter, verifier.source});
    lengths.emplace_back("--verifier", Given{verifier.cooldown, verifier.source});
    if (verifier.outage != kForever) {
      lengths.emplace_back("--verifier", Given{verifier.outage, verifier.source});
    }
  }
  for (const CanaryStep& step : inputs.canary)
    lengths.emplace_back("--canary", Given{step.bake, {}});
  for (const auto& [name, given] : lengths) {
    if (is_length(given)) continue;
    return fail(ErrorCode::usage, "{}: {} s is no length from 0 s to a century", name, given.value);
  }
  return {};
}

Result<void> check_numbers(const RotationInputs& inputs) {
  Seconds misses = inputs.missed_refreshes.value;
  if (misses < 0 || misses > kMostMisses) {
    return fail(ErrorCode::usage, "--missed-refreshes: {} is not a number from 0 to {}", misses,
                kMostMisses);
  }
  if (inputs.margin_percent.value < 0 || inputs.margin_percent.value > 1000) {
    return fail(ErrorCode::usage, "--margin: {} % is not from 0 % to 1000 %",
                inputs.margin_percent.value);
  }
  Seconds before = 0;
  for (const CanaryStep& step : inputs.canary) {
    if (step.share > before && step.share < kMillion) {
      before = step.share;
      continue;
    }
    return fail(ErrorCode::usage,
                "--canary: each share must be larger than the one before, and "
                "smaller than 100%");
  }
  if (inputs.unready && (*inputs.unready < 0 || *inputs.unready > kMillion)) {
    return fail(ErrorCode::usage, "--unready-fraction must be from 0 % to 100 %");
  }
  for (const std::optional<Seconds>& rate : {inputs.request_rate, inputs.issue_rate}) {
    if (!rate || (*rate >= 0 && *rate <= kMostEachSecond)) continue;
    return fail(ErrorCode::usage, "{} a second is not from 0 to {}", *rate, kMostEachSecond);
  }
  for (const std::optional<Instant>& at :
       {std::optional(inputs.start), inputs.deadline, inputs.allow_list_start}) {
    if (at && !format_rfc3339(*at)) {
      return fail(ErrorCode::usage, "a time is outside of the years 0 to 9999");
    }
  }
  return {};
}

/// check_needed says what a variant cannot do without.
Result<void> check_needed(const RotationInputs& inputs) {
  bool first = inputs.variant == Variant::first_key;
  bool symmetric = inputs.variant == Variant::symmetric;
  if (inputs.token_ttl.value == 0 && !first) {
    return fail(ErrorCode::usage, "--token-ttl is missing, or zero")
        .hint(
            "the longest exp - iat of anything that the key signs: access, ID, refresh and "
            "logout tokens");
  }
  if (inputs.every && inputs.every->value == 0) {
    return fail(ErrorCode::usage, "--every must be longer than zero");
  }
  if (inputs.verifiers.empty() && !first && !symmetric) {
    return fail(ErrorCode::usage, "nothing says how long verifiers keep keys")
        .hint("name them: --verifier envoy (see --list-verifiers), or --verifier-cache DUR");
  }
  if (symmetric && !inputs.verifier_deploy) {
    return fail(ErrorCode::usage, "--symmetric needs --verifier-deploy")
        .hint("the time until the last verifier has a new secret");
  }
  if (inputs.variant == Variant::algorithm && !inputs.verifier_deploy) {
    return fail(ErrorCode::usage, "--to-alg needs --verifier-deploy")
        .hint("the time until the last verifier allows the new algorithm; 0 if all do");
  }
  if (!inputs.new_kid.empty() && inputs.new_kid == inputs.old_kid) {
    return fail(ErrorCode::usage, "the new key has the kid of the old one, {}",
                quote_argument(inputs.new_kid, ShownAs::text))
        .hint("a kid names one key for ever: who has cached the old one rejects good tokens");
  }
  return {};
}

void warn_of_verifiers(const RotationPlan& plan, std::vector<std::string>& out) {
  constexpr Seconds kSmallCache = 5;
  for (const VerifierTiming& verifier : plan.inputs.verifiers) {
    const KnownVerifier* known = find_verifier(verifier.name);
    if (known == nullptr) continue;
    if (known->refetch == Refetch::later) {
      out.push_back(fmt::format("{}: {}", known->name, known->remark));
    }
    if (known->size_limit == "5 keys" && plan.keys.max > kSmallCache) {
      out.push_back(
          fmt::format("{} keeps 5 keys, and up to {} are listed: it will fetch for "
                      "every other token",
                      known->name, plan.keys.max));
    }
    if (plan.inputs.to_alg.empty() || takes_algorithm(*known, plan.inputs.to_alg)) continue;
    out.push_back(known->allow.empty() ? fmt::format("{} {}, so it will not take {}", known->name,
                                                     known->remark, plan.inputs.to_alg)
                                       : fmt::format("{}: set {}, to allow {}", known->name,
                                                     known->allow, plan.inputs.to_alg));
  }
  for (const VerifierTiming& verifier : plan.inputs.verifiers) {
    if (verifier.cache != kForever || plan.inputs.variant == Variant::symmetric) continue;
    out.push_back(
        fmt::format("{} asks for the set when it meets an unknown kid, and not before: "
                    "if that fails at activation, tokens do, however long was waited",
                    verifier.name));
  }
  if (!plan.schedule.untrusted && plan.inputs.variant != Variant::first_key) {
    out.push_back(
        fmt::format("{} trusts a removed key until it is made to forget it: removal is "
                    "no revocation there",
                    plan.bounds.outage_verifier));
  }
}

void warn_of_periods(const RotationPlan& plan, std::vector<std::string>& out) {
  const RotationInputs& inputs = plan.inputs;
  if (!inputs.every) return;
  if (plan.bounds.staleness > inputs.every->value) {
    out.push_back(
        fmt::format("copies live for {} s, longer than the {} s between two rotations: a "
                    "key can come and go unseen",
                    plan.bounds.staleness, inputs.every->value));
  }
  if (plan.keys.max > 2) {
    out.push_back(
        fmt::format("up to {} keys are listed at once; with --every {}s or more there "
                    "are at most 2",
                    plan.keys.max, least_period(plan.bounds, 2)));
  }
  if (plan.keys.max > 5) {
    out.push_back("more than 5 keys are more than some verifiers keep (I9)");
  }
}

void warn_of_set(const RotationPlan& plan, std::vector<std::string>& out) {
  const RotationInputs& inputs = plan.inputs;
  constexpr Seconds kLargeSet = 40'000;
  if (inputs.set_bytes && *inputs.set_bytes > kLargeSet) {
    out.push_back(fmt::format("the set has {} bytes; Nimbus takes 51,200", *inputs.set_bytes));
  }
  if (inputs.set_keys && *inputs.set_keys >= 5) {
    out.push_back(
        fmt::format("the set lists {} keys already; some verifiers keep 5", *inputs.set_keys));
  }
  Seconds layers = plan.bounds.shared;
  if (inputs.observed_max_age && *inputs.observed_max_age > layers && layers > 0) {
    out.push_back(fmt::format("the set is served with max-age {} s, more than the {} s of --cache",
                              *inputs.observed_max_age, layers));
  }
}

}  // namespace

Result<void> check_inputs(const RotationInputs& inputs) {
  if (auto good = check_lengths(inputs); !good) return good;
  if (auto good = check_numbers(inputs); !good) return good;
  return check_needed(inputs);
}

std::vector<std::string> list_warnings(const RotationPlan& plan) {
  std::vector<std::string> out;
  warn_of_verifiers(plan, out);
  warn_of_periods(plan, out);
  warn_of_set(plan, out);
  if (plan.inputs.variant == Variant::symmetric) {
    out.push_back("who can verify with a shared secret can sign with it too");
  }
  if (plan.inputs.variant == Variant::emergency && plan.inputs.emergency != EmergencyCase::soft) {
    out.push_back("good tokens by the old key die: that they do not (I2) is given up on purpose");
  }
  if (plan.inputs.variant == Variant::emergency) {
    out.push_back(
        "whoever has the old key chooses exp: only the end of trust bounds the damage, "
        "not the life of tokens");
  }
  return out;
}

}  // namespace jwtctl
