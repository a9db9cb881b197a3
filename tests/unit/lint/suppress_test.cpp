// SPDX-License-Identifier: Apache-2.0
#include "lib/lint/suppress.h"

#include "tests/catch.h"

namespace jwtctl {
namespace {

std::string reason(std::string_view line, RuleId rule = rules::alg_none) {
  return find_suppression(line, rule).reason.value_or("");
}

TEST_CASE("a comment names rules by id or name, and a reason") {
  CHECK(reason("x # jwtctl:ignore JWT101 -- a fixture") == "a fixture");
  CHECK(reason("// jwtctl:ignore alg-none -- a fixture") == "a fixture");
  CHECK(reason("jwtctl:ignore jwt101,JWT202 -- both") == "both");
  CHECK(reason("jwtctl:ignore JWT202, JWT101 -- both") == "both");
}

TEST_CASE("what closes a comment is no part of the reason") {
  CHECK(reason("<!-- jwtctl:ignore JWT101 -- a fixture -->") == "a fixture");
  CHECK(reason("/* jwtctl:ignore JWT101 -- a fixture */") == "a fixture");
}

TEST_CASE("a comment without a reason is found and has no effect") {
  for (std::string_view line : {"jwtctl:ignore JWT101", "jwtctl:ignore JWT101 --",
                                "jwtctl:ignore JWT101 --  ", "<!-- jwtctl:ignore JWT101 -->"}) {
    CAPTURE(line);
    Suppression suppression = find_suppression(line, rules::alg_none);
    CHECK(suppression.found);
    CHECK_FALSE(suppression.reason);
  }
}

TEST_CASE("other rules and other comments are not meant") {
  for (std::string_view line : {"", "jwtctl:ignore", "jwtctl:ignore JWT102 -- other",
                                "jwtctl:ignore -- JWT101", "ignore JWT101 -- x"}) {
    CAPTURE(line);
    CHECK_FALSE(find_suppression(line, rules::alg_none).found);
  }
}

}  // namespace
}  // namespace jwtctl
