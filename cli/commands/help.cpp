// SPDX-License-Identifier: Apache-2.0
#include "cli/docs/help.h"

#include <algorithm>

#include "cli/commands.h"
#include "lib/base/shown.h"
#include "lib/base/text.h"

namespace jwtctl::cli {
namespace {

struct HelpOptions {
  std::optional<std::string> command;
  std::optional<std::string> word;  ///< the second one of its name
};

/// first_words lists what the names of commands begin with.
std::vector<std::string> first_words() {
  std::vector<std::string> words;
  for (const std::string& name : command_names()) {
    std::string word = name.substr(0, name.find(' '));
    if (words.empty() || words.back() != word) words.push_back(std::move(word));
  }
  return words;
}

Result<ExitCode> run_help(const HelpOptions& options, const Globals& globals) {
  Globals scratch;
  std::vector<CommandDoc> docs = describe_all(scratch);
  std::string text;
  if (!options.command) text = overview_help(docs, true);
  for (const CommandDoc& doc : docs) {
    if (!options.command) break;
    std::string name =
        options.word ? fmt::format("{} {}", *options.command, *options.word) : *options.command;
    bool meant = doc.name == name || (!options.word && doc.name.starts_with(name + " "));
    if (meant) text += fmt::format("{}{}", text.empty() ? "" : "\n", command_help(doc, true));
  }
  if (text.empty()) {
    return fail(ErrorCode::usage, "unknown command \"{} {}\"", *options.command,
                show_argument(*options.word))
        .hint("jwtctl help {} shows what there is", *options.command);
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
  command.choices = first_words();
  spec.positional("WORD", options.word, "the second word of its name, if it has one");
  spec.example("jwtctl help verify", "everything about verify");
  spec.run([&options](Io&, const Globals& globals) { return run_help(options, globals); });
}

}  // namespace jwtctl::cli
