// SPDX-License-Identifier: Apache-2.0
#include "cli/docs/completion.h"

#include <algorithm>

#include "cli/commands.h"

namespace jwtctl::cli {
namespace {

struct CompletionOptions {
  std::optional<std::string> shell;
};

Result<ExitCode> run_completion(const CompletionOptions& options, const Globals& globals) {
  Globals scratch;
  const Shell* shell = std::find_if(std::begin(kShells), std::end(kShells),
                                    [&](const Shell& s) { return s.name == *options.shell; });
  auto written = Io::write_result(globals, shell->render(describe_all(scratch)));
  if (!written) return fail(std::move(written).error());
  return ExitCode::ok;
}

}  // namespace

void declare_completion(Spec& spec) {
  auto& options = spec.options<CompletionOptions>();
  spec.synopsis("SHELL");
  spec.details(
      "Prints the script that makes a shell complete commands, options and their values. "
      "Packages install these scripts; this is for everybody else.");
  PositionalDoc& shell = spec.positional("SHELL", options.shell, "bash, zsh or fish");
  shell.required = true;
  for (const Shell& known : kShells) shell.choices.emplace_back(known.name);
  spec.example("source <(jwtctl completion bash)", "in ~/.bashrc");
  spec.run([&options](Io&, const Globals& globals) { return run_completion(options, globals); });
}

}  // namespace jwtctl::cli
