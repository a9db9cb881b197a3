// SPDX-License-Identifier: Apache-2.0
// Words that several reports about a plan share.
#include "cli/report/rotation/rotation.h"
#include "lib/base/text.h"

namespace jwtctl::cli {
namespace {

/// Command collects the options of a command line.
class Command {
 public:
  void add(std::string_view option, const Given& given) {
    if (given.source == "flag") add(option, length(given.value));
  }
  void add(std::string_view option, const std::optional<Given>& given) {
    if (given) add(option, *given);
  }
  void add(std::string_view option, const std::string& value) {
    text_ += fmt::format(" {} {}", option, shell_word(value));
  }
  void add(std::string_view option, const std::optional<Instant>& instant) {
    if (instant) add(option, show_instant(*instant));
  }
  void add_name(std::string_view option, const std::string& value) {
    if (!value.empty()) add(option, value);
  }
  void flag(std::string_view option) { text_ += fmt::format(" {}", option); }

  static std::string length(Seconds seconds) {
    return seconds == kForever ? "inf" : fmt::format("{}s", seconds);
  }
  std::string text() const { return text_; }

 private:
  std::string text_ = "jwtctl rotate-plan";
};

void add_variant(const RotationInputs& inputs, Command& command) {
  switch (inputs.variant) {
    case Variant::rotation: break;
    case Variant::emergency:
      command.flag("--emergency");
      if (inputs.emergency != EmergencyCase::cold) {
        command.flag(fmt::format("--{}", to_string(inputs.emergency)));
      }
      break;
    case Variant::algorithm: command.add("--to-alg", inputs.to_alg); break;
    case Variant::first_key: command.flag("--first-key"); break;
    case Variant::symmetric: command.flag("--symmetric"); break;
  }
}

void add_verifiers(const RotationInputs& inputs, Command& command) {
  for (const VerifierTiming& verifier : inputs.verifiers) {
    bool known = find_verifier(verifier.name) != nullptr;
    if (!known) {
      command.add("--verifier-cache", Command::length(verifier.cache));
    } else if (verifier.source == "flag") {
      command.add("--verifier",
                  fmt::format("{}@ttl={}", verifier.name, Command::length(verifier.cache)));
    } else {
      command.add("--verifier", verifier.name);
    }
  }
}

}  // namespace

std::string show_instant(const std::optional<Instant>& instant) {
  if (!instant) return "never by itself";
  return format_rfc3339(*instant).value_or("beyond the calendar");
}

std::string show_share(std::int64_t millionths) {
  std::string text = fmt::format("{}.{:04}", millionths / 10'000, millionths % 10'000);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text + " %";
}

std::string shell_word(std::string_view text) {
  constexpr std::string_view kPlain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_@%+=:,./-";
  bool plain = !text.empty() && text.find_first_not_of(kPlain) == std::string_view::npos;
  if (plain) return std::string(text);
  std::string out = "'";
  for (char c : text) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      out += c;
    }
  }
  return escape_text(out) + "'";
}

std::string plan_heading(const RotationPlan& plan) {
  const RotationInputs& in = plan.inputs;
  std::string from = in.old_kid.empty() ? "" : fmt::format(" from \"{}\"", in.old_kid);
  std::string to = in.new_kid.empty() ? "" : fmt::format(" to \"{}\"", in.new_kid);
  std::string what;
  switch (in.variant) {
    case Variant::rotation: what = "rotation of the signing key"; break;
    case Variant::emergency:
      what = fmt::format("emergency replacement ({})", to_string(in.emergency));
      break;
    case Variant::algorithm: what = fmt::format("migration to {}", in.to_alg); break;
    case Variant::first_key: what = "first signing key"; break;
    case Variant::symmetric: what = "rotation of a shared secret"; break;
  }
  return escape_text(fmt::format("{}{}{}", what, from, to));
}

std::string plan_command(const RotationPlan& plan) {
  const RotationInputs& in = plan.inputs;
  Command command;
  add_variant(in, command);
  command.add_name("--jwks", in.jwks);
  command.add_name("--old-kid", in.old_kid);
  command.add_name("--new-kid", in.new_kid);
  command.add("--token-ttl", in.token_ttl);
  add_verifiers(in, command);
  for (const Given& layer : in.caches) command.add("--cache", layer);
  command.add("--publish-delay", in.publish_delay);
  if (in.missed_refreshes.source == "flag") {
    command.add("--missed-refreshes", fmt::format("{}", in.missed_refreshes.value));
  }
  command.add("--stale-if-error", in.outage);
  command.add("--skew", in.skew);
  command.add("--signer-rollout", in.signer_rollout);
  std::string steps;
  for (const CanaryStep& step : in.canary) {
    std::string share = show_share(step.share);
    share.erase(share.find(' '), 1);
    steps += fmt::format("{}{}:{}s", steps.empty() ? "" : ",", share, step.bake);
  }
  command.add_name("--canary", steps);
  command.add("--margin", in.margin);
  if (!in.margin && in.margin_percent.source == "flag") {
    command.add("--margin", fmt::format("{}%", in.margin_percent.value));
  }
  command.add("--every", in.every);
  command.add("--max-key-age", in.max_key_age);
  command.add("--negative-cache", in.negative_cache);
  command.add("--verifier-deploy", in.verifier_deploy);
  command.add("--allow-list-start", in.allow_list_start);
  command.add("--start", std::optional(in.start));
  command.add("--deadline", in.deadline);
  for (const Window& window : in.windows) command.add("--window", window.text);
  return command.text();
}

}  // namespace jwtctl::cli
