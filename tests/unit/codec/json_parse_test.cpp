// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "lib/base/limits.h"
#include "lib/codec/json.h"
#include "tests/catch.h"

namespace jwtctl {
namespace {

void check_fault(std::string_view text, RuleId rule, std::string_view part) {
  CAPTURE(text.substr(0, 60));
  JsonReading reading = read_json(text);
  REQUIRE(reading.fault.has_value());
  CAPTURE(reading.fault->message);
  CHECK(reading.fault->rule.id == rule.id);
  CHECK(reading.fault->message.find(part) != std::string::npos);
  CHECK(reading.fault->offset <= text.size());
  CHECK_FALSE(reading.value.has_value());
}

Json read(std::string_view text) {
  CAPTURE(text);
  JsonReading reading = read_json(text);
  REQUIRE(reading.value.has_value());
  CHECK_FALSE(reading.fault.has_value());
  return *std::move(reading.value);
}

std::size_t fault_offset(std::string_view text) {
  JsonReading reading = read_json(text);
  return reading.fault ? reading.fault->offset : std::string_view::npos;
}

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

std::string object_of(std::size_t members) {
  std::string text = "{";
  for (std::size_t i = 0; i < members; ++i) {
    text += fmt::format("{}\"m{}\":{}", i == 0 ? "" : ",", i, i);
  }
  return text + "}";
}

TEST_CASE("any JSON value is a text") {
  CHECK(read("null").is_null());
  CHECK(*read(" true\n").as_bool());
  CHECK(*read("\"x\"").as_string() == "x");
  CHECK(read("[]").is_array());
  CHECK(read("\t{ }\r\n").is_object());
  CHECK(*read("5").as_number() == "5");
}

TEST_CASE("members keep their order and names their spelling") {
  CHECK(read(R"({"z":1,"a":{"c":2,"b":3},"":4})").dump() == R"({"z":1,"a":{"c":2,"b":3},"":4})");
  CHECK(read(R"({"\u00e9\/\ud83d\ude00":1})").find("\xc3\xa9/\xf0\x9f\x98\x80") != nullptr);
}

TEST_CASE("numbers keep their text") {
  for (std::string_view text :
       {"0", "1", "-1", "1.0", "1.50", "1e2", "1E+2", "1e-2", "-0.0", "9223372036854775807",
        "-9223372036854775808", "9223372036854775808", "18446744073709551615",
        "18446744073709551616", "100000000000000000000000000", "0.1000000000000000055511151231257",
        "1e-400"}) {
    CAPTURE(text);
    CHECK(*read(text).as_number() == text);
  }
}

TEST_CASE("negative zero keeps its sign") { CHECK(*read("-0").as_number() == "-0"); }

TEST_CASE("a number of 40 characters is read and one of 41 is over the limit") {
  for (std::string start : {"1", "0.", "-1.", "-1"}) {
    CAPTURE(start);
    std::string longest = start + std::string(kMaxJsonNumberDigits - start.size(), '7');
    CHECK(*read(longest).as_number() == longest);
    check_fault(longest + "7", rules::json_limits, "a number of 41 characters");
  }
  check_fault("[" + std::string(100, '9') + "]", rules::json_limits, "over the limit of 40");
}

TEST_CASE("a number beyond a double is a date out of range") {
  check_fault("1e999", rules::date_out_of_range, "out of range");
  check_fault(R"({"exp":-1e400})", rules::date_out_of_range, "out of range");
  CHECK(*read("1e308").as_number() == "1e308");
}

TEST_CASE("nesting of 32 is read and of 33 is over the limit") {
  CHECK(read(nested(kMaxJsonDepth)).is_array());
  check_fault(nested(kMaxJsonDepth + 1), rules::json_limits, "deeper than 32");
  check_fault(std::string(100'000, '['), rules::json_limits, "deeper than 32");
  std::string objects;
  for (std::size_t i = 0; i < kMaxJsonDepth; ++i) objects += "{\"a\":";
  check_fault(objects + "{}", rules::json_limits, "deeper than 32");
  check_fault(objects + "[", rules::json_limits, "deeper than 32");
}

TEST_CASE("an object of 1000 members is read and of 1001 is over the limit") {
  CHECK(read(object_of(kMaxJsonMembers)).as_object()->size() == kMaxJsonMembers);
  check_fault(object_of(kMaxJsonMembers + 1), rules::json_limits, "more than 1000 members");
  std::string two = fmt::format("[{},{}]", object_of(600), object_of(600));
  CHECK(read(two).is_array());  // the limit is of each object
}

TEST_CASE("duplicate members are a fault beside the value") {
  for (std::string_view text :
       {R"({"a":1,"a":2})", R"({"a":1,"\u0061":2})", R"({"a":1,"b":0,"a":2})",
        R"({"\u0061":1,"a":2})", R"({"a":1,"a":1,"a":2})"}) {
    CAPTURE(text);
    JsonReading reading = read_json(text);
    REQUIRE(reading.value.has_value());
    REQUIRE(reading.fault.has_value());
    CHECK(reading.fault->rule.id == rules::duplicate_member.id);
    CHECK(reading.fault->message.find("\"a\" stands twice") != std::string::npos);
    CHECK(*reading.value->find("a")->as_number() == "2");
  }
  CHECK(read_json(R"([{"x":{"a":1,"a":2}}])").fault->rule.id == rules::duplicate_member.id);
  CHECK(read_json(R"({"":1,"":2})").fault->rule.id == rules::duplicate_member.id);
  CHECK_FALSE(read_json(R"({"a":1,"A":2})").fault.has_value());
  CHECK_FALSE(read_json(R"([{"a":1},{"a":2}])").fault.has_value());
  CHECK_FALSE(read_json(R"({"a":{"a":1}})").fault.has_value());
}

TEST_CASE("the place of a duplicate is its second name") {
  std::size_t offset = fault_offset(R"({"a":1,"a":2})");
  CHECK(offset >= 7);
  CHECK(offset <= 10);
}

TEST_CASE("a text that breaks off behind a duplicate has no value") {
  JsonReading reading = read_json(R"({"a":1,"a":2)");
  CHECK_FALSE(reading.value.has_value());
  CHECK(reading.fault.has_value());
}

TEST_CASE("a byte order mark, a NUL and nothing at all are refused") {
  check_fault("\xef\xbb\xbf{}", rules::json_invalid, "byte order mark");
  check_fault("\xff\xfe{}", rules::json_invalid, "");
  check_fault(std::string_view("{}\0", 3), rules::json_invalid, "NUL");
  check_fault(std::string_view("{\"a\":\"\0\"}", 9), rules::json_invalid, "NUL");
  CHECK(fault_offset(std::string_view("{\"a\":\"\0\"}", 9)) == 6);
  check_fault("", rules::json_invalid, "empty");
  check_fault(" \n", rules::json_invalid, "");
}

TEST_CASE("what RFC 8259 does not allow is invalid") {
  for (std::string_view text :
       {"{} x",      "{}{}",      "1 2",      "[1,]",     "{\"a\":1,}", "{a:1}",  "{'a':1}",
        "[1 2]",     "{\"a\" 1}", "[",        "{\"a\":",  "\"x",        "NaN",    "Infinity",
        "-Infinity", "nul",       "TRUE",     "01",       "+1",         ".5",     "1.",
        "1e",        "0x10",      "--1",      "// c\n{}", "{/* c */}",  "\"\n\"", "\"\t\"",
        "\"\\x\"",   "\"\\u12\"", "\"\x1b\"", "\v{}",     "\xc2\xa0{}"}) {
    check_fault(text, rules::json_invalid, "");
  }
}

TEST_CASE("strings must be UTF-8 without lone surrogates") {
  for (std::string_view text :
       {R"("\ud800")", R"("\udc00")", R"("\ud800\ud800")", R"("\ud800x")", R"("\udc00\ud800")",
        "\"\xed\xa0\x80\"", "\"\xc0\x80\"", "\"\xff\"", "\"\xc3\"", "\"\xf4\x90\x80\x80\""}) {
    check_fault(text, rules::json_invalid, "");
  }
  CHECK(*read(R"("\ud83d\ude00")").as_string() == "\xf0\x9f\x98\x80");
  CHECK(*read(R"("\u0000")").as_string() == std::string(1, '\0'));  // escaped it is a character
}

TEST_CASE("a syntax error has its place") {
  CHECK(fault_offset("{} x") == 3);
  CHECK(fault_offset("[1,]") == 3);
  CHECK(fault_offset("{\"a\":1") == 6);
  CHECK(fault_offset("x") == 0);
  CHECK(fault_offset("01") == 1);
}

TEST_CASE("the cause of a syntax error does not repeat the text") {
  JsonReading reading = read_json("{\"password\": hunter2}");
  REQUIRE(reading.fault.has_value());
  CHECK(reading.fault->message.find("hunter2") == std::string::npos);
  CHECK(reading.fault->message.find("json.exception") == std::string::npos);
}

TEST_CASE("parse_json tells a limit from what is no JSON") {
  CHECK(parse_json("{}", "the set").has_value());
  auto broken = parse_json("{", "the set");
  REQUIRE_FALSE(broken.has_value());
  CHECK(broken.error().code == ErrorCode::input);
  CHECK(broken.error().message.starts_with("the set is not acceptable JSON: "));
  CHECK(broken.error().message.ends_with("at offset 1"));
  auto deep = parse_json(nested(33), "the set");
  REQUIRE_FALSE(deep.has_value());
  CHECK(deep.error().code == ErrorCode::key_refused);
  auto twice = parse_json(R"({"a":1,"a":1})", "the set");
  REQUIRE_FALSE(twice.has_value());
  CHECK(twice.error().code == ErrorCode::input);
  CHECK(twice.error().message.find("\"a\" stands twice") != std::string::npos);
}

TEST_CASE("the parser has a version") { CHECK(json_library_version().starts_with("3.")); }

}  // namespace
}  // namespace jwtctl
