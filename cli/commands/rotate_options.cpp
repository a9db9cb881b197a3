// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/rotate_inputs.h"
#include "cli/key_inputs.h"
#include "lib/base/shown.h"
#include "lib/base/text.h"

namespace jwtctl::cli {
namespace {

constexpr std::int64_t kMillion = 1'000'000;
constexpr std::uint64_t kMostPerSecond = 1'000'000'000;

/// parse_share reads `10%`, `0.5%` or `0.05` as millionths.
Result<Seconds> parse_share(std::string_view text) {
  auto bad = [text] {
    return fail(ErrorCode::usage, "{} is not a share", quote_argument(text))
        .hint("write 10%, 0.5% or 0.005");
  };
  bool percent = text.ends_with('%');
  std::string_view number = percent ? text.substr(0, text.size() - 1) : text;
  std::size_t point = number.find('.');
  std::string_view whole = number.substr(0, point);
  std::string_view fraction = point == std::string_view::npos ? "" : number.substr(point + 1);
  std::size_t most = percent ? 4 : 6;
  bool shaped = !whole.empty() && whole.size() <= 3 && fraction.size() <= most &&
                (point == std::string_view::npos || !fraction.empty());
  if (!shaped || number.find_first_not_of("0123456789.") != std::string_view::npos ||
      fraction.find('.') != std::string_view::npos) {
    return bad();
  }
  auto value = parse_number<Seconds>(fmt::format("{}{:0<{}}", whole, fraction, most), 0, kMillion);
  return value ? Result<Seconds>(*value) : bad();
}

Result<void> parse_canary(const std::string& text, std::vector<CanaryStep>& steps) {
  for (std::string_view part : split(text, ',')) {
    std::size_t colon = part.find(':');
    if (colon == std::string_view::npos) {
      return fail(ErrorCode::usage, "{} is no step of a canary", quote_argument(part))
          .hint("write 10%:30m,50%:1h");
    }
    auto share = parse_share(part.substr(0, colon));
    if (!share) return fail(std::move(share).error());
    auto bake = parse_duration(part.substr(colon + 1));
    if (!bake) return fail(std::move(bake).error());
    steps.push_back({*share, *bake});
    if (steps.size() > 20) return fail(ErrorCode::usage, "a canary has at most 20 steps");
  }
  return {};
}

constexpr std::string_view kFlag = "flag";

/// margin takes a length, or a share of what it is the margin of.
Assign margin(RotationInputs& inputs) {
  return [&inputs](const std::string& value) -> Result<void> {
    if (!value.ends_with('%')) {
      auto length = parse_duration(value);
      if (!length) return fail(std::move(length).error());
      inputs.margin = Given{*length, std::string(kFlag)};
      return {};
    }
    auto percent = parse_in({0, 1000}, value.substr(0, value.size() - 1));
    if (!percent) return fail(std::move(percent).error());
    inputs.margin_percent = Given{static_cast<Seconds>(*percent), std::string(kFlag)};
    return {};
  };
}

Assign outage(RotationInputs& inputs) {
  return [&inputs](const std::string& value) -> Result<void> {
    auto length = value == "inf" ? Result<Seconds>(kForever) : parse_duration(value);
    if (!length) return fail(std::move(length).error());
    inputs.outage = Given{*length, std::string(kFlag)};
    return {};
  };
}

/// from_flag notes where a length comes from once an option has said it.
void from_flag(OptionBuilder option, Given& target) {
  option.then([&target] { target.source = kFlag; });
}

void declare_keys_of_rotation(Spec& spec, PlanOptions& options) {
  spec.group("Keys");
  spec.option("--jwks", "SPEC|URL", options.jwks, "the key set as it is published now")
      .file()
      .common()
      .details("With a URL, how long the set may be kept is taken from the answer.");
  spec.option("--old-kid", "KID", options.old_kid, "the key that goes; without it the only one");
  spec.option("--new-kid", "KID", options.new_kid, "the key that comes");
  spec.option("--new-key", "SPEC", options.new_key, "the new key itself")
      .file()
      .details("Of a private key the public half is used, and nothing else is ever written.");
  declare_passphrase(spec, options.passphrase, "passphrase of an encrypted --new-key");
}

void declare_verifiers(Spec& spec, PlanOptions& options) {
  spec.group("How long things take");
  spec.durations("--token-ttl", options.token_ttls,
                 "longest exp - iat of what the key signs; the largest counts")
      .common();
  spec.list("--verifier", "VERIFIER", options.verifiers, "a verifier whose habits are known")
      .common()
      .details(
          "`NAME`, or `NAME@ttl=DUR` where it is set otherwise; `--list-verifiers` lists them.");
  spec.duration("--verifier-cache", options.verifier_cache,
                "longest time between two refreshes of another verifier");
  spec.duration("--cache-jitter", options.cache_jitter, "what chance adds to that");
  spec.durations("--cache", options.caches,
                 "longest time that a layer in between keeps a copy; one each");
}

void declare_lengths(Spec& spec, RotationInputs& inputs) {
  from_flag(spec.duration("--publish-delay", inputs.publish_delay.value,
                          "until every replica has a new set (default {default})"),
            inputs.publish_delay);
  from_flag(spec.number("--missed-refreshes", "N", inputs.missed_refreshes.value, {0, 100},
                        "failed refreshes in a row to survive (default {default})"),
            inputs.missed_refreshes);
  spec.option("--stale-if-error", "DUR", "how long verifiers trust old keys in an outage",
              outage(inputs))
      .details("`inf` is for ever. Without it what is known of each verifier.");
  from_flag(spec.duration("--skew", inputs.skew.value,
                          "leeway and clock errors together (default {default})"),
            inputs.skew);
  from_flag(spec.duration("--signer-rollout", inputs.signer_rollout.value,
                          "from the first to the last signer switched (default {default})"),
            inputs.signer_rollout);
  spec.option("--canary", "STEPS", "shares of new tokens, and how long each bakes",
              [&inputs](const std::string& value) {
                inputs.canary.clear();
                return parse_canary(value, inputs.canary);
              })
      .details("Such as `10%:30m,50%:1h`.");
  spec.option("--margin", "MARGIN",
              fmt::format("safety margin (default {}%, at least {})", inputs.margin_percent.value,
                          plain_duration(kLeastMargin)),
              margin(inputs))
      .details(fmt::format(
          "A length, or a share of publish delay and staleness together, which is never below {}.",
          plain_duration(kLeastMargin)));
}

void declare_times(Spec& spec, PlanOptions& options) {
  spec.group("When");
  spec.option("--start", "TIME", options.start, "publish then at the earliest (default now)")
      .common();
  spec.option("--deadline", "TIME", options.deadline, "from when on the old key must not sign");
  spec.list("--window", "WINDOW", options.windows, "when people may act; anything else is put off")
      .details("Such as `\"Mon-Thu 09:00-16:00 Europe/Berlin\"`. Several are allowed.");
  spec.option("--tz", "ZONE", options.zone, "zone of times that are given without an offset");
  spec.duration("--every", options.every, "time from one rotation to the next");
  from_flag(spec.duration("--max-key-age", options.inputs.max_key_age.value,
                          "how long a key may sign (default {default})"),
            options.inputs.max_key_age);
}

void declare_variants(Spec& spec, PlanOptions& options) {
  RotationInputs& inputs = options.inputs;
  spec.group("Other plans");
  spec.flag("--emergency", options.emergency, "the old key is known to others: out with it now")
      .details("If the set lists the new key already it takes over at once.");
  spec.flag("--standby", options.standby, "emergency: the new key has been listed for long enough");
  spec.flag("--soft", options.soft, "emergency: a suspicion; good tokens are let expire");
  spec.number("--issue-rate", "N", inputs.issue_rate, {0, kMostPerSecond},
              "emergency: tokens issued a second");
  spec.option("--to-alg", "ALG", "go over to another algorithm",
              [&options](const std::string& value) -> Result<void> {
                if (find_algorithm(value) == nullptr) {
                  return fail(ErrorCode::usage, "there is no algorithm {}", quote_argument(value));
                }
                options.to_alg = value;
                return {};
              });
  spec.duration("--verifier-deploy", options.verifier_deploy,
                "until the last verifier has a new configuration");
  spec.option("--allow-list-start", "TIME", options.allow_list_start,
              "when verifiers begin to allow --to-alg (default: publish)");
  spec.flag("--symmetric", options.symmetric, "a shared secret, which is deployed to verifiers");
  spec.flag("--first-key", options.first_key, "there is no key yet");
  from_flag(spec.duration("--negative-cache", inputs.negative_cache.value,
                          fmt::format("how long a missing set may be remembered (default {})",
                                      inputs.negative_cache.value)),
            inputs.negative_cache);
  spec.number("--request-rate", "N", inputs.request_rate, {0, kMostPerSecond},
              "canary: requests a second");
  spec.option("--unready-fraction", "SHARE", "canary: share of verifiers without the new key",
              [&inputs](const std::string& value) -> Result<void> {
                auto share = parse_share(value);
                if (!share) return fail(std::move(share).error());
                inputs.unready = *share;
                return {};
              });
}

}  // namespace

void declare_plan_options(Spec& spec, PlanOptions& options) {
  declare_keys_of_rotation(spec, options);
  declare_verifiers(spec, options);
  declare_lengths(spec, options.inputs);
  declare_times(spec, options);
  declare_variants(spec, options);
  declare_asking(spec, options.network);
}

}  // namespace jwtctl::cli
