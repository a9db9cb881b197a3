// SPDX-License-Identifier: Apache-2.0
#include "lib/codec/json.h"

#include <array>
#include <limits>
#include <random>

#include "tests/catch.h"

namespace jwtctl {
namespace {

Json number(std::string_view text) { return Json(Json::Number{std::string(text)}); }

/// Maker grows random values whose members have different names.
class Maker {
 public:
  explicit Maker(unsigned seed) : random_(seed) {}

  Json value(int depth) {
    switch (random_() % (depth > 0 ? 7U : 5U)) {
      case 0: return Json();
      case 1: return Json(random_() % 2 == 0);
      case 2: return Json(static_cast<std::int64_t>(random_()) - (std::int64_t{1} << 31));
      case 3: return number(kNumbers[random_() % kNumbers.size()]);
      case 4: return Json(text());
      case 5: {
        Json array{Json::Array{}};
        for (std::size_t i = random_() % 4; i > 0; --i) array.push_back(value(depth - 1));
        return array;
      }
      default: {
        Json object = Json::object({});
        for (std::size_t i = random_() % 4; i > 0; --i) object.set(text(), value(depth - 1));
        return object;
      }
    }
  }

 private:
  std::string text() {
    std::string out;
    for (std::size_t i = random_() % 8; i > 0; --i) out += kLetters[random_() % kLetters.size()];
    return out;
  }

