// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "lib/base/result.h"
#include "lib/base/secret.h"

namespace jwtctl {

/// Readers says who may read a file that we create: whom the umask lets, or its owner alone (0600
/// whatever the umask).
enum class Readers { by_umask, owner };

/// Existing says what becomes of a file that is already there.
enum class Existing { refuse, replace };

/// StagedFile is content that is complete on disk, under another name beside its place. Without
/// `commit` it goes away again, and what is in its place stays.
class StagedFile {
 public:
  /// `staged` is the file as it lies now, `path` its place in the end.
  StagedFile(std::string staged, std::string path, Existing existing);
  StagedFile(StagedFile&& other) noexcept;
  StagedFile& operator=(StagedFile&&) = delete;
  ~StagedFile();

  /// commit puts the file in its place, in one step. Fails with `output`, also when something is
  /// there that must not be replaced.
  Result<void> commit();

  /// commit_new does so unless something is there: then nothing happens and it says false.
  Result<bool> commit_new();

  /// place is a commit that can be taken back: what it replaces lies beside it until this object
  /// is gone, where the file system can swap names. The new name is on the disk when it returns.
  /// Fails like `commit`, and then nothing has changed.
  Result<void> place();

  /// take_back undoes `place`: what was there is there again, and the file is staged as before.
  /// False when that cannot be; the file that was placed is then where it is.
  bool take_back();

  /// check_free fails with `output` when something is in a place where nothing may be replaced.
  Result<void> check_free() const;

  /// name is where the file lies until it has its place.
  const std::string& name() const { return staged_; }

 private:
  enum class State { staged, placed, swapped, gone };

  void forget();
  bool swap();

  std::string staged_;
  std::string path_;
  Existing existing_;
  State state_ = State::staged;
};

/// remove_staged_files takes back every file that is staged at this moment. It may be called from a
/// signal handler, and only on the way out.
void remove_staged_files();

/// stage_file writes `bytes` for `path`, created exclusively and with its final mode from the first
/// byte. A file that is replaced keeps its mode unless it is for its owner alone. Fails with
/// `output`: it exists and `existing` refuses that, it is a symbolic link or no regular file, the
/// disk is full.
Result<StagedFile> stage_file(const std::string& path, std::string_view bytes, Readers readers,
                              Existing existing);

/// umask_mode returns the mode that a new file gets which whoever the umask lets may read.
mode_t umask_mode();

/// stage_replacement writes `bytes` to a new file beside `path`, with `mode` when it is complete.
Result<StagedFile> stage_replacement(const std::string& path, std::string_view bytes, mode_t mode,
                                     Existing existing = Existing::replace);

/// Update makes the new content of a file from the old one, nothing when there is no file yet. It
/// may be called again when another process was faster.
using Update = std::function<Result<std::string>(const std::optional<SecretBytes>& old)>;

/// Beside is what has to happen under the lock of an update: `before` when the new content is
/// complete and has not its place yet (when it fails, the update does), `after` when it is known
/// whether it got it. Both may be called again, like `Update`.
struct Beside {
  std::function<Result<void>()> before;
  std::function<void(bool placed)> after;
};

/// update_file replaces the content of a regular file by what `update` makes of it: atomically,
/// under a lock, so that of several processes none loses what another wrote, and a kill at any
/// moment leaves the old content or the new. The mode stays; `readers` is for a file that is new.
/// While there is no file the lock is that of its folder, where that can be locked. Passes on what
/// `update` and `beside` fail with; fails with `output` when the file cannot be written, is a
/// symbolic link, or stays locked for ten seconds, with `key_refused` when it is larger than
/// `limit`.
Result<void> update_file(const std::string& path, std::size_t limit, const Update& update,
                         Readers readers = Readers::by_umask, const Beside* beside = nullptr);

}  // namespace jwtctl
