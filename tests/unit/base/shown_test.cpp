// SPDX-License-Identifier: Apache-2.0
#include "lib/base/shown.h"

#include <fmt/format.h>

#include <vector>

#include "tests/catch.h"

namespace jwtctl {
namespace {

constexpr std::string_view kBody =
    "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgevZzL1gdAFr88hb2";

TEST_CASE("what is no secret is shown, escaped and cut") {
  CHECK(show_argument("at+jwt") == "at+jwt");
  CHECK(show_argument("a\x1b[1m\n") == "a\\x1b[1m\\n");
  CHECK(quote_argument("role") == "\"role\"");
  CHECK(show_argument(std::string(64, 'a')) == std::string(64, 'a'));
  CHECK(show_argument(std::string(65, 'a')) == std::string(64, 'a') + "…");
  for (ShownAs kind : {ShownAs::path, ShownAs::url, ShownAs::text}) {
    CHECK(show_argument(std::string(1024, 'a'), kind) == std::string(1024, 'a'));
    CHECK(show_argument(std::string(1025, 'a'), kind) == std::string(1024, 'a') + "…");
  }
  for (const char* word : {"2026-13-45T00:00:00Z", "550e8400-e29b-41d4-a716-446655440000", "+15x",
                           "me@example.com", "Europe/Berlin", "KeyIdentifier", "KeyJsonWebToken"}) {
    CAPTURE(word);
    CHECK(show_argument(word) == word);
  }
  for (const char* path :
       {"/run/secrets/kubernetes.io/serviceaccount/token", "C:\\keys\\a.pem", "keys@2026/a.pem",
        "/nix/store/0c0kqv2ng4hyhlvxbxbqj8ilhcqg5f3z-keys/a.pem", "git@host:keys.pem",
        "/srv/BEGINNER/KEY.pem", "/srv/BEGIN/KEY.pem", "user@host:/k.pem", "basic auth/Key1.pem",
        "/var/e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855/a.pem"}) {
    CAPTURE(path);
    CHECK(show_argument(path, ShownAs::path) == path);
  }
  for (const char* text :
       {"acct:me@example.com", "https://example.com/@name", "me@example.com", "api",
        "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs", "see https://example.com/a, then b?c#d"}) {
    CAPTURE(text);
    CHECK(show_argument(text, ShownAs::text) == text);
    CHECK(show_argument(text, ShownAs::value) == text);
  }
  for (const char* value :
       {"repo:o/r:ref:refs/heads/dependabot/npm_and_yarn/@types/node-20",
        "system:serviceaccount:ns:sa@x", "auth0|user:me@corp", "https://h/tenant@corp/v2",
        "https://h:8443/a:b@c", "https://h/?a=b:c@d", "https://h#a@b", "https://[::1]:8443/a",
        "https://id.example.com/a?b=c#d"}) {
    CAPTURE(value);
    CHECK(show_argument(value, ShownAs::value) == value);
  }
  for (const char* url : {"https://id.example.com:8443/a/b", "http://[::1]:80/x:y", "https://h",
                          "https://example.com/a:b", "https://h/?",
                          "https://www.googleapis.com/v1/a_b/t@c.example.com"}) {
    CAPTURE(url);
    CHECK(show_argument(url, ShownAs::url) == url);
  }
}

TEST_CASE("user information in an authority is no expected value, with either slash") {
  for (const char* url :
       {"https://u:p@h/", "http:\\\\u:pa/ss@h", "https://u%40h:p@h", "spiffe://u:p@h/a"}) {
    CAPTURE(url);
    CHECK(show_argument(url, ShownAs::value) != url);
  }
}

TEST_CASE("of what looks like a secret only what it is and how long is shown") {
  std::string pem =
      fmt::format("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----", kBody);
  struct Row {
    std::string text;
    std::string what;
  };
  const std::vector<Row> rows{
      {pem, "a PEM block"},
      {"x" + pem, "a PEM block"},
      {"BEGIN%20PRIVATE%20KEY", "a PEM block"},
      {"-----END RSA", "a PEM block"},
      {"eyJhbGciOiJub25lIn0.e30.", "a token"},
      {"Bearer eyJhbGciOiJub25lIn0.e30.", "a token"},
      {"xeyJhbGciOiJub25lIn0", "a token"},
      {"token=eyJhIjoxMjM0NTY", "a token"},
      {"ewogICJhbGciOiAibm9uZSIKfQ.e30.", "a token"},
      {R"({"kty":"oct","k":"c2VjcmV0"})", "a JWK"},
      {R"({"k":"c2VjcmV0")", "a JWK"},
      {R"({\"kty\":\"oct\"})", "a JWK"},
      {R"({"\u006bty":"oct"})", "a JWK"},
      {"{kty: oct}", "a JWK"},
      {"LS0tLS1CRUdJTiBQUklWQVRF", "an encoded key"},
      {"ZXlKaGJHY2lPaUp1YjI1bElu", "an encoded key"},
      {std::string(kBody), "an encoded key"},
      {"2d2d2d2d2d424547494e2050524956415445", "an encoded key"},
      {"308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b0201", "an encoded key"},
      {"ghp_0123456789abcdefghij", "a credential"},
      {"Basic dXNlcjpwYXNz", "a credential"}};
  for (const Row& row : rows) {
    for (ShownAs kind :
         {ShownAs::word, ShownAs::path, ShownAs::url, ShownAs::text, ShownAs::secret}) {
      CAPTURE(row.text);
      std::string shown = fmt::format("{} of {} characters", row.what, row.text.size());
      CHECK(show_argument(row.text, kind) == shown);
      CHECK(quote_argument(row.text, kind) == shown);
      CHECK(secret_kind(row.text) == row.what);
    }
  }
}

TEST_CASE("a sentence has no values of queries, and no drawn secret") {
  CHECK(show_argument("see https://h/a?api_key=hunter2#x,  then b", ShownAs::text) ==
        "see https://h/a?api_key=***#***  then b");
  CHECK(show_argument("https://h/a?hunter2", ShownAs::text) == "https://h/a?***");
  std::string drawn = "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs";
  std::string line = drawn + "NzbLsXh8uDCcd-6MN";
  for (const std::string& text :
       {"the key is " + drawn, drawn + " was the Secret", "see " + line}) {
    CAPTURE(text);
    CHECK(show_argument(text, ShownAs::text) == fmt::format("text of {} characters", text.size()));
    CHECK(show_argument(text, ShownAs::value) == text);
  }
  for (const std::string& text :
       {"see " + drawn, "the key is " + drawn.substr(0, 39), "see " + line.substr(0, 59), line,
        "the key of commit " + std::string(20, 'a') + std::string(20, '1')}) {
    CAPTURE(text);
    CHECK(show_argument(text, ShownAs::text) == text);
  }
}

TEST_CASE("drawn text is no word, and a secret is never shown") {
  for (const char* text : {"hunter2", "a b", "https://proxy:8080", "keys/a.pem"}) {
    CHECK(show_argument(text, ShownAs::secret).find(text) == std::string::npos);
  }
  CHECK(show_argument("c2VjcmV0IHNlY3JldCBzZWNyZXQ") == "text of 27 characters");
  CHECK(show_argument("c2VjcmV0IHNlY3JldCBzZWNyZXQ", ShownAs::path) == "text of 27 characters");
  CHECK(show_argument("0123456789abcdef0123456789abcdef") == "text of 32 characters");
}

TEST_CASE("user information is not shown, however the URL is written") {
  for (const char* url :
       {"http://user:pa/ss@proxy:8080", "bogus://user:pw@h", "http://user:pw@h:none/",
        "http://user:p@ss@h", "http:/user:pw@h", "http:user:pw@h", "http:\\\\user:pw@h",
        "//user:pw@h", "HTTP://user:pw@h", "http://user:pw%40h", "http%3A%2F%2Fuser:pw@h",
        "https://user@h", "socks5://a:b@h", "http://user:pa?ss@h", "http://user:pa#ss@h",
        "http://user:pw", "x http://user:pw@h"}) {
    for (ShownAs kind : {ShownAs::word, ShownAs::path, ShownAs::url, ShownAs::text}) {
      CAPTURE(url, static_cast<int>(kind));
      CHECK(show_argument(url, kind) ==
            fmt::format("text with user information of {} characters", std::string(url).size()));
    }
  }
  for (const char* url :
       {"http://user:pw@h", "https://user@h/a", "x://user%3apw%40h", "see https://user:pw@h now",
        "https://h/ https://user:pw@h", "http://u:pw"}) {
    CAPTURE(url);
    CHECK(show_argument(url, ShownAs::value) ==
          fmt::format("text with user information of {} characters", std::string(url).size()));
  }
  for (ShownAs kind : {ShownAs::word, ShownAs::path, ShownAs::url}) {
    CHECK(show_argument("user:pw@host", kind) == "text with user information of 12 characters");
  }
}

TEST_CASE("of the query of a URL the names are shown, of a fragment nothing") {
  struct Row {
    std::string url;
    std::string shown;
  };
  const std::vector<Row> rows{
      {"https://h/a?b=c", "https://h/a?b=***"},
      {"https://h?access_token=hunter2&v=1&sig=a%2Bb==",
       "https://h?access_token=***&v=***&sig=***"},
      {"https://h/#id_token=hunter2", "https://h/#***"},
      {"https://h/?a=1#b=2?c=3", "https://h/?a=***#***"},
      {"https://h/?a=1?b=2", "https://h/?a=***"},
      {"https://h/?a=1;b=2", "https://h/?a=***"},
      {"https://h/?hunter2", "https://h/?***"},
      {"https://h/?aHVudGVyMg==", "https://h/?***"},
      {"https://h/?=hunter2", "https://h/?***"},
      {"https://h/?a=&b=1&", "https://h/?***&b=***&"},
      {"https://h/?p%61ss=1", "https://h/?***"},
      {"https://h/%3Fa=1", "https://h/?a=***"},
      {"https://h/?" + std::string(40, 'n') + "=1", "https://h/?" + std::string(40, 'n') + "=***"},
      {"https://h/?" + std::string(41, 'n') + "=1", "https://h/?***"},
      {"https://h/?token=eyJhbGciOiJub25lIn0.e30.", "https://h/?token=***"},
      {"https://h/?a\x1b=1", "https://h/?***"}};
  for (const Row& row : rows) {
    CAPTURE(row.url);
    for (ShownAs kind : {ShownAs::word, ShownAs::path, ShownAs::url}) {
      CHECK(masked_argument(row.url, kind) == row.shown);
    }
    CHECK(show_argument(row.url, ShownAs::url) == row.shown);
    CHECK(quote_argument(row.url, ShownAs::url) == "\"" + row.shown + "\"");
    // What is shown is shown alike again.
    CHECK(masked_argument(row.shown, ShownAs::url) == row.shown);
  }
  CHECK(show_argument("h/a?sig=hunter2") == "h/a?sig=***");
  CHECK(show_argument("htps://h/a#hunter2") == "htps://h/a#***");
  for (const char* text : {"what?.pem", "a#1.pem", "is it?", "C#"}) {
    CHECK(show_argument(text, ShownAs::path) == text);
    CHECK(show_argument(text) == text);
  }
  // In the expected values of checks a URL is data.
  CHECK(show_argument("https://h/?p=b2c", ShownAs::value) == "https://h/?p=b2c");
  CHECK(show_argument("https://h/?access_token=x", ShownAs::value) ==
        "a credential of 25 characters");
  CHECK(masked_argument("https://u:p@h/?a=b", ShownAs::url) ==
        "text with user information of 18 characters");
  for (const char* url :
       {"https://example.com@h/a", "https://example.com:pw/a@h", "https://example.com:8/a@h",
        "https://user/pw@h", "https://example.c/a@h", "https://.com/a@h", "https://example.c0m/a@h",
        "https://example.com/@h", "https://example.com/a:b@h", "https://example.com\\a@h",
        "https://example.com?a@h", "https://example.com#a@h", "htps://example.com/a@h",
        "https://example.com/a@b@h/x:y", "example.com/a@h", "https://example.com/%2f@h"}) {
    CAPTURE(url);
    CHECK(hidden_argument(url, ShownAs::url).has_value());
  }
  CHECK(masked_argument("https://h/" + std::string(1014, 'a'), ShownAs::url) ==
        "https://h/" + std::string(1014, 'a'));
  CHECK(masked_argument("https://h/" + std::string(1015, 'a'), ShownAs::url) ==
        "https://h/" + std::string(1014, 'a') + "…");
}

TEST_CASE("a masked argument is not escaped, and a hidden one says why") {
  CHECK(masked_argument("a\x1b", ShownAs::text) == "a\x1b");
  CHECK(masked_argument("x", ShownAs::secret) == "text of 1 characters");
  CHECK(hidden_argument("x", ShownAs::secret) == "text of 1 characters");
  CHECK_FALSE(hidden_argument("x", ShownAs::text));
  CHECK_FALSE(hidden_argument("https://h/?a=b", ShownAs::url));
}

TEST_CASE("a kid is shown up to 256 code points") {
  CHECK(shown_kid(std::string(256, 'k')) == std::string(256, 'k'));
  CHECK(shown_kid(std::string(257, 'k')) == std::string(256, 'k') + "…");
}

TEST_CASE("a member of a key is cut and escaped, and never taken for a secret") {
  CHECK(show_argument("eyJhbGciOiJub25lIn0", ShownAs::member) == "eyJhbGciOiJub25lIn0");
  CHECK(quote_argument(std::string(4000, 'k'), ShownAs::member) ==
        fmt::format("\"{}…\"", std::string(64, 'k')));
}

}  // namespace
}  // namespace jwtctl
