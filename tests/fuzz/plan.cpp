// SPDX-License-Identifier: Apache-2.0
// A plan is written and read again as the same plan. Input that begins with a brace is the file of
// a plan; of anything else the octets choose the inputs of one.
#include "lib/rotation/plan.h"

#include <algorithm>
#include <array>

#include "lib/base/text.h"
#include "lib/rotation/plan_json.h"
#include "tests/fuzz/targets.h"

namespace jwtctl::fuzz {
namespace {

/// Choices takes decisions out of the input; behind its end all are 0.
class Choices {
 public:
  explicit Choices(std::string_view input) : rest_(input) {}

  std::uint8_t octet() {
    if (rest_.empty()) return 0;
    auto value = static_cast<std::uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    return value;
  }

  bool flag() { return octet() % 2 == 1; }

  /// length is a number of any size, small ones more often.
  Seconds length() {
    Seconds value = octet();
    std::uint8_t more = octet();
    if (more % 4 == 0) value *= 60;
    if (more % 16 == 1) value *= 86400;
    if (more == 255) value = kMaxDuration + static_cast<Seconds>(octet()) - 128;
    if (more == 254) value = kForever;
    if (more == 253) value = -value;
    return value;
  }

  Given given() { return {length(), flag() ? "flag" : "default"}; }

  std::optional<Given> maybe_given() { return flag() ? std::optional(given()) : std::nullopt; }
  std::optional<Seconds> maybe() { return flag() ? std::optional(length()) : std::nullopt; }

  std::string text() {
    std::string value(rest_.substr(0, octet() % 8));
    rest_.remove_prefix(std::min(rest_.size(), value.size()));
    return is_utf8(value) ? value : "kid";
  }

 private:
  std::string_view rest_;
};

void choose_lists(Choices& choices, RotationInputs& inputs) {
  for (int i = choices.octet() % 4; i > 0; --i) inputs.caches.push_back(choices.given());
  for (int i = choices.octet() % 4; i > 0; --i) {
    VerifierTiming verifier{choices.text(), choices.length(), choices.length(),
                            choices.flag(), choices.length(), choices.length(),
                            "flag"};
    // No option makes one that never asks, and no plan is read that has one.
    if (verifier.cache == kForever) verifier.refetches = true;
    inputs.verifiers.push_back(std::move(verifier));
  }
  for (int i = choices.octet() % 3; i > 0; --i) {
    inputs.canary.push_back({choices.octet() * 4000, choices.length()});
  }
}

RotationInputs choose_inputs(Choices& choices) {
  constexpr std::array kVariants{Variant::rotation, Variant::emergency, Variant::algorithm,
                                 Variant::first_key, Variant::symmetric};
  constexpr std::array kCases{EmergencyCase::standby, EmergencyCase::cold, EmergencyCase::soft};
  RotationInputs inputs;
  inputs.variant = kVariants[choices.octet() % kVariants.size()];
  inputs.emergency = kCases[choices.octet() % kCases.size()];
  inputs.start = shift({1'795'000'000, 0}, choices.length());
  if (choices.flag()) inputs.deadline = shift(inputs.start, choices.length());
  inputs.token_ttl = choices.given();
  choose_lists(choices, inputs);
  inputs.old_kid = choices.text();
  inputs.new_kid = choices.text();
  inputs.to_alg = choices.flag() ? "ES256" : "";
  if (choices.flag()) {
    inputs.skew = choices.given();
    inputs.publish_delay = choices.given();
    inputs.missed_refreshes = choices.given();
    inputs.signer_rollout = choices.given();
    inputs.margin_percent = choices.given();
    inputs.max_key_age = choices.given();
    inputs.negative_cache = choices.given();
  }
  inputs.outage = choices.maybe_given();
  inputs.margin = choices.maybe_given();
  inputs.every = choices.maybe_given();
  inputs.verifier_deploy = choices.maybe_given();
  if (choices.flag()) inputs.allow_list_start = shift(inputs.start, -choices.length());
  inputs.observed_max_age = choices.maybe();
  inputs.set_bytes = choices.maybe();
  inputs.set_keys = choices.maybe();
  inputs.request_rate = choices.maybe();
  inputs.unready = choices.maybe();
  inputs.issue_rate = choices.maybe();
  return inputs;
}

void check_order(const RotationPlan& plan) {
  const Schedule& s = plan.schedule;
  must(s.publish <= s.activate && s.activate <= s.full && s.full <= s.last && s.last <= s.drained,
       "the phases follow each other");
  must(s.retire <= s.destroy, "a key is destroyed behind its retirement");
}

void check_round_trip(const RotationPlan& plan) {
  check_order(plan);
  std::string text = plan_json(plan).dump(2);
  auto document = parse_json(text, "the plan");
  must(document.has_value(), "a plan that was written is JSON");
  auto again = parse_plan(*document);
  must(again.has_value(), "a plan that was written can be read");
  must(plan_json(*again).dump(2) == text, "it is the same plan");
}

}  // namespace

void plan(std::string_view input) {
  if (input.starts_with('{')) {
    JsonReading reading = read_json(input);
    if (!reading.value || reading.fault) return;
    auto plan = parse_plan(*reading.value);
    if (plan) check_round_trip(*plan);
    return;
  }
  Choices choices(input);
  RotationInputs inputs = choose_inputs(choices);
  Instant now = inputs.start;
  auto plan = make_rotation_plan(std::move(inputs), now);
  if (plan) check_round_trip(*plan);
}

}  // namespace jwtctl::fuzz
