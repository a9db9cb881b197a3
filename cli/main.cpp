// SPDX-License-Identifier: Apache-2.0
#include <csignal>
#include <exception>

#include "cli/app.h"

int main(int argc, char** argv) {
  using namespace jwtctl::cli;
  // A closed pipe is told by write(), so that a verdict that nobody saw is never status 0.
  std::signal(SIGPIPE, SIG_IGN);
  try {
    std::span<char*> arguments(argv, static_cast<std::size_t>(argc));
    return static_cast<int>(run_app(arguments.empty() ? arguments : arguments.subspan(1)));
  } catch (const std::exception& error) {
    Io::write_error({jwtctl::ErrorCode::internal, error.what(),
                     "this is a bug of jwtctl; please report it with the command that shows it"});
    return static_cast<int>(ExitCode::internal);
  }
}
