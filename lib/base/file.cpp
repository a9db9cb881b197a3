// SPDX-License-Identifier: Apache-2.0
#include "lib/base/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <optional>

#include "lib/base/descriptor.h"
#include "lib/base/shown.h"
#include "lib/base/staged_file.h"

namespace jwtctl {
namespace {

/// real_target follows symbolic links, so that `-o link` replaces what the link names and not
/// the link, also when that does not exist yet.
std::string real_target(const std::string& path) {
  namespace fs = std::filesystem;
  constexpr int kMaxLinks = 40;  // as Linux follows
  std::error_code error;
  fs::path target = path;
  for (int i = 0; i < kMaxLinks && fs::is_symlink(target, error); ++i) {
    fs::path next = fs::read_symlink(target, error);
    if (error) break;
    target = next.is_absolute() ? next : target.parent_path() / next;
  }
  return target.string();
}

Result<void> replace_file(const std::string& path, std::string_view bytes, mode_t mode) {
  auto staged = stage_replacement(path, bytes, mode);
  if (!staged) return fail(std::move(staged).error());
  return staged->commit();
}

}  // namespace

Result<SecretBytes> read_fd(int fd, std::size_t limit, std::string_view what) {
  SecretBytes bytes;
  std::array<std::uint8_t, 16384> chunk{};
  Result<SecretBytes> result = SecretBytes{};
  for (;;) {
    ssize_t got = ::read(fd, chunk.data(), chunk.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      result = fail(ErrorCode::input, "cannot read {}: {}", show_argument(what, ShownAs::path),
                    system_message(errno));
      break;
    }
    if (got == 0) {
      result = std::move(bytes);
      break;
    }
    bytes.insert(bytes.end(), chunk.data(), chunk.data() + got);
    if (bytes.size() > limit) {
      result = fail(ErrorCode::key_refused, "{} is larger than the limit of {} bytes",
                    show_argument(what, ShownAs::path), limit);
      break;
    }
  }
  cleanse(chunk.data(), chunk.size());
  return result;
}

Result<SecretBytes> load_file(const std::string& path, std::size_t limit) {
  Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat info {};
  if (fd.get() < 0 || ::fstat(fd.get(), &info) != 0) {
    return fail(ErrorCode::input, "cannot read {}: {}", show_argument(path, ShownAs::path),
                system_message(errno));
  }
  if (S_ISDIR(info.st_mode))
    return fail(ErrorCode::input, "{} is a directory", show_argument(path, ShownAs::path));
  return read_fd(fd.get(), limit, path);
}

Result<void> write_fd(int fd, std::string_view bytes, std::string_view what) {
  while (!bytes.empty()) {
    ssize_t put = ::write(fd, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0 && errno == EPIPE) {
      return fail(ErrorCode::broken_pipe, "nobody reads {} any more",
                  show_argument(what, ShownAs::path));
    }
    if (put < 0)
      return fail(ErrorCode::output, "cannot write {}: {}", show_argument(what, ShownAs::path),
                  system_message(errno));
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  return {};
}

std::optional<int> open_descriptor(std::string_view path) {
  if (path == "/dev/stdout") return STDOUT_FILENO;
  if (path == "/dev/stderr") return STDERR_FILENO;
  for (std::string_view folder : {"/dev/fd/", "/proc/self/fd/"}) {
    if (!path.starts_with(folder)) continue;
    int fd = -1;
    const char* end = path.data() + path.size();
    auto [at, error] = std::from_chars(path.data() + folder.size(), end, fd);
    if (error == std::errc{} && at == end && fd >= 0) return fd;
  }
  return std::nullopt;
}

bool is_stream(const std::string& path) {
  struct stat info {};
  return open_descriptor(path) ||
         (::stat(path.c_str(), &info) == 0 && !S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode));
}

Result<void> write_file(const std::string& path, std::string_view bytes) {
  if (auto fd = open_descriptor(path)) return write_fd(*fd, bytes, path);
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) {
    if (errno == ENOENT) return replace_file(real_target(path), bytes, umask_mode());
    return fail(ErrorCode::output, "cannot write {}: {}", show_argument(path, ShownAs::path),
                system_message(errno));
  }
  if (S_ISREG(info.st_mode)) {
    std::string target = real_target(path);
    if (::access(target.c_str(), W_OK) != 0) {
      return fail(ErrorCode::output, "cannot write {}: {}", show_argument(path, ShownAs::path),
                  system_message(errno));
    }
    return replace_file(target, bytes, info.st_mode & mode_t{07777});
  }
  Descriptor fd(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (fd.get() < 0)
    return fail(ErrorCode::output, "cannot open {}: {}", show_argument(path, ShownAs::path),
                system_message(errno));
  auto written = write_fd(fd.get(), bytes, path);
  if (written && !fd.close()) {
    return fail(ErrorCode::output, "cannot write {}: {}", show_argument(path, ShownAs::path),
                system_message(errno));
  }
  return written;
}

}  // namespace jwtctl
