// SPDX-License-Identifier: Apache-2.0
#include "lib/remote/jwks_source.h"

#include "tests/unit/folder.h"
#include "tests/unit/keys.h"
#include "tests/unit/remote/fake_server.h"

namespace jwtctl {
namespace {

using namespace testing;

constexpr const char* kIssuer = "https://id.test";
constexpr const char* kPlace = "https://id.test/.well-known/openid-configuration";
constexpr const char* kSet = "https://id.test/jwks";

std::string set_of(std::initializer_list<std::string_view> kids) {
  Json keys = Json::Array{};
  for (std::string_view kid : kids) keys.push_back(with(ed_jwk(), "kid", kid));
  return Json::object({{"keys", keys}}).dump();
}

std::string metadata(std::string_view uri = kSet) {
  return Json::object({{"issuer", kIssuer}, {"jwks_uri", uri}}).dump();
}

using Urls = std::vector<std::string>;

/// Publisher is an issuer, and what a run of the program makes of it.
struct Publisher {
  Folder folder;
  FakeServer server;
  RemoteOptions options;
  std::unique_ptr<Remote> remote;

  Publisher() {
    options.cache_folder = folder / "copies";
    server.on(kPlace, ok(metadata(), {{"cache-control", "max-age=3600"}}));
    server.on(kSet, ok(set_of({"a"}), {{"cache-control", "max-age=3600"}, {"etag", "\"1\""}}));
  }

  JwksSource by_url(const std::string& url = kSet) {
    if (auto parsed = parse_url(url)) options.origin = parsed->origin();
    remote = std::make_unique<Remote>(options, server.get(), server.clock());
    return JwksSource(*remote, url, std::nullopt);
  }

