// SPDX-License-Identifier: Apache-2.0
// Discovery, keys and tokens of real providers at their real URLs, over a network that is none. The
// shapes are those of tests/network/providers, with keys made here.
#include <openssl/pem.h>

#include <algorithm>
#include <cstdlib>

#include "lib/remote/jwks_source.h"
#include "tests/judging.h"
#include "tests/unit/folder.h"
#include "tests/unit/keys.h"
#include "tests/unit/remote/fake_server.h"

namespace jwtctl {
namespace {

using namespace testing;

/// other_rsa is a pair that signs nothing here.
EVP_PKEY* other_rsa() {
  static const PkeyPtr pair(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{2048}));
  return pair.get();
}

const Key& signing_key(const std::string& name) {
  static const Key ec = native_key("ES256");
  static const Key rsa = native_key("RS256");
  return name == "ec" ? ec : rsa;
}

std::string member_of(const Json& jwk, std::string_view name) {
  const Json* member = jwk.find(name);
  REQUIRE(member != nullptr);
  return *member->as_string();
}

std::string certificate_of(EVP_PKEY* pkey) {
  X509Ptr certificate(X509_new());
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), 0);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
  REQUIRE(X509_set_pubkey(certificate.get(), pkey) == 1);
  REQUIRE(X509_sign(certificate.get(), pkey, EVP_sha256()) > 0);
  BioPtr bio(BIO_new(BIO_s_mem()));
  REQUIRE(PEM_write_bio_X509(bio.get(), certificate.get()) == 1);
  char* data = nullptr;
  long size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

/// bare_base64 is what stands between the lines of a PEM, as in x5c.
std::string bare_base64(const std::string& pem) {
  std::string text;
  for (std::string_view line : split(pem, '\n')) {
    if (!line.starts_with('-')) text += line;
  }
  return text;
}

/// with_keys puts keys where the fixture names them.
std::string with_keys(std::string text) {
  auto replace = [&text](std::string_view name, const std::string& value) {
    std::string placeholder = fmt::format("\"{}\"", name);
    std::string quoted = Json(value).dump();
    for (std::size_t at = text.find(placeholder); at != std::string::npos;
         at = text.find(placeholder, at + quoted.size())) {
      text.replace(at, placeholder.size(), quoted);
    }
  };
  Json rsa = *public_jwk(signing_key("rsa"));
  auto other_key = adopt_pkey(PkeyPtr(EVP_PKEY_dup(other_rsa())));
  REQUIRE(other_key.has_value());
  Json other = *public_jwk(*other_key);
  Json ec = *public_jwk(signing_key("ec"));
  replace("@rsa.n", member_of(rsa, "n"));
  replace("@other.n", member_of(other, "n"));
  replace("@ec.x", member_of(ec, "x"));
  replace("@ec.y", member_of(ec, "y"));
  replace("@rsa.certificate", certificate_of(native_rsa()));
  replace("@other.certificate", certificate_of(other_rsa()));
  replace("@rsa.x5c", bare_base64(certificate_of(native_rsa())));
  replace("@other.x5c", bare_base64(certificate_of(other_rsa())));
  CHECK(text.find("\"@") == std::string::npos);
  return text;
}

/// Provider is one fixture, served at the URLs that it has in the world.
struct Provider {
  Folder folder;
  FakeServer server;
  RemoteOptions options;
  DiscoveryOptions discovery;
  Json shape;

  explicit Provider(const std::string& name) {
    const char* fixtures = std::getenv("JWTCTL_PROVIDERS");
    REQUIRE(fixtures != nullptr);
    shape = json_of(with_keys(content(fmt::format("{}/{}.json", fixtures, name))));
    options.cache_folder = folder / "copies";
    Headers headers;
    for (const JsonMember& member : *shape.find("headers")->as_object()) {
      headers.emplace_back(to_lower(member.name), *member.value.as_string());
    }
    server.on(text("jwks_uri"), ok(shape.find("jwks")->dump(), headers));
    if (!shape.find("discovery")->is_null()) server.on(place(), ok(at("discovery").dump()));
  }

  const Json& at(std::string_view name) const {
    REQUIRE(shape.find(name) != nullptr);
    return *shape.find(name);
  }
  std::string text(std::string_view name) const {
    return at(name).is_null() ? "" : *at(name).as_string();
  }
  /// place is where OpenID Connect looks for the document.
  std::string place() const {
    std::string issuer = text("issuer");
    if (issuer.ends_with('/')) issuer.pop_back();
    return issuer + "/.well-known/openid-configuration";
  }

