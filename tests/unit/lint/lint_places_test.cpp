// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "lib/lint/document.h"
#include "tests/catch.h"

namespace jwtctl {
namespace {

/// found_at lists line, column and length of what a rule finds.
std::vector<std::string> found_at(std::string_view text, ContentKind kind, std::string_view rule) {
  std::string_view rest = text;
  ReadMore read = [&](std::span<char> space) -> Result<std::size_t> {
    std::size_t count = std::min(space.size(), rest.size());
    std::copy_n(rest.begin(), count, space.begin());
    rest.remove_prefix(count);
    return count;
  };
  Report report;
  Expectations expected;
  REQUIRE(lint_input({"stdin", read, {}, {}}, {every_rule(), expected, kind}, report));
  std::vector<std::string> places;
  for (const LocatedFinding& found : report.findings) {
    if (found.finding.rule.id != rule) continue;
    places.push_back(
        fmt::format("{}:{}+{}", found.position.line, found.position.column, found.length));
  }
  return places;
}

using Places = std::vector<std::string>;

TEST_CASE("a place in a token counts code points and lines") {
  constexpr std::string_view kHeader = "eyJhbGciOiJub25lIn0";  // of 19 characters
  auto illegal_at = [&](std::string_view rest) {
    return found_at(fmt::format("{}{}", kHeader, rest), ContentKind::token, "JWT002");
  };
  CHECK(illegal_at(".eyJ!.") == Places{"1:24+1"});
  CHECK(illegal_at("\u00e9\u00e9.eyJ!.") == Places{"1:20+1", "1:26+1"});
  CHECK(illegal_at(".\n.!") == Places{"1:21+1", "2:2+1"});
  CHECK(found_at(fmt::format("\n {}\n.\u00e9!.\n", kHeader), ContentKind::token, "JWT002") ==
        Places{"2:21+1", "3:2+1"});
  CHECK(found_at(fmt::format("\u00e9 {}.e30.", kHeader), ContentKind::text, "JWT101") ==
        Places{"1:3+19"});
}

}  // namespace
}  // namespace jwtctl
