// SPDX-License-Identifier: Apache-2.0
#include "lib/remote/discovery.h"

#include "lib/codec/json.h"
#include "tests/unit/folder.h"
#include "tests/unit/remote/fake_server.h"

namespace jwtctl {
namespace {

using namespace testing;

constexpr const char* kIssuer = "https://id.test";
constexpr const char* kPlace = "https://id.test/.well-known/openid-configuration";
constexpr const char* kSet = "https://id.test/jwks";

std::string metadata(std::string_view issuer, std::string_view jwks_uri = kSet) {
  return Json::object({{"issuer", issuer}, {"jwks_uri", jwks_uri}}).dump();
}

using Urls = std::vector<std::string>;

/// Asking is a world of issuers.
struct Asking {
  Folder folder;
  FakeServer server;
  RemoteOptions options;
  DiscoveryOptions discovery;

  Result<Fetched<std::string>> find(const std::string& issuer = kIssuer) {
    Remote remote(options, server.get(), server.clock());
    Deadline run(options.fetch.deadline);
    return discover(issuer, discovery, remote, run);
  }

  std::string found(const std::string& issuer = kIssuer) {
    auto discovered = find(issuer);
    INFO((discovered ? "" : discovered.error().message));
    REQUIRE(discovered.has_value());
    return discovered->value;
  }
};

// --- where the document is -------------------------------------------------------------------

TEST_CASE("the document of OpenID Connect is below the issuer, and its jwks_uri is the answer") {
  Asking a;
  a.server.on(kPlace, ok(metadata(kIssuer, "https://cdn.test/keys?v=1")));
  auto discovered = a.find();
  REQUIRE(discovered.has_value());
  CHECK(discovered->value == "https://cdn.test/keys?v=1");
  CHECK(discovered->document.url == kPlace);
  CHECK(a.server.urls() == Urls{kPlace});
  CHECK(a.server.requests[0].reach == Reach::loopback_too);
}

TEST_CASE("one slash at the end of an issuer is left out to find the document, not to compare") {
  Asking a;
  a.server.on(kPlace, ok(metadata("https://id.test/")));
  CHECK(a.found("https://id.test/") == kSet);
  CHECK(a.server.urls() == Urls{kPlace});
  check_failed(a.find("https://id.test"), ErrorCode::network_body,
               "of \"https://id.test/\", not of \"https://id.test\"", "differ in a slash");
}

TEST_CASE("an issuer with a path has both forms") {
  const std::string appended = "https://id.test/t/1/.well-known/openid-configuration";
  const std::string inserted = "https://id.test/.well-known/oauth-authorization-server/t/1";
  for (const char* issuer : {"https://id.test/t/1", "https://id.test/t/1/"}) {
    CAPTURE(issuer);
    Asking a;
    a.server.on(inserted, ok(metadata(issuer)));
    CHECK(a.found(issuer) == kSet);
    CHECK(a.server.urls() == Urls{appended, inserted});
    a.server.on(appended, ok(metadata(issuer, "https://id.test/other")));
    CHECK(a.found(issuer) == "https://id.test/other");
    CHECK(a.server.urls() == Urls{appended, inserted, appended});
  }
}

TEST_CASE("one form alone can be asked for") {
  Asking a;
  a.discovery.kind = DiscoveryKind::oidc;
  check_failed(a.find(), ErrorCode::network_status, "status 404");
  CHECK(a.server.urls() == Urls{kPlace});
  a.server.requests.clear();
  a.discovery.kind = DiscoveryKind::oauth;
  check_failed(a.find(), ErrorCode::network_status, "status 404");
  CHECK(a.server.urls() == Urls{"https://id.test/.well-known/oauth-authorization-server"});
}

TEST_CASE("the document can be named, and is still the issuer's") {
  Asking a;
  a.discovery.url = "https://10.0.0.1/openid";
  a.server.on(*a.discovery.url, ok(metadata(kIssuer)));
  CHECK(a.found() == kSet);
  CHECK(a.server.urls() == Urls{*a.discovery.url});
  check_failed(a.find("https://other.test"), ErrorCode::network_body,
               "is of \"https://id.test\", not of \"https://other.test\"");
  a.discovery.url = "http://10.0.0.1/openid";
  check_failed(a.find(), ErrorCode::usage, "not https", "--allow-http");
}

TEST_CASE("when nothing is found the first failure is told") {
  Asking a;
  a.server.on(kPlace, status(403));
  check_failed(a.find(), ErrorCode::network_status, "openid-configuration answers with status 403");
  CHECK(a.server.requests.size() == 2);
}

TEST_CASE("only an answer that is none makes another place worth asking") {
  for (const Answer& answer : {broken(ErrorCode::network_dns), broken(ErrorCode::network_tls),
                               ok(metadata("https://other.test"))}) {
    Asking a;
    a.options.fetch.retries = 0;
    a.server.on(kPlace, answer);
    CHECK_FALSE(a.find().has_value());
    CHECK(a.server.urls() == Urls{kPlace});
  }
}

// --- the issuer ------------------------------------------------------------------------------

TEST_CASE("an issuer that is no URL to be asked is a usage error") {
  Asking a;
  check_failed(a.find("id.test"), ErrorCode::usage, "no scheme");
  check_failed(a.find("http://id.test"), ErrorCode::usage, "not https", "--allow-http");
  check_failed(a.find("https://id.test?tenant=1"), ErrorCode::usage, "has a query");
  check_failed(a.find("https://id.test#a"), ErrorCode::usage, "fragment");
  check_failed(a.find("https://u:p@id.test"), ErrorCode::usage, "credentials");
  CHECK(a.server.requests.empty());
}

TEST_CASE("a document of another issuer is refused with both values and the likely cause") {
  struct Row {
    const char* given;
    const char* hint;
  };
  for (const Row& row :
       {Row{"https://id.test/", "a slash at the end"}, Row{"https://ID.test", "upper and lower"},
        Row{"https://id.test/{tenantid}/v2.0", "template for many tenants"},
        Row{"https://evil.test", "is that whom you trust"},
        Row{"http://id.test", "is that whom you trust"},
        Row{"https://id.test:443", "is that whom you trust"}, Row{"", ""}}) {
    CAPTURE(row.given);
    Asking a;
    a.server.on(kPlace, ok(metadata(row.given)));
    auto discovered = a.find();
    check_failed(discovered, ErrorCode::network_body,
                 fmt::format("of \"{}\", not of \"{}\"", row.given, kIssuer), row.hint);
  }
}

TEST_CASE("what is no discovery document is named") {
  struct Row {
    const char* body;
    const char* message;
  };
  for (const Row& row :
       {Row{"<!DOCTYPE html><html>", "HTML or XML"}, Row{"", "no JSON"}, Row{"hello", "no JSON"},
        Row{"{}", "names no issuer"}, Row{"[]", "names no issuer"},
        Row{R"({"issuer":1,"jwks_uri":"https://id.test/jwks"})", "names no issuer"},
        Row{R"({"issuer":"https://id.test"})", "has no jwks_uri"},
        Row{R"({"issuer":"https://id.test","jwks_uri":null})", "has no jwks_uri"},
        Row{R"({"issuer":"https://id.test","issuer":"https://id.test","jwks_uri":"https://a/"})",
            "stands twice"}}) {
    CAPTURE(row.body);
    Asking a;
    a.server.on(kPlace, ok(row.body));
    check_failed(a.find(), ErrorCode::network_body, row.message);
  }
}

// --- the jwks_uri ----------------------------------------------------------------------------

TEST_CASE("the jwks_uri of an issuer of the outside is https on the outside") {
  struct Row {
    const char* uri;
    const char* message;
  };
  for (const Row& row :
       {Row{"http://id.test/jwks", "is not https"}, Row{"http://127.0.0.1/jwks", "is not https"},
        Row{"https://127.0.0.1/jwks", "on loopback"}, Row{"https://localhost:8443/", "on loopback"},
        Row{"https://[::1]/jwks", "on loopback"}, Row{"file:///etc/passwd", "refused"},
        Row{"/jwks", "refused"}, Row{"https://u:p@id.test/", "refused"}, Row{"", "refused"},
        Row{"https://id.test/jwks#1", "refused"}, Row{"http://169.254.169.254/", "is not https"}}) {
    CAPTURE(row.uri);
    Asking a;
    a.server.on(kPlace, ok(metadata(kIssuer, row.uri)));
    check_failed(a.find(), ErrorCode::network_body, row.message);
    a.options.fetch.allow_http = true;
    check_failed(a.find(), ErrorCode::network_body, "");
  }
}

TEST_CASE("the jwks_uri of an issuer on loopback may be there too") {
  Asking a;
  const std::string issuer = "http://127.0.0.1:8080";
  const std::string place = issuer + "/.well-known/openid-configuration";
  for (const char* uri : {"http://127.0.0.1:8080/jwks", "http://localhost:9090/jwks",
                          "https://localhost/jwks", "https://id.test/jwks"}) {
    CAPTURE(uri);
    a.server.on(place, ok(metadata(issuer, uri)));
    CHECK(a.found(issuer) == uri);
  }
  a.server.on(place, ok(metadata(issuer, "http://id.test/jwks")));
  check_failed(a.find(issuer), ErrorCode::network_body, "is not https");
  CHECK(a.server.requests[0].reach == Reach::loopback_only);
}

TEST_CASE("with leave for http the jwks_uri may be http when the issuer is") {
  Asking a;
  a.options.fetch.allow_http = true;
  const std::string issuer = "http://id.test";
  a.server.on(kPlace, ok(metadata(kIssuer, "http://id.test/jwks")));
  check_failed(a.find(), ErrorCode::network_body, "is not https");
  a.server.on(issuer + "/.well-known/openid-configuration",
              ok(metadata(issuer, "http://id.test/jwks")));
  CHECK(a.found(issuer) == "http://id.test/jwks");
  a.server.on(issuer + "/.well-known/openid-configuration",
              ok(metadata(issuer, "http://127.0.0.1/jwks")));
  check_failed(a.find(issuer), ErrorCode::network_body, "on loopback");
}

// --- copies ----------------------------------------------------------------------------------

TEST_CASE("the document has a copy as key sets have") {
  Asking a;
  a.options.cache_folder = a.folder / "copies";
  a.server.on(kPlace, ok(metadata(kIssuer), {{"cache-control", "max-age=600"}}));
  a.found();
  CHECK(a.found() == kSet);
  CHECK(a.server.requests.size() == 1);
  a.options.offline = true;
  a.server.pass(86'400);
  CHECK(a.found() == kSet);
}

TEST_CASE("a document that is refused does not take the place of its copy") {
  for (const char* uri : {"https://127.0.0.1/jwks", "http://id.test/jwks"}) {
    CAPTURE(uri);
    Asking a;
    a.options.cache_folder = a.folder / "copies";
    a.options.max_stale = 86'400;
    a.server.on(kPlace, ok(metadata(kIssuer), {{"cache-control", "max-age=60"}}));
    a.found();
    a.server.pass(60);
    a.server.on(kPlace, ok(metadata(kIssuer, uri)));
    CHECK(a.found() == kSet);
  }
}

TEST_CASE("what was found at the second place is found there offline too") {
  Asking a;
  a.options.cache_folder = a.folder / "copies";
  a.server.on("https://id.test/.well-known/oauth-authorization-server",
              ok(metadata(kIssuer), {{"cache-control", "max-age=600"}}));
  CHECK(a.found() == kSet);
  a.options.offline = true;
  CHECK(a.found() == kSet);
  check_failed(a.find("https://other.test"), ErrorCode::network_offline, "openid-configuration");
}

}  // namespace
}  // namespace jwtctl
