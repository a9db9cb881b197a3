// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "lib/lint/document.h"

/// Files and folders as inputs of lint.
namespace jwtctl::cli {

/// lint_path judges a file, or every regular file below a folder in the order of their names.
/// Symbolic links below a folder are not followed, nor are devices and FIFOs read; `.git`, `.hg`
/// and `.svn` are left out, and what a glob of `exclude` fits: the path as it is shown, or its last
/// part. What cannot be read is added to the report's `unread`, and the rest goes on.
void lint_path(const std::string& path, const std::vector<std::string>& exclude, const LintJob& job,
               Report& report);

/// lint_stdin judges standard input under the name "stdin".
void lint_stdin(const LintJob& job, Report& report);

}  // namespace jwtctl::cli
