// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.h"
#include "cli/commands/rotate_inputs.h"
#include "cli/commands/rotate_kit.h"
#include "cli/commands/view.h"
#include "cli/report/rotation/rotation.h"
#include "lib/base/shown.h"
#include "lib/rotation/plan_json.h"

namespace jwtctl::cli {
namespace {

struct RotateOptions {
  PlanOptions plan;
  std::optional<std::string> out;
  bool list_verifiers = false;
};

std::string render(const RotationPlan& plan, const View& view, Format format) {
  if (format == Format::json) return fmt::format("{}\n", plan_json(plan).dump(2));
  if (format == Format::markdown) return plan_markdown(plan, Kit::none);
  if (format == Format::ics) return plan_ics(plan);
  if (format == Format::mermaid) return plan_mermaid(plan);
  return plan_text(plan, view);
}

Result<ExitCode> print(const Globals& globals, std::string_view text) {
  auto written = Io::write_result(globals, text);
  if (!written) return fail(std::move(written).error());
  return ExitCode::ok;
}

Result<ExitCode> run_plan(const RotateOptions& options, Io& io, const Globals& globals) {
  if (options.list_verifiers) {
    auto verifiers = known_verifiers();
    if (globals.format == Format::json) return print(globals, verifiers_json(verifiers));
    if (globals.format == Format::text) return print(globals, verifiers_text(verifiers));
    return fail(ErrorCode::usage, "--list-verifiers needs -f text or json");
  }
  View view = make_view(globals);
  auto request = load_plan_request(options.plan, view.now, io);
  if (!request) return fail(std::move(request).error());
  auto plan = make_rotation_plan(std::move(request->inputs), view.now);
  if (!plan) return fail(std::move(plan).error());
  for (const std::string& note : request->notes) Io::write_note(note);
  if (options.out) {
    auto written = write_kit(*options.out, *plan, request->keys);
    if (!written) return fail(std::move(written).error());
    // The kit is the result; what is asked for besides comes besides.
    bool more = globals.format != Format::text || globals.output != "-";
    if (!more) {
      if (!globals.quiet)
        Io::write_note(fmt::format("the kit is in {}", show_argument(*options.out, ShownAs::path)));
      return ExitCode::ok;
    }
  }
  if (globals.format == Format::text) {
    if (globals.quiet) return ExitCode::ok;
  } else {
    for (const std::string& warning : plan->warnings) Io::write_warning(warning);
  }
  return print(globals, render(*plan, view, globals.format));
}

}  // namespace

void declare_rotate_plan(Spec& spec) {
  auto& options = spec.options<RotateOptions>();
  spec.synopsis("--token-ttl DUR --verifier NAME [OPTION...]");
  spec.details(
      "Says when a signing key may be published, used, removed and destroyed at the earliest so "
      "that no good token is rejected, with the formula behind each instant, and how far each step "
      "can be taken back. Nothing is changed anywhere.\n\n"
      "What it reckons with: copies of the key set live in caches and verifiers, refreshes fail, "
      "signers switch one after the other, tokens live on after their key signs no more. What is "
      "not said takes careful defaults, and the plan lists what came from where.\n\n"
      "A plan is what may be; `jwtctl rotate-plan check` says what is.");
  spec.formats({Format::text, Format::json, Format::markdown, Format::ics, Format::mermaid});
  declare_plan_options(spec, options.plan);
  spec.group("Output");
  spec.option("--out", "DIR", options.out, "write runbook, plan, calendar, alerts and sets there")
      .file()
      .details(
          "`runbook.md`, `plan.json`, `plan.ics`, `plan.mmd`, `alerts.yaml`, and a folder with "
          "`jwks.json` for each phase, public keys only. The folder must not exist.");
  spec.flag("--list-verifiers", options.list_verifiers, "the verifiers that are known, and leave");
  spec.example("jwtctl rotate-plan --token-ttl 1h --verifier envoy --verifier nimbus",
               "when may I switch, and when may the old key go");
  spec.example(
      "jwtctl rotate-plan --jwks https://id.example.com/jwks --new-key new.jwk --token-ttl 1h "
      "--verifier envoy --out rotation",
      "the whole kit, for this set and this key");
  spec.example(
      "jwtctl rotate-plan --emergency --token-ttl 1h --verifier envoy --verifier go-oidc "
      "--issue-rate 200",
      "the key leaked: what happens when it is dropped now");
  spec.run([&options](Io& io, const Globals& globals) { return run_plan(options, io, globals); });
}

}  // namespace jwtctl::cli
