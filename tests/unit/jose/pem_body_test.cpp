// SPDX-License-Identifier: Apache-2.0
#include "lib/jose/pem_body.h"

#include <fmt/format.h>

#include <vector>

#include "lib/jose/pem_finder.h"
#include "tests/catch.h"

namespace jwtctl {
namespace {

// A key of P-256 that signs nothing.
const std::vector<std::string> kLines{
    "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg+7+2vVJ0Pq1Xb3J0",
    "c2lnbnMgbm90aGluZyBhdCBhbGwgb2hRANCAAT/3nwTFMjLKBcV4Qb9UYnUJpX1A",
    "Zm9yIGl0IGlzIG1hZGUgdXAgb2YgbGV0dGVycyAxMjM0NTY3ODkwQUJDREVGRw=="};

/// block_of writes a block whose lines have a prefix and an end.
std::string block_of(std::string_view prefix, std::string_view end, bool finished = true) {
  std::string block = fmt::format("-----BEGIN PRIVATE KEY-----{}", end);
  for (const std::string& line : kLines) block += fmt::format("{}{}{}", prefix, line, end);
  return finished ? fmt::format("{}{}-----END PRIVATE KEY-----", block, prefix) : block;
}

std::optional<std::size_t> end_of(std::string_view text, std::size_t begin = 0) {
  return PemFinder(text).end_of(begin);
}

std::string all_lines() { return fmt::format("{}{}{}", kLines[0], kLines[1], kLines[2]); }

std::string base64_of(std::string_view block) {
  std::string_view body = block.substr(std::string_view("-----BEGIN PRIVATE KEY-----").size());
  return pem_base64(body.substr(0, body.rfind("-----END")));
}

TEST_CASE("a private key is found whatever stands before its lines") {
  for (std::string_view prefix :
       {"",         "# ", "#", "> ", ">> ",  "// ", "//",   "; ",  " * ",
        "| ",       "+",  "-", "+ ", "\t\t", "\"",  "rem ", "-- ", "Nov 26 12:00:00 host app[12]: ",
        "\xC2\xA0", "'"}) {
    for (bool finished : {true, false}) {
      std::string block = block_of(prefix, "\n", finished);
      CAPTURE(prefix, finished);
      auto end = end_of(block);
      REQUIRE(end);
      CHECK(*end >= block.find("VGRw==") + (finished ? 30 : 6));
      CHECK(base64_of(block.substr(0, *end)) == all_lines());
    }
  }
}

TEST_CASE("a private key is found whatever stands for its line breaks") {
  for (std::string_view end : {"\n",         "\r\n",      "%0A",          "%0D%0A",
                               "<br>",       "<br/>\n",   "<BR />",       "</p><p class=\"k\">",
                               "&#10;",      "&#xA;",     "&#x0d;&#x0a;", "&nbsp;",
                               "\xC2\xA0",   "\\n",       "\\r\\n",       "\\\\n",
                               "\\\\r\\\\n", "\\\\\\\\n", "\\u000a",      "\\x0a",
                               "\\\n",       "\",\"",     "\" +\n  \"",   " ",
                               "|"}) {
    for (bool finished : {true, false}) {
      std::string block = block_of("", end, finished);
      CAPTURE(end, finished);
      auto found = end_of(block);
      REQUIRE(found);
      CHECK(base64_of(block.substr(0, *found)) == all_lines());
    }
  }
}

TEST_CASE("base64 is read as a form or a string spells it") {
  CHECK(pem_base64("AB%2BC%2f%3D") == "AB+C/=");
  CHECK(pem_base64("AB&#43;C&#x2F;D\\/E\\u002BF") == "AB+C/D/E+F");
  for (std::string_view label : {" PRIVATE KEY-----", "%20PRIVATE%20KEY-----", "+PRIVATE+KEY-----",
                                 "&nbsp;PRIVATE&#32;KEY-----", "\\u0020PRIVATE KEY-----"}) {
    CAPTURE(label);
    auto read = read_pem_label(label);
    REQUIRE(read);
    CHECK(read->name == "PRIVATE KEY");
    CHECK(read->size == label.size());
  }
  for (std::string_view none :
       {"PRIVATE KEY-----", " PRIVATE KEY", " PRIVATE\nKEY-----", "", "-"}) {
    CHECK_FALSE(read_pem_label(none));
  }
}

TEST_CASE("what follows a block without its end is not taken along") {
  std::string block = block_of("", "\n", false);
  for (std::string_view behind :
       {"", "and prose about it\n", "-----BEGIN CERTIFICATE-----\nMIIB", "x\n\n\n"}) {
    CAPTURE(behind);
    auto end = end_of(block + std::string(behind));
    REQUIRE(end);
    CHECK(base64_of(block.substr(0, *end)).starts_with(all_lines()));
    CHECK(*end <= block.size());
  }
  CHECK(end_of(block.substr(0, 100)));
}

TEST_CASE("a line that is none does not hide a key") {
  for (std::string_view junk : {"*** junk ***", "comment: x", "", "....", "-- >8 --", "\xFF\xFE"}) {
    std::string block = block_of("", "\n");
    block.insert(block.find(kLines[1]), fmt::format("{}\n", junk));
    CAPTURE(junk);
    CHECK(end_of(block));
  }
}

TEST_CASE("a mention of a key is none") {
  for (std::string_view text :
       {"-----BEGIN PRIVATE KEY-----", "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----\n<your key here>\n-----END PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC...\n-----END PRIVATE "
        "KEY-----",
        "-----BEGIN PRIVATE KEY-----\n"
        "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj\n...\n"
        "-----END PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----\n(?:[A-Za-z0-9+/=\\s]+)\n-----END PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----\") {\n  token = \"eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9"
        "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9\";\n}",
        "-----BEGIN PRIVATE KEY-----\" and 3b5d5c3712955042212316173ccf37be3b5d5c37129550422123161",
        "-----BEGIN PRIVATE KEY-----\" x509.MarshalPKCS8PrivateKey() \"-----END PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----\", (src/main/java/com/example/Foo2Bar/Key3Reader/ParseAnyKey4 "
        "-----END PRIVATE KEY-----"}) {
    CAPTURE(text);
    CHECK_FALSE(end_of(text));
  }
}

TEST_CASE("key material may be away from its BEGIN line as far as headers go, and no further") {
  std::string headers = "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00112233445566778899\n\n";
  std::string block = block_of("", "\n", false);
  std::string begin = "-----BEGIN PRIVATE KEY-----\n";
  CHECK(end_of(begin + headers + block.substr(begin.size())));
  CHECK(end_of(begin + std::string(200, ' ') + block.substr(begin.size())));
  CHECK_FALSE(end_of(begin + std::string(300, ' ') + block.substr(begin.size())));
}

TEST_CASE("only private keys are looked for in what is no PEM any more") {
  std::string block = block_of("# ", "\n");
  for (std::size_t at = block.find("PRIVATE"); at != std::string::npos;
       at = block.find("PRIVATE")) {
    block.replace(at, 7, "PUBLIC");
  }
  CHECK_FALSE(end_of(block));
}

}  // namespace
}  // namespace jwtctl
