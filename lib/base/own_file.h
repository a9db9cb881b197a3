// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "lib/base/descriptor.h"
#include "lib/base/result.h"
#include "lib/base/secret.h"

/// Files that this program keeps for itself: caches and states, for their owner alone.
namespace jwtctl {

/// load_own_file reads a regular file that belongs to us and that nobody else may write; a symbolic
/// link is none. Nothing when there is no such file or it is larger than `limit`.
std::optional<SecretBytes> load_own_file(const std::string& path, std::size_t limit);

/// check_own_folder: the folder belongs to us and nobody else may write to it, or it is not there
/// yet. Fails with `output`.
Result<void> check_own_folder(const std::string& path);

/// check_own_path: what is at `path` is a regular file of ours that nobody else may write, in a
/// folder where nobody else can put another one in its place: of ours or of root, and writable for
/// others only with the sticky bit. Nothing there is good too. Fails with `input`.
Result<void> check_own_path(const std::string& path);

/// make_own_folder makes a folder with mode 0700, and those above it that are missing. Fails with
/// `output`.
Result<void> make_own_folder(const std::string& path);

/// write_own_file puts `bytes` at `path` atomically with mode 0600. Fails with `output`.
Result<void> write_own_file(const std::string& path, std::string_view bytes);

/// FileLock holds an exclusive lock until it is destroyed; the file stays.
class FileLock {
 public:
  /// try_take returns the lock, nothing when another process has it or when there is no locking
  /// here (the file cannot be opened, the file system cannot); `possible` says which.
  static std::optional<FileLock> try_take(const std::string& path, bool& possible);

 private:
  explicit FileLock(Descriptor fd) : fd_(std::move(fd)) {}

  Descriptor fd_;
};

}  // namespace jwtctl
