// SPDX-License-Identifier: Apache-2.0
#include "lib/lint/key_search.h"

#include <fmt/format.h>

#include "tests/catch.h"

namespace jwtctl {
namespace {

/// objects lists what was found as "begin-end", with n for nested, s for secret, o for open.
std::string objects(std::string_view text) {
  std::string out;
  for (const KeyObject& one : find_key_objects(text)) {
    out += fmt::format("{}{}-{}{}{}{}", out.empty() ? "" : " ", one.begin, one.end,
                       one.nested ? "n" : "", one.secret ? "s" : "", one.ended ? "" : "o");
  }
  return out;
}

TEST_CASE("names of keys are found in quotes, plain and escaped, and across parts") {
  auto names = [](std::string_view text) {
    KeyNames whole = find_key_names(text);
    for (std::size_t size = 1; size <= text.size(); ++size) {
      KeyNameWatch watch;
      for (std::size_t at = 0; at < text.size(); at += size) watch.see(text.substr(at, size));
      CAPTURE(text, size);
      CHECK(watch.names().kty == whole.kty);
      CHECK(watch.names().keys == whole.keys);
    }
    return fmt::format("{}{}", whole.kty ? "kty" : "", whole.keys ? "keys" : "");
  };
  CHECK(names(R"({"kty":1})") == "kty");
  CHECK(names(R"({"keys":1})") == "keys");
  CHECK(names(R"({"kt\u0079":1})") == "kty");
  CHECK(names(R"({"\u006b\u0074\u0079":1})") == "kty");
  CHECK(names(R"(xxxxxxxxxxxxxxxxxxxxxxxx {"\u006B\u0065\u0079\u0073":1})") == "keys");
  CHECK(names(R"({"k\u0074x":1,"\u006bey":2})").empty());
  CHECK(names(R"(kty keys 'kty' "kty2" "\U006bty")").empty());
}

TEST_CASE("objects with these names are found, whatever stands around them") {
  CHECK(objects(R"({"kty":1})") == "0-9");
  CHECK(objects(R"({"kt\u0079":1})") == "0-14");
  CHECK(objects(R"({"a":"kty"})").empty());
  CHECK(objects(R"({"a":{"b":1}})").empty());
  CHECK(objects(R"(x {"kty":1} {"kty":2})") == "2-11 12-21");
  CHECK(objects("{\"kty\":1}\n{\"kty\":2}") == "0-9 10-19");
  CHECK(objects(R"([{"kty":1}])") == "1-10n");
  CHECK(objects(R"({"keys":[{"kty":1}]})") == "0-20 9-18n");
  CHECK(objects(R"({"kty":"EC","d":"x"})") == "0-20s");
  CHECK(objects(R"({"kty":"EC","d":x})") == "0-18");
  CHECK(objects(R"({"kty":"}","x":"\"}"})") == "0-21");
  CHECK(objects(R"({"kty":1)") == "0-8o");
}

TEST_CASE("quotes and brackets that are none of JSON hide no object") {
  CHECK(objects(R"({ 5" wide, {"kty":1}})") == "11-20n");
  CHECK(objects(R"(f(){ c == '"' } {"kty":1})") == "16-25");
  CHECK(objects("{ \"open\n{\"kty\":1}") == "8-17n");
  CHECK(objects("{ // note\n  \"kty\": 1}") == "0-21");
  CHECK(objects("{ /* a */ \"kty\": 1}") == "0-19");
  CHECK(objects(R"(]}}] {"kty":1})") == "5-14");
  CHECK(objects(R"({ ( [ } {"kty":1})") == "8-17");
}

}  // namespace
}  // namespace jwtctl
