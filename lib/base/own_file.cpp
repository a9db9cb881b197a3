// SPDX-License-Identifier: Apache-2.0
#include "lib/base/own_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "lib/base/file.h"
#include "lib/base/shown.h"
#include "lib/base/staged_file.h"

namespace jwtctl {
namespace {

constexpr mode_t kOthersWrite = 022;

}  // namespace

std::optional<SecretBytes> load_own_file(const std::string& path, std::size_t limit) {
  Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  struct stat info {};
  if (fd.get() < 0 || ::fstat(fd.get(), &info) != 0) return std::nullopt;
  if (!S_ISREG(info.st_mode) || info.st_uid != ::geteuid() || (info.st_mode & kOthersWrite) != 0) {
    return std::nullopt;
  }
  auto bytes = read_fd(fd.get(), limit, path);
  return bytes ? std::optional(*std::move(bytes)) : std::nullopt;
}

Result<void> make_own_folder(const std::string& path) {
  std::error_code error;
  std::filesystem::path folder(path);
  if (folder.has_parent_path()) std::filesystem::create_directories(folder.parent_path(), error);
  if (::mkdir(path.c_str(), 0700) == 0 || errno == EEXIST) return {};
  int why = error ? error.value() : errno;
  // The first that is missing is the one that could not be made.
  while (folder.has_parent_path() && !std::filesystem::exists(folder.parent_path(), error) &&
         !error) {
    folder = folder.parent_path();
  }
  return fail(ErrorCode::output, "cannot make the folder {}: {}",
              show_argument(folder.string(), ShownAs::path), system_message(why));
}

Result<void> check_own_folder(const std::string& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) return {};
  if (!S_ISDIR(info.st_mode))
    return fail(ErrorCode::output, "{} is no folder", show_argument(path, ShownAs::path));
  if (info.st_uid == ::geteuid() && (info.st_mode & kOthersWrite) == 0) return {};
  return fail(ErrorCode::output,
              "the folder {} belongs to somebody else, or others may write to it",
              show_argument(path, ShownAs::path));
}

Result<void> check_own_path(const std::string& path) {
  auto parent = std::filesystem::path(path).parent_path().string();
  std::string folder = parent.empty() ? "." : parent;
  struct stat info {};
  if (::stat(folder.c_str(), &info) == 0) {
    bool ours = info.st_uid == ::geteuid() || info.st_uid == 0;
    // Where each user has a group of one's own, what that group may write is not shared.
    mode_t shared = info.st_gid == ::getegid() ? S_IWOTH : kOthersWrite;
    bool closed = (info.st_mode & shared) == 0 || (info.st_mode & S_ISVTX) != 0;
    if (!ours || !closed) {
      return fail(ErrorCode::input,
                  "the folder {} belongs to somebody else, or others may write to it",
                  show_argument(folder, ShownAs::path))
          .hint("chmod go-w, or a file in a folder of your own");
    }
  }
  if (::lstat(path.c_str(), &info) != 0) return {};
  if (!S_ISREG(info.st_mode))
    return fail(ErrorCode::input, "{} is no regular file", show_argument(path, ShownAs::path));
  if (info.st_uid == ::geteuid() && (info.st_mode & kOthersWrite) == 0) return {};
  return fail(ErrorCode::input, "{} belongs to somebody else, or others may write to it",
              show_argument(path, ShownAs::path))
      .hint("if what it says can be trusted: chown, chmod go-w");
}

Result<void> write_own_file(const std::string& path, std::string_view bytes) {
  auto staged = stage_replacement(path, bytes, 0600);
  if (!staged) return fail(std::move(staged).error());
  return staged->commit();
}

std::optional<FileLock> FileLock::try_take(const std::string& path, bool& possible) {
  Descriptor fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  bool taken = fd.get() >= 0 && ::flock(fd.get(), LOCK_EX | LOCK_NB) == 0;
  possible = taken || (fd.get() >= 0 && errno == EWOULDBLOCK);
  return taken ? std::optional(FileLock(std::move(fd))) : std::nullopt;
}

}  // namespace jwtctl
