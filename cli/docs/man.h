// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/spec.h"

namespace jwtctl::cli {

/// overview_man renders jwtctl(1), command_man jwtctl-<command>(1), for man(7). They carry the
/// version and no date, so that the same source gives the same page.
std::string overview_man(const std::vector<CommandDoc>& commands, std::string_view version);
std::string command_man(const CommandDoc& command, std::string_view version);

/// man_page_name returns "jwtctl-jwks-show" for the command "jwks show".
std::string man_page_name(const CommandDoc& command);

}  // namespace jwtctl::cli
