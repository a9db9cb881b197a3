// SPDX-License-Identifier: Apache-2.0
// Any file can be judged; what is found has a place in the file, and says nothing that a terminal
// or a CI system would take for a command.
#include <algorithm>

#include "lib/base/text.h"
#include "lib/lint/document.h"
#include "tests/fuzz/targets.h"

namespace jwtctl::fuzz {
namespace {

constexpr Instant kNow{1'795'000'000, 0};

void check(std::string_view input, const LocatedFinding& found) {
  must(found.position.line >= 1 && found.position.column >= 1, "a place counts from 1");
  must(!found.finding.message.empty() && !found.fingerprint.empty(), "a finding is complete");
  // Where characters are wide the place is that in the text, as an editor shows it.
  if (input.find('\0') != std::string_view::npos) return;
  std::size_t at = 0;
  for (std::size_t line = 1; line < found.position.line; ++line) {
    at = input.find('\n', at);
    must(at != std::string_view::npos, "the line is one of the file");
    ++at;
  }
  std::string_view line = input.substr(at, input.find('\n', at) - at);
  must(found.position.column <= code_point_starts(line) + 1, "the column is one of the line");
}

void judge(std::string_view input, ContentKind kind) {
  static const Expectations expected = [] {
    Expectations at;
    at.policy.now = kNow;
    return at;
  }();
  std::string_view rest = input;
  ReadMore read = [&](std::span<char> space) -> Result<std::size_t> {
    std::size_t count = std::min(space.size(), rest.size());
    std::copy_n(rest.begin(), count, space.begin());
    rest.remove_prefix(count);
    return count;
  };
  Report report;
  auto done = lint_input({"stdin", read, {}, {}}, {every_rule(), expected, kind}, report);
  must(done.has_value(), "any file can be judged");
  for (const LocatedFinding& found : report.findings) check(input, found);
  for (const LocatedFinding& found : report.suppressed) check(input, found);
}

}  // namespace

void lint(std::string_view input) {
  judge(input, ContentKind::automatic);
  // What is no token at all is long in messages, and nothing else.
  if (input.size() < 512) judge(input, ContentKind::token);
}

}  // namespace jwtctl::fuzz
