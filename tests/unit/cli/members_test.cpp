// SPDX-License-Identifier: Apache-2.0
#include "cli/members.h"

#include "tests/unit/refusal.h"

namespace jwtctl::cli {
namespace {

using jwtctl::testing::check_failed;

JsonMember parsed(const std::string& text) {
  auto member = parse_member(text, "claim");
  INFO((member ? "" : member.error().message));
  REQUIRE(member.has_value());
  return *std::move(member);
}

void check_member(const std::string& text, std::string_view name, const Json& value) {
  CAPTURE(text);
  JsonMember member = parsed(text);
  CHECK(member.name == name);
  CHECK(member.value.dump() == value.dump());
}

TEST_CASE("NAME=VALUE is a string, whatever it looks like") {
  check_member("role=admin", "role", "admin");
  check_member("level=3", "level", "3");
  check_member("x=true", "x", "true");
  check_member("x=null", "x", "null");
  check_member("x=\"q\"", "x", "\"q\"");
  check_member("x= ", "x", " ");
  check_member("x=a=b:=c", "x", "a=b:=c");
  check_member("x==", "x", "=");
  check_member("n\xc3\xa4me=v\xc3\xa4lue", "n\xc3\xa4me", "v\xc3\xa4lue");
  check_member("https://a.test/role=admin", "https://a.test/role", "admin");
}

TEST_CASE("NAME:=JSON is any JSON value, its number as it is written") {
  check_member("level:=3", "level", 3);
  check_member("x:=true", "x", true);
  check_member("x:=null", "x", nullptr);
  check_member("x:=\"3\"", "x", "3");
  check_member("x:=\"\"", "x", "");
  check_member("x:=[\"a\", 1]", "x", Json::Array{"a", 1});
  check_member("x:={\"a\":{}}", "x", Json::object({{"a", Json::object({})}}));
  check_member("x:=1.50", "x", Json::Number{"1.50"});
  check_member("x:=12345678901234567890", "x", Json::Number{"12345678901234567890"});
  check_member("a:b:=1", "a:b", 1);
  check_member("a:b=1", "a:b", "1");  // only a colon before the sign counts
  check_member("x::=1", "x:", 1);
}

TEST_CASE("what is neither is a usage error with an example") {
  for (const std::string& text : {std::string(), std::string("role"), std::string("=admin"),
                                  std::string(":=3"), std::string("="), std::string(":=")}) {
    CAPTURE(text);
    check_failed(parse_member(text, "claim"), ErrorCode::usage,
                 fmt::format("\"{}\" is neither NAME=VALUE nor NAME:=JSON", text),
                 "role=admin is a claim with a string, level:=3 one with a JSON value");
  }
  check_failed(parse_member("role", "header member"), ErrorCode::usage, "role",
               "role=admin is a header member");
}

TEST_CASE("a long argument is not shown whole: it may be a secret") {
  std::string secret(80, 's');
  auto member = parse_member(secret, "claim");
  REQUIRE_FALSE(member.has_value());
  CHECK(member.error().message.find(std::string(65, 's')) == std::string::npos);
}

TEST_CASE("an empty value is a usage error that says how an empty string is written") {
  check_failed(parse_member("role=", "claim"), ErrorCode::usage, "the value of \"role\" is empty",
               "'role:=\"\"'");
  check_failed(parse_member("role:=", "claim"), ErrorCode::usage, "the value of \"role\" is empty",
               "'role:=\"\"'");
}

TEST_CASE("what is no JSON is a usage error, not an input error") {
  for (const std::string& value :
       {std::string("admin"), std::string("01"), std::string("[1"),
        std::string("{\"a\":1,\"a\":2}"), std::string("1 2"), std::string("NaN"),
        std::string("\"\xff\""), std::string(" "), std::string(33, '[') + std::string(33, ']'),
        std::string(41, '9')}) {
    CAPTURE(value);
    check_failed(parse_member("x:=" + value, "claim"), ErrorCode::usage, "the value of \"x\"",
                 "for a string leave out the colon: x=");
  }
  CHECK(parse_member("x:=" + std::string(32, '[') + std::string(32, ']'), "claim").has_value());
  CHECK(parse_member("x:=" + std::string(40, '9'), "claim").has_value());
}

}  // namespace
}  // namespace jwtctl::cli
