// SPDX-License-Identifier: Apache-2.0
#include "lib/base/staged_file.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "lib/base/descriptor.h"
#include "lib/base/file.h"
#include "lib/base/shown.h"

namespace jwtctl {
namespace {

constexpr mode_t kOwnerOnly = 0600;

/// Names of staged files, where a signal handler can read them: no allocation, no lock.
struct Slot {
  std::atomic<bool> used = false;
  std::array<char, 4096> name{};
};
constexpr std::size_t kSlots = 8;
std::array<Slot, kSlots> slots;

void remember(const std::string& name) {
  auto slot = std::find_if(slots.begin(), slots.end(), [](const Slot& s) { return !s.used; });
  if (slot == slots.end() || name.size() >= slot->name.size()) return;
  std::copy_n(name.c_str(), name.size() + 1, slot->name.begin());
  slot->used = true;
}

void forget_name(const std::string& name) {
  for (Slot& slot : slots) {
    if (slot.used && name == slot.name.data()) slot.used = false;
  }
}

Failure cannot_write(std::string_view path) {
  return fail(ErrorCode::output, "cannot write {}: {}", show_argument(path, ShownAs::path),
              system_message(errno));
}

Failure is_link(std::string_view path) {
  return fail(ErrorCode::output, "{} is a symbolic link", show_argument(path, ShownAs::path))
      .hint("name the file that it points to");
}

Failure exists(std::string_view path) {
  return fail(ErrorCode::output, "{} exists already", show_argument(path, ShownAs::path))
      .hint("choose another name, or overwrite it with --force: what it holds is then lost");
}

/// rename_new moves a file unless something has the new name; errno says why it failed.
bool rename_new(const std::string& from, const std::string& to) {
#ifdef RENAME_NOREPLACE
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return true;
  if (errno != EINVAL && errno != ENOSYS) return false;
#endif
  // Unlike rename, link never replaces.
  return ::link(from.c_str(), to.c_str()) == 0 && ::unlink(from.c_str()) == 0;
}

/// is_at says that the open file is still the one that has the name.
bool is_at(int fd, const std::string& path) {
  struct stat open_file {};
  struct stat named {};
  return ::fstat(fd, &open_file) == 0 && ::lstat(path.c_str(), &named) == 0 &&
         open_file.st_dev == named.st_dev && open_file.st_ino == named.st_ino;
}

/// lock waits for others, but not for ever: whoever may read a file can lock it.
bool lock(int fd) {
  constexpr int kTries = 1000;
  constexpr std::chrono::milliseconds kPause{10};
  for (int i = 0; i < kTries; ++i) {
    if (::flock(fd, LOCK_EX | LOCK_NB) == 0) return true;
    if (errno != EWOULDBLOCK && errno != EINTR) return false;
    std::this_thread::sleep_for(kPause);
  }
  return false;
}

std::string folder_of(const std::string& path) {
  auto parent = std::filesystem::path(path).parent_path().string();
  return parent.empty() ? "." : parent;
}

/// sync_folder waits until names in the folder of `path` are on the disk. A folder that may not be
/// read, or that cannot be synced, is as good as one that is.
bool sync_folder(const std::string& path) {
  Descriptor fd(::open(folder_of(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return fd.get() < 0 || ::fsync(fd.get()) == 0 || errno == EINVAL || errno == EROFS;
}

/// place_update gives the new content its place; false says that another process was faster.
Result<bool> place_update(StagedFile& staged, bool fresh, const Beside* beside) {
  // Who finds the new file waits until everything beside it is done as well.
  Descriptor held(::open(staged.name().c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  (void)::flock(held.get(), LOCK_EX | LOCK_NB);
  if (beside != nullptr) {
    if (auto ready = beside->before(); !ready) return fail(std::move(ready).error());
  }
  Result<bool> placed = true;
  if (fresh) {
    placed = staged.commit_new();
  } else if (auto done = staged.commit(); !done) {
    placed = fail(std::move(done).error());
  }
  if (beside != nullptr) beside->after(placed && *placed);
  return placed;
}

/// try_create is `try_update` where no file is yet.
Result<bool> try_create(const std::string& path, const Update& update, Readers readers,
                        const Beside* beside) {
  // Without a lock (there is none on folders of some file systems) the first to commit wins.
  Descriptor folder(::open(folder_of(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  struct stat info {};
  if (folder.get() >= 0 && lock(folder.get()) && ::lstat(path.c_str(), &info) == 0) return false;
  auto bytes = update(std::nullopt);
  if (!bytes) return fail(std::move(bytes).error());
  auto staged =
      stage_replacement(path, *bytes, readers == Readers::owner ? kOwnerOnly : umask_mode());
  if (!staged) return fail(std::move(staged).error());
  return place_update(*staged, true, beside);
}

/// try_update makes one attempt; false says that another process was faster.
Result<bool> try_update(const std::string& path, std::size_t limit, const Update& update,
                        Readers readers, const Beside* beside) {
  Descriptor fd(::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (fd.get() < 0 && errno == ELOOP) return is_link(path);
  if (fd.get() < 0 && errno != ENOENT) return cannot_write(path);
  if (fd.get() < 0) return try_create(path, update, readers, beside);
  struct stat info {};
  if (::fstat(fd.get(), &info) != 0) return cannot_write(path);
  if (!S_ISREG(info.st_mode))
    return fail(ErrorCode::output, "{} is not a regular file", show_argument(path, ShownAs::path));
  if (!lock(fd.get())) {
    return fail(ErrorCode::output, "{} is locked by another process",
                show_argument(path, ShownAs::path))
        .hint("try again when that is done");
  }
  if (!is_at(fd.get(), path)) return false;
  auto old = read_fd(fd.get(), limit, path);
  if (!old) return fail(std::move(old).error());
  auto bytes = update(*std::move(old));
  if (!bytes) return fail(std::move(bytes).error());
  auto staged = stage_replacement(path, *bytes, info.st_mode & mode_t{07777});
  if (!staged) return fail(std::move(staged).error());
  return place_update(*staged, false, beside);
}

}  // namespace

StagedFile::StagedFile(std::string staged, std::string path, Existing existing)
    : staged_(std::move(staged)), path_(std::move(path)), existing_(existing) {
  remember(staged_);
}

StagedFile::StagedFile(StagedFile&& other) noexcept
    : staged_(std::move(other.staged_)),
      path_(std::move(other.path_)),
      existing_(other.existing_),
      state_(std::exchange(other.state_, State::gone)) {}

StagedFile::~StagedFile() {
  if (state_ == State::staged || state_ == State::swapped) ::unlink(staged_.c_str());
  if (state_ == State::staged) forget();
}

void StagedFile::forget() {
  forget_name(staged_);
  state_ = State::gone;
}

Result<void> StagedFile::commit() {
  if (existing_ == Existing::refuse) {
    auto done = commit_new();
    if (!done) return fail(std::move(done).error());
    return *done ? Result<void>{} : exists(path_);
  }
  if (::rename(staged_.c_str(), path_.c_str()) != 0) return cannot_write(path_);
  forget();
  return {};
}

Result<bool> StagedFile::commit_new() {
  bool moved = rename_new(staged_, path_);
  if (!moved && errno == EEXIST) return false;
  if (!moved) return cannot_write(path_);
  forget();
  return true;
}

bool StagedFile::swap() {
#ifdef RENAME_EXCHANGE
  return ::renameat2(AT_FDCWD, staged_.c_str(), AT_FDCWD, path_.c_str(), RENAME_EXCHANGE) == 0;
#else
  return false;
#endif
}

Result<void> StagedFile::place() {
  struct stat info {};
  bool replaces = existing_ == Existing::replace && ::lstat(path_.c_str(), &info) == 0;
  bool swapped = replaces && swap();
  if (!swapped) {
    if (auto done = commit(); !done) return done;
  }
  forget_name(staged_);  // from here on a signal must not remove what lies there
  state_ = swapped ? State::swapped : replaces ? State::gone : State::placed;
  if (sync_folder(path_)) return {};
  Failure failure = cannot_write(path_);
  (void)take_back();
  return failure;
}

bool StagedFile::take_back() {
  bool done = state_ == State::swapped  ? swap()
              : state_ == State::placed ? rename_new(path_, staged_)
                                        : state_ == State::staged;
  if (!done || state_ == State::staged) return done;
  state_ = State::staged;
  remember(staged_);
  return true;
}

Result<void> StagedFile::check_free() const {
  struct stat info {};
  if (existing_ == Existing::replace || ::lstat(path_.c_str(), &info) != 0) return {};
  return exists(path_);
}

void remove_staged_files() {
  for (const Slot& slot : slots) {
    if (slot.used) ::unlink(slot.name.data());
  }
}

mode_t umask_mode() {
  mode_t mask = ::umask(0);
  ::umask(mask);
  return mode_t{0666} & ~mask;
}

Result<StagedFile> stage_replacement(const std::string& path, std::string_view bytes, mode_t mode,
                                     Existing existing) {
  std::string temporary = fmt::format("{}.XXXXXX", path);
  Descriptor fd(::mkostemp(temporary.data(), O_CLOEXEC));  // O_EXCL and 0600 until it is complete
  if (fd.get() < 0) {
    return fail(ErrorCode::output, "cannot create a file beside {}: {}",
                show_argument(path, ShownAs::path), system_message(errno));
  }
  StagedFile staged(temporary, path, existing);
  // A umask may have taken the owner's own rights away.
  if (mode == kOwnerOnly && ::fchmod(fd.get(), mode) != 0) return cannot_write(path);
  if (auto written = write_fd(fd.get(), bytes, path); !written) {
    return fail(std::move(written).error());
  }
  bool stored = ::fchmod(fd.get(), mode) == 0 && ::fsync(fd.get()) == 0 && fd.close();
  if (!stored) return cannot_write(path);
  return staged;
}

Result<StagedFile> stage_file(const std::string& path, std::string_view bytes, Readers readers,
                              Existing existing) {
  struct stat info {};
  bool there = ::lstat(path.c_str(), &info) == 0;
  if (there && S_ISLNK(info.st_mode)) return is_link(path);
  if (there && !S_ISREG(info.st_mode)) {
    return fail(ErrorCode::output, "{} is not a regular file", show_argument(path, ShownAs::path));
  }
  if (there && existing == Existing::refuse) return exists(path);
  mode_t mode = there ? info.st_mode & mode_t{07777} : umask_mode();
  if (readers == Readers::owner) mode = kOwnerOnly;
  return stage_replacement(path, bytes, mode, existing);
}

Result<void> update_file(const std::string& path, std::size_t limit, const Update& update,
                         Readers readers, const Beside* beside) {
  for (;;) {
    auto done = try_update(path, limit, update, readers, beside);
    if (!done) return fail(std::move(done).error());
    if (*done) return {};
  }
}

}  // namespace jwtctl
