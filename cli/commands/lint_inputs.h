// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/git_index.h"
#include "lib/lint/document.h"

/// Files and folders as inputs of lint.
namespace jwtctl::cli {

/// SourceFiles knows in which files a comment may silence findings: whoever writes a log or hands
/// over an archive must not, so it takes a file that git tracks or has staged in the repository,
/// or, where there is none, one below a folder that was named; and never one that by its name or
/// folder is a log, nor one that by its content is an archive. What is a link is judged by where it
/// leads.
class SourceFiles {
 public:
  /// `root` is the repository that we are in, with a slash at its end; empty outside of one: then
  /// the nearest one above a file counts.
  explicit SourceFiles(std::string root) : root_(std::move(root)) {}

  bool has(const std::string& path, bool walked);
  /// tracks says whether git tracks a file or has it staged, log or not.
  bool tracks(const std::string& path);

 private:
  /// in_repository answers that for a canonical path; nothing outside of a repository.
  std::optional<bool> in_repository(const std::string& real);
  const std::optional<GitPaths>& tracked(const std::string& root);

  std::string root_;
  std::map<std::string, std::optional<GitPaths>> tracked_;
};

/// lint_path judges a file, or every regular file below a folder in the order of their names.
/// Symbolic links below a folder are not followed, nor are devices and FIFOs read; `.git`, `.hg`
/// and `.svn` are left out, and what a glob of `exclude` fits: the path as it is shown, or its last
/// part. What was not searched is counted in the report; what cannot be read is added to its
/// `unread`, and the rest goes on.
void lint_path(const std::string& path, const std::vector<std::string>& exclude,
               SourceFiles& sources, const LintJob& job, Report& report);

/// lint_stdin judges standard input under the name "stdin"; lint_stdin_as as the content of a file
/// that its owner names, and that need not be there.
void lint_stdin(const LintJob& job, Report& report);
void lint_stdin_as(const std::string& path, const LintJob& job, Report& report);

}  // namespace jwtctl::cli
