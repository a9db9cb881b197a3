// SPDX-License-Identifier: Apache-2.0
#include "lib/base/own_file.h"

#include <sys/wait.h>

#include "tests/unit/folder.h"
#include "tests/unit/refusal.h"

namespace jwtctl {
namespace {

namespace fs = std::filesystem;
using namespace testing;

void set_mode(const std::string& path, mode_t mode) { REQUIRE(::chmod(path.c_str(), mode) == 0); }

bool loads(const std::string& path) { return load_own_file(path, 100).has_value(); }

TEST_CASE("our own file is read, up to the limit") {
  Folder folder;
  std::string path = folder / "file";
  put(path, "0123456789");
  auto bytes = load_own_file(path, 10);
  REQUIRE(bytes.has_value());
  CHECK(as_text(*bytes) == "0123456789");
  CHECK_FALSE(load_own_file(path, 9).has_value());
  put(path, "");
  REQUIRE(load_own_file(path, 10).has_value());
  CHECK(load_own_file(path, 10)->empty());
}

TEST_CASE("a file that others may write is as if it were not there") {
  Folder folder;
  std::string path = folder / "file";
  put(path, "x");
  for (mode_t mode : {mode_t{0600}, mode_t{0400}, mode_t{0644}, mode_t{0755}}) {
    CAPTURE(mode);
    set_mode(path, mode);
    CHECK(loads(path));
  }
  for (mode_t mode : {mode_t{0620}, mode_t{0602}, mode_t{0666}, mode_t{0777}}) {
    CAPTURE(mode);
    set_mode(path, mode);
    CHECK_FALSE(loads(path));
  }
}

TEST_CASE("a file of somebody else is as if it were not there") {
  if (::geteuid() != 0) {
    WARN("skipped: only root can give files away");
    return;
  }
  Folder folder;
  std::string path = folder / "file";
  put(path, "x");
  set_mode(path, 0644);
  REQUIRE(::chown(path.c_str(), 65534, 65534) == 0);
  CHECK_FALSE(loads(path));
}

TEST_CASE("what is no regular file is as if it were not there") {
  Folder folder;
  put(folder / "file", "x");
  fs::create_symlink(folder / "file", folder / "link");
  fs::create_directory(folder / "folder");
  set_mode(folder / "folder", 0700);
  REQUIRE(::mkfifo((folder / "fifo").c_str(), 0600) == 0);
  CHECK(loads(folder / "file"));
  CHECK_FALSE(loads(folder / "missing"));
  CHECK_FALSE(loads(folder / "link"));
  CHECK_FALSE(loads(folder / "folder"));
  CHECK_FALSE(loads(folder / "fifo"));  // and nobody waits for its writer
  CHECK_FALSE(loads("/dev/null"));
}

TEST_CASE("a folder is made for its owner alone, with those above it") {
  Folder folder;
  std::string path = folder / "a/b/c";
  REQUIRE(make_own_folder(path).has_value());
  CHECK(mode(path) == 0700);
  set_mode(path, 0750);
  REQUIRE(make_own_folder(path).has_value());
  CHECK(mode(path) == 0750);
}

TEST_CASE("a folder that cannot be made is an output error") {
  Folder folder;
  put(folder / "file", "x");
  check_failed(make_own_folder(folder / "file/below"), ErrorCode::output, "file/below");
}

TEST_CASE("a file is written for its owner alone, whole, and without leftovers") {
  Folder folder;
  std::string path = folder / "file";
  REQUIRE(write_own_file(path, "old").has_value());
  CHECK(content(path) == "old");
  CHECK(mode(path) == 0600);
  set_mode(path, 0644);
  REQUIRE(write_own_file(path, "new").has_value());
  CHECK(content(path) == "new");
  CHECK(mode(path) == 0600);
  CHECK(folder.entries() == 1);
  CHECK(loads(path));
}

TEST_CASE("who reads a file that is replaced has the old content to its end") {
  Folder folder;
  std::string path = folder / "file";
  REQUIRE(write_own_file(path, "old").has_value());
  std::ifstream reader(path);
  REQUIRE(write_own_file(path, "new").has_value());
  CHECK(std::string(std::istreambuf_iterator<char>(reader), {}) == "old");
}

TEST_CASE("a file that cannot be written is an output error") {
  Folder folder;
  check_failed(write_own_file(folder / "missing/file", "x"), ErrorCode::output, "file");
  fs::create_directory(folder / "folder");
  check_failed(write_own_file(folder / "folder", "x"), ErrorCode::output, "folder");
  CHECK(folder.entries() == 1);
}

TEST_CASE("a lock has one holder, and is free when that one is gone") {
  Folder folder;
  std::string path = folder / "lock";
  bool possible = false;
  {
    auto first = FileLock::try_take(path, possible);
    REQUIRE(first.has_value());
    CHECK(possible);
    CHECK(mode(path) == 0600);
    CHECK_FALSE(FileLock::try_take(path, possible).has_value());
    CHECK(possible);
  }
  CHECK(FileLock::try_take(path, possible).has_value());
  CHECK(fs::exists(path));
}

TEST_CASE("a lock ends with the process that has it") {
  Folder folder;
  std::string path = folder / "lock";
  bool possible = false;
  pid_t child = ::fork();
  if (child == 0) ::_exit(FileLock::try_take(path, possible) ? 0 : 1);
  int outcome = 0;
  REQUIRE(::waitpid(child, &outcome, 0) == child);
  REQUIRE(outcome == 0);
  CHECK(FileLock::try_take(path, possible).has_value());
}

TEST_CASE("a lock that cannot be is told from one that somebody has") {
  Folder folder;
  bool possible = true;
  CHECK_FALSE(FileLock::try_take(folder / "missing/lock", possible).has_value());
  CHECK_FALSE(possible);
  put(folder / "file", "");
  fs::create_symlink(folder / "file", folder / "link");
  possible = true;
  CHECK_FALSE(FileLock::try_take(folder / "link", possible).has_value());
  CHECK_FALSE(possible);
}

}  // namespace
}  // namespace jwtctl
