// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"
#include "lib/base/time.h"
#include "lib/lint/select.h"

/// What options and jwtctl.toml say about a run of lint.
namespace jwtctl::cli {

/// LintSettings are those options that a repository may set for itself: none of them names a key
/// or a place to write to.
struct LintSettings {
  RuleOptions rules;
  std::vector<std::string> exclude;
  std::vector<std::string> issuers;
  std::vector<std::string> audiences;
  std::optional<std::string> fail_on;
  std::optional<std::string> profile;
  std::optional<std::string> baseline;
  std::optional<std::string> max_warnings;
  std::optional<std::string> max_size;
  std::optional<Seconds> leeway;
  std::optional<Seconds> max_ttl;
};

/// parse_count reads a number without a sign; fails with `usage` and the name of the option.
Result<std::size_t> parse_count(std::string_view option, const std::string& text);

/// choose_rules is select_rules with a hint on each error.
Result<RuleSelection> choose_rules(const RuleOptions& options, bool clock);

/// check_profile and check_level fail with `usage` on a value of --profile and --fail-on that is
/// none.
Result<void> check_profile(const std::string& name);
Result<void> check_level(const std::string& name);

/// parse_lint_settings reads the table `lint` of a jwtctl.toml; its keys are the names of the
/// options, `rule` is a table of levels. Fails with `input` on bad TOML, an unknown key or a value
/// of the wrong type, and with `usage` on a rule, level or number that is none, with the line.
Result<LintSettings> parse_lint_settings(std::string_view toml, const std::string& path);

/// overlay fills in from `below` what `settings` leave open. Levels of rules are joined, and those
/// of `settings` win.
void overlay(LintSettings& settings, const LintSettings& below);

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
