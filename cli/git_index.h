// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>

/// What git tracks. The index is read here, without git: nothing that a repository configures
/// (hooks, a file system monitor, an alias) can run, and images without git have the same answer.
namespace jwtctl::cli {

/// GitPaths are names of files, from the root of the repository.
using GitPaths = std::unordered_set<std::string>;

/// GitIndex is one index file: its regular files, and the name of the index that it adds to when
/// it is a split one.
struct GitIndex {
  GitPaths files;
  std::string shared;  ///< hexadecimal, empty for none
};

/// parse_git_index reads an index of version 2, 3 or 4, with object names of SHA-1 or SHA-256.
/// Nothing when it is none.
std::optional<GitIndex> parse_git_index(std::string_view bytes);

/// load_tracked returns the files that git tracks or has staged in the repository at `root`, the
/// folder that holds `.git`, be that a folder or a file that names one (a worktree, a submodule).
/// Symbolic links and submodules are not among them. Of a split index both halves count.
/// Nothing when it cannot be read, or belongs to somebody else (`is_ours`).
std::optional<GitPaths> load_tracked(const std::string& root);

/// is_ours says whether a file or folder belongs to the user, as git judges it (safe.directory):
/// to the effective user id; for root under sudo also to the user who called it. A symbolic link
/// must, and what it leads to.
bool is_ours(const std::string& path);

}  // namespace jwtctl::cli
