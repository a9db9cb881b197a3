// SPDX-License-Identifier: Apache-2.0
#include "lib/rotation/plan_json.h"

namespace jwtctl {
namespace {

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

Json length_json(Seconds length) { return length == kForever ? Json() : Json(length); }

Json given_json(const Given& given) {
  return Json::object({{"value", length_json(given.value)}, {"source", given.source}});
}

Json given_json(const std::optional<Given>& given) { return given ? given_json(*given) : Json(); }

Json epoch_json(const std::optional<Instant>& instant) {
  return instant ? Json(instant->seconds) : Json();
}

Json date_json(const std::optional<Instant>& instant) {
  return instant ? or_null(format_rfc3339(*instant)) : Json();
}

Json text_json(const std::string& text) { return text.empty() ? Json() : Json(text); }

Json verifiers_json(const RotationInputs& inputs) {
  Json list = Json::Array{};
  for (const VerifierTiming& verifier : inputs.verifiers) {
    list.push_back(Json::object({{"name", verifier.name},
                                 {"cache", length_json(verifier.cache)},
                                 {"jitter", verifier.jitter},
                                 {"refetches", verifier.refetches},
                                 {"cooldown", verifier.cooldown},
                                 {"outage", length_json(verifier.outage)},
                                 {"source", verifier.source}}));
  }
  return list;
}

Json canary_json(const RotationInputs& inputs) {
  Json list = Json::Array{};
  for (const CanaryStep& step : inputs.canary) {
    list.push_back(Json::object({{"share_millionths", step.share}, {"bake", step.bake}}));
  }
  return list;
}

Json inputs_json(const RotationInputs& inputs) {
  Json caches = Json::Array{};
  for (const Given& layer : inputs.caches) caches.push_back(given_json(layer));
  Json windows = Json::Array{};
  for (const Window& window : inputs.windows) windows.push_back(window.text);
  return Json::object({{"start", inputs.start.seconds},
                       {"deadline", epoch_json(inputs.deadline)},
                       {"token_ttl", given_json(inputs.token_ttl)},
                       {"skew", given_json(inputs.skew)},
                       {"publish_delay", given_json(inputs.publish_delay)},
                       {"caches", std::move(caches)},
                       {"verifiers", verifiers_json(inputs)},
                       {"missed_refreshes", given_json(inputs.missed_refreshes)},
                       {"stale_if_error", given_json(inputs.outage)},
                       {"signer_rollout", given_json(inputs.signer_rollout)},
                       {"canary", canary_json(inputs)},
                       {"margin", given_json(inputs.margin)},
                       {"margin_percent", given_json(inputs.margin_percent)},
                       {"every", given_json(inputs.every)},
                       {"max_key_age", given_json(inputs.max_key_age)},
                       {"negative_cache", given_json(inputs.negative_cache)},
                       {"verifier_deploy", given_json(inputs.verifier_deploy)},
                       {"allow_list_start", epoch_json(inputs.allow_list_start)},
                       {"windows", std::move(windows)},
                       {"jwks", text_json(inputs.jwks)},
                       {"old_kid", text_json(inputs.old_kid)},
                       {"new_kid", text_json(inputs.new_kid)},
                       {"old_thumbprint", text_json(inputs.old_thumbprint)},
                       {"new_thumbprint", text_json(inputs.new_thumbprint)},
                       {"to_alg", text_json(inputs.to_alg)},
                       {"observed_max_age", or_null(inputs.observed_max_age)},
                       {"set_bytes", or_null(inputs.set_bytes)},
                       {"set_keys", or_null(inputs.set_keys)},
                       {"request_rate", or_null(inputs.request_rate)},
                       {"unready_millionths", or_null(inputs.unready)},
                       {"issue_rate", or_null(inputs.issue_rate)}});
}

Json bounds_json(const Bounds& bounds) {
  return Json::object({{"publish_delay", bounds.publish_delay},
                       {"shared_caches", bounds.shared},
                       {"verifier", bounds.verifier},
                       {"worst_verifier", text_json(bounds.worst_verifier)},
                       {"staleness", bounds.staleness},
                       {"staleness_without_misses", bounds.quick_staleness},
                       {"margin", bounds.margin},
                       {"lead", bounds.lead},
                       {"signature_life", bounds.life},
                       {"canary", bounds.bake},
                       {"tail", bounds.tail},
                       {"outage", length_json(bounds.outage)}});
}

Json phase_json(const Phase& phase) {
  Json json = Json::object({{"id", to_string(phase.id)},
                            {"at", epoch_json(phase.at)},
                            {"at_rfc3339", date_json(phase.at)},
                            {"manual", phase.manual},
                            {"reason", phase.reason},
                            {"action", phase.action}});
  if (phase.earliest) {
    json.set("earliest", epoch_json(phase.earliest));
    json.set("earliest_rfc3339", date_json(phase.earliest));
  }
  if (phase.latest) {
    json.set("latest", epoch_json(phase.latest));
    json.set("latest_rfc3339", date_json(phase.latest));
  }
  Json rollback;
  if (phase.rollback) {
    rollback = Json::object({{"until", epoch_json(phase.rollback->until)},
                             {"until_rfc3339", date_json(phase.rollback->until)},
                             {"action", phase.rollback->action}});
  }
  json.set("rollback", std::move(rollback));
  return json;
}

Json phases_json(const RotationPlan& plan) {
  Json list = Json::Array{};
  for (const Phase& phase : plan.phases) list.push_back(phase_json(phase));
  return list;
}

Json invariants_json(const RotationPlan& plan) {
  Json list = Json::Array{};
  for (const Invariant& invariant : plan.invariants) {
    list.push_back(Json::object({{"id", invariant.id},
                                 {"statement", invariant.statement},
                                 {"holds", invariant.holds},
                                 {"slack", or_null(invariant.slack)}}));
  }
  return list;
}

Json ends_json(const RotationPlan& plan) {
  Json list = Json::Array{};
  for (const VerifierEnd& end : plan.verifiers) {
    list.push_back(Json::object({{"name", end.name},
                                 {"untrusted", epoch_json(end.untrusted)},
                                 {"untrusted_rfc3339", date_json(end.untrusted)},
                                 {"rejects_new", or_null(end.rejects_new)},
                                 {"force", end.force}}));
  }
  return list;
}

Json outcomes_json(const RotationPlan& plan) {
  Json list = Json::Array{};
  for (const CanaryOutcome& outcome : plan.canary) {
    list.push_back(
        Json::object({{"share_millionths", outcome.step.share},
                      {"bake", outcome.step.bake},
                      {"expected_failures", Json::Number{fmt::format("{:.1f}", outcome.failures)}},
                      {"bake_for_ten_failures", length_json(outcome.bake_for_ten)}}));
  }
  return list;
}

}  // namespace

Json plan_json(const RotationPlan& plan) {
  bool emergency = plan.inputs.variant == Variant::emergency;
  Json cost;
  if (plan.cost) {
    cost = Json::object({{"killed_tokens", or_null(plan.cost->killed)},
                         {"reissue_peak", or_null(plan.cost->reissue_peak)}});
  }
  return Json::object(
      {{"schema", "jwtctl.rotate-plan/1"},
       {"id", plan.id},
       {"created", plan.created.seconds},
       {"created_rfc3339", date_json(plan.created)},
       {"variant", to_string(plan.inputs.variant)},
       {"emergency", emergency ? Json(to_string(plan.inputs.emergency)) : Json()},
       {"inputs", inputs_json(plan.inputs)},
       {"bounds", bounds_json(plan.bounds)},
       {"phases", phases_json(plan)},
       {"invariants", invariants_json(plan)},
       {"keys_listed", Json::object({{"min", plan.keys.min},
                                     {"max", plan.keys.max},
                                     {"listed_for", or_null(plan.keys.listed_for)}})},
       {"verifiers", ends_json(plan)},
       {"canary", outcomes_json(plan)},
       {"cost", std::move(cost)},
       {"warnings", Json::strings(plan.warnings)}});
}

}  // namespace jwtctl
