// SPDX-License-Identifier: Apache-2.0
#include "lib/token/held_tokens.h"

#include <fmt/format.h>

#include "lib/base/limits.h"
#include "lib/base/text.h"
#include "lib/codec/base64url.h"
#include "lib/token/clean.h"
#include "tests/catch.h"

namespace jwtctl {
namespace {

const std::string kToken = to_base64url(R"({"alg":"HS256"})") + ".e30.AAAA";
const std::string kOther = to_base64url(R"({"alg":"ES256"})") + ".e30.BBBB";

std::string in_json(std::string_view text) { return Json(std::string(text)).dump(); }

/// dressed is what may stand around a token in a value.
std::vector<std::string> dressed(const std::string& token) {
  std::string percent = token;
  percent.replace(percent.find('.'), 1, "%2E");
  std::string twice = token;
  twice.replace(twice.find('.'), 1, "%252e");
  std::string spaced = token;
  return {fmt::format("Bearer {}", token),
          fmt::format("Authorization: Bearer {}", token),
          fmt::format("\"{}\"", token),
          fmt::format(" {}", token),
          fmt::format("{}\n", token),
          spaced.insert(9, "\n "),
          percent,
          twice,
          fmt::format("https://a.example/b.c?access_token={}&x=1", token),
          fmt::format("https://a.example/#t={}", token),
          fmt::format("jwt_{}", token),
          fmt::format("the token is {}. It is good.", token)};
}

void check_several(const std::string& text, const std::vector<std::string>& places) {
  CAPTURE(text);
  CleanedToken token = clean_token(text, kMaxTokenBytes);
  CHECK(token.several == places);
  CHECK_FALSE(looks_like_token(token.text));
  Jws jws = read_token(token, kMaxTokenBytes);
  REQUIRE(jws.faults.size() == 1);
  CHECK(jws.kind == TokenKind::jws);
  CHECK(jws.faults[0].message ==
        "there are several tokens here, give one of them: " + join(places, ", "));
}

void check_taken(const std::string& text, std::string_view cleaning) {
  CAPTURE(text);
  CleanedToken token = clean_token(text, kMaxTokenBytes);
  CHECK(token.text == kToken);
  CHECK(join(token.cleanings, " ") == cleaning);
  CHECK(token.several.empty());
}

TEST_CASE("a second token counts in any dress") {
  for (const std::string& other : dressed(kOther)) {
    check_several(fmt::format(R"({{"a":"{}","b":{}}})", kToken, in_json(other)), {"a", "b"});
    check_several(fmt::format(R"([{},"{}"])", in_json(other), kToken), {"[0]", "[1]"});
  }
  check_several(fmt::format(R"({{"a":"{}","b":"{}"}})", kToken, kOther), {"a", "b"});
  check_several(fmt::format(R"({{"a":{{"b":"{}"}},"c":[1,"{}"]}})", kToken, kOther),
                {"a.b", "c[1]"});
  check_several(fmt::format(R"({{"a":"{}","b":{}}})", kToken,
                            in_json(fmt::format(R"({{"t":["{}"]}})", kOther))),
                {"a", "b.t[0]"});
  check_several(
      fmt::format(R"({{"a":"{}","b":{}}})", kToken,
                  in_json(fmt::format(R"({{"t":{}}})", in_json(fmt::format(R"(["{}"])", kOther))))),
      {"a", "b.t[0]"});
  check_several(fmt::format(R"({{"a":"{}","{}":1}})", kToken, kOther),
                {"a", fmt::format("the name a token of {} characters", kOther.size())});
  check_several(fmt::format(R"({{"a":"{}","b":{{"payload":"","signature":""}}}})", kToken),
                {"a", "b"});
}

TEST_CASE("the same token in another dress is not a second one") {
  for (const std::string& same : dressed(kToken)) {
    check_taken(fmt::format(R"({{"a":"{}","b":{}}})", kToken, in_json(same)), "json-member");
  }
  check_taken(fmt::format("Cookie: a={}; b={}", kToken, kToken), "cookie");
}

TEST_CASE("what only looks a little like a token is none") {
  for (std::string_view text :
       {"www.example.com", "example.co.uk", "a.b.c", "1.2.3", "e30", "e30.e30", "{\"a\":\"b.c.d\"}",
        "100%", "%zz", "https://id.example.com/realms/a.b.c?x=y.z.w", ""}) {
    check_taken(fmt::format(R"({{"a":"{}","b":{}}})", kToken, in_json(text)), "json-member");
  }
}

TEST_CASE("a second token counts in cookies") {
  for (const std::string& other : dressed(kOther)) {
    if (other.find_first_of(";\n") != std::string::npos) continue;
    if (trim(other) != other) continue;
    if (other == fmt::format("\"{}\"", kOther)) continue;  // is how cookies may be written
    check_several(fmt::format("Cookie: a={}; b={}", kToken, other),
                  {"the cookie a", "the cookie b"});
  }
  check_several(fmt::format("Cookie: a={}; b={}", kToken, kOther),
                {"the cookie a", "the cookie b"});
  check_several(fmt::format("Set-Cookie: a=\"{}\"; b={}", kToken, kOther),
                {"the cookie a", "the cookie b"});
  check_several(fmt::format("Cookie: a={}; {}", kToken, kOther),
                {"the cookie a", "a cookie without a name"});
  check_several(fmt::format("Cookie: a={}; {}=1", kToken, kOther),
                {"the cookie a", "the name of a cookie"});
  check_several(fmt::format("Cookie: a={}, b={}", kToken, kOther), {"the cookie a"});
}

TEST_CASE("parts of a cookie are one token") {
  std::string_view other = kOther;
  for (std::size_t cut : {std::size_t{1}, other.find('.'), other.size() - 1}) {
    check_several(fmt::format("Cookie: a={}; s.0={}; s.1={}", kToken, other.substr(0, cut),
                              other.substr(cut)),
                  {"the parts of the cookie s", "the cookie a"});
    // The parts count in the order of their numbers.
    check_several(fmt::format("Cookie: s.1={}; s.0={}; a={}", other.substr(cut),
                              other.substr(0, cut), kToken),
                  {"the parts of the cookie s", "the cookie a"});
  }
  check_several(fmt::format("Cookie: s.0={}; s.1={}", kToken, kOther),
                {"the cookie s.0", "the cookie s.1"});
  check_taken(fmt::format("Cookie: s.0={}; a.1=x", kToken), "cookie");
}

TEST_CASE("only some of many places are named") {
  std::string items;
  for (int i = 0; i < 10; ++i) items += fmt::format(R"("{}A",)", i == 0 ? kToken : kOther);
  items.pop_back();
  CleanedToken token = clean_token(fmt::format("[{}]", items), kMaxTokenBytes);
  CHECK(token.several.size() == 10);
  CHECK(read_token(token, kMaxTokenBytes).faults[0].message.ends_with("[7], and 2 more"));
}

TEST_CASE("other text holds no tokens") {
  CHECK(held_tokens(kToken + " " + kOther).empty());
  CHECK(held_tokens("").empty());
  CHECK(held_tokens("{").empty());
  CHECK(clean_token(kToken, kMaxTokenBytes).several.empty());
}

}  // namespace
}  // namespace jwtctl
