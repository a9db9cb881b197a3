// SPDX-License-Identifier: Apache-2.0
#include "cli/docs/help.h"

#include <algorithm>

#include "cli/commands.h"

namespace jwtctl::cli {
namespace {

struct HelpOptions {
  std::optional<std::string> command;
};

Result<ExitCode> run_help(const HelpOptions& options, const Globals& globals) {
  Globals scratch;
  std::vector<CommandDoc> docs = describe_all(scratch);
  std::string text = overview_help(docs, true);
  if (options.command) {
    auto found = std::find_if(docs.begin(), docs.end(), [&options](const CommandDoc& doc) {
      return doc.name == *options.command;
    });
    if (found != docs.end()) text = command_help(*found, true);
  }
  auto written = Io::write_result(globals, text);
  if (!written) return fail(std::move(written).error());
  return ExitCode::ok;
}

}  // namespace

void declare_help(Spec& spec) {
  auto& options = spec.options<HelpOptions>();
  spec.synopsis("[COMMAND]");
  spec.details("Explains one command, or lists them all with the exit statuses.");
  PositionalDoc& command = spec.positional("COMMAND", options.command, "the command to explain");
  command.choices = command_names();
  spec.example("jwtctl help verify", "everything about verify");
  spec.run([&options](Io&, const Globals& globals) { return run_help(options, globals); });
}

}  // namespace jwtctl::cli