  static constexpr std::array<std::string_view, 7> kNumbers{
      "0.1", "1e2", "-2.50", "1E-7", "18446744073709551615", "123456789012345678901234", "0.0"};
  static constexpr std::array<std::string_view, 14> kLetters{"a",
                                                             "\"",
                                                             "\\",
                                                             "\n",
                                                             "\x01",
                                                             "\x7f",
                                                             "\xc3\xa9",
                                                             "::",
                                                             "##[vso[x",
                                                             "\xe2\x80\xae",
                                                             "\xc2\x85",
                                                             "/",
                                                             "\xf0\x9f\x98\x80",
                                                             "\xf3\xa0\x80\x81"};
  std::mt19937 random_;
};

TEST_CASE("a value knows its kind") {
  struct Row {
    Json json;
    std::string_view kind;
  };
  std::array<Row, 6> rows{{{Json(), "null"},
                           {Json(true), "a boolean"},
                           {Json(1), "a number"},
                           {Json(""), "a string"},
                           {Json(Json::Array{}), "an array"},
                           {Json::object({}), "an object"}}};
  for (const Row& row : rows) CHECK(row.json.kind_name() == row.kind);
  CHECK(rows[0].json.is_null());
  CHECK(*rows[1].json.as_bool());
  CHECK(*rows[2].json.as_number() == "1");
  CHECK(rows[3].json.as_string()->empty());
  CHECK(rows[4].json.as_array()->empty());
  CHECK(rows[5].json.as_object()->empty());
  CHECK(rows[2].json.as_string() == nullptr);
  CHECK(rows[3].json.as_number() == nullptr);
}

TEST_CASE("members keep their order") {
  Json json = Json::object({{"b", 1}, {"a", "x"}});
  json.set("c", nullptr);
  json.set("b", 2);
  CHECK(json.dump() == R"({"b":2,"a":"x","c":null})");
  CHECK(json.find("z") == nullptr);
  CHECK(Json("text").find("a") == nullptr);
  json.append("a", false);
  CHECK(json.dump() == R"({"b":2,"a":"x","c":null,"a":false})");
  CHECK(json.find("a")->as_bool() != nullptr);  // the last one counts
}

TEST_CASE("numbers are written as they were given") {
  CHECK(Json(std::numeric_limits<std::int64_t>::min()).dump() == "-9223372036854775808");
  CHECK(Json(std::numeric_limits<std::size_t>::max()).dump() == "18446744073709551615");
  CHECK(number("1.0e+2").dump() == "1.0e+2");
}

TEST_CASE("strings are escaped where a terminal or a log could be harmed") {
  CHECK(Json("a\"b\\c/").dump() == R"("a\"b\\c/")");
  CHECK(Json("\n\t\r").dump() == R"("\n\t\r")");
  CHECK(Json(std::string("\0\x1f\x7f", 3)).dump() == R"("\u0000\u001f\u007f")");
  CHECK(Json("\xc2\x9b\xe2\x80\xae").dump() == R"("\u009b\u202e")");
  CHECK(Json("\xf3\xa0\x80\x81").dump() == R"("\udb40\udc01")");
  CHECK(Json("\xc3\xa9\xf0\x9f\x98\x80").dump() == "\"\xc3\xa9\xf0\x9f\x98\x80\"");
  CHECK(Json("a\xff").dump() == R"("a\ufffd")");
  CHECK(Json("##[error]").dump() == R"("\u0023#[error]")");
  CHECK(Json("x##vso[y").dump() == R"("x\u0023#vso[y")");
  CHECK(Json("# ## x").dump() == R"("# ## x")");
  CHECK(Json::object({{"\x1b", 1}}).dump() == R"({"\u001b":1})");
}

TEST_CASE("indented text has a line for each member") {
  Json json = Json::object({{"a", Json(Json::Array{Json(1), Json::object({})})}, {"b", "x"}});
  CHECK(json.dump(2) == "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": \"x\"\n}");
  CHECK(Json(Json::Array{}).dump(2) == "[]");
  CHECK(Json::strings({"a", "b"}).dump() == R"(["a","b"])");
}

TEST_CASE("numbers are equal when they denote one decimal") {
  struct Row {
    std::string_view a, b;
    bool same;
  };
  constexpr std::array<Row, 17> kRows{{{"3", "3.0", true},
                                       {"3", "30e-1", true},
                                       {"3", "0.3E+1", true},
                                       {"300", "3e2", true},
                                       {"0", "-0", true},
                                       {"0", "0e5", true},
                                       {"0.0", "0", true},
                                       {"0.001", "1e-3", true},
                                       {"3", "-3", false},
                                       {"3", "30", false},
                                       {"3", "3.0000000000000000000000000000001", false},
                                       {"9007199254740993", "9007199254740992", false},
                                       {"1e400", "1e400", true},
                                       {"1e400", "10e399", true},
                                       {"1e400", "1e401", false},
                                       {"1e-400", "0", false},
                                       {"1e400", "-1e400", false}}};
  for (const Row& row : kRows) {
    CAPTURE(row.a, row.b);
    CHECK(number(row.a).same_value(number(row.b)) == row.same);
    CHECK(number(row.b).same_value(number(row.a)) == row.same);
  }
}

TEST_CASE("values of different kinds are never the same") {
  CHECK_FALSE(Json("3").same_value(Json(3)));
  CHECK_FALSE(Json(1).same_value(Json(true)));
  CHECK_FALSE(Json().same_value(Json(false)));
  CHECK_FALSE(Json(Json::Array{}).same_value(Json::object({})));
  CHECK(Json().same_value(Json()));
}

TEST_CASE("the order counts in arrays and not in objects") {
  Json object = Json::object({{"a", 1}, {"b", Json::strings({"x", "y"})}});
  CHECK(object.same_value(Json::object({{"b", Json::strings({"x", "y"})}, {"a", number("1.0")}})));
  CHECK_FALSE(object.same_value(Json::object({{"a", 1}})));
  CHECK_FALSE(object.same_value(Json::object({{"a", 1}, {"c", Json::strings({"x", "y"})}})));
  CHECK_FALSE(Json::strings({"x", "y"}).same_value(Json::strings({"y", "x"})));
  CHECK_FALSE(Json::strings({"x"}).same_value(Json::strings({"x", "x"})));
  CHECK_FALSE(Json("A").same_value(Json("a")));
}

TEST_CASE("what is written reads back as the same value") {
  Maker maker(20261123);
  for (int round = 0; round < 1500; ++round) {
    Json json = maker.value(4);
    for (int indent : {-1, 0, 2}) {
      std::string text = json.dump(indent);
      CAPTURE(text);
      JsonReading reading = read_json(text);
      REQUIRE(reading.value.has_value());
      CHECK_FALSE(reading.fault.has_value());
      CHECK(reading.value->same_value(json));
      CHECK(json.same_value(*reading.value));
      CHECK(reading.value->dump(indent) == text);
    }
  }
}

TEST_CASE("a wiped value holds no text any more") {
  Json json =
      Json::object({{"d", "secret"}, {"list", Json::strings({"secret", "secret"})}, {"n", 7}});
  json.append("deep", Json::object({{"k", "secret"}}));
  json.wipe();
  CHECK(json.dump().find("secret") == std::string::npos);
  CHECK(json.find("deep")->find("k")->as_string()->empty());
  CHECK(json.find("list")->as_array()->size() == 2);
}

}  // namespace
}  // namespace jwtctl
