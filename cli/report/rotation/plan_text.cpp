// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "cli/report/rotation/rotation.h"
#include "lib/base/text.h"

namespace jwtctl::cli {
namespace {

std::string show(const std::optional<Instant>& instant, const View& view) {
  if (!instant) return "never by itself";
  Seconds offset = view.offset != nullptr ? view.offset(*instant) : 0;
  return format_rfc3339(*instant, offset).value_or("beyond the calendar");
}

std::string show_length(Seconds length) {
  if (length == kForever) return "without end";
  if (length < 60) return fmt::format("{} s", length);
  return fmt::format("{} s ({})", length, format_duration(length));
}

void add_phase(const Phase& phase, const View& view, std::string& out) {
  out += fmt::format("{} {:<19} {}\n", phase.manual ? "*" : " ", to_string(phase.id),
                     show(phase.at, view));
  out += fmt::format("    {}\n", escape_text(phase.action));
  out += fmt::format("    why: {}\n", escape_text(phase.reason));
  if (phase.latest) out += fmt::format("    at the latest {}\n", show(phase.latest, view));
  if (!phase.rollback) return;
  std::string until =
      phase.rollback->until ? fmt::format("until {}", show(phase.rollback->until, view)) : "always";
  out += fmt::format("    back, {}: {}\n", until, escape_text(phase.rollback->action));
}

void add_invariants(const RotationPlan& plan, std::string& out) {
  out += "\nINVARIANTS\n";
  for (const Invariant& invariant : plan.invariants) {
    std::string slack;
    if (invariant.slack) {
      slack = fmt::format("slack {}{}", *invariant.slack, invariant.id == "I9" ? " keys" : " s");
    }
    out += fmt::format("  {}  {:<3} {}{}{}\n", invariant.holds ? "PASS" : "FAIL", invariant.id,
                       invariant.statement, slack.empty() ? "" : ", ", slack);
  }
}

void add_bounds(const RotationPlan& plan, std::string& out) {
  const Bounds& b = plan.bounds;
  bool first = plan.inputs.variant == Variant::first_key;
  out += "\nBOUNDS\n";
  auto row = [&out](std::string_view name, Seconds value, std::string_view why) {
    out += fmt::format("  {:<15} {:<24} {}\n", name, show_length(value), why);
  };
  if (!first && plan.inputs.variant != Variant::symmetric) {
    bool emergency = plan.inputs.variant == Variant::emergency;
    Seconds misses = emergency ? 0 : plan.inputs.missed_refreshes.value;
    row("staleness", emergency ? b.quick_staleness : b.staleness,
        fmt::format("caches {} + {} {} x (1 + {} missed)", b.shared,
                    b.worst_verifier.empty() ? "verifier" : b.worst_verifier, b.verifier, misses));
  }
  if (first) row("staleness", b.staleness, "copies of a missing or empty set");
  row("lead", b.lead, "from publishing to signing");
  if (first) return;
  row("signature life", b.life, "token life + skew");
  row("tail", b.tail, "from activation to retirement");
  row("margin", b.margin, "");
  out += fmt::format("  keys listed     {} to {} at once\n", plan.keys.min, plan.keys.max);
}

void add_given(std::string_view name, const Given& given, std::string& out) {
  out += fmt::format("  {:<24} {:<24} {}\n", name, show_length(given.value),
                     escape_text(given.source));
}

void add_inputs(const RotationPlan& plan, std::string& out) {
  const RotationInputs& in = plan.inputs;
  out += "\nINPUTS\n";
  if (in.variant == Variant::first_key) {
    add_given("--negative-cache", in.negative_cache, out);
  } else {
    add_given("--token-ttl", in.token_ttl, out);
    add_given("--skew", in.skew, out);
    add_given("--signer-rollout", in.signer_rollout, out);
  }
  if (in.variant != Variant::symmetric) add_given("--publish-delay", in.publish_delay, out);
  for (const Given& layer : in.caches) add_given("--cache", layer, out);
  for (const VerifierTiming& verifier : in.verifiers) {
    Given given{verifier.cache, verifier.source};
    add_given(fmt::format("--verifier {}", verifier.name), given, out);
    if (verifier.jitter > 0) add_given("  jitter", {verifier.jitter, verifier.source}, out);
    Given trust = in.outage ? *in.outage : Given{verifier.outage, verifier.source};
    if (trust.value > 0) add_given("  trusts in an outage", trust, out);
  }
  if (!in.verifiers.empty()) {
    out += fmt::format("  {:<24} {:<24} {}\n", "--missed-refreshes", in.missed_refreshes.value,
                       in.missed_refreshes.source);
  }
  if (in.margin) add_given("--margin", *in.margin, out);
  if (in.verifier_deploy) add_given("--verifier-deploy", *in.verifier_deploy, out);
  if (in.every) add_given("--every", *in.every, out);
  for (const CanaryStep& step : in.canary) {
    add_given(fmt::format("--canary {}", show_share(step.share)), {step.bake, "flag"}, out);
  }
  for (const Window& window : in.windows) {
    out += fmt::format("  --window                 {}\n", escape_text(window.text));
  }
}

void add_ends(const RotationPlan& plan, const View& view, std::string& out) {
  if (plan.verifiers.empty()) return;
  out += "\nWHEN THE OLD KEY IS NO LONGER TRUSTED\n";
  for (const VerifierEnd& end : plan.verifiers) {
    out += fmt::format("  {:<18} {}", end.name, show(end.untrusted, view));
    if (end.rejects_new) {
      out += fmt::format("; may reject new tokens for {}", show_length(*end.rejects_new));
    }
    out += fmt::format("\n    to force it: {}\n", end.force);
  }
}

void add_outcomes(const RotationPlan& plan, std::string& out) {
  if (plan.cost && plan.cost->killed) {
    out += fmt::format(
        "\nCOST\n  tokens that die   at most {}\n  issued again      up to {} more a "
        "second\n",
        *plan.cost->killed, plan.cost->reissue_peak.value_or(0));
  }
  if (plan.canary.empty()) return;
  out += "\nCANARY\n";
  for (const CanaryOutcome& outcome : plan.canary) {
    std::string least = outcome.bake_for_ten == kForever
                            ? "no time shows ten"
                            : fmt::format("ten take {} s", outcome.bake_for_ten);
    out += fmt::format("  {:<8} for {} s: {:.1f} failures expected; {}\n",
                       show_share(outcome.step.share), outcome.step.bake, outcome.failures, least);
  }
}

}  // namespace

std::string plan_text(const RotationPlan& plan, const View& view) {
  std::string out = fmt::format("PLAN {}: {}\n", plan.id, plan_heading(plan));
  if (view.now_given) out += fmt::format("planned as of {} (--now)\n", show(view.now, view));
  out += "steps with * are done by somebody, the others come by themselves\n\n";
  for (const Phase& phase : plan.phases) add_phase(phase, view, out);
  add_bounds(plan, out);
  add_invariants(plan, out);
  add_inputs(plan, out);
  add_ends(plan, view, out);
  add_outcomes(plan, out);
  if (!plan.warnings.empty()) out += "\n";
  for (const std::string& warning : plan.warnings) {
    out += fmt::format("warning: {}\n", escape_text(warning));
  }
  return out;
}

std::string verifiers_text(std::span<const KnownVerifier> verifiers) {
  auto length = [](Seconds seconds) {
    return seconds == kForever ? std::string("ever") : format_duration(seconds);
  };
  std::string out;
  for (const KnownVerifier& v : verifiers) {
    out += fmt::format("{:<18} {}\n", v.name, v.title);
    out += fmt::format("    keeps a set for {}{}{}\n", length(v.cache),
                       v.jitter > 0 ? fmt::format(", and up to {} more", length(v.jitter)) : "",
                       v.follows_max_age ? ", or as long as the server says" : "");
    std::string refetch = v.refetch == Refetch::never     ? "is rejected until the next refresh"
                          : v.refetch == Refetch::at_once ? "makes it fetch"
                                                          : "makes it fetch in the background";
    if (v.cooldown > 0) refetch += fmt::format(", not more often than each {}", length(v.cooldown));
    out += fmt::format("    an unknown kid {}\n", refetch);
    out += v.outage > 0
               ? fmt::format("    in an outage it trusts old keys for {}\n", length(v.outage))
               : "    in an outage it rejects everything\n";
    if (!v.size_limit.empty()) out += fmt::format("    takes or keeps at most {}\n", v.size_limit);
    if (!v.remark.empty()) out += fmt::format("    {}\n", v.remark);
    out += fmt::format("    to force it: {}\n    source: {}\n", v.force, v.source);
  }
  return out;
}

std::string verifiers_json(std::span<const KnownVerifier> verifiers) {
  auto length = [](Seconds seconds) { return seconds == kForever ? Json() : Json(seconds); };
  auto text = [](std::string_view value) { return value.empty() ? Json() : Json(value); };
  Json list = Json::Array{};
  for (const KnownVerifier& v : verifiers) {
    std::string_view refetch = v.refetch == Refetch::never     ? "never"
                               : v.refetch == Refetch::at_once ? "at-once"
                                                               : "later";
    list.push_back(Json::object({{"name", v.name},
                                 {"title", v.title},
                                 {"cache", length(v.cache)},
                                 {"jitter", v.jitter},
                                 {"follows_max_age", v.follows_max_age},
                                 {"refetch", refetch},
                                 {"cooldown", v.cooldown},
                                 {"outage", length(v.outage)},
                                 {"size_limit", text(v.size_limit)},
                                 {"force", v.force},
                                 {"remark", text(v.remark)},
                                 {"source", v.source}}));
  }
  return Json::object({{"schema", "jwtctl.rotate-verifiers/1"}, {"verifiers", std::move(list)}})
             .dump(2) +
         "\n";
}

}  // namespace jwtctl::cli
