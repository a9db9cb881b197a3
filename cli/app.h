// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "cli/commands.h"

namespace jwtctl::cli {

/// CommandLine is a parsed command line: the command, and its options filled in.
struct CommandLine {
  std::shared_ptr<Globals> globals;
  const Command* command = nullptr;  ///< null: jwtctl itself, for help and version
  CommandDoc doc;
  std::vector<std::string> sensitive;  ///< values to overwrite in the argument list
  /// A help or version option stands beside something to do. Nothing is done then, so the exit
  /// status must not be 0: verify "$TOKEN" with the token -h would read as a yes.
  bool crowded = false;
};

/// parse_command_line parses the arguments after the program's name. Fails with `usage` only.
Result<CommandLine> parse_command_line(const std::vector<std::string>& arguments);

/// run_app is the whole program behind main: it parses, runs, reports errors, and returns the
/// exit status. Sensitive values are overwritten in `arguments`, the process's own list.
ExitCode run_app(std::span<char*> arguments);

/// parser_library_version names the argument parser.
std::string parser_library_version();

}  // namespace jwtctl::cli
