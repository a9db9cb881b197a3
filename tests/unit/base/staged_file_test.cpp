// SPDX-License-Identifier: Apache-2.0
#include "lib/base/staged_file.h"

#include <sys/resource.h>
#include <sys/wait.h>

#include <csignal>

#include "tests/unit/folder.h"
#include "tests/unit/refusal.h"

namespace jwtctl {
namespace {

namespace fs = std::filesystem;
using namespace testing;

/// Umask sets the umask for the length of a block.
class Umask {
 public:
  explicit Umask(mode_t mask) : before_(::umask(mask)) {}
  ~Umask() { ::umask(before_); }
  Umask(const Umask&) = delete;
  Umask& operator=(const Umask&) = delete;

 private:
  mode_t before_;
};

/// on_full_disk runs `body` in a child that can write no file of more than four bytes.
template <class Body>
bool on_full_disk(Body body) {
  pid_t child = ::fork();
  if (child == 0) {
    std::signal(SIGXFSZ, SIG_IGN);
    rlimit four{4, 4};
    ::_exit(::setrlimit(RLIMIT_FSIZE, &four) == 0 && body() ? 0 : 1);
  }
  int outcome = 0;
  REQUIRE(::waitpid(child, &outcome, 0) == child);
  return outcome == 0;
}

Update replace_by(std::string text) {
  return [text](const std::optional<SecretBytes>&) -> Result<std::string> { return text; };
}

/// only_entry is the one file of a folder.
std::string only_entry(const Folder& folder) {
  REQUIRE(folder.entries() == 1);
  return fs::directory_iterator(folder / "")->path().string();
}

TEST_CASE("a new file has its final mode before commit, and goes away without it") {
  Folder folder;
  std::string path = folder / "new";
  for (mode_t mask : {mode_t{0}, mode_t{022}, mode_t{077}, mode_t{0777}}) {
    CAPTURE(mask);
    Umask guard(mask);
    auto staged = stage_file(path, "key", Readers::owner, Existing::refuse);
    REQUIRE(staged.has_value());
    CHECK_FALSE(fs::exists(path));
    CHECK(mode(only_entry(folder)) == 0600);
    CHECK(content(only_entry(folder)) == "key");
  }
  for (mode_t mask : {mode_t{0}, mode_t{027}, mode_t{077}}) {
    CAPTURE(mask);
    Umask guard(mask);
    CHECK(umask_mode() == (0666 & ~mask));
    auto staged = stage_file(path, "public", Readers::by_umask, Existing::replace);
    REQUIRE(staged.has_value());
    CHECK(mode(only_entry(folder)) == (0666 & ~mask));
    CHECK(::umask(mask) == mask);  // asking for it does not change it
  }
  CHECK(folder.entries() == 0);
}

TEST_CASE("a file that appears before commit is not overwritten, unless that was asked for") {
  Folder folder;
  std::string path = folder / "new";
  {
    auto staged = stage_file(path, "key", Readers::owner, Existing::refuse);
    REQUIRE(staged.has_value());
    put(path, "faster");
    check_failed(staged->commit(), ErrorCode::output, "new exists already", "--force");
  }
  CHECK(content(path) == "faster");
  CHECK(folder.entries() == 1);
  fs::remove(path);
  auto staged = stage_file(path, "key", Readers::owner, Existing::replace);
  put(path, "faster");
  REQUIRE(staged->commit().has_value());
  CHECK(content(path) == "key");
  CHECK(mode(path) == 0600);
}

TEST_CASE("what is staged can be taken back on the way out, and no more than that") {
  Folder folder;
  auto kept = stage_file(folder / "kept", "key", Readers::owner, Existing::refuse);
  REQUIRE(kept.has_value());
  REQUIRE(kept->commit().has_value());
  auto first = stage_file(folder / "first", "key", Readers::owner, Existing::refuse);
  auto second = stage_replacement(folder / "kept", "key", 0600);
  REQUIRE((first && second));
  CHECK(folder.entries() == 3);
  remove_staged_files();
  CHECK(only_entry(folder) == folder / "kept");
}

TEST_CASE("commit keeps the file, exactly as it was given") {
  Folder folder;
  std::string bytes("k\0\r\n\xff", 5);
  auto staged = stage_file(folder / "new", bytes, Readers::owner, Existing::refuse);
  REQUIRE(staged.has_value());
  StagedFile moved(*std::move(staged));
  REQUIRE(moved.commit().has_value());
  { StagedFile gone(std::move(moved)); }
  CHECK(content(folder / "new") == bytes);
  CHECK(folder.entries() == 1);
}

TEST_CASE("what exists is refused, whatever it is, and stays") {
  Folder folder;
  put(folder / "old", "old");
  REQUIRE(::chmod((folder / "old").c_str(), 0644) == 0);
  fs::create_symlink("old", folder / "link");
  fs::create_symlink("missing", folder / "dangling");
  fs::create_directory(folder / "folder");
  check_failed(stage_file(folder / "old", "new", Readers::owner, Existing::refuse),
               ErrorCode::output, "old exists already", "--force");
  for (std::string_view name : {"link", "dangling", "folder"}) {
    CAPTURE(name);
    check_failed(stage_file(folder / name, "new", Readers::owner, Existing::refuse),
                 ErrorCode::output, name);
  }
  CHECK(content(folder / "old") == "old");
  CHECK(mode(folder / "old") == 0644);
  CHECK_FALSE(fs::exists(folder / "missing"));
  CHECK(folder.entries() == 4);
}

TEST_CASE("a replaced file is the old one until commit") {
  Folder folder;
  std::string path = folder / "out";
  for (Readers readers : {Readers::by_umask, Readers::owner}) {
    put(path, "old");
    REQUIRE(::chmod(path.c_str(), 0640) == 0);
    {
      auto staged = stage_file(path, "new", readers, Existing::replace);
      REQUIRE(staged.has_value());
      CHECK(content(path) == "old");
      CHECK(folder.entries() == 2);
    }
    CHECK(content(path) == "old");
    CHECK(folder.entries() == 1);
    auto staged = stage_file(path, "new", readers, Existing::replace);
    REQUIRE(staged.has_value());
    REQUIRE(staged->commit().has_value());
    CHECK(content(path) == "new");
    CHECK(mode(path) == (readers == Readers::owner ? 0600U : 0640U));
    CHECK(folder.entries() == 1);
  }
}

TEST_CASE("links and what is no regular file are not replaced") {
  Folder folder;
  put(folder / "target", "old");
  fs::create_symlink("target", folder / "link");
  fs::create_symlink("missing", folder / "dangling");
  fs::create_directory(folder / "folder");
  REQUIRE(::mkfifo((folder / "pipe").c_str(), 0600) == 0);
  for (std::string_view name : {"link", "dangling"}) {
    check_failed(stage_file(folder / name, "new", Readers::owner, Existing::replace),
                 ErrorCode::output, "is a symbolic link", "points to");
    check_failed(update_file(folder / name, 100, replace_by("new")), ErrorCode::output,
                 "is a symbolic link", "points to");
  }
  for (std::string_view name : {"folder", "pipe"}) {
    check_failed(stage_file(folder / name, "new", Readers::owner, Existing::replace),
                 ErrorCode::output, "is not a regular file");
  }
  check_failed(update_file(folder / "pipe", 100, replace_by("new")), ErrorCode::output,
               "is not a regular file");
  check_failed(update_file(folder / "folder", 100, replace_by("new")), ErrorCode::output, "folder");
  CHECK(content(folder / "target") == "old");
  CHECK(folder.entries() == 5);
}

TEST_CASE("a place that cannot be written is an output error") {
  Folder folder;
  std::string path = folder / "missing/out";
  check_failed(stage_file(path, "x", Readers::owner, Existing::refuse), ErrorCode::output,
               "No such file");
  check_failed(stage_replacement(path, "x", 0600), ErrorCode::output,
               "cannot create a file beside");
  check_failed(update_file(path, 100, replace_by("x")), ErrorCode::output, "No such file");
}

TEST_CASE("commit_new never replaces") {
  Folder folder;
  std::string path = folder / "out";
  {
    auto staged = stage_replacement(path, "first", 0640);
    REQUIRE(staged.has_value());
    auto done = staged->commit_new();
    REQUIRE(done.has_value());
    CHECK(*done);
  }
  CHECK(content(path) == "first");
  CHECK(mode(path) == 0640);
  {
    auto staged = stage_replacement(path, "second", 0640);
    auto done = staged->commit_new();
    REQUIRE(done.has_value());
    CHECK_FALSE(*done);
  }
  CHECK(content(path) == "first");
  CHECK(folder.entries() == 1);
}

TEST_CASE("a full disk leaves what was there, and nothing else") {
  Folder folder;
  std::string path = folder / "old";
  put(path, "old");
  CHECK(on_full_disk([&] {
    auto fresh = stage_file(folder / "new", "12345", Readers::owner, Existing::refuse);
    auto other = stage_file(path, "12345", Readers::owner, Existing::replace);
    auto update = update_file(path, 100, replace_by("12345"));
    auto create = update_file(folder / "set", 100, replace_by("12345"));
    return !fresh && fresh.error().code == ErrorCode::output && !other &&
           other.error().code == ErrorCode::output && !update &&
           update.error().code == ErrorCode::output && !create;
  }));
  CHECK(content(path) == "old");
  CHECK(folder.entries() == 1);
  CHECK(on_full_disk([&] { return update_file(path, 100, replace_by("1234")).has_value(); }));
  CHECK(content(path) == "1234");
}

TEST_CASE("what was placed can be taken back, and what it replaced is there again") {
  Folder folder;
  std::string path = folder / "file";
  {
    auto staged = stage_replacement(path, "new", 0600, Existing::refuse);
    REQUIRE(staged.has_value());
    REQUIRE(staged->check_free().has_value());
    REQUIRE(staged->place().has_value());
    CHECK(content(path) == "new");
    check_failed(staged->check_free(), ErrorCode::output, "file exists already", "--force");
    CHECK(staged->take_back());
    CHECK_FALSE(fs::exists(path));
    CHECK(staged->take_back());  // it is staged, as asked
    REQUIRE(staged->place().has_value());
  }
  CHECK(content(path) == "new");
  CHECK(folder.entries() == 1);
  {
    auto staged = stage_replacement(path, "newer", 0640);
    REQUIRE(staged.has_value());
    REQUIRE(staged->check_free().has_value());
    REQUIRE(staged->place().has_value());
    CHECK(content(path) == "newer");
    remove_staged_files();  // a signal: nothing is staged any more, and the old one stays
    CHECK(folder.entries() == 2);
    CHECK(staged->take_back());
    CHECK(content(path) == "new");
  }
  CHECK(folder.entries() == 1);
  {
    auto staged = stage_replacement(path, "newer", 0640);
    REQUIRE(staged.has_value());
    REQUIRE(staged->place().has_value());
  }
  CHECK(content(path) == "newer");
  CHECK(mode(path) == 0640);
  CHECK(folder.entries() == 1);
  auto late = stage_replacement(path, "late", 0600, Existing::refuse);
  REQUIRE(late.has_value());
  check_failed(late->place(), ErrorCode::output, "file exists already", "--force");
  CHECK(content(path) == "newer");
}

}  // namespace
}  // namespace jwtctl
