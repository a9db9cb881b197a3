// SPDX-License-Identifier: Apache-2.0
#include "lib/token/clean.h"

#include <algorithm>

#include "lib/base/limits.h"
#include "lib/base/text.h"
#include "lib/codec/base64url.h"
#include "tests/catch.h"

namespace jwtctl {
namespace {

const std::string kToken =
    to_base64url(R"({"alg":"HS256"})") + "." +
    to_base64url(R"({"iss":"https://id.example.com","aud":"api","sub":"x","exp":1234567890})") +
    "." + to_base64url(std::string(32, '\xa5'));
const std::string kOther = to_base64url(R"({"alg":"ES256"})") + ".e30.AAAA";

CleanedToken clean(std::string_view text) { return clean_token(text, kMaxTokenBytes); }

/// check_cleaned wants the token from `text`, after the cleanings `names`.
void check_cleaned(std::string_view text, std::string_view names) {
  CAPTURE(text);
  CleanedToken token = clean(text);
  CHECK(token.text == kToken);
  CHECK(join(token.cleanings, " ") == names);
}

void check_untouched(const std::string& text) {
  CAPTURE(text);
  CleanedToken token = clean(text);
  CHECK(token.text == text);
  CHECK(join(token.cleanings, " ") == "");
}

std::string wrapped(std::size_t width, std::string_view line_end, std::string_view indent = "") {
  std::string out;
  for (std::size_t at = 0; at < kToken.size(); at += width) {
    out += fmt::format("{}{}{}", indent, kToken.substr(at, width), line_end);
  }
  return out;
}

TEST_CASE("a token alone needs no cleaning, nor does the newline of a file") {
  check_cleaned(kToken, "");
  check_cleaned(kToken + "\n", "");
  check_cleaned(kToken + "\r\n", "");
  check_cleaned(kToken + "\n\n", "whitespace");
}

TEST_CASE("a literal does not end in a newline: it is white space like any other") {
  for (std::string_view end : {"\n", "\r\n", "\r", " ", "\n\n"}) {
    CAPTURE(end);
    CleanedToken token =
        clean_token(fmt::format("{}{}", kToken, end), kMaxTokenBytes, TokenOrigin::literal);
    CHECK(token.text == kToken);
    CHECK(join(token.cleanings, " ") == "whitespace");
    CHECK(token.faults.empty());
  }
}

TEST_CASE("what no verifier forgives is told from what belongs to the place of a token") {
  auto faults = [](const std::string& text) { return join(clean(text).faults, ", "); };
  std::string quoted = "\"" + kToken + "\"";
  for (const std::string& fine :
       {kToken, " " + kToken, "Bearer " + kToken, "Authorization: Bearer " + kToken,
        "> Authorization: Bearer " + kToken, "Cookie: a=" + kToken, "Cookie: a=" + quoted,
        "Set-Cookie: a=" + kToken + "; Path=/", "{\"access_token\":" + quoted + "}",
        "'Authorization: Bearer " + kToken + "'", "\"> Authorization: " + kToken + "\"",
        "'Cookie: a=" + kToken + "'"}) {
    CAPTURE(fine);
    CHECK(clean(fine).text == kToken);
    CHECK(faults(fine) == "");
    CHECK(faults_note(clean(fine)) == "");
  }
  CHECK(faults(quoted) == "quotes");
  CHECK(faults("Bearer " + quoted) == "quotes");
  CHECK(faults("'Bearer " + kToken + "'") == "quotes");
  CHECK(faults("Authorization: " + quoted) == "quotes");
  CHECK(faults(kToken + ",") == "punctuation");
  CHECK(faults(quoted + ";") == "punctuation, quotes");
  CHECK(faults("Bearer bearer " + kToken) == "a second Bearer");
  CHECK(faults("Authorization: Bearer BEARER Bearer " + kToken) == "a second Bearer");
  CHECK(faults(wrapped(40, "\n")) == "line-wrap");
  CHECK(faults("%20" + kToken) == "percent-encoding");
  CHECK(faults_note(clean(quoted + ";")) ==
        "punctuation, quotes removed; sent like that it is refused");
}

TEST_CASE("each wrapping is removed and reported") {
  check_cleaned("  " + kToken + "\t", "whitespace");
  check_cleaned("\"" + kToken + "\"", "quotes");
  check_cleaned("'" + kToken + "'", "quotes");
  check_cleaned("`" + kToken + "`", "quotes");
  check_cleaned("> " + kToken, "prompt");
  check_cleaned("Authorization: " + kToken, "header");
  check_cleaned("authorization:" + kToken, "header");
  check_cleaned("Proxy-Authorization: " + kToken, "header");
  check_cleaned("Bearer " + kToken, "bearer");
  check_cleaned("bEaReR\t" + kToken, "bearer");
  check_cleaned("Cookie: session=" + kToken, "cookie");
  check_cleaned("cookie: a=b; session=" + kToken + "; c=d", "cookie");
  check_cleaned("Set-Cookie: session=" + kToken + "; Path=/; HttpOnly", "cookie");
  check_cleaned(kToken + ",", "punctuation");
  check_cleaned(kToken + ";,", "punctuation");
  check_cleaned(fmt::format(R"({{"access_token":"{}","expires_in":3600}})", kToken), "json-member");
  check_cleaned(fmt::format(R"([{{"a":{{"b":["{}"]}}}}])", kToken), "json-member");
}

TEST_CASE("what lies in a token of a JSON serialization is not the token") {
  for (std::string_view form : {R"({{"payload":"e30","signature":"AAAA","x":"{}"}})",
                                R"({{"payload":"e30","signatures":[{{"header":{{"x":"{}"}}}}]}})",
                                R"({{"protected":"e30","ciphertext":"AAAA","x":"{}"}})"}) {
    std::string token = fmt::format(fmt::runtime(form), kToken);
    check_untouched(token);
    check_untouched(fmt::format(R"([{},"{}"])", token, kToken));
    check_untouched(fmt::format(R"({{"a":{}}})", token));
  }
  // Either member alone is no token.
  check_cleaned(fmt::format(R"({{"payload":"e30","x":"{}"}})", kToken), "json-member");
  check_cleaned(fmt::format(R"({{"signature":"AAAA","x":"{}"}})", kToken), "json-member");
}

TEST_CASE("percent-encoding is decoded") {
  std::string encoded;
  for (char c : kToken) encoded += c == '.' ? "%2E" : c == '-' ? "%2d" : std::string(1, c);
  check_cleaned(encoded, "percent-encoding");
  check_untouched(kToken + "%2");
  check_untouched(kToken + "%");
  check_untouched(kToken + "%zz");
}

TEST_CASE("a wrapped token is joined") {
  for (std::size_t width : {std::size_t{20}, std::size_t{64}, std::size_t{76}}) {
    check_cleaned(wrapped(width, "\n"), "line-wrap");
    check_cleaned(wrapped(width, "\r\n"), "line-wrap");
    check_cleaned(wrapped(width, "\n", "  "), "whitespace line-wrap");
  }
}

TEST_CASE("wrappings nest") {
  check_cleaned("> Authorization: Bearer " + kToken, "prompt header bearer");
  check_cleaned("  \"Authorization: Bearer " + kToken + "\",\n",
                "whitespace punctuation quotes "
                "header bearer");
  check_cleaned("Authorization: Bearer \"" + kToken + "\";", "header bearer punctuation quotes");
  check_cleaned("Cookie: t=\"" + kToken + "\"", "cookie quotes");
  check_cleaned("'" + fmt::format(R"({{"token":"{}"}})", kToken) + "'", "quotes json-member");
  check_cleaned("Authorization: Bearer%20" + kToken, "header percent-encoding bearer");
  check_cleaned("Authorization: Bearer " + wrapped(60, "\n"), "header bearer line-wrap");
}

TEST_CASE("a cleaning that is needed twice is reported once") {
  check_cleaned("\"'" + kToken + "'\"", "quotes");
  check_cleaned(" \" " + kToken + " \" ", "whitespace quotes");
}

TEST_CASE("two tokens are never joined") {
  for (std::string_view separator : {"\n", "\r\n", " ", "\n\n", "\t"}) {
    std::string text = fmt::format("{}{}{}", kToken, separator, kOther);
    CAPTURE(text);
    CleanedToken token = clean(text);
    CHECK(token.text == text);
    CHECK(std::find(token.cleanings.begin(), token.cleanings.end(), "line-wrap") ==
          token.cleanings.end());
  }
  check_untouched(fmt::format(R"({{"id_token":"{}","access_token":"{}"}})", kOther, kToken));
  check_cleaned(fmt::format(R"(["{}","{}"])", kToken, kToken), "json-member");  // it is one
  CHECK_FALSE(looks_like_token(clean(fmt::format("Cookie: a={}; b={}", kToken, kOther)).text));
}

TEST_CASE("a token with something on the next line is not joined with it") {
  std::string text = kToken + "\nAAAA";
  CHECK(clean(text).text == text);
}

TEST_CASE("what is no wrapping stays") {
  check_untouched("\"" + kToken + "'");
  check_untouched("bearer" + kToken);
  check_untouched("X-Authorization: " + kToken);
  check_untouched("Cookie: session");
  check_untouched("Cookie: a=b; c=d");
  check_untouched(">" + kToken);
  check_untouched(R"({"access_token":"opaque"})");
  check_untouched(fmt::format(R"({{"access_token":"{}",}})", kToken));  // no JSON
  check_untouched("");
}

TEST_CASE("text without a token comes back with what could be removed") {
  CHECK(clean(" Bearer opaque ").text == "opaque");
  CHECK(join(clean(" Bearer opaque ").cleanings, " ") == "whitespace bearer");
  CHECK(clean("\"\"").text.empty());
}

TEST_CASE("a text over the limit is left alone") {
  std::string text = "Bearer " + kToken;
  CHECK(clean_token(text, text.size()).text == kToken);
  CleanedToken token = clean_token(text, text.size() - 1);
  CHECK(token.text == text);
  CHECK(token.cleanings.empty());
}

TEST_CASE("a token is told by its dots and its header") {
  CHECK(looks_like_token(kToken));
  CHECK(looks_like_token("e30.."));
  CHECK(looks_like_token("e30=.e30."));                        // the spelling may be wrong
  CHECK(looks_like_token("e30...."));                          // five segments
  CHECK(looks_like_token(to_base64url(" {\"alg\"") + "..x"));  // the header need not be complete
  for (std::string_view text : {"", "..", "a.b.c", "e30", "e30.e30", "e30...", "e30.....", "W10..",
                                "!e30..", "1.2.3", "www.example.com"}) {
    CAPTURE(text);
    CHECK_FALSE(looks_like_token(text));
  }
}

}  // namespace
}  // namespace jwtctl
