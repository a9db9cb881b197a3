// SPDX-License-Identifier: Apache-2.0
#include "lib/lint/walk.h"

#include <fmt/format.h>

#include "lib/base/text.h"
#include "tests/catch.h"

namespace jwtctl {
namespace {

Json parsed(std::string_view text) {
  JsonReading reading = read_json(text);
  REQUIRE(reading.value.has_value());
  return *std::move(reading.value);
}

TEST_CASE("every value is visited in the order of the text, with its place and its member") {
  Json json = parsed(R"({"a":[1,{"b/c":2}],"~":3})");
  std::vector<std::string> seen;
  walk_values(json, "payload", [&seen](const Node& node) {
    seen.push_back(fmt::format("{}={}", node.place(), node.name()));
    return true;
  });
  CHECK(join(seen, " ") ==
        "payload= payload/a=a payload/a/0=a payload/a/1=a payload/a/1/b~1c=b/c payload/~0=~");
}

TEST_CASE("a walk ends where it is told to") {
  Json json = parsed(R"({"a":[1,2,3],"b":4})");
  int visits = 0;
  walk_values(json, "payload", [&visits](const Node&) { return ++visits < 4; });
  CHECK(visits == 4);
}

}  // namespace
}  // namespace jwtctl
