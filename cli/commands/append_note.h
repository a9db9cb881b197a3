// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "lib/base/result.h"
#include "lib/base/secret.h"

namespace jwtctl::cli {

/// AppendNote is the file beside a key set that says, while a new key is written, which key that is
/// and where its private half goes: `.NAME.pending`, for its owner alone. Where it outlives its
/// run, that was interrupted. Everything is to be called under the lock of the set.
class AppendNote {
 public:
  /// Without `private_path` the private half goes to no file, and no note is written.
  AppendNote(const std::string& set_path, std::string kid,
             const std::optional<std::string>& private_path);

  /// report warns, once, of what an interrupted run left: whether the private half is there,
  /// whether `set` has the key, and what to do. A file of that name that is no such note, or that
  /// somebody else may have written, is named, not believed, and left alone.
  void report(const std::optional<SecretBytes>& set);

  /// write fails with `output`.
  Result<void> write();

  /// remove removes the note, one that was found too, and warns when it has to stay.
  void remove();

 private:
  std::string path_;
  std::string kid_;
  std::optional<std::string> private_path_;
  bool reported_ = false;
  bool foreign_ = false;  ///< what has the name is not ours to replace
  bool ours_ = false;     ///< it was found, or written
};

}  // namespace jwtctl::cli
