// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "cli/report/rotation/rotation.h"
#include "lib/base/text.h"

namespace jwtctl::cli {
namespace {

/// cell makes untrusted text one that stays in its cell and is no markup (CommonMark section 2.4):
/// no tag, entity, emphasis, code, link, and no address that becomes a link by itself.
std::string cell(std::string_view text) {
  constexpr std::string_view kMarks = "\\`*_{}[]<>#|~&!$@";
  std::string safe = escape_text(text);
  std::string out;
  for (std::size_t i = 0; i < safe.size(); ++i) {
    std::string_view rest = std::string_view(safe).substr(i);
    bool address = rest.starts_with("://") ||
                   (rest[0] == '.' && i >= 3 && equals_ignoring_case(safe.substr(i - 3, 3), "www"));
    if (address || kMarks.find(rest[0]) != kMarks.npos) out += '\\';
    out += rest[0];
  }
  return out;
}

/// code makes untrusted text a code span (section 6.1 there), where a backslash escapes nothing:
/// its fence is longer than any row of backticks inside.
std::string code(std::string_view text) {
  std::string safe = escape_text(text);
  std::size_t longest = 0;
  std::size_t row = 0;
  for (char c : safe) {
    row = c == '`' ? row + 1 : 0;
    longest = std::max(longest, row);
  }
  std::string fence(longest + 1, '`');
  bool blank = longest > 0 || safe.starts_with(' ') || safe.ends_with(' ');
  return fmt::format("{0}{1}{2}{1}{0}", fence, blank ? " " : "", safe);
}

/// Runbook writes the document part by part.
class Runbook {
 public:
  Runbook(const RotationPlan& plan, Kit kit) : plan_(plan), in_(plan.inputs), kit_(kit) {}

  std::string run() {
    add_head();
    add_timeline();
    add_before();
    int number = 0;
    for (const Phase& phase : plan_.phases) {
      if (phase.manual) add_step(phase, ++number);
    }
    add_verifiers();
    add_numbers();
    return std::move(out_);
  }

 private:
  bool symmetric() const { return in_.variant == Variant::symmetric; }
  bool emergency() const { return in_.variant == Variant::emergency; }
  std::string old_key() const {
    return in_.old_kid.empty() ? "the old key" : fmt::format("the old key {}", code(in_.old_kid));
  }
  std::string new_key() const {
    return in_.new_kid.empty() ? "the new key" : fmt::format("the new key {}", code(in_.new_kid));
  }
  /// knows_keys: the checks look for both keys by their kids.
  bool knows_keys() const {
    return !in_.new_kid.empty() && (!in_.old_kid.empty() || in_.variant == Variant::first_key);
  }
  std::string url() const {
    return in_.jwks.starts_with("http") ? shell_word(in_.jwks) : "JWKS_URL";
  }

  /// removal: the old key goes at once, whatever that costs.
  bool removal() const { return emergency() && in_.emergency != EmergencyCase::soft; }

  /// check returns the command that says whether a step may be done now. Of a removal there is one
  /// question only: is the old key out, and does nobody trust it any more.
  std::string check(std::string_view step) const {
    std::string which = removal() ? "" : fmt::format(" --step {}", step);
    bool signer = step != "activate" && !removal();
    return fmt::format("jwtctl rotate-plan check plan.json --jwks {}{}{}", url(), which,
                       signer ? " --token token.jwt" : "");
  }

  void add_head() {
    std::string heading = plan_heading(plan_);
    heading[0] = static_cast<char>(heading[0] - 'a' + 'A');
    out_ += fmt::format("# {}\n\n", cell(heading));
    out_ += fmt::format(
        "Plan `{}`, made {}. All times are UTC, and are the *earliest* ones: later is "
        "always safe, earlier is not.\n\n",
        plan_.id, show_instant(plan_.created));
    for (const std::string& warning : plan_.warnings) {
      out_ += fmt::format("> **Note:** {}\n>\n", cell(warning));
    }
    if (!plan_.warnings.empty()) out_ += "\n";
  }

