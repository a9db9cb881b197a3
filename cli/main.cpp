// SPDX-License-Identifier: Apache-2.0
#include <csignal>
#include <exception>

#include "cli/app.h"
#include "cli/out_of_memory.h"
#include "lib/base/staged_file.h"
#include "lib/crypto/process.h"

namespace {

/// leave takes back half-written files, which may hold private keys, and dies of the signal.
extern "C" void leave(int number) {
  jwtctl::remove_staged_files();
  std::signal(number, SIG_DFL);
  std::raise(number);
}

/// Static objects allocate before main does.
struct Early {
  Early() { jwtctl::cli::leave_when_memory_ends(); }
};
[[gnu::init_priority(101)]] const Early early;

}  // namespace

int main(int argc, char** argv) {
  using namespace jwtctl::cli;
  // A closed pipe is told by write(), so that a verdict that nobody saw is never status 0.
  std::signal(SIGPIPE, SIG_IGN);
  // A limit on the size of files is an error like a full disk.
  std::signal(SIGXFSZ, SIG_IGN);
  for (int number : {SIGHUP, SIGINT, SIGTERM}) std::signal(number, leave);
  jwtctl::leave_memory_to_the_system();
  try {
    std::span<char*> arguments(argv, static_cast<std::size_t>(argc));
    return static_cast<int>(run_app(arguments.empty() ? arguments : arguments.subspan(1)));
  } catch (const std::exception& error) {
    Io::write_error({jwtctl::ErrorCode::internal, error.what(),
                     "this is a bug of jwtctl; please report it with the command that shows it"});
    return static_cast<int>(ExitCode::internal);
  }
}
