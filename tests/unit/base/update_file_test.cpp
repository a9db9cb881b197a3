// SPDX-License-Identifier: Apache-2.0
// The part of lib/base/staged_file that updates a file which others may update too.
#include <fcntl.h>
#include <sys/file.h>
#include <sys/wait.h>

#include <algorithm>
#include <csignal>
#include <vector>

#include "lib/base/descriptor.h"
#include "lib/base/staged_file.h"
#include "tests/unit/folder.h"
#include "tests/unit/refusal.h"

namespace jwtctl {
namespace {

namespace fs = std::filesystem;
using namespace testing;

template <class Body>
pid_t start_child(Body body) {
  pid_t child = ::fork();
  if (child == 0) ::_exit(body() ? 0 : 1);
  return child;
}

int wait_for(pid_t child) {
  int outcome = 0;
  REQUIRE(::waitpid(child, &outcome, 0) == child);
  return outcome;
}

Update replace_by(std::string text) {
  return [text](const std::optional<SecretBytes>&) -> Result<std::string> { return text; };
}

Result<std::string> add_line(const std::optional<SecretBytes>& old) {
  return (old ? std::string(as_text(*old)) : std::string()) + "line\n";
}

TEST_CASE("an update gets the old content, or nothing when there is no file") {
  Folder folder;
  std::string path = folder / "set";
  std::optional<std::string> seen = "never called";
  auto update = [&seen](const std::optional<SecretBytes>& old) -> Result<std::string> {
    seen = old ? std::optional(std::string(as_text(*old))) : std::nullopt;
    return std::string("new\0\xff", 5);
  };
  REQUIRE(update_file(path, 100, update).has_value());
  CHECK_FALSE(seen.has_value());
  CHECK(content(path) == std::string("new\0\xff", 5));
  CHECK(mode(path) == umask_mode());
  for (mode_t wanted : {mode_t{0600}, mode_t{0644}, mode_t{0664}}) {
    put(path, "old");
    REQUIRE(::chmod(path.c_str(), wanted) == 0);
    REQUIRE(update_file(path, 100, update).has_value());
    CHECK(seen == "old");
    CHECK(mode(path) == wanted);
  }
  put(path, "");
  REQUIRE(update_file(path, 100, update).has_value());
  CHECK(seen == "");  // an empty file is a file
  CHECK(folder.entries() == 1);
}

TEST_CASE("what an update fails with is passed on, and the file stays") {
  Folder folder;
  put(folder / "set", "old");
  auto refuse = [](const std::optional<SecretBytes>&) -> Result<std::string> {
    return fail(ErrorCode::key_refused, "not this one").hint("another");
  };
  for (std::string_view name : {"set", "missing"}) {
    check_failed(update_file(folder / name, 100, refuse), ErrorCode::key_refused, "not this one",
                 "another");
  }
  CHECK(content(folder / "set") == "old");
  CHECK(folder.entries() == 1);
}

TEST_CASE("a file of exactly the limit is updated and one byte more is not") {
  Folder folder;
  std::string path = folder / "set";
  put(path, "12345");
  check_failed(update_file(path, 4, replace_by("new")), ErrorCode::key_refused,
               "set is larger than the limit of 4 bytes");
  CHECK(content(path) == "12345");
  REQUIRE(update_file(path, 5, replace_by("new")).has_value());
  CHECK(content(path) == "new");
}

TEST_CASE("an update starts again when another process was faster to create the file") {
  Folder folder;
  std::string path = folder / "set";
  int calls = 0;
  auto update = [&](const std::optional<SecretBytes>& old) {
    if (++calls == 1) put(path, "other\n");
    return add_line(old);
  };
  REQUIRE(update_file(path, 100, update).has_value());
  CHECK(calls == 2);
  CHECK(content(path) == "other\nline\n");
  CHECK(folder.entries() == 1);
}

TEST_CASE("an update waits for the lock, and then reads what has the name") {
  Folder folder;
  std::string path = folder / "set";
  put(path, "old\n");
  int lock = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
  REQUIRE(::flock(lock, LOCK_EX) == 0);
  pid_t child = start_child([&path, lock] {
    ::close(lock);
    return update_file(path, 100, add_line).has_value();
  });
  put(folder / "next", "replaced\n");
  fs::rename(folder / "next", path);
  ::close(lock);
  CHECK(wait_for(child) == 0);
  CHECK(content(path) == "replaced\nline\n");
}

TEST_CASE("of many processes at once none loses what another wrote") {
  Folder folder;
  std::string path = folder / "set";
  std::vector<pid_t> children;
  for (int i = 0; i < 8; ++i) {
    children.push_back(start_child([&path] {
      bool good = true;
      for (int n = 0; n < 5; ++n) good = update_file(path, 10000, add_line).has_value() && good;
      return good;
    }));
  }
  for (pid_t child : children) CHECK(wait_for(child) == 0);
  std::string text = content(path);
  CHECK(std::count(text.begin(), text.end(), '\n') == 40);
  CHECK(text.size() == 40 * 5);
  CHECK(folder.entries() == 1);
}

TEST_CASE("a kill leaves the old content, and no lock") {
  Folder folder;
  std::string path = folder / "set";
  put(path, "old\n");
  int outcome = wait_for(start_child([&path] {
    return update_file(path, 100,
                       [](const std::optional<SecretBytes>& old) {
                         ::raise(SIGKILL);
                         return add_line(old);
                       })
        .has_value();
  }));
  CHECK((WIFSIGNALED(outcome) && WTERMSIG(outcome) == SIGKILL));
  CHECK(content(path) == "old\n");
  outcome = wait_for(start_child([&path] {
    auto staged = stage_file(path, "new", Readers::owner, Existing::replace);
    ::raise(SIGKILL);
    return staged.has_value();
  }));
  CHECK(WIFSIGNALED(outcome));
  CHECK(content(path) == "old\n");
  REQUIRE(update_file(path, 100, add_line).has_value());
  CHECK(content(path) == "old\nline\n");
}

TEST_CASE("what is beside an update happens under its lock, before and after") {
  Folder folder;
  std::string path = folder / "set";
  std::string said;
  Beside beside;
  beside.before = [&]() -> Result<void> {
    said += fs::exists(path) ? fmt::format("before {} ", content(path)) : "before nothing ";
    return {};
  };
  beside.after = [&](bool placed) {
    said += fmt::format("after {} ", placed);
    // Who opens the new file now has to wait.
    Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    CHECK(::flock(fd.get(), LOCK_EX | LOCK_NB) != 0);
  };
  REQUIRE(update_file(path, 100, replace_by("one"), Readers::by_umask, &beside).has_value());
  CHECK(said == "before nothing after true ");
  said.clear();
  REQUIRE(update_file(path, 100, replace_by("two"), Readers::by_umask, &beside).has_value());
  CHECK(said == "before one after true ");
  beside.before = [] { return Result<void>(fail(ErrorCode::output, "not now")); };
  beside.after = [](bool) { FAIL("called"); };
  check_failed(update_file(path, 100, replace_by("three"), Readers::by_umask, &beside),
               ErrorCode::output, "not now");
  CHECK(content(path) == "two");
  CHECK(folder.entries() == 1);
}

TEST_CASE("what is beside an update hears when another was faster") {
  Folder folder;
  std::string path = folder / "set";
  std::string said;
  Beside beside;
  beside.before = [&]() -> Result<void> {
    if (said.empty()) put(path, "theirs");  // by one that knows no lock
    return {};
  };
  beside.after = [&](bool placed) { said += placed ? "placed" : "late "; };
  REQUIRE(update_file(path, 100, add_line, Readers::by_umask, &beside).has_value());
  CHECK(said == "late placed");
  CHECK(content(path) == "theirsline\n");
}

}  // namespace
}  // namespace jwtctl