  Result<RemoteKeys> fetch(const std::string& issuer) {
    Remote remote(options, server.get(), server.clock());
    return JwksSource(remote, issuer, discovery).get();
  }
  Result<RemoteKeys> fetch() {
    if (!at("discovery").is_null()) return fetch(text("issuer"));
    Remote remote(options, server.get(), server.clock());
    return JwksSource(remote, text("jwks_uri"), std::nullopt).get();
  }

  RemoteKeys keys() {
    auto result = fetch();
    INFO((result ? "" : result.error().message));
    REQUIRE(result.has_value());
    return *std::move(result);
  }

  Policy policy() const {
    Policy policy;
    policy.now = {kToday, 0};
    if (!at("issuer").is_null()) policy.issuers = {text("issuer")};
    if (!at("audience").is_null()) policy.audiences = {text("audience")};
    for (const JsonMember& claim : *at("claims").as_object()) {
      policy.claims.push_back({claim.name, claim.value});
    }
    return policy;
  }

  Json header() const { return *at("token").find("header"); }
  Json claims() const { return *at("token").find("claims"); }

  VerdictCode judge(const Json& header, const Json& claims, const Policy& policy) {
    const Algorithm& row = algorithm(member_of(header, "alg"));
    auto token = sign_jws(header.dump(), claims.dump(), signing_key(text("key")), row);
    REQUIRE(token.has_value());
    Json set = keys().set.document;
    auto verdict = verify(clean_token(*token, kMaxTokenBytes), policy,
                          [&set](const Jws&) { return make_ring(parse_jwks(set)); });
    INFO((verdict ? "" : verdict.error().message));
    REQUIRE(verdict.has_value());
    const Check* failure = verdict->first_failure();
    UNSCOPED_INFO((failure != nullptr ? failure->message : "valid"));
    return verdict->code();
  }
};

const std::vector<std::string> kProviders{"google", "apple",      "entra",    "auth0",
                                          "okta",   "keycloak",   "cognito",  "github-actions",
                                          "gitlab", "kubernetes", "firebase", "spiffe"};

TEST_CASE("the issuer of every provider leads to its keys, and they verify its tokens alone") {
  for (const std::string& name : kProviders) {
    CAPTURE(name);
    Provider p(name);
    RemoteKeys keys = p.keys();
    CHECK(keys.warnings.empty());
    CHECK(keys.origin.url == p.text("jwks_uri"));
    std::vector<std::string> expected{p.text("jwks_uri")};
    if (!p.at("discovery").is_null()) expected.insert(expected.begin(), p.place());
    CHECK(p.server.urls() == expected);
    CHECK(p.judge(p.header(), p.claims(), p.policy()) == VerdictCode::ok);
    CHECK(p.judge(p.header(), with(p.claims(), "aud", "https://other.test"), p.policy()) ==
          VerdictCode::audience);
    CHECK(p.judge(with(p.header(), "kid", "unknown"), p.claims(), p.policy()) == VerdictCode::key);
    if (p.at("issuer").is_null()) continue;
    CHECK(p.judge(p.header(), with(p.claims(), "iss", "https://evil.test"), p.policy()) ==
          VerdictCode::issuer);
  }
}

TEST_CASE("a provider's keys are usable or not as it means them") {
  for (const std::string& name : kProviders) {
    CAPTURE(name);
    Provider p(name);
    Json set = p.keys().set.document;
    const Json::Array& keys = *set.find("keys")->as_array();
    const Json::Array& usable = *p.at("usable").as_array();
    REQUIRE(keys.size() == usable.size());
    const Algorithm& row = algorithm(p.text("key") == "ec" ? "ES256" : "RS256");
    for (std::size_t i = 0; i < keys.size(); ++i) {
      CAPTURE(i);
      auto jwk = parse_jwk(keys[i]);
      CHECK((jwk.has_value() && check_usable_for(*jwk, row).has_value()) == *usable[i].as_bool());
    }
  }
}

