// SPDX-License-Identifier: Apache-2.0
// A jwtctl.toml is read or refused with the line that is wrong, and never takes the place of what
// the command line says.
#include <algorithm>
#include <charconv>

#include "cli/commands.h"
#include "cli/commands/lint_settings.h"
#include "tests/fuzz/targets.h"

namespace jwtctl::fuzz {
namespace {

constexpr std::string_view kPath = "jwtctl.toml:";

void check_refusal(std::string_view input, const Error& error) {
  // A value that its option would refuse is refused as there.
  must(error.code == ErrorCode::input || error.code == ErrorCode::usage, "a bad file is refused");
  std::string_view message = error.message;
  must(message.starts_with(kPath), "the file is named");
  message.remove_prefix(kPath.size());
  auto lines = std::count(input.begin(), input.end(), '\n') + 1;
  std::ptrdiff_t line = 0;
  auto [at, fault] = std::from_chars(message.data(), message.data() + message.size(), line);
  must(fault == std::errc{} && line >= 1 && line <= lines, "the line is one of the file");
  must(std::string_view(at, 2) == ": ", "what is wrong follows");
}

}  // namespace

void settings(std::string_view input) {
  static const std::string path(kPath.substr(0, kPath.size() - 1));
  cli::Spec lint;
  cli::declare_lint(lint);
  auto real = cli::read_settings(input, path, lint.settings());
  if (!real) check_refusal(input, real.error());

  // The same keys with targets that can be seen, of the types that lint has.
  cli::Spec spec;
  std::vector<std::string> exclude;
  std::optional<Seconds> leeway;
  Seconds given = 7;
  spec.list("--exclude", "GLOB", exclude, "globs").setting();
  spec.duration("--leeway", leeway, "length").setting();
  spec.duration("--max-ttl", given, "length").setting();
  must(spec.option_docs.back().assign("7").has_value(), "a length is taken");
  auto read = cli::read_settings(input, path, spec.settings());
  if (!read) return check_refusal(input, read.error());
  must(!leeway || (*leeway >= 0 && *leeway <= kMaxDuration), "leeway is a length");
  must(given == 7, "the command line goes before the file");
}

}  // namespace jwtctl::fuzz
