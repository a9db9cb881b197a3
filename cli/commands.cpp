// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.h"

namespace jwtctl::cli {

CommandDoc describe(const Command& command, Globals& globals) {
  CommandDoc doc{std::string(command.name), std::string(command.summary), {}};
  command.declare(doc.spec);
  declare_globals(doc.spec, globals);
  return doc;
}

std::vector<CommandDoc> describe_all(Globals& globals) {
  std::vector<CommandDoc> docs;
  for (const Command& command : kCommands) {
    if (!command.hidden) docs.push_back(describe(command, globals));
  }
  return docs;
}

std::vector<std::string> command_names() {
  std::vector<std::string> names;
  for (const Command& command : kCommands) {
    if (!command.hidden) names.emplace_back(command.name);
  }
  return names;
}

}  // namespace jwtctl::cli