  void add_timeline() {
    out_ += "## Timeline\n\n| when | what | by whom |\n|---|---|---|\n";
    for (const Phase& phase : plan_.phases) {
      out_ += fmt::format("| {} | **{}**: {} | {} |\n", show_instant(phase.at), to_string(phase.id),
                          cell(phase.action), phase.manual ? "you" : "comes by itself");
    }
    out_ += "\n";
  }

  void add_before() {
    out_ += "## Before you begin\n\n";
    out_ +=
        "- [ ] The [numbers below](#the-numbers) are true for this system. One that is too "
        "small makes the plan unsafe.\n";
    if (!symmetric()) {
      out_ +=
          "- [ ] Every public path to the key set (origin, CDN, each region) is known; give each "
          "as a `--jwks` of its own in the checks below.\n";
      out_ +=
          "- [ ] A current token can be got for the checks. Each is put into `token.jwt` "
          "just before it is used: `cat >token.jwt`, paste it, Ctrl-D.\n";
    }
    if (kit_ == Kit::none && !symmetric() && knows_keys()) {
      out_ += "- [ ] The plan is saved, because the checks read it:\n\n";
      out_ += fmt::format("  ```sh\n  {} -f json -o plan.json\n  ```\n", plan_command(plan_));
    }
    if (kit_ == Kit::none && emergency() && !knows_keys()) {
      bool standby = in_.emergency == EmergencyCase::standby;
      out_ +=
          "- [ ] There is a new key, and the plan knows both keys, because the checks read it:\n\n";
      out_ += fmt::format("  ```sh\n{}  {} --jwks {} {} -f json -o plan.json\n  ```\n",
                          standby ? ""
                                  : "  jwtctl keygen --out-private new.jwk --out-public "
                                    "new-public.jwk\n",
                          plan_command(plan_), url(),
                          standby ? "--new-kid KID" : "--new-key new-public.jwk");
    }
    out_ += "- [ ] Somebody who can roll back is there at every step marked \"you\".\n\n";
    if (symmetric()) return;
    out_ +=
        "A check answers with its exit status, and in words:\n\n"
        "| answer | status | what to do |\n|---|---|---|\n"
        "| SAFE | 0 | go on |\n"
        "| WAIT n s | 20 | wait that long, then check again |\n"
        "| UNSAFE | 21 | stop: tokens fail or are about to; see \"Abort\" |\n"
        "| UNKNOWN | 22 | a replica disagrees or cannot be asked: find out why, do not go on "
        "|\n\n";
  }

  void add_step(const Phase& phase, int number) {
    std::string_view when =
        emergency() && phase.reason == "at once" ? "at once, from" : "not before";
    out_ += fmt::format("## {}. {} ({} {})\n\n", number, to_string(phase.id), when,
                        show_instant(phase.at));
    if (phase.latest) {
      out_ += fmt::format("At the latest {}, for the deadline.\n\n", show_instant(phase.latest));
    }
    out_ += fmt::format("Why then: {}.\n\n", cell(phase.reason));
    switch (phase.id) {
      case PhaseId::generate: add_generate(); break;
      case PhaseId::allow_list: add_allow_list(phase); break;
      case PhaseId::publish: add_publish(phase); break;
      case PhaseId::activate: add_activate(phase); break;
      case PhaseId::retire: add_retire(phase); break;
      case PhaseId::destroy: add_destroy(); break;
      case PhaseId::fully_active:
      case PhaseId::last_old_signature:
      case PhaseId::drained:
      case PhaseId::untrusted: break;  // they come by themselves
    }
    add_back(phase);
  }

  void add_commands(std::string_view commands) {
    out_ += fmt::format("```sh\n{}\n```\n\n", commands);
  }

  void add_generate() {
    if (symmetric()) {
      add_commands("jwtctl keygen -a HS256 --out-private new-secret.jwk");
    } else {
      std::string alg = in_.to_alg.empty() ? "" : fmt::format(" -a {}", shell_word(in_.to_alg));
      std::string kid =
          in_.new_kid.empty() ? "" : fmt::format(" --kid {}", shell_word(in_.new_kid));
      if (in_.new_thumbprint.empty()) {
        add_commands(fmt::format(
            "jwtctl keygen{}{} --out-private new.jwk --out-public new-public.jwk", alg, kid));
      } else {
        out_ +=
            fmt::format("It exists: {}, thumbprint {}.\n\n", new_key(), code(in_.new_thumbprint));
      }
    }
    out_ +=
        "- [ ] The private half lies where the signer reads it, and in the backup.\n"
        "- [ ] Its kid was never used before.\n\n";
    if (symmetric() || knows_keys()) return;
    out_ +=
        "Now the plan can be made for these two keys (where the set has several, add "
        "`--old-kid`). The checks read it:\n\n";
    std::string set = in_.jwks.empty() ? fmt::format(" --jwks {}", url()) : "";
    add_commands(fmt::format("{}{} --new-key new-public.jwk -f json -o plan.json",
                             plan_command(plan_), set));
  }