TEST_CASE("Entra: the issuer of a tenant works, the common one is a template") {
  Provider p("entra");
  const Json& common = p.at("common");
  std::string issuer = member_of(common, "issuer");
  p.server.on(issuer + "/.well-known/openid-configuration", ok(common.find("discovery")->dump()));
  check_failed(p.fetch(issuer), ErrorCode::network_body, "{tenantid}", "template for many tenants");
  CHECK(p.server.requests.size() == 1);
  CHECK(p.fetch().has_value());
  RemoteKeys keys = p.keys();
  for (const Json& key : *keys.set.document.find("keys")->as_array()) {
    CHECK(key.find("alg") == nullptr);
  }
}

TEST_CASE("Auth0: an issuer without its slash is another one, and the copy outlives a bad day") {
  Provider p("auth0");
  check_failed(p.fetch("https://example.eu.auth0.com"), ErrorCode::network_body,
               "of \"https://example.eu.auth0.com/\"", "a slash at the end");
  p.options.fetch.retries = 0;
  p.keys();
  p.server.on(p.text("jwks_uri"), status(503));
  p.server.pass(30 + 86'400);
  RemoteKeys keys = p.keys();
  CHECK(keys.origin.stale);
  CHECK(keys.origin.age == 86'430);
  CHECK(keys.warnings.size() == 1);
  p.server.pass(1);
  check_failed(p.fetch(), ErrorCode::network_status, "status 503");
}

TEST_CASE("Apple: its set is never kept") {
  Provider p("apple");
  p.keys();
  p.keys();
  CHECK(p.server.urls() ==
        std::vector<std::string>{p.place(), p.text("jwks_uri"), p.text("jwks_uri")});
  p.options.offline = true;
  check_failed(p.fetch(), ErrorCode::network_offline, p.text("jwks_uri"));
}

TEST_CASE("Okta: what is good for 60 days is kept for one") {
  Provider p("okta");
  CHECK(p.keys().origin.max_age == Seconds{86'400});
}

TEST_CASE("Keycloak and GitLab: a copy is there, and is asked about each time") {
  for (const char* name : {"keycloak", "gitlab"}) {
    CAPTURE(name);
    Provider p(name);
    CHECK(p.keys().origin.max_age == Seconds{0});
    CHECK_FALSE(p.keys().origin.from_cache);
    p.options.offline = true;
    CHECK(p.keys().origin.stale);
  }
}

TEST_CASE("Cognito: access tokens have no audience, and one that is asked for is missed") {
  Provider p("cognito");
  Policy policy = p.policy();
  CHECK(p.claims().find("aud") == nullptr);
  policy.audiences = {"1example23456789"};
  CHECK(p.judge(p.header(), p.claims(), policy) == VerdictCode::audience);
  CHECK(p.judge(p.header(), with(p.claims(), "token_use", "id"), p.policy()) == VerdictCode::claim);
}

TEST_CASE("Kubernetes: the document can be asked for at another address than the issuer's") {
  Provider p("kubernetes");
  const std::string address = "https://10.0.0.5:6443/.well-known/openid-configuration";
  p.server.on(p.place(), broken(ErrorCode::network_dns));
  CHECK_FALSE(p.fetch().has_value());
  p.server.on(address, ok(p.at("discovery").dump()));
  p.discovery.url = address;
  p.server.requests.clear();
  CHECK(p.fetch().has_value());
  CHECK(p.server.urls() == std::vector<std::string>{address, p.text("jwks_uri")});
}

TEST_CASE("Firebase: the map becomes a set of keys that sign with RS256") {
  Provider p("firebase");
  RemoteKeys keys = p.keys();
  const Json::Array& entries = *keys.set.document.find("keys")->as_array();
  REQUIRE(entries.size() == 2);
  for (const Json& entry : entries) {
    CHECK(member_of(entry, "alg") == "RS256");
    CHECK(has_kid(p.keys().set.document, member_of(entry, "kid")));
  }
  CHECK(keys.origin.max_age == Seconds{22'000});
}

TEST_CASE("SPIFFE: a key for certificates verifies no token") {
  Provider p("spiffe");
  Json set = p.keys().set.document;
  auto parsed = parse_jwks(set);
  REQUIRE(parsed.has_value());
  Selection selection = select_keys(*parsed, algorithm("RS256"), std::nullopt);
  CHECK(selection.candidates.empty());
  CHECK(select_keys(*parsed, algorithm("ES256"), std::nullopt).candidates.size() == 1);
}

}  // namespace
}  // namespace jwtctl
