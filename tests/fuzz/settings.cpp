// SPDX-License-Identifier: Apache-2.0
// A jwtctl.toml is read or refused with the line that is wrong; settings over nothing stay as they
// are.
#include <algorithm>
#include <charconv>

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
  auto read = cli::parse_lint_settings(input, path);
  if (!read) return check_refusal(input, read.error());
  must(!read->leeway || (*read->leeway >= 0 && *read->leeway <= kMaxDuration),
       "leeway is a length");
  must(!read->max_ttl || (*read->max_ttl >= 0 && *read->max_ttl <= kMaxDuration), "so is max-ttl");
  cli::LintSettings over;
  cli::overlay(over, *read);
  must(over.exclude == read->exclude && over.rules.select == read->rules.select &&
           over.rules.ignore == read->rules.ignore && over.rules.levels == read->rules.levels &&
           over.baseline == read->baseline && over.leeway == read->leeway,
       "settings over nothing are what they were");
}

}  // namespace jwtctl::fuzz
