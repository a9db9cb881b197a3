// SPDX-License-Identifier: Apache-2.0
#include "lib/codec/json_place.h"

#include <string>

#include "tests/catch.h"

namespace jwtctl {
namespace {

/// at returns the text from the place on, "" when there is none.
std::string at(std::string_view text, std::string_view pointer) {
  auto place = find_place(text, pointer);
  return place ? std::string(text.substr(*place)) : "";
}

TEST_CASE("a member's place is where its name begins") {
  constexpr std::string_view kText = R"( {"a":1, "b" : {"c":[true,"x,]}", {"d":null}]}})";
  CHECK(find_place(kText, "") == 1);
  CHECK(at(kText, "a").starts_with(R"("a":1)"));
  CHECK(at(kText, "b").starts_with(R"("b" :)"));
  CHECK(at(kText, "b/c").starts_with(R"("c":[)"));
  CHECK(at(kText, "b/c/1").starts_with(R"("x,]}")"));
  CHECK(at(kText, "b/c/2/d").starts_with(R"("d":null)"));
}

TEST_CASE("places that are not there are not found") {
  for (std::string_view pointer : {"z", "a/b", "list/2", "list/x", "list/-1"}) {
    CAPTURE(pointer);
    CHECK_FALSE(find_place(R"({"a":1,"list":[1,2]})", pointer));
  }
  CHECK_FALSE(find_place("[]", "0"));
  CHECK_FALSE(find_place("{}", "a"));
}

TEST_CASE("names are compared with their escapes resolved, in JSON and in the pointer") {
  CHECK(find_place(R"({"k\u0069d":1})", "kid") == 1);
  CHECK(find_place(R"({"a/b":1,"c~d":2})", "a~1b") == 1);
  CHECK(find_place(R"({"a/b":1,"c~d":2})", "c~0d") == 9);
  CHECK(find_place(R"({"a\"b":1,"c":2})", "c") == 10);
}

TEST_CASE("of two members with one name the last counts, as it does for readers") {
  CHECK(find_place(R"({"a":1,"a":2})", "a") == 7);
}

TEST_CASE("the elements of an array are found in one pass") {
  using Places = std::vector<std::size_t>;
  CHECK(element_places(R"({"a":[1, "]", [2,{"b":3}] ,{}]})", "a") == Places{6, 9, 14, 27});
  CHECK(element_places(R"({"a":[]})", "a").empty());
  CHECK(element_places(R"({"a":{"b":1}})", "a").empty());
  CHECK(element_places(R"({"a":[1]})", "b").empty());
  CHECK(element_places("[1]", "").empty());
}

TEST_CASE("lines and columns count from one, columns in code points") {
  CHECK(to_position("abc", 0).column == 1);
  TextPosition second = to_position("a\nb\xC3\xA4 x", 6);
  CHECK(second.line == 2);
  CHECK(second.column == 4);
  CHECK(to_position("a\n", 2).line == 2);
  CHECK(to_position("a\n", 2).column == 1);
}

}  // namespace
}  // namespace jwtctl
