// SPDX-License-Identifier: Apache-2.0
#include "lib/base/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

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
  std::ptrdiff_t entries() const {
    return std::distance(fs::directory_iterator(path_), fs::directory_iterator());
  }

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

unsigned mode(const std::string& path) { return status(path).st_mode & 07777U; }

template <class T>
void check_failed(const Result<T>& result, ErrorCode code, std::string_view part) {
  REQUIRE_FALSE(result.has_value());
  CAPTURE(result.error().message);
  CHECK(result.error().code == code);
  CHECK(result.error().message.find(part) != std::string::npos);
}

/// run_unprivileged runs `body` in a child that root's rights do not help.
template <class Body>
bool run_unprivileged(Body body) {
  pid_t child = ::fork();
  if (child == 0) {
    if (::geteuid() == 0 && (::setgid(65534) != 0 || ::setuid(65534) != 0)) ::_exit(2);
    ::_exit(body() ? 0 : 1);
  }
  int outcome = 0;
  REQUIRE(::waitpid(child, &outcome, 0) == child);
  return WIFEXITED(outcome) && WEXITSTATUS(outcome) == 0;
}

TEST_CASE("a file of exactly the limit is read and one byte more is not") {
  Folder folder;
  std::string path = folder / "key";
  for (std::size_t limit :
       {std::size_t{0}, std::size_t{5}, std::size_t{16384}, std::size_t{40000}}) {
    CAPTURE(limit);
    put(path, std::string(limit, 'k'));
    auto bytes = load_file(path, limit);
    REQUIRE(bytes.has_value());
    CHECK(as_text(*bytes) == std::string(limit, 'k'));
    put(path, std::string(limit + 1, 'k'));
    check_failed(load_file(path, limit), ErrorCode::key_refused,
                 fmt::format("key is larger than the limit of {} bytes", limit));
  }
}

TEST_CASE("bytes are read as they are") {
  Folder folder;
  std::string bytes("\0\xff\r\n\x1a", 5);
  put(folder / "raw", bytes);
  auto read = load_file(folder / "raw", 100);
  REQUIRE(read.has_value());
  CHECK(as_text(*read) == bytes);
}

TEST_CASE("what cannot be read is an input error that names it") {
  Folder folder;
  check_failed(load_file(folder / "missing", 10), ErrorCode::input, "missing: No such file");
  check_failed(load_file(folder / "", 10), ErrorCode::input, "is a directory");
  check_failed(load_file("", 10), ErrorCode::input, "cannot read");
  check_failed(read_fd(-1, 10, "fd:9"), ErrorCode::input, "cannot read fd:9");
}

TEST_CASE("a replaced file keeps its mode and is a new file") {
  Folder folder;
  std::string path = folder / "out";
  put(path, "old");
  for (mode_t wanted : {mode_t{0600}, mode_t{0644}, mode_t{0755}, mode_t{0620}}) {
    REQUIRE(::chmod(path.c_str(), wanted) == 0);
    ino_t before = status(path).st_ino;
    int reader = ::open(path.c_str(), O_RDONLY);
    REQUIRE(write_file(path, "new").has_value());
    CHECK(mode(path) == wanted);
    CHECK(status(path).st_ino != before);
    CHECK(content(path) == "new");
    ::close(reader);
  }
  CHECK(folder.entries() == 1);  // nothing temporary is left
}

TEST_CASE("whoever reads while a file is replaced sees the old content") {
  Folder folder;
  put(folder / "out", "old");
  std::ifstream reader(folder / "out");
  REQUIRE(write_file(folder / "out", "something new").has_value());
  std::string seen;
  reader >> seen;
  CHECK(seen == "old");
}

TEST_CASE("a new file honours the umask") {
  Folder folder;
  mode_t before = ::umask(027);
  auto written = write_file(folder / "new", "");
  mode_t after = ::umask(before);
  REQUIRE(written.has_value());
  CHECK(mode(folder / "new") == 0640);
  CHECK(after == 027);  // asking for the mask does not change it
}

TEST_CASE("a file without write permission is left alone") {
  Folder folder;
  std::string path = folder / "out";
  put(path, "old");
  fs::permissions(folder / "", fs::perms::all);
  fs::permissions(path, fs::perms::owner_read | fs::perms::group_read | fs::perms::others_read);
  CHECK(run_unprivileged([&path] {
    auto written = write_file(path, "new");
    return !written && written.error().code == ErrorCode::output &&
           written.error().message.find("Permission denied") != std::string::npos;
  }));
  CHECK(content(path) == "old");
  CHECK(folder.entries() == 1);
}

TEST_CASE("a folder that takes no new file is an output error") {
  Folder folder;
  check_failed(write_file(folder / "missing/out", "x"), ErrorCode::output, "missing/out");
  check_failed(write_file(folder / "", "x"), ErrorCode::output, "directory");
  fs::permissions(folder / "", fs::perms::owner_read | fs::perms::owner_exec);
  CHECK(run_unprivileged([&folder] {
    auto written = write_file(folder / "out", "x");
    return !written && written.error().code == ErrorCode::output;
  }));
  fs::permissions(folder / "", fs::perms::owner_all);
}

}  // namespace
}  // namespace jwtctl
