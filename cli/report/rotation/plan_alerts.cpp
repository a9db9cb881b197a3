// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "cli/report/rotation/rotation.h"
#include "lib/base/text.h"

namespace jwtctl::cli {
namespace {

/// quoted writes a string of PromQL and, being JSON, of YAML.
std::string quoted(const std::string& text) { return Json(text).dump(); }

/// literal keeps Prometheus from reading a template in what comes from outside.
std::string literal(std::string_view text) {
  std::string out;
  for (char c : escape_text(text)) {
    if (c == '{') {
      out += "{{\"{\"}}";
    } else {
      out += c;
    }
  }
  return out;
}

/// Rules collects alerts.
class Rules {
 public:
  explicit Rules(std::string plan) : plan_(std::move(plan)) {}

  void add(std::string_view name, const std::string& expression, std::string_view wait,
           std::string_view severity, const std::string& summary) {
    out_ += fmt::format("      - alert: {}\n        expr: {}\n        for: {}\n", name,
                        quoted(expression), wait);
    out_ += fmt::format("        labels:\n          severity: {}\n          plan: {}\n", severity,
                        quoted(plan_));
    out_ += fmt::format("        annotations:\n          summary: {}\n", quoted(summary));
  }
  std::string take() { return std::move(out_); }

 private:
  std::string plan_;
  std::string out_;
};

std::string matcher(const RotationPlan& plan, std::string_view more) {
  return fmt::format("{{plan={}{}{}}}", quoted(plan.id), more.empty() ? "" : ",", more);
}

void add_presence(const RotationPlan& plan, const std::string& kid, Instant from,
                  std::optional<Instant> to, std::string_view name, Rules& rules) {
  if (kid.empty()) return;
  std::string expression =
      fmt::format("min(jwtctl_jwks_key_present{}) == 0 and on() vector(time()) > {}",
                  matcher(plan, fmt::format("kid={}", quoted(kid))), from.seconds);
  if (to) expression += fmt::format(" and on() vector(time()) < {}", to->seconds);
  rules.add(name, expression, "1m", "critical",
            fmt::format("a replica does not list the key {}, which it must", literal(kid)));
}

}  // namespace

std::string plan_alerts(const RotationPlan& plan) {
  const Schedule& s = plan.schedule;
  const RotationInputs& in = plan.inputs;
  Rules rules(plan.id);
  rules.add("JwtctlRotationUnsafe",
            fmt::format("jwtctl_rotation_answer{} == 1", matcher(plan, "answer=\"unsafe\"")), "0m",
            "critical", "rotate-plan check says UNSAFE: tokens may be failing");
  rules.add("JwtctlRotationUnknown",
            fmt::format("jwtctl_rotation_answer{} == 1", matcher(plan, "answer=\"unknown\"")),
            "15m", "warning", "replicas disagree or cannot be asked");
  rules.add(
      "JwtctlRotationNotChecked",
      fmt::format("time() - jwtctl_rotation_checked_timestamp_seconds{} > 3600", matcher(plan, "")),
      "5m", "warning", "rotate-plan check did not run for an hour");
  rules.add("JwtctlJwksMaxAgeGrew",
            fmt::format("jwtctl_jwks_max_age_seconds{} > {}", matcher(plan, ""),
                        std::max(plan.bounds.shared, in.observed_max_age.value_or(0))),
            "1m", "warning", "the set may be kept for longer than the plan reckons with");
  Instant propagated = shift(s.publish, plan.bounds.publish_delay);
  bool cold = in.variant == Variant::emergency && in.emergency != EmergencyCase::soft;
  add_presence(plan, in.new_kid, propagated, std::nullopt, "JwtctlNewKeyMissing", rules);
  if (!cold && in.variant != Variant::first_key) {
    add_presence(plan, in.old_kid, s.generate, s.retire, "JwtctlOldKeyMissing", rules);
  }
  if (in.variant != Variant::first_key && !in.old_kid.empty()) {
    rules.add("JwtctlOldKeyStillListed",
              fmt::format("max(jwtctl_jwks_key_present{}) == 1 and on() vector(time()) > {}",
                          matcher(plan, fmt::format("kid={}", quoted(in.old_kid))),
                          shift(s.retire, cold ? plan.bounds.publish_delay : 86400).seconds),
              "1m", cold ? "critical" : "warning", "the old key should be out of the set by now");
  }
  Seconds most = in.max_key_age.value / 10 * 9;
  rules.add("JwtctlSigningKeyOld",
            fmt::format("vector(time()) - {} > {}", s.activate.seconds, most), "1h", "warning",
            "the key that this rotation activated is near its largest age: plan the next one");
  return fmt::format("# {}\ngroups:\n  - name: {}\n    rules:\n{}", plan_heading(plan),
                     quoted(fmt::format("jwtctl-rotation-{}", plan.id)), rules.take());
}

}  // namespace jwtctl::cli