  void add_allow_list(const Phase& phase) {
    out_ += fmt::format("Do: {}.\n\n", cell(phase.action));
    out_ += fmt::format(
        "- [ ] Every verifier accepts both algorithms. Discovery documents list {} in "
        "`id_token_signing_alg_values_supported`.\n\n",
        cell(in_.to_alg));
  }

  void add_publish(const Phase& phase) {
    out_ += fmt::format("Do: {}.\n\n", cell(phase.action));
    if (kit_ == Kit::folder && !symmetric()) {
      out_ += "Publish exactly `10-publish/jwks.json`.\n\n";
    }
    out_ += fmt::format("Go when:\n\n- [ ] {} is backed up\n", new_key());
    if (!symmetric() && in_.variant != Variant::first_key) {
      out_ += "- [ ] the current set is the one that the plan was made for\n";
    }
    out_ += "\nThen see that it worked:\n\n";
    if (symmetric()) {
      out_ += "- [ ] A probe signed with the new secret is accepted by every verifier.\n\n";
    } else {
      add_commands(check("activate"));
      out_ += removal()
                  ? "It says UNSAFE as long as some place lists the old key, then WAIT until no "
                    "verifier trusts it any more.\n\n"
                  : "It says WAIT as soon as every replica lists the key, and counts from the "
                    "moment at which it saw that. Run it at once: the clock starts with the "
                    "first look.\n\n";
      out_ += fmt::format(
          "Abort if it still says UNKNOWN after {} s, or if rejected tokens with an "
          "unknown kid appear{}.\n\n",
          plan_.bounds.publish_delay,
          removal() ? " for longer than the table of verifiers says" : "");
    }
  }

  void add_activate(const Phase& phase) {
    out_ += fmt::format("Do: {}.\n\n", cell(phase.action));
    if (!symmetric() && !removal()) {
      out_ += "Go only when this says SAFE:\n\n";
      add_commands(check("activate"));
    }
    if (!in_.canary.empty()) {
      out_ += "In steps:\n\n";
      for (const CanaryStep& step : in_.canary) {
        out_ += fmt::format("- [ ] {} of new tokens for {}, without a rise of rejected tokens\n",
                            show_share(step.share), format_duration(step.bake));
      }
      out_ += "- [ ] all new tokens\n\n";
    }
    out_ +=
        "Then:\n\n- [ ] every signer has switched: new tokens carry the new kid\n"
        "- [ ] the rate of rejected tokens is what it was\n\n";
    if (removal()) {
      out_ +=
          "Rejections of old tokens rise, that is what it costs; those of new ones must end when "
          "the table of verifiers says so.\n\n";
      return;
    }
    out_ +=
        "Abort if rejections with an unknown kid or a bad signature rise: some verifier lacks "
        "the new key.\n\n";
  }

  void add_retire(const Phase& phase) {
    out_ += fmt::format("Do: {}.\n\n", cell(phase.action));
    if (kit_ == Kit::folder && !symmetric()) {
      out_ += "Publish exactly `30-retire/jwks.json`.\n\n";
    }
    if (!symmetric() && !removal()) {
      out_ += "Go only when this says SAFE, with a token that was issued just now:\n\n";
      add_commands(check("retire"));
    }
    if (removal()) add_commands(check("retire"));
    if (emergency()) {
      out_ +=
          "- [ ] every layer of caches in front of the set is purged\n"
          "- [ ] every verifier was made to forget (see below)\n"
          "- [ ] negative probe: a good token by the old key gets 401 at each verifier\n"
          "- [ ] logs are searched for tokens of the old kid with an iat after the leak\n"
          "- [ ] sessions and refresh tokens that forged tokens led to are revoked\n"
          "- [ ] a new standby key is published\n\n";
    }
    if (removal()) return;
    out_ += fmt::format(
        "Abort if tokens of {} are rejected: something signs with it still, or its "
        "tokens live longer than {} s.\n\n",
        old_key(), in_.token_ttl.value);
  }

