// SPDX-License-Identifier: Apache-2.0
#include "lib/jose/extract.h"

#include <algorithm>
#include <ostream>
#include <vector>

#include "lib/base/limits.h"
#include "lib/codec/base64url.h"
#include "tests/catch.h"

namespace jwtctl {
namespace {

struct Found {
  std::string text;
  std::size_t line;
  std::size_t column;
  friend bool operator==(const Found&, const Found&) = default;
};

std::ostream& operator<<(std::ostream& out, const Found& found) {
  return out << found.line << ':' << found.column << ' ' << found.text;
}

/// extract_from hands a text out in pieces of `piece` bytes.
std::vector<Found> extract_from(std::string_view text, std::size_t piece = 1 << 20) {
  std::vector<Found> found;
  auto done = extract_all(
      [&text, piece](std::span<char> space) -> Result<std::size_t> {
        std::size_t count = std::min({text.size(), space.size(), piece});
        std::copy_n(text.begin(), count, space.begin());
        text.remove_prefix(count);
        return count;
      },
      [&found](const Extract& extract) {
        found.push_back(
            {std::string(extract.text), extract.position.line, extract.position.column});
      });
  REQUIRE(done);
  return found;
}

std::string token_of(std::string_view header, std::string_view payload = R"({"sub":"a"})") {
  return fmt::format("{}.{}.c2lnbmF0dXJl", to_base64url(header), to_base64url(payload));
}

const std::string kToken = token_of(R"({"alg":"HS256","typ":"JWT"})");

TEST_CASE("a token is found wherever it stands") {
  for (auto [before, after] : {std::pair{"", ""},
                               {"Authorization: Bearer ", "\r\n"},
                               {"token=", "&next=1"},
                               {"{\"access_token\":\"", "\"}"},
                               {"'", "',"},
                               {"<jwt>", "</jwt>"},
                               {"sent ", ". Then"},
                               {"x: [", "]"},
                               {"https://a.example/cb?t=", "#top"}}) {
    CAPTURE(before, after);
    auto found = extract_from(before + kToken + after);
    REQUIRE(found.size() == 1);
    CHECK(found[0] == Found{kToken, 1, std::string_view(before).size() + 1});
  }
}

TEST_CASE("letters that touch the header are not taken for a part of it") {
  // An escaped line break in a string, percent-encoding, a name that ends in letters.
  for (std::string_view before : {"log\\n", "q%3D", "q%20", "access_token_", "jwt-", "\\u003d"}) {
    CAPTURE(before);
    auto found = extract_from(fmt::format("{}{}", before, kToken));
    REQUIRE(found.size() == 1);
    CHECK(found[0].text == kToken);
  }
}

TEST_CASE("a header is found by what it decodes to, not by how it begins") {
  for (std::string_view header :
       {R"({"alg":"none"})", R"({ "alg":"HS256"})", "{\n\"alg\":\"HS256\"}", "{\t\"typ\":\"JWT\"}",
        " {\"alg\":\"HS256\"}", R"({"kid":"x","alg":"ES256"})", R"({"typ":""})"}) {
    CAPTURE(header);
    std::string token = token_of(header);
    auto found = extract_from(fmt::format("a {} b", token));
    REQUIRE(found.size() == 1);
    CHECK(found[0] == Found{token, 1, 3});
  }
}

TEST_CASE("what decodes to something else is no token") {
  for (std::string_view text :
       {"www.example.com", "127.0.0.1", "1.2.3-rc.4", "lib.so.3", "...............",
        "abcdefghijklmnopqrstuvwxyz.abcdefghijkl.mnop", "e30.e30.e30"}) {
    CAPTURE(text);
    CHECK(extract_from(text).empty());
  }
  CHECK(extract_from(token_of(R"({"sub":"no header"})")).empty());
  CHECK(extract_from(token_of(R"(["alg"])")).empty());
  CHECK(extract_from(token_of(R"({"alg":"HS256")")).empty());
  CHECK(extract_from(to_base64url(R"({"alg":"HS256"})") + ". And so on").empty());
}

TEST_CASE("a header that no reader takes is that of a malformed token") {
  std::string deep = R"({"alg":"none","x":)";
  for (int i = 0; i < 40; ++i) deep += R"({"a":)";
  deep += "1" + std::string(41, '}');
  for (const std::string& header :
       {deep, std::string("{\"alg\":\"none\",\"kid\":\"gr\xF6\xDF\x65\"}"),
        std::string("{\"kid\":\"\x01\",\"typ\":\"JWT\"}")}) {
    CAPTURE(header);
    for (std::string_view before : {"", "t=", "log\\n"}) {
      auto found = extract_from(fmt::format("{}{} b", before, token_of(header)));
      REQUIRE(found.size() == 1);
      CHECK(found[0].text == token_of(header));
    }
  }
  // Nothing in it says that it is one.
  CHECK(extract_from(token_of("{\"kid\":\"gr\xF6\xDF\x65\"}")).empty());
  CHECK(extract_from(token_of(R"({"alg":"HS256)" + std::string(40, '['))).empty());
}

TEST_CASE("a header within something that has no end is found") {
  std::string inner = to_base64url(R"({"alg":"none"})") + ".e30.";
  for (std::string_view junk : {R"({"a":{"b":)", R"({"a":)", R"({"a":{"b":{)", R"({"":)"}) {
    auto found = extract_from(to_base64url(junk) + inner + " ");
    CAPTURE(junk);
    REQUIRE(found.size() == 1);
    CHECK(found[0].text == inner);
  }
}

TEST_CASE("unsigned, encrypted, padded and cut tokens are found") {
  std::string unsigned_token =
      fmt::format("{}.{}.", to_base64url(R"({"alg":"none"})"), to_base64url(R"({"a":1})"));
  CHECK(extract_from(unsigned_token + "\n")[0].text == unsigned_token);
  std::string jwe = to_base64url(R"({"alg":"dir","enc":"A256GCM"})") + "..aXY.Y2lwaGVy.dGFn";
  CHECK(extract_from("x " + jwe + ".")[0].text == jwe);
  std::string padded = to_base64url(R"({"alg":"HS256"})") + "==.eyJhIjoxfQ==.AAAA";
  CHECK(extract_from("x=" + padded)[0].text == padded);
  std::string cut = kToken.substr(0, kToken.find('.') + 9);
  CHECK(extract_from("cut " + cut + "\nrest")[0].text == cut);
}

TEST_CASE("standard base64 is taken along when it leads to the next dot") {
  std::string header = to_base64url(R"({"alg":"HS256"})");
  std::string token = header + ".eyJhIjoiPz8/Pj4+In0=.ab+/cd";
  CHECK(extract_from(token + " x")[0].text == token);
  CHECK(extract_from(kToken + "/path")[0].text == kToken);
}

TEST_CASE("lines and columns are counted, columns in code points") {
  auto found = extract_from(fmt::format("one\nzw\xC3\xB6lf {} {}\n\n{}", kToken, kToken, kToken));
  REQUIRE(found.size() == 3);
  CHECK(found[0] == Found{kToken, 2, 7});
  CHECK(found[1] == Found{kToken, 2, 8 + kToken.size()});
  CHECK(found[2] == Found{kToken, 4, 1});
}

TEST_CASE("it does not matter how a text is read, nor where the window ends") {
  // More than the window, with tokens at places that no power of two divides.
  std::string text;
  std::size_t tokens = 0;
  while (text.size() < 5'000'000) {
    text += fmt::format("{:>{}}\n", "filler. ", 100 + text.size() % 977);
    if (text.size() % 7 == 0) {
      text += kToken;
      ++tokens;
    }
  }
  REQUIRE(tokens > 500);
  auto whole = extract_from(text);
  CHECK(whole.size() == tokens);
  CHECK(extract_from(text, 4093) == whole);
  CHECK(extract_from(text, 1'100'000) == whole);
}

TEST_CASE("a line of many megabytes has exact columns") {
  std::string text(3'000'000, 'a');
  auto found = extract_from(text + " " + kToken);
  REQUIRE(found.size() == 1);
  CHECK(found[0] == Found{kToken, 1, 3'000'002});
}

TEST_CASE("a token over the limit comes cut, and nothing behind it is lost") {
  std::string huge = token_of(R"({"alg":"HS256"})", fmt::format(R"({{"a":"{:x<200000}"}})", ""));
  auto found = extract_from(huge + "\n" + kToken);
  REQUIRE(found.size() == 2);
  CHECK(found[0].text.size() > kMaxTokenBytes);
  CHECK(found[0].text.size() <= kMaxExtractBytes);
  CHECK(found[1].line == 2);
}

TEST_CASE("the limit of a token stands in the middle of a window too") {
  // The longest header and payload that fit, across the place where the window moves.
  std::string payload(40'000, 'x');
  std::string token = token_of(R"({"alg":"HS256"})", payload);
  // At the border of a window, in steps that cross it by the header, the payload, the signature.
  for (std::size_t before = 200'000; before < 480'000; before += 9'973) {
    auto found = extract_from(std::string(before, ' ') + token + std::string(before, ' '));
    REQUIRE(found.size() == 1);
    CHECK(found[0].text == token);
    CHECK(found[0].column == before + 1);
  }
}

TEST_CASE("PEM blocks are whole wherever a window ends") {
  std::string block = fmt::format("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----",
                                  std::string(40'000, 'A'));
  for (std::size_t before = 200'000; before < 480'000; before += 9'973) {
    auto found = extract_from(std::string(before, '-') + "\n" + block + "\n" + kToken);
    CAPTURE(before);
    REQUIRE(found.size() == 2);
    CHECK(found[0] == Found{block, 2, 1});
    CHECK(found[1].line == 5);
  }
}

TEST_CASE("every place of a block is looked at", "[slow]") {
  // A token behind each number of letters, so that its dot stands at every place of the filter.
  for (std::size_t before = 0; before < 1100; ++before) {
    for (char c : {' ', 'a', '.'}) {
      auto found = extract_from(std::string(before, c) + " " + kToken);
      REQUIRE(found.size() == 1);
      CHECK(found[0].column == before + 2);
    }
  }
}

TEST_CASE("PEM blocks are found in order with tokens, whatever stands before their lines") {
  constexpr std::string_view kBlock =
      "-----BEGIN PUBLIC KEY-----\n"
      "    MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n"
      "    -----END PUBLIC KEY-----";
  auto found = extract_from(fmt::format("{}\nkey: |\n    {}\n{}", kToken, kBlock, kToken));
  REQUIRE(found.size() == 3);
  CHECK(found[1] == Found{std::string(kBlock), 3, 5});
  CHECK(found[2].line == 6);
  CHECK(extract_from("-----BEGIN PUBLIC KEY----- and never an end").empty());
  CHECK(extract_from("-----BEGIN PUBLIC KEY-----\n(.*?)\n-----END PUBLIC KEY-----").empty());
  CHECK(extract_from("-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----").empty());
}

TEST_CASE("the line and the one above are handed out") {
  std::vector<std::string> lines;
  std::string text = fmt::format("above\nbefore {} after\nbelow", kToken);
  std::string_view rest = text;
  auto done = extract_all(
      [&rest](std::span<char> space) -> Result<std::size_t> {
        std::size_t count = std::min(rest.size(), space.size());
        std::copy_n(rest.begin(), count, space.begin());
        rest.remove_prefix(count);
        return count;
      },
      [&lines](const Extract& extract) {
        lines = {std::string(extract.line), std::string(extract.line_above)};
      });
  REQUIRE(done);
  CHECK(lines == std::vector<std::string>{fmt::format("before {} after", kToken), "above"});
}

TEST_CASE("a text that cannot be read fails") {
  auto done = extract_all(
      [](std::span<char>) -> Result<std::size_t> { return fail(ErrorCode::input, "broken disk"); },
      [](const Extract&) {});
  REQUIRE_FALSE(done);
  CHECK(done.error().message == "broken disk");
}

}  // namespace
}  // namespace jwtctl
