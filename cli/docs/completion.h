// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/spec.h"

namespace jwtctl::cli {

/// Shell is one shell that completions are written for.
struct Shell {
  std::string_view name;
  std::string_view file;  ///< as packages install it
  std::string (*render)(const std::vector<CommandDoc>& commands);
};

/// kShells are static scripts: they work without running the binary.
std::string bash_completion(const std::vector<CommandDoc>& commands);
std::string zsh_completion(const std::vector<CommandDoc>& commands);
std::string fish_completion(const std::vector<CommandDoc>& commands);

inline constexpr Shell kShells[] = {{"bash", "jwtctl.bash", bash_completion},
                                    {"zsh", "_jwtctl", zsh_completion},
                                    {"fish", "jwtctl.fish", fish_completion}};

}  // namespace jwtctl::cli
