// SPDX-License-Identifier: Apache-2.0
#include "cli/out_of_memory.h"

#include <unistd.h>

#include <exception>
#include <new>
#include <string_view>

#include "cli/exit_code.h"
#include "lib/base/staged_file.h"
#include "lib/crypto/openssl.h"

namespace jwtctl::cli {
namespace {

bool json_expected = false;

constexpr std::string_view kDocument = R"({
  "schema": "jwtctl.error/1",
  "error": {
    "code": "internal",
    "message": "there is no memory left",
    "hint": "nothing is known but that; try again with more memory, or with less to read",
    "exit": 70
  }
}
)";

constexpr std::string_view kSentence =
    "jwtctl: error: there is no memory left\n"
    "jwtctl: hint: nothing is known but that; try again with more memory, or with less to read\n";

constexpr std::string_view kStopped =
    "jwtctl: error: stopped in the middle, by a bug or for want of memory\n";

void say(int fd, std::string_view text) {
  // Nothing can be done about a part that is not written.
  [[maybe_unused]] ssize_t put = ::write(fd, text.data(), text.size());
}

[[noreturn]] void leave(std::string_view sentence) {
  remove_staged_files();
  if (json_expected) say(STDOUT_FILENO, kDocument);
  say(STDERR_FILENO, sentence);
  ::_exit(static_cast<int>(ExitCode::internal));
}

}  // namespace

void leave_when_memory_ends() {
  std::set_new_handler([] { leave(kSentence); });
  // Without memory an exception cannot always be thrown.
  std::set_terminate([] {
    json_expected = false;
    leave(kStopped);
  });
  check_allocations();
}

void expect_json(bool json) { json_expected = json; }

}  // namespace jwtctl::cli
