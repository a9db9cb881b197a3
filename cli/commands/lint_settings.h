// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/spec.h"
#include "lib/base/result.h"

/// What jwtctl.toml says about a run of lint.
namespace jwtctl::cli {

/// read_settings reads the table `lint` of a jwtctl.toml, whose keys are the options that are
/// settings, and puts its values where those go, unless the command line says them; a path is meant
/// from the file. Fails with `input` on bad TOML, an unknown key or a value of the wrong type, and
/// as the option does on a value that it would refuse, with the line.
Result<void> read_settings(std::string_view toml, const std::string& path,
                           const std::vector<SettingDoc>& settings);

/// Repository is where we are: the folder that holds `.git`, and the way from it to us, both with
/// a slash at their end or empty; and the nearest jwtctl.toml up to that folder, if there is one.
struct Repository {
  std::string root;
  std::string prefix;
  std::optional<std::string> config;
  /// What the configuration depends on and belongs to another user (`is_ours`): the file itself, or
  /// for one of a repository its folder or its `.git`. Empty when all is well.
  std::string foreign;
  /// Everybody may write to the file, so that it may be anybody's. Those of a group may: where each
  /// user has one of one's own, that is no one else.
  bool writable_for_all = false;
};

/// find_repository looks upwards from the current folder. Outside of a repository only the current
/// folder is looked at, so that nobody's file in a folder above takes effect.
Repository find_repository();

}  // namespace jwtctl::cli
