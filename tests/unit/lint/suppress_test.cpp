// SPDX-License-Identifier: Apache-2.0
#include "lib/lint/suppress.h"

#include <utility>

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

TEST_CASE("a reason ends where its comment does, and a comment knows whether it is alone") {
  for (auto [line, alone] : {std::pair{"/* jwtctl:ignore JWT101 -- why */ t = 1", false},
                             {"/* jwtctl:ignore JWT101 -- why */", true},
                             {"{/* jwtctl:ignore JWT101 -- why */}", true},
                             {" * jwtctl:ignore JWT101 -- why */ t = 1", false},
                             {"<!-- jwtctl:ignore JWT101 -- why --> <a>", false},
                             {"{{!-- jwtctl:ignore JWT101 -- why --}} x", false},
                             {"{{/* jwtctl:ignore JWT101 -- why */}}", true},
                             {"<%# jwtctl:ignore JWT101 -- why %> x", false},
                             {"<%-- jwtctl:ignore JWT101 -- why --%>", true},
                             {"{# jwtctl:ignore JWT101 -- why #} x", false},
                             {"(* jwtctl:ignore JWT101 -- why *) x", false},
                             {"{- jwtctl:ignore JWT101 -- why -} x", false},
                             {"--[[ jwtctl:ignore JWT101 -- why ]] x", false},
                             {"<# jwtctl:ignore JWT101 -- why #> x", false},
                             {"#| jwtctl:ignore JWT101 -- why |# x", false},
                             {"\"\"\" jwtctl:ignore JWT101 -- why \"\"\"", true},
                             {"@* jwtctl:ignore JWT101 -- why *@", true},
                             {"\"//\": \"jwtctl:ignore JWT101 -- why\",", true},
                             {"\"a\": \"jwtctl:ignore JWT101 -- why\", \"b\": 1", false},
                             {"# jwtctl:ignore JWT101 -- why", true},
                             {"REM jwtctl:ignore JWT101 -- why", true},
                             {"dnl jwtctl:ignore JWT101 -- why", true},
                             {"; jwtctl:ignore JWT101 -- why", true},
                             {"jwtctl:ignore JWT101 -- why", true},
                             {"x # jwtctl:ignore JWT101 -- why", false}}) {
    CAPTURE(line);
    Suppression suppression = find_suppression(line, rules::alg_none);
    CHECK(suppression.reason.value_or("") == "why");
    CHECK(suppression.alone == alone);
  }
  CHECK(reason("# jwtctl:ignore JWT101 -- see [[wiki]] */ and \"x\"") ==
        "see [[wiki]] */ and \"x\"");
}

TEST_CASE("a comment beside something covers its line, one alone the next") {
  constexpr std::string_view kAlone = "# jwtctl:ignore JWT101 -- why";
  constexpr std::string_view kBeside = "x # jwtctl:ignore JWT101 -- why";
  CHECK(suppression_at(kBeside, "", rules::alg_none).found);
  CHECK_FALSE(suppression_at(kAlone, "", rules::alg_none).found);
  CHECK(suppression_at("x", kAlone, rules::alg_none).found);
  CHECK_FALSE(suppression_at("x", kBeside, rules::alg_none).found);
}

}  // namespace
}  // namespace jwtctl
