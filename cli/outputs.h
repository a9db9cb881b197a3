// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/base/result.h"
#include "lib/base/staged_file.h"

/// Where keys go.
namespace jwtctl::cli {

/// is_stdout: "-", or any other name of descriptor 1.
bool is_stdout(const std::string& path);

/// same_place says whether two names lead to one file or stream, whether it is there or not.
bool same_place(const std::string& a, const std::string& b);

/// check_private_place refuses what would show a private key or hand it to others: a terminal, in
/// whatever spelling (`usage`), a FIFO of another user or one that others may read (`output`).
Result<void> check_private_place(const std::string& path);

/// Outputs are the files and streams of one command: the files come to be together, or not at all.
class Outputs {
 public:
  explicit Outputs(Existing existing) : existing_(existing) {}

  /// add takes what belongs at `path`; "-" is stdout. `bytes` must outlive the object. What goes to
  /// `Readers::owner` is private: see `check_private_place`. Fails like that, and like
  /// `stage_file`.
  Result<void> add(const std::string& path, std::string_view bytes, Readers readers);

  /// write_streams writes what is no file. Fails with `output` or `broken_pipe`.
  Result<void> write_streams();

  /// check_free fails with `output` when something has come to be where a file is to go.
  Result<void> check_free() const;

  /// commit puts the files in their places, in the order in which they were added. Fails with
  /// `output`, and then every place is as it was.
  Result<void> commit();

  /// take_back undoes `commit`. False when a file could not be taken back.
  bool take_back();

 private:
  Existing existing_;
  std::vector<std::pair<std::string, std::string_view>> streams_;
  std::vector<StagedFile> staged_;
};

/// write_private writes one private thing to `path`.
Result<void> write_private(const std::string& path, std::string_view bytes, Existing existing);

}  // namespace jwtctl::cli
