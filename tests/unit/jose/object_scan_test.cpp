// SPDX-License-Identifier: Apache-2.0
#include "lib/jose/object_scan.h"

#include <vector>

#include "lib/codec/base64url.h"
#include "lib/codec/json.h"
#include "tests/catch.h"

namespace jwtctl {
namespace {

bool is_whole(std::string_view text) { return scan_object(to_base64url(text)).whole; }

TEST_CASE("what the reader takes for an object the scan does not refuse") {
  for (std::string_view text :
       {R"({})", R"( { } )", R"({"a":1})", R"({"a":[]})", R"({"a":[{}, {"b":[1,-2.5e+3,null]}]})",
        R"({"a":"}{\"\\","b":true , "c" : false})", "{\n\t\"a\" :\r\n{\"b\":{\"c\":\"ü\"}}}"}) {
    CAPTURE(text);
    REQUIRE(read_json(text).value);
    CHECK(is_whole(text));
  }
  std::string deep = "{\"a\":";
  for (int i = 0; i < 30; ++i) deep += "[";
  for (int i = 0; i < 30; ++i) deep += "]";
  deep += "}";
  CHECK(is_whole(deep));
}

TEST_CASE("depth and octets that no reader takes do not end an object") {
  for (std::size_t depth : std::vector<std::size_t>{31, 32, 33, 34, 35, 1000}) {
    std::string open;
    std::string close;
    for (std::size_t i = 0; i < depth; ++i) {
      open += i % 2 == 0 ? "{\"a}\":" : "[";
      close.insert(0, i % 2 == 0 ? "}" : "]");
    }
    CAPTURE(depth);
    CHECK(is_whole(open + "1" + close));
    CHECK(is_whole(open + "1" + close.substr(0, close.size() - 1) + R"(,"alg":"none"})"));
    CHECK_FALSE(is_whole(open + "1" + close.substr(1)));
    CHECK_FALSE(is_whole(open + "1" + close + "}"));
  }
  CHECK(is_whole("{\"kid\":\"gr\xF6\xDF\x65\"}"));
}

TEST_CASE("members of the object itself make it a header, those deeper do not") {
  auto scanned = [](std::string_view text) { return scan_object(to_base64url(text)); };
  for (std::string_view text :
       {R"({"alg":1})", R"({"a":{"b":[]},"typ":""})", R"({"enc":null})", R"({"\u0061lg":1})"}) {
    CAPTURE(text);
    CHECK(scanned(text).named);
  }
  for (std::string_view text : {R"({"a":"alg"})", R"({"a":{"alg":1}})", R"({"alg2":1})",
                                R"({"al":1})", R"({"b":["alg","typ"]})", R"({})"}) {
    CAPTURE(text);
    CHECK_FALSE(scanned(text).named);
  }
  CHECK(scanned(R"({"enc":1})").encrypted);
  CHECK_FALSE(scanned(R"({"alg":1})").encrypted);
}

TEST_CASE("what has no end is told from what has") {
  auto open = [](std::string_view text) { return scan_object(to_base64url(text)).open; };
  CHECK(open(R"({"a":{"b)"));
  CHECK(open(R"({"a":{"b":1)"));
  CHECK_FALSE(open(R"({"a":{"b":1})"));
  CHECK_FALSE(open(R"({"a{"a)"));
  CHECK_FALSE(open(""));
}

TEST_CASE("the scan stops where there can be no object") {
  for (std::string_view text : {R"({"a{"a)", R"([1])", R"("a")", R"({"a"})", R"({"a":1,})",
                                R"({"a":1}})", R"({"a":[1})", R"({"a":1)", R"({"a)", R"(x)", ""}) {
    CAPTURE(text);
    CHECK_FALSE(is_whole(text));
  }
  std::string long_text = R"({"a{")" + std::string(60'000, 'a');
  CHECK(scan_object(to_base64url(long_text)).octets < 10);
}

}  // namespace
}  // namespace jwtctl
