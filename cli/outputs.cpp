// SPDX-License-Identifier: Apache-2.0
#include "cli/outputs.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "lib/base/descriptor.h"
#include "lib/base/file.h"
#include "lib/base/shown.h"

namespace jwtctl::cli {
namespace {

Failure on_terminal() {
  return fail(ErrorCode::usage, "a private key is not shown on a terminal")
      .hint("name a file for it, or pipe it on");
}

bool is_terminal(const std::string& path) {
  Descriptor fd(::open(path.c_str(), O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC));
  return fd.get() >= 0 && ::isatty(fd.get()) == 1;
}

}  // namespace

bool is_stdout(const std::string& path) {
  return path == "-" || open_descriptor(path) == STDOUT_FILENO;
}

bool same_place(const std::string& a, const std::string& b) {
  if (is_stdout(a) || is_stdout(b)) return is_stdout(a) && is_stdout(b);
  namespace fs = std::filesystem;
  std::error_code error;
  if (fs::equivalent(a, b, error)) return true;
  fs::path left = fs::weakly_canonical(fs::absolute(a, error), error);
  fs::path right = fs::weakly_canonical(fs::absolute(b, error), error);
  return !error && left == right;
}

Result<void> check_private_place(const std::string& path) {
  auto fd = path == "-" ? STDOUT_FILENO : open_descriptor(path).value_or(-1);
  if (fd >= 0) return ::isatty(fd) == 1 ? on_terminal() : Result<void>{};
  struct stat info {};
  if (::lstat(path.c_str(), &info) != 0) return {};
  if (S_ISCHR(info.st_mode) && is_terminal(path)) return on_terminal();
  constexpr mode_t kOthers = 077;
  bool open_to_others = info.st_uid != ::geteuid() || (info.st_mode & kOthers) != 0;
  if (S_ISFIFO(info.st_mode) && open_to_others) {
    return fail(ErrorCode::output, "{} is a FIFO that others may read",
                show_argument(path, ShownAs::path))
        .hint("make one of your own with mkfifo -m 600");
  }
  return {};
}

Result<void> Outputs::add(const std::string& path, std::string_view bytes, Readers readers) {
  if (readers == Readers::owner) {
    if (auto good = check_private_place(path); !good) return good;
  }
  std::error_code error;
  bool link = std::filesystem::is_symlink(path, error) && !open_descriptor(path);
  // A private key does not follow a link to a stream, which somebody else may have put there.
  bool stream = path == "-" || (is_stream(path) && !(link && readers == Readers::owner));
  if (stream) {
    streams_.emplace_back(path, bytes);
    return {};
  }
  auto staged = stage_file(path, bytes, readers, existing_);
  if (!staged) return fail(std::move(staged).error());
  staged_.push_back(*std::move(staged));
  return {};
}

Result<void> Outputs::write_streams() {
  for (const auto& [path, bytes] : streams_) {
    auto done = path == "-" ? write_fd(STDOUT_FILENO, bytes, "stdout") : write_file(path, bytes);
    if (!done) return done;
  }
  return {};
}

Result<void> Outputs::check_free() const {
  for (const StagedFile& file : staged_) {
    if (auto free = file.check_free(); !free) return free;
  }
  return {};
}

Result<void> Outputs::commit() {
  for (std::size_t i = 0; i < staged_.size(); ++i) {
    auto done = staged_[i].place();
    if (done) continue;
    (void)take_back();
    return done;
  }
  return {};
}

bool Outputs::take_back() {
  bool all = true;
  for (auto file = staged_.rbegin(); file != staged_.rend(); ++file) all = file->take_back() && all;
  return all;
}

Result<void> write_private(const std::string& path, std::string_view bytes, Existing existing) {
  Outputs outputs(existing);
  auto done = outputs.add(path, bytes, Readers::owner);
  if (done) done = outputs.write_streams();
  return done ? outputs.commit() : done;
}

}  // namespace jwtctl::cli
