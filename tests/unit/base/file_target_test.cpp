// SPDX-License-Identifier: Apache-2.0
// The part of lib/base/file that writes to links, devices and pipes.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "lib/base/file.h"
#include "tests/catch.h"

namespace jwtctl {
namespace {

namespace fs = std::filesystem;

/// Folder is a fresh directory that goes away with the test.
class Folder {
 public:
  Folder() {
    std::string pattern = (fs::temp_directory_path() / "jwtctl-test-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string operator/(std::string_view name) const { return (path_ / name).string(); }

 private:
  fs::path path_;
};

void put(const std::string& path, std::string_view text) {
  std::ofstream(path, std::ios::binary) << text;
}

std::string content(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

struct stat status(const std::string& path) {
  struct stat info {};
  REQUIRE(::lstat(path.c_str(), &info) == 0);
  return info;
}

template <class T>
void check_failed(const Result<T>& result, ErrorCode code, std::string_view part) {
  REQUIRE_FALSE(result.has_value());
  CAPTURE(result.error().message);
  CHECK(result.error().code == code);
  CHECK(result.error().message.find(part) != std::string::npos);
}

TEST_CASE("the target of a link is replaced and the link is kept") {
  Folder folder;
  put(folder / "target", "old");
  fs::create_symlink("target", folder / "link");
  REQUIRE(write_file(folder / "link", "new").has_value());
  CHECK(fs::is_symlink(folder / "link"));
  CHECK(content(folder / "target") == "new");
  CHECK_FALSE(fs::is_symlink(folder / "target"));
}

TEST_CASE("a link to a file that does not exist yet is kept too") {
  Folder folder;
  fs::create_symlink("target", folder / "link");
  REQUIRE(write_file(folder / "link", "new").has_value());
  CHECK(fs::is_symlink(folder / "link"));
  CHECK(content(folder / "target") == "new");
}

TEST_CASE("devices and pipes are written and stay what they are") {
  CHECK(write_file("/dev/null", "x").has_value());
  CHECK(S_ISCHR(status("/dev/null").st_mode));

  Folder folder;
  std::string path = folder / "pipe";
  REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
  int reader = ::open(path.c_str(), O_RDONLY | O_NONBLOCK);
  REQUIRE(write_file(path, "through").has_value());
  auto bytes = read_fd(reader, 100, "pipe");
  ::close(reader);
  REQUIRE(bytes.has_value());
  CHECK(as_text(*bytes) == "through");
  CHECK(S_ISFIFO(status(path).st_mode));
}

// Behind /dev/stdout is a link to a name such as "pipe:[123]", which is no path.
TEST_CASE("a pipe is written through the link to its descriptor") {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  std::string link = fmt::format("/dev/fd/{}", ends[1]);
  if (!fs::exists(link)) {
    WARN("skipped: there is no /dev/fd");
    return;
  }
  auto written = write_file(link, "through");
  ::close(ends[1]);
  INFO((written ? "" : written.error().message));
  REQUIRE(written.has_value());
  CHECK(as_text(*read_fd(ends[0], 100, "pipe")) == "through");
  ::close(ends[0]);
}

TEST_CASE("links to links are followed, and a ring of them is an error") {
  Folder folder;
  fs::create_directory(folder / "sub");
  put(folder / "target", "old");
  fs::create_symlink("../target", folder / "sub/second");
  fs::create_symlink("sub/second", folder / "first");
  REQUIRE(write_file(folder / "first", "new").has_value());
  CHECK(content(folder / "target") == "new");
  CHECK(fs::is_symlink(folder / "first"));
  CHECK(fs::is_symlink(folder / "sub/second"));
  fs::create_symlink("b", folder / "a");
  fs::create_symlink("a", folder / "b");
  CHECK_FALSE(write_file(folder / "a", "x").has_value());
  CHECK(fs::is_symlink(folder / "a"));
  CHECK(fs::is_symlink(folder / "b"));
}

TEST_CASE("a full disk is an output error") {
  if (!fs::exists("/dev/full")) {
    WARN("skipped: there is no /dev/full");
    return;
  }
  check_failed(write_file("/dev/full", "x"), ErrorCode::output, "cannot write /dev/full: No space");
}

TEST_CASE("a reader that went away is told apart") {
  std::signal(SIGPIPE, SIG_IGN);
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  ::close(ends[0]);
  check_failed(write_fd(ends[1], "x", "stdout"), ErrorCode::broken_pipe, "nobody reads stdout");
  CHECK(write_fd(ends[1], "", "stdout").has_value());  // nothing to say, nobody to miss it
  ::close(ends[1]);
  check_failed(write_fd(-1, "x", "stdout"), ErrorCode::output, "cannot write stdout");
}

}  // namespace
}  // namespace jwtctl
