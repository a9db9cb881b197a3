// SPDX-License-Identifier: Apache-2.0
#include "lib/token/claims.h"

#include <array>

#include "lib/base/limits.h"
#include "lib/codec/base64url.h"
#include "tests/catch.h"

namespace jwtctl {
namespace {

constexpr Instant kAt{1'700'000'000, 0};

Instant after(Seconds seconds, std::int32_t nanos = 0) { return {kAt.seconds + seconds, nanos}; }

DateClaim date_of(std::string_view name, std::string_view number) {
  Json claims = Json::object({});
  claims.set(name, Json(Json::Number{std::string(number)}));
  return read_date(claims, name);
}

Payload payload_of(std::string_view octets) {
  std::string header = to_base64url(R"({"alg":"HS256"})");
  return read_payload(
      read_jws(fmt::format("{}.{}.AAAA", header, to_base64url(octets)), kMaxTokenBytes));
}

Json value_of(std::string_view json) { return *read_json(json).value; }

TEST_CASE("a payload is one JSON object") {
  Payload good = payload_of(R"({"sub":"x"})");
  REQUIRE(good.claims.has_value());
  CHECK(good.faults.empty());
  CHECK(*good.claims->find("sub")->as_string() == "x");

  for (std::string_view json : {"5", "[]", "\"x\"", "null"}) {
    CAPTURE(json);
    Payload other = payload_of(json);
    REQUIRE(other.faults.size() == 1);
    CHECK(other.faults[0].rule.id == rules::json_invalid.id);
    CHECK(other.faults[0].readable);
    CHECK(other.faults[0].message.find("not an object") != std::string::npos);
    CHECK(other.claims.has_value());
  }
}

TEST_CASE("a payload that is no JSON has a fault with its place in the token") {
  Payload broken = payload_of("{\"a\":1,}");
  REQUIRE(broken.faults.size() == 1);
  CHECK_FALSE(broken.claims.has_value());
  CHECK(broken.faults[0].rule.id == rules::json_invalid.id);
  CHECK(broken.faults[0].offset == 21 + 7 * 4 / 3);  // behind the header and its dot
  CHECK(broken.faults[0].message.find("at its byte 7") != std::string::npos);
  CHECK_FALSE(broken.faults[0].readable);

  Payload empty = payload_of("");
  REQUIRE(empty.faults.size() == 1);
  CHECK(empty.faults[0].rule.id == rules::segment_count.id);
  CHECK(empty.faults[0].message.find("detached") != std::string::npos);

  Payload twice = payload_of(R"({"sub":"a","sub":"b"})");
  REQUIRE(twice.faults.size() == 1);
  CHECK(twice.faults[0].rule.id == rules::duplicate_member.id);
  CHECK(twice.faults[0].readable);
  CHECK(*twice.claims->find("sub")->as_string() == "b");
}

TEST_CASE("an encrypted token has no payload and no fault of it") {
  Payload none = read_payload(read_jws("eyJlbmMiOiJBIn0.AA.AA.AA.AA", kMaxTokenBytes));
  CHECK_FALSE(none.claims.has_value());
  CHECK(none.faults.empty());
}

TEST_CASE("a date is a number of seconds from 1970 to 9999") {
  for (std::string_view text :
       {"1700000000", "1700000000.5", "1.7e9", "1", "253402300799", "253402300799.999"}) {
    CAPTURE(text);
    DateClaim date = date_of("exp", text);
    CHECK(date.present);
    CHECK(date.good());
  }
  for (std::string_view text :
       {"-1", "-0.001", "253402300800", "1e30", "-1e30", "9223372036854775808", "4e20"}) {
    CAPTURE(text);
    CHECK(date_of("exp", text).fault.id == rules::date_out_of_range.id);
    CHECK(date_of("nbf", text).fault.id == rules::date_out_of_range.id);
  }
}

// Keycloak wrote "nbf":0 for "not restricted".
TEST_CASE("zero is a date, but no end of a token") {
  for (std::string_view text : {"0", "-0", "0.0", "0e5"}) {
    CAPTURE(text);
    CHECK(date_of("nbf", text).good());
    CHECK(date_of("iat", text).good());
    CHECK(date_of("exp", text).fault.id == rules::date_out_of_range.id);
  }
}

TEST_CASE("a date of another type is no date") {
  for (const Json& json :
       {Json("1700000000"), Json(), Json(true), Json(Json::Array{}), Json::object({})}) {
    DateClaim date = read_date(Json::object({{"exp", json}}), "exp");
    CHECK(date.present);
    CHECK_FALSE(date.good());
    CHECK(date.fault.id == rules::date_wrong_type.id);
  }
  DateClaim absent = read_date(Json::object({{"nbf", 1}}), "exp");
  CHECK_FALSE(absent.present);
  CHECK_FALSE(absent.good());
  CHECK_FALSE(static_cast<bool>(absent.fault));
}

TEST_CASE("a date in another unit is recognised") {
  struct Row {
    std::string_view number, unit;
  };
  for (const Row& row :
       {Row{"1700000000123", "milliseconds"}, Row{"1.7e12", "milliseconds"},
        Row{"1700000000123456", "microseconds"}, Row{"1700000000123456789", "nanoseconds"}}) {
    CAPTURE(row.number);
    DateClaim date = date_of("exp", row.number);
    CHECK(date.fault.id == rules::date_unit.id);
    CHECK(date.unit == row.unit);
    CHECK(date.corrected == kAt);
  }
}

TEST_CASE("a unit is guessed for dates from 1990 to 2099 alone") {
  CHECK(date_of("exp", "631152000000").unit == "milliseconds");  // 1990-01-01
  CHECK(date_of("exp", "631151999999").fault.id == rules::date_out_of_range.id);
  CHECK(date_of("exp", "4102444799999").unit == "milliseconds");  // 2099-12-31
  CHECK(date_of("exp", "4102444800000").fault.id == rules::date_out_of_range.id);
  CHECK(date_of("exp", "99999999999").good());   // the year 5138, in seconds
  CHECK(date_of("exp", "100000000000").good());  // in milliseconds this was 1973
}

TEST_CASE("a token expires at exp, not after it") {
  CHECK_FALSE(is_expired(kAt, after(-1, 999'999'999), 0));
  CHECK(is_expired(kAt, kAt, 0));
  CHECK(is_expired(kAt, after(0, 1), 0));
  CHECK_FALSE(is_expired(kAt, after(4, 999'999'999), 5));
  CHECK(is_expired(kAt, after(5), 5));
  CHECK_FALSE(is_expired(after(0, 1), kAt, 0));
  CHECK_FALSE(is_expired({INT64_MAX, 0}, kAt, kMaxDuration));  // the sum saturates
}

TEST_CASE("a token becomes valid at nbf") {
  CHECK(is_not_yet_valid(kAt, after(-1, 999'999'999), 0));
  CHECK_FALSE(is_not_yet_valid(kAt, kAt, 0));
  CHECK(is_not_yet_valid(kAt, after(-6, 999'999'999), 5));
  CHECK_FALSE(is_not_yet_valid(kAt, after(-5), 5));
  CHECK(is_not_yet_valid(after(0, 1), kAt, 0));
}

TEST_CASE("a token may be issued now, and no later") {
  CHECK_FALSE(is_from_future(kAt, kAt, 0));
  CHECK(is_from_future(after(0, 1), kAt, 0));
  CHECK_FALSE(is_from_future(after(5), kAt, 5));
  CHECK(is_from_future(after(5, 1), kAt, 5));
}

TEST_CASE("a token is stale when more than the age has passed") {
  CHECK_FALSE(is_stale(kAt, after(60), 60, 0));
  CHECK(is_stale(kAt, after(60, 1), 60, 0));
  CHECK_FALSE(is_stale(kAt, after(65), 60, 5));
  CHECK(is_stale(kAt, after(65, 1), 60, 5));
  CHECK_FALSE(is_stale(after(100), kAt, 0, 0));
}

TEST_CASE("a token must begin before it ends") {
  CHECK(has_impossible_window(kAt, kAt));
  CHECK(has_impossible_window(after(1), kAt));
  CHECK_FALSE(has_impossible_window(after(-1, 999'999'999), kAt));
}

TEST_CASE("an issuer is a string, and a URI when it has a colon") {
  for (std::string_view text : {"a", "https://id.example.com", "https://a/?b#c", "urn:x",
                                "accounts.google.com", "a+b-c.d:x"}) {
    CAPTURE(text);
    CHECK_FALSE(is_malformed_issuer(Json(text)));
    CHECK_FALSE(is_malformed_uri(text));
  }
  for (std::string_view text :
       {":x", "1a:x", "a b:c", "https://a b", "a_b:c", "https://a\n", "https://<a>"}) {
    CAPTURE(text);
    CHECK_FALSE(is_malformed_issuer(Json(text)));
    CHECK(is_malformed_uri(text));
  }
  for (const Json& json :
       {Json(), Json(5), Json(""), Json::strings({"https://a"}), Json::object({})}) {
    CHECK(is_malformed_issuer(json));
  }
}

TEST_CASE("an audience is a string or an array of strings") {
  using Texts = std::vector<std::string>;
  CHECK(audiences(Json("api")) == Texts{"api"});
  CHECK(audiences(Json::strings({"a", "b"})) == Texts{"a", "b"});
  for (std::string_view json : {"null", "5", "true", "{}", "{\"api\":1}", "[]", "\"\"", "[\"\"]",
                                "[\"\",\"\"]", "[\"a\",5]", "[\"a\",null]", "[[\"a\"]]"}) {
    CAPTURE(json);
    CHECK(audiences(value_of(json)) == std::nullopt);
    CHECK(audience_problem(value_of(json)));
  }
}

TEST_CASE("empty entries of an audience name nobody and hinder nobody (RFC 7519 section 4.1.3)") {
  using Texts = std::vector<std::string>;
  using Entries = std::vector<std::size_t>;
  CHECK(audiences(Json::strings({"a", ""})) == Texts{"a"});
  CHECK(audiences(Json::strings({"", "a", "", "b"})) == Texts{"a", "b"});
  CHECK(empty_audiences(Json::strings({"", "a", "", "b"})) == Entries{0, 2});
  CHECK(empty_audiences(Json("")).empty());
  CHECK(empty_audiences(Json(5)).empty());
}

TEST_CASE("what is wrong with an audience names the entry") {
  auto problem = [](std::string_view json) {
    return audience_problem(value_of(json)).value_or("");
  };
  CHECK(problem("\"a\"") == "");
  CHECK(problem("[\"a\",\"\"]") == "");
  CHECK(problem("\"\"") == "aud is empty");
  CHECK(problem("[]") == "aud is an empty array");
  CHECK(problem("[\"\"]") == "every entry of aud is empty");
  CHECK(problem("[\"a\",null]") == "entry 1 of aud is null, not a string");
  CHECK(problem("[[\"a\"],\"a\"]") == "entry 0 of aud is an array, not a string");
  CHECK(problem("{\"api\":1}") == "aud must be a string or an array of strings, it is an object");
}

TEST_CASE("what others make of a date that is far too late") {
  auto read = [](std::string_view name, std::string_view number) {
    Json claims = *read_json(fmt::format(R"({{"{}":{}}})", name, number)).value;
    return as_others_read(name, read_date(claims, name));
  };
  CHECK(read("exp", "1767229140000") ==
        "other verifiers take it as the year 57971: they would accept it");
  CHECK(read("exp", "253402300800") ==
        "other verifiers take it as the year 10000: they would accept it");
  CHECK(read("exp", "253402300799") == "");
  CHECK(read("nbf", "1767229140000") ==
        "other verifiers take it as the year 57971: to them it is not valid before");
  CHECK(read("iat", "1767229140000") ==
        "other verifiers take it as the year 57971: those that look at iat refuse it");
  CHECK(read("auth_time", "1767229140000") == "");
  CHECK(read("exp", "1e30") ==
        "other verifiers take it as a time beyond any calendar, unless it overflows there: they "
        "would accept it");
  CHECK(read("exp", "-1") == "");
  CHECK(read("exp", "-1e30") == "");
  CHECK(read("exp", "0") == "");
  CHECK(read("exp", "\"1767229140000\"") == "");
}

TEST_CASE("identifiers are compared exactly") {
  std::array<std::string, 2> expected{"https://a", "b"};
  CHECK(matches_any("b", expected));
  CHECK_FALSE(matches_any("B", expected));
  CHECK_FALSE(matches_any("https://a/", expected));
  CHECK_FALSE(matches_any("", expected));
  CHECK_FALSE(matches_any("b", {}));
}

TEST_CASE("a media type may leave out application/ and ignores case") {
  CHECK(same_media_type("JWT", "jwt"));
  CHECK(same_media_type("application/at+jwt", "at+JWT"));
  CHECK(same_media_type("APPLICATION/at+jwt", "application/AT+jwt"));
  CHECK(same_media_type("text/plain", "TEXT/plain"));
  CHECK_FALSE(same_media_type("at+jwt", "jwt"));
  CHECK_FALSE(same_media_type("text/at+jwt", "at+jwt"));
  CHECK_FALSE(same_media_type("application/a;part=\"1/2\"", "a;part=\"1/2\""));
  CHECK_FALSE(same_media_type("", "jwt"));
}

}  // namespace
}  // namespace jwtctl
