// SPDX-License-Identifier: Apache-2.0
#include "lib/base/staged_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "lib/base/descriptor.h"
#include "lib/base/file.h"

namespace jwtctl {
namespace {

constexpr mode_t kOwnerOnly = 0600;
constexpr mode_t kByUmask = 0666;  // the system takes the umask off

Failure cannot_write(std::string_view path) {
  return fail(ErrorCode::output, "cannot write {}: {}", path, system_message(errno));
}

Failure is_link(std::string_view path) {
  return fail(ErrorCode::output, "{} is a symbolic link", path)
      .hint("name the file that it points to");
}

/// write_whole writes, gives the file its mode, and makes sure that it is on the disk.
Result<void> write_whole(Descriptor& fd, std::string_view bytes, std::optional<mode_t> mode,
                         const std::string& path) {
  if (auto written = write_fd(fd.get(), bytes, path); !written) return written;
  bool stored = (!mode || ::fchmod(fd.get(), *mode) == 0) && ::fsync(fd.get()) == 0 && fd.close();
  if (!stored) return cannot_write(path);
  return {};
}

Result<StagedFile> stage_new(const std::string& path, std::string_view bytes, Readers readers) {
  mode_t mode = readers == Readers::owner ? kOwnerOnly : kByUmask;
  Descriptor fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
  if (fd.get() < 0 && errno == EEXIST) {
    return fail(ErrorCode::output, "{} exists already", path)
        .hint("choose another name, or overwrite it with --force: what it holds is then lost");
  }
  if (fd.get() < 0) return cannot_write(path);
  StagedFile staged(path, path);
  // A umask may have taken the owner's own rights away.
  bool owner = readers == Readers::owner;
  if (owner && ::fchmod(fd.get(), kOwnerOnly) != 0) return cannot_write(path);
  if (auto done = write_whole(fd, bytes, std::nullopt, path); !done) {
    return fail(std::move(done).error());
  }
  return staged;
}

/// is_at says that the open file is still the one that has the name.
bool is_at(int fd, const std::string& path) {
  struct stat open_file {};
  struct stat named {};
  return ::fstat(fd, &open_file) == 0 && ::lstat(path.c_str(), &named) == 0 &&
         open_file.st_dev == named.st_dev && open_file.st_ino == named.st_ino;
}

bool lock(int fd) {
  int outcome = 0;
  do {
    outcome = ::flock(fd, LOCK_EX);
  } while (outcome != 0 && errno == EINTR);
  return outcome == 0;
}

/// try_update makes one attempt; false says that another process was faster.
Result<bool> try_update(const std::string& path, std::size_t limit, const Update& update) {
  Descriptor fd(::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (fd.get() < 0 && errno == ELOOP) return is_link(path);
  if (fd.get() < 0 && errno != ENOENT) return cannot_write(path);
  if (fd.get() < 0) {
    auto bytes = update(std::nullopt);
    if (!bytes) return fail(std::move(bytes).error());
    auto staged = stage_replacement(path, *bytes, umask_mode());
    if (!staged) return fail(std::move(staged).error());
    return staged->commit_new();
  }
  struct stat info {};
  if (::fstat(fd.get(), &info) != 0) return cannot_write(path);
  if (!S_ISREG(info.st_mode)) {
    return fail(ErrorCode::output, "{} is not a regular file", path);
  }
  if (!lock(fd.get())) return cannot_write(path);
  if (!is_at(fd.get(), path)) return false;
  auto old = read_fd(fd.get(), limit, path);
  if (!old) return fail(std::move(old).error());
  auto bytes = update(*std::move(old));
  if (!bytes) return fail(std::move(bytes).error());
  auto staged = stage_replacement(path, *bytes, info.st_mode & mode_t{07777});
  if (!staged) return fail(std::move(staged).error());
  if (auto done = staged->commit(); !done) return fail(std::move(done).error());
  return true;
}

}  // namespace

StagedFile::~StagedFile() {
  if (!staged_.empty()) ::unlink(staged_.c_str());
}

Result<void> StagedFile::commit() {
  if (staged_ != path_ && ::rename(staged_.c_str(), path_.c_str()) != 0) return cannot_write(path_);
  staged_.clear();
  return {};
}

Result<bool> StagedFile::commit_new() {
  // Unlike rename, link never replaces.
  if (::link(staged_.c_str(), path_.c_str()) == 0) return true;  // the other name goes with us
  if (errno == EEXIST) return false;
  return cannot_write(path_);
}

mode_t umask_mode() {
  mode_t mask = ::umask(0);
  ::umask(mask);
  return kByUmask & ~mask;
}

Result<StagedFile> stage_replacement(const std::string& path, std::string_view bytes, mode_t mode) {
  std::string temporary = fmt::format("{}.XXXXXX", path);
  Descriptor fd(::mkostemp(temporary.data(), O_CLOEXEC));  // 0600 until it is complete
  if (fd.get() < 0) {
    return fail(ErrorCode::output, "cannot create a file beside {}: {}", path,
                system_message(errno));
  }
  StagedFile staged(temporary, path);
  if (auto done = write_whole(fd, bytes, mode, path); !done) return fail(std::move(done).error());
  return staged;
}

Result<StagedFile> stage_file(const std::string& path, std::string_view bytes, Readers readers,
                              Existing existing) {
  struct stat info {};
  bool exists = ::lstat(path.c_str(), &info) == 0;
  if (!exists || existing == Existing::refuse) return stage_new(path, bytes, readers);
  if (S_ISLNK(info.st_mode)) return is_link(path);
  if (!S_ISREG(info.st_mode)) return fail(ErrorCode::output, "{} is not a regular file", path);
  mode_t mode = readers == Readers::owner ? kOwnerOnly : info.st_mode & mode_t{07777};
  return stage_replacement(path, bytes, mode);
}

Result<void> update_file(const std::string& path, std::size_t limit, const Update& update) {
  for (;;) {
    auto done = try_update(path, limit, update);
    if (!done) return fail(std::move(done).error());
    if (*done) return {};
  }
}

}  // namespace jwtctl