  void add_destroy() {
    if (!symmetric() && !removal()) {
      add_commands(check("destroy"));
    }
    out_ += fmt::format("- [ ] {} is destroyed, in the backup too\n",
                        symmetric() ? "the old secret" : "the private half of " + old_key());
    if (!symmetric()) out_ += "- [ ] its kid, thumbprint and dates are on record\n";
    out_ += "\nThere is no way back from here.\n\n";
  }

  void add_back(const Phase& phase) {
    if (!phase.rollback) return;
    std::string until =
        phase.rollback->until ? fmt::format(", until {}", show_instant(phase.rollback->until)) : "";
    out_ += fmt::format("Way back{}: {}.\n\n", until, cell(phase.rollback->action));
  }

  void add_verifiers() {
    if (plan_.verifiers.empty()) return;
    out_ +=
        "## Verifiers\n\n| verifier | trusts the old key until | may reject new tokens for | to "
        "force it |\n|---|---|---|---|\n";
    for (const VerifierEnd& end : plan_.verifiers) {
      out_ += fmt::format("| {} | {} | {} | {} |\n", cell(end.name), show_instant(end.untrusted),
                          end.rejects_new ? fmt::format("{} s", *end.rejects_new) : "-",
                          cell(end.force));
    }
    out_ += "\n";
  }

  void row(std::string_view name, const Given& given) {
    std::string value = given.value == kForever
                            ? "without end"
                            : fmt::format("{} s ({})", given.value, format_duration(given.value));
    out_ += fmt::format("| {} | {} | {} |\n", cell(name), value, cell(given.source));
  }

  void add_numbers() {
    out_ += "## The numbers\n\n| input | value | from |\n|---|---|---|\n";
    if (in_.variant == Variant::first_key) {
      row("a missing set is remembered (--negative-cache)", in_.negative_cache);
    } else {
      row("longest token life (--token-ttl)", in_.token_ttl);
      row("leeway and clock errors (--skew)", in_.skew);
      row("first to last signer switched (--signer-rollout)", in_.signer_rollout);
    }
    if (symmetric()) {
      if (in_.verifier_deploy) row("deployment to verifiers", *in_.verifier_deploy);
    } else {
      row("every replica has a new set (--publish-delay)", in_.publish_delay);
    }
    for (const Given& layer : in_.caches) row("a cache in between (--cache)", layer);
    for (const VerifierTiming& verifier : in_.verifiers) {
      row(fmt::format("{} keeps a set", verifier.name), {verifier.cache, verifier.source});
    }
    if (!in_.verifiers.empty()) {
      out_ +=
          fmt::format("| failed refreshes in a row to survive (--missed-refreshes) | {} | {} |\n",
                      in_.missed_refreshes.value, cell(in_.missed_refreshes.source));
    }
    out_ += fmt::format("| margin | {} s | {} |\n\n", plan_.bounds.margin,
                        cell(in_.margin ? in_.margin->source : in_.margin_percent.source));
    out_ += "| invariant | holds | slack |\n|---|---|---|\n";
    for (const Invariant& invariant : plan_.invariants) {
      std::string slack = invariant.slack ? fmt::format("{}", *invariant.slack) : "-";
      std::string_view unit = !invariant.slack ? "" : invariant.id == "I9" ? " keys" : " s";
      out_ += fmt::format("| {}: {} | {} | {}{} |\n", invariant.id, invariant.statement,
                          invariant.holds ? "yes" : "**no**", slack, unit);
    }
  }

  const RotationPlan& plan_;
  const RotationInputs& in_;
  Kit kit_;
  std::string out_;
};

}  // namespace

std::string plan_markdown(const RotationPlan& plan, Kit kit) { return Runbook(plan, kit).run(); }

}  // namespace jwtctl::cli
