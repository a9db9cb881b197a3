// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "cli/spec.h"

namespace jwtctl::cli {

/// overview_help renders what `jwtctl -h` and `jwtctl --help` print.
std::string overview_help(const std::vector<CommandDoc>& commands, bool whole);

/// command_help renders `-h` (what one needs to type) or `--help` (everything).
std::string command_help(const CommandDoc& command, bool whole);

/// option_label renders "-k, --key SPEC".
std::string option_label(const OptionDoc& option);

/// synopsis renders the command line without the word "usage".
std::string synopsis(const CommandDoc& command);

/// option_groups lists the headings of a command's options in order.
std::vector<std::string> option_groups(const Spec& spec);

}  // namespace jwtctl::cli
