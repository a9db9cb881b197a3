// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/spec.h"

/// Arguments as words, before the parser sees them.
namespace jwtctl::cli {

using Arguments = std::vector<std::string>;

/// is_option: the argument has the shape of an option; "-" has not.
bool is_option(std::string_view argument);

/// find_option returns the option with this name or alias, else null.
const OptionDoc* find_option(const Spec& spec, std::string_view name);

/// Asked is what errors need to know before anything is parsed.
struct Asked {
  Format format = Format::text;
  bool quiet = false;
};

/// read_asked finds -f and -q first, so that a usage error too comes as it was asked for.
Asked read_asked(const Arguments& arguments);

/// Word is one argument seen as an option, before CLI11 sees it.
struct Word {
  const OptionDoc* option = nullptr;    ///< the last of a bundle; null when unknown
  std::optional<std::string> attached;  ///< the value behind = or in the bundle
  bool help_short = false;
  bool help_long = false;

  bool takes_next() const { return option != nullptr && !option->is_switch() && !attached; }
};

/// read_word takes one option apart: its name, what is attached to it, and the bundle it stands in.
Word read_word(const Spec& spec, const std::string& argument);

}  // namespace jwtctl::cli
