// SPDX-License-Identifier: Apache-2.0
#include "lib/codec/url.h"

#include <vector>

#include "tests/unit/refusal.h"

namespace jwtctl {
namespace {

using namespace testing;

Url url_of(std::string_view text) {
  auto url = parse_url(text);
  INFO(text << " " << (url ? "" : url.error().message));
  REQUIRE(url.has_value());
  return *std::move(url);
}

TEST_CASE("a URL is taken apart") {
  Url url = url_of("HTTPS://ID.Example.com:8443/a/b?c=d/e?f");
  CHECK(url.scheme == "https");
  CHECK(url.authority == "ID.Example.com:8443");
  CHECK(url.host == "id.example.com");
  CHECK(url.path == "/a/b");
  CHECK(url.query == "?c=d/e?f");
  CHECK(url.origin() == "https://id.example.com:8443");
  Url bare = url_of("http://a");
  CHECK(bare.scheme == "http");
  CHECK(bare.path.empty());
  CHECK(bare.query.empty());
  Url query = url_of("https://a?b");
  CHECK(query.host == "a");
  CHECK(query.path.empty());
  CHECK(query.query == "?b");
}

TEST_CASE("an IPv6 address loses its brackets, and a zone is no host") {
  Url url = url_of("https://[2001:DB8::1]:443/");
  CHECK(url.host == "2001:db8::1");
  CHECK(url.authority == "[2001:DB8::1]:443");
  CHECK(url_of("https://[::1]").host == "::1");
  for (const char* text : {"https://[fe80::1%25eth0]/", "https://[::1", "https://[]/",
                           "https://[::1]x/", "https://[::1]443/"}) {
    CAPTURE(text);
    check_failed(parse_url(text), ErrorCode::usage, "host");
  }
}

TEST_CASE(
    "two URLs of one server have one origin, those of another scheme, host or port have not") {
  std::string origin = url_of("https://id.example.com/a").origin();
  CHECK(url_of("https://ID.EXAMPLE.COM/b?c").origin() == origin);
  CHECK(url_of("http://id.example.com/a").origin() != origin);
  CHECK(url_of("https://id.example.com.evil.test/a").origin() != origin);
  CHECK(url_of("https://id.example.com:8443/a").origin() != origin);
}

TEST_CASE("what is no URL to fetch from is refused with the reason") {
  check_failed(parse_url(""), ErrorCode::usage, "no scheme");
  check_failed(parse_url("id.example.com/jwks"), ErrorCode::usage, "no scheme");
  check_failed(parse_url("ftp://a/b"), ErrorCode::usage, "scheme is not https");
  check_failed(parse_url("file:///etc/passwd"), ErrorCode::usage, "scheme is not https");
  check_failed(parse_url("javascript://a"), ErrorCode::usage, "scheme is not https");
  check_failed(parse_url("https://a/b#c"), ErrorCode::usage, "fragment");
  check_failed(parse_url("https://"), ErrorCode::usage, "host");
  check_failed(parse_url("https:///path"), ErrorCode::usage, "host");
  check_failed(parse_url("https://:443/"), ErrorCode::usage, "host");
}

TEST_CASE("a port is a number from 1 to 65535") {
  CHECK(url_of("https://a:1/").host == "a");
  CHECK(url_of("https://a:65535/").host == "a");
  for (const char* text : {"https://a:/", "https://a:0/", "https://a:65536/", "https://a:123456/",
                           "https://a:4x/", "https://a:1:2/"}) {
    CAPTURE(text);
    check_failed(parse_url(text), ErrorCode::usage, "host");
  }
}

TEST_CASE("characters that a URL cannot have are refused, where they are printed too") {
  const std::vector<std::string_view> bad{
      "https://a/ b",      "https://a/\nHost: b",
      "https://a/\r",      "https://a\t/",
      "https://a/\\b",     "https://a/\x7f",
      "https://\xc3\xa4/", "https://a/<b>",
      "https://a/\"",      std::string_view("https://a/\0b", 12)};
  for (std::string_view text : bad) {
    CAPTURE(text);
    check_failed(parse_url(text), ErrorCode::usage, "characters that a URL cannot have");
  }
}

TEST_CASE("credentials in a URL are refused and not repeated") {
  for (const char* text : {"https://user:hunter2@a/", "https://hunter2@a", "https://a@hunter2:1/",
                           "https://@a/?hunter2"}) {
    CAPTURE(text);
    auto url = parse_url(text);
    check_failed(url, ErrorCode::usage, "credentials");
    CHECK(url.error().message.find("hunter2") == std::string::npos);
  }
  CHECK(url_of("https://a/@b?c@d").host == "a");
}

TEST_CASE("what is no good URL is taken apart as a client would") {
  auto parts = split_url("HTTPS://u:p@[::1]:80\\@b.example/x");
  REQUIRE(parts.has_value());
  CHECK(parts->is_web());
  CHECK(parts->user == "u:p@");
  CHECK(parts->host == "[::1]");
  CHECK(parts->port == ":80");
  CHECK(parts->rest == "\\@b.example/x");
  CHECK(split_url("https://[::1/x")->host.empty());
  CHECK_FALSE(split_url("spiffe://a")->is_web());
  CHECK_FALSE(split_url("https:a").has_value());
}

TEST_CASE("an at sign in front of the path is a user to some reader") {
  for (const char* text : {"https://u@a/", "https://@a", "https://a\\@b/", "https://a#@b/"}) {
    CAPTURE(text);
    CHECK(has_credentials(text));
  }
  for (const char* text : {"https://a/@b", "https://a?@b", "u@a", "https://a"}) {
    CAPTURE(text);
    CHECK_FALSE(has_credentials(text));
  }
}

TEST_CASE("loopback is 127/8, ::1 and the names that mean them") {
  for (const char* host :
       {"127.0.0.1", "127.255.255.254", "::1", "localhost", "id.localhost", "a.b.localhost"}) {
    CAPTURE(host);
    CHECK(is_loopback_host(host));
  }
  for (const char* host :
       {"128.0.0.1", "126.255.255.255", "1270.0.0.1", "127.0.0.1.example.com", "127.example.com",
        "localhost.example.com", "notlocalhost", "::2", "", "10.0.0.1", "169.254.169.254"}) {
    CAPTURE(host);
    CHECK_FALSE(is_loopback_host(host));
  }
}

TEST_CASE("the target of a redirect becomes absolute") {
  Url base = url_of("https://a.test:8443/x/y?z");
  CHECK(resolve_reference(base, "https://b.test/c") == "https://b.test/c");
  CHECK(resolve_reference(base, "//b.test/c") == "https://b.test/c");
  CHECK(resolve_reference(base, "/c?d") == "https://a.test:8443/c?d");
  CHECK(resolve_reference(base, "c") == "https://a.test:8443/x/c");
  CHECK(resolve_reference(base, "?d") == "https://a.test:8443/x/y?d");
  CHECK(resolve_reference(base, "/c#d") == "https://a.test:8443/c");
  // A URL in the query of a path is no scheme.
  CHECK(resolve_reference(base, "/login?to=https://b.test") ==
        "https://a.test:8443/login?to=https://b.test");
  CHECK(resolve_reference(base, "login?to=https://b.test") ==
        "https://a.test:8443/x/login?to=https://b.test");
  CHECK(resolve_reference(url_of("https://a.test"), "c") == "https://a.test/c");
}

}  // namespace
}  // namespace jwtctl