  JwksSource by_issuer(const std::string& issuer = kIssuer) {
    if (auto parsed = parse_url(issuer)) options.origin = parsed->origin();
    remote = std::make_unique<Remote>(options, server.get(), server.clock());
    return JwksSource(*remote, issuer, DiscoveryOptions{});
  }
};

RemoteKeys got(Result<RemoteKeys> keys) {
  INFO((keys ? "" : keys.error().message));
  REQUIRE(keys.has_value());
  return *std::move(keys);
}

TEST_CASE("a set comes from its URL or from the issuer that names it") {
  Publisher p;
  RemoteKeys keys = got(p.by_url().get());
  CHECK(has_kid(keys.set.document, "a"));
  CHECK(keys.origin.url == kSet);
  CHECK(keys.warnings.empty());
  CHECK(p.server.urls() == Urls{kSet});
  CHECK(p.server.requests[0].reach == Reach::loopback_too);
  Publisher q;
  keys = got(q.by_issuer().get());
  CHECK(has_kid(keys.set.document, "a"));
  CHECK(keys.origin.url == kSet);
  CHECK(q.server.urls() == Urls{kPlace, kSet});
  CHECK(q.server.requests[0].reach == Reach::loopback_too);
  CHECK(q.server.requests[1].reach == Reach::loopback_too);
}

TEST_CASE("a set on another server than the issuer's is not looked for on this machine") {
  Publisher p;
  p.server.on(kPlace, ok(metadata("https://keys.test/jwks")));
  p.server.on("https://keys.test/jwks", ok(set_of({"a"})));
  got(p.by_issuer().get());
  REQUIRE(p.server.requests.size() == 2);
  CHECK(p.server.requests[1].reach == Reach::not_loopback);
  CHECK_FALSE(p.server.requests[1].own_origin);
}

TEST_CASE("with copies of both nothing is asked") {
  Publisher p;
  got(p.by_issuer().get());
  p.server.requests.clear();
  RemoteKeys keys = got(p.by_issuer().get());
  CHECK(keys.origin.from_cache);
  CHECK(has_kid(keys.set.document, "a"));
  CHECK(p.server.requests.empty());
  p.options.offline = true;
  p.server.pass(86'400);
  keys = got(p.by_issuer().get());
  CHECK(keys.origin.stale);
  CHECK(has_kid(keys.set.document, "a"));
  CHECK(p.server.requests.empty());
}

TEST_CASE("an issuer on loopback leads to loopback only, by http") {
  Publisher p;
  const std::string issuer = "http://localhost:8080";
  p.server.on(issuer + "/.well-known/openid-configuration",
              ok(Json::object({{"issuer", issuer}, {"jwks_uri", issuer + "/jwks"}}).dump()));
  p.server.on(issuer + "/jwks", ok(set_of({"a"})));
  got(p.by_issuer(issuer).get());
  REQUIRE(p.server.requests.size() == 2);
  CHECK(p.server.requests[0].reach == Reach::loopback_only);
  CHECK(p.server.requests[1].reach == Reach::loopback_only);
}

TEST_CASE("the user's headers go to the issuer's origin, and not to where it keeps its keys") {
  Publisher p;
  p.options.cache_folder.reset();
  p.options.fetch.headers = {"Authorization: Bearer hunter2"};
  p.server.on(kPlace, ok(metadata("https://cdn.test/jwks")));
  p.server.on("https://cdn.test/jwks", ok(set_of({"a"})));
  JwksSource source = p.by_issuer();
  got(source.get());
  REQUIRE(source.get_again().has_value());
  REQUIRE(p.server.requests.size() == 3);
  CHECK(sent(p.server.requests[0], "Authorization") == "Bearer hunter2");
  CHECK(sent(p.server.requests[1], "Authorization").empty());
  CHECK(sent(p.server.requests[2], "Authorization").empty());
  p.server.requests.clear();
  p.server.on(kPlace, ok(metadata()));
  got(p.by_issuer().get());
  CHECK(sent(p.server.requests[1], "Authorization") == "Bearer hunter2");
}

TEST_CASE("every form that keys are published in becomes a set") {
  Publisher p;
  p.server.on(kSet, ok(with(ed_jwk(), "kid", "single").dump()));
  CHECK(has_kid(got(p.by_url().get()).set.document, "single"));
}

TEST_CASE("an unknown kid makes us ask for the set alone, within the same patience") {
  Publisher p;
  got(p.by_issuer().get());
  p.server.requests.clear();
  JwksSource source = p.by_issuer();
  CHECK_FALSE(has_kid(got(source.get()).set.document, "b"));
  p.server.on(kSet, ok(set_of({"a", "b"})));
  auto again = source.get_again();
  REQUIRE(again.has_value());
  RemoteKeys keys = got(*std::move(again));
  CHECK(has_kid(keys.set.document, "b"));
  CHECK_FALSE(keys.origin.from_cache);
  CHECK(p.server.urls() == Urls{kSet});
  CHECK(p.server.requests[0].reach == Reach::loopback_too);
  CHECK_FALSE(source.get_again().has_value());
}

TEST_CASE("a set that has not changed is still a set when it is asked for again") {
  Publisher p;
  JwksSource source = p.by_url();
  got(source.get());
  p.server.on(kSet, status(304));
  auto again = source.get_again();
  REQUIRE(again.has_value());
  RemoteKeys keys = got(*std::move(again));
  CHECK(has_kid(keys.set.document, "a"));
  CHECK(keys.origin.status == 304);
}

TEST_CASE("discovery, set and refetch share one deadline") {
  Publisher p;
  p.options.fetch.deadline = Milliseconds{4'000};
  p.server.on(kPlace, slow(Milliseconds{1'000}, ok(metadata())));
  p.server.on(kSet, slow(Milliseconds{2'000}, ok(set_of({"a"}))));
  JwksSource source = p.by_issuer();
  got(source.get());
  auto again = source.get_again();
  REQUIRE(again.has_value());
  check_failed(*again, ErrorCode::network_timeout, kSet);
  REQUIRE(p.server.requests.size() == 3);
  CHECK(p.server.requests[0].timeout == Milliseconds{4'000});
  CHECK(p.server.requests[1].timeout == Milliseconds{3'000});
  CHECK(p.server.requests[2].timeout == Milliseconds{1'000});
}

TEST_CASE("an error about content names the URL that it is about") {
  Publisher p;
  p.server.on(kSet, ok("<html>"));
  check_failed(p.by_url().get(), ErrorCode::network_body,
               "https://id.test/jwks: the answer is HTML or XML");
  p.server.on(kSet, ok(R"({"keys":[]})"));
  check_failed(p.by_url().get(), ErrorCode::key_refused,
               "https://id.test/jwks: the key set is empty");
  p.server.on(kPlace, ok("{}"));
  check_failed(p.by_issuer().get(), ErrorCode::network_body, "https://id.test: the discovery");
}

TEST_CASE("what must not be used is never kept") {
  Publisher p;
  p.server.on(kSet, ok(Json::object({{"keys", Json::Array{with(ed_jwk(), "d", kEdD)}}}).dump(),
                       {{"cache-control", "max-age=3600"}}));
  check_failed(p.by_url().get(), ErrorCode::key_refused, "private half");
  p.options.offline = true;
  check_failed(p.by_url().get(), ErrorCode::network_offline, "no copy");
}

TEST_CASE("a copy does not make a URL good that may not be asked") {
  Publisher p;
  const std::string url = "http://id.test/jwks";
  p.server.on(url, ok(set_of({"a"}), {{"cache-control", "max-age=3600"}}));
  p.options.fetch.allow_http = true;
  got(p.by_url(url).get());
  p.options.fetch.allow_http = false;
  check_failed(p.by_url(url).get(), ErrorCode::usage, "not https", "--allow-http");
  p.options.offline = true;
  check_failed(p.by_url(url).get(), ErrorCode::usage, "not https");
}

TEST_CASE("warnings of the discovery document come with the keys") {
  Publisher p;
  p.options.fetch.retries = 0;
  got(p.by_issuer().get());
  p.options.max_stale = 86'400;
  p.server.pass(3600);
  p.server.on(kPlace, status(503));
  p.server.on(kSet, status(503));
  JwksSource source = p.by_issuer();
  RemoteKeys keys = got(source.get());
  REQUIRE(keys.warnings.size() == 2);
  CHECK(keys.warnings[0].find("openid-configuration") != std::string::npos);
  CHECK(keys.warnings[1].find(kSet) != std::string::npos);
  CHECK(got(source.get()).warnings.size() == 2);
}

TEST_CASE("a kid is in a set when any entry has it, usable or not") {
  Json set = json_of(R"({"keys":[{"kid":"a"},7,{"kid":5},{"kty":"x","kid":"b"}]})");
  CHECK(has_kid(set, "a"));
  CHECK(has_kid(set, "b"));
  CHECK_FALSE(has_kid(set, "5"));
  CHECK_FALSE(has_kid(set, ""));
  CHECK_FALSE(has_kid(json_of("{}"), "a"));
  CHECK_FALSE(has_kid(json_of(R"({"keys":{"kid":"a"}})"), "a"));
}

}  // namespace
}  // namespace jwtctl
