// SPDX-License-Identifier: Apache-2.0
#include "lib/jose/object_scan.h"

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
