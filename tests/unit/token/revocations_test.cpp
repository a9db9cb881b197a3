// SPDX-License-Identifier: Apache-2.0
#include "lib/token/revocations.h"

#include "tests/catch.h"

namespace jwtctl {
namespace {

using Ids = std::vector<std::string>;

void check_list(std::string_view text, const Ids& ids, bool by_line) {
  CAPTURE(text);
  auto list = parse_revocations(text);
  REQUIRE(list);
  CHECK(list->ids == ids);
  CHECK(list->by_line == by_line);
}

TEST_CASE("a list of revocations is lines or a JSON array") {
  check_list("one\r\n two\t\n\nthree", {"one", "two", "three"}, true);
  check_list("12\n13\n", {"12", "13"}, true);
  check_list("a:b/c.d-e_f~\xc3\xa9", {"a:b/c.d-e_f~\xc3\xa9"}, true);
  check_list(" [\" one\", \"two\\n\", \"\"]\n", {" one", "two\n", ""}, false);
  check_list("[]", {}, false);
}

TEST_CASE("whatever else is given as a list is refused") {
  for (std::string_view text :
       {"null", "true", " false\n", "12", "1e5\n", "{}", R"({"revoked":["one"]})", "\"one\""}) {
    CAPTURE(text);
    auto list = parse_revocations(text);
    REQUIRE_FALSE(list);
    CHECK(list.error().code == ErrorCode::input);
    CHECK(list.error().message.ends_with("in JSON, not an array"));
  }
  for (std::string_view text :
       {"a\n'one'", "a\n`one`", "a\n\"one\"", "a\none;", "a\none,", "a\none two", "a\n\xc2\xa0one",
        "a\none\xe2\x80\x83", "a\n\xe3\x80\x80", "a\n\xe2\x80\xafone", "a\n<one>", "a\n\xff"}) {
    CAPTURE(text);
    auto list = parse_revocations(text);
    REQUIRE_FALSE(list);
    CHECK(list.error().code == ErrorCode::input);
    CHECK(list.error().message == "line 2 is not one jti");
  }
  for (std::string_view text : {"[\"one\"", "[1]", "[[]]", "[\"one\"]x", "", " \n"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_revocations(text));
  }
}

}  // namespace
}  // namespace jwtctl
