// SPDX-License-Identifier: Apache-2.0
// A set is published, a token is signed: what is said beforehand about each entry is what `verify`
// does with the token.
#include "lib/token/candidates.h"

#include <algorithm>
#include <map>

#include "lib/codec/base64url.h"
#include "lib/crypto/generate.h"
#include "lib/crypto/signature.h"
#include "lib/jose/fitness.h"
#include "lib/lint/lint.h"
#include "lib/rotation/key_sets.h"
#include "tests/catch.h"
#include "tests/judging.h"

namespace jwtctl {
namespace {

/// key_for returns one key for each algorithm, made once.
const Key& key_for(std::string_view name) {
  static std::map<std::string, Key> keys;
  auto found = keys.find(std::string(name));
  if (found == keys.end()) {
    auto key = generate_key(*find_algorithm(name), 2048);
    REQUIRE(key.has_value());
    found = keys.emplace(name, *std::move(key)).first;
  }
  return found->second;
}

/// weak_key returns an RSA key of 1024 bits.
const Key& weak_key() {
  static const Key kKey = [] {
    auto key = adopt_pkey(PkeyPtr(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{1024})));
    REQUIRE(key.has_value());
    return *std::move(key);
  }();
  return kKey;
}

/// published returns the public JWK of a key under the kid "n", or another.
Json published(const Key& key, std::string_view kid = "n") {
  Json out = Json::object({{"kid", kid}});
  Json members = *public_jwk(key);
  for (const JsonMember& member : *members.as_object()) out.set(member.name, member.value);
  return out;
}

Json with(Json jwk, std::string_view name, Json value) {
  jwk.set(name, std::move(value));
  return jwk;
}

Json without(const Json& jwk, std::string_view name) {
  Json out = Json::object({});
  for (const JsonMember& member : *jwk.as_object()) {
    if (member.name != name) out.set(member.name, member.value);
  }
  return out;
}

std::string token_by(const Key& key, const Algorithm& algorithm) {
  std::string header = fmt::format(R"({{"alg":"{}","kid":"n"}})", algorithm.name);
  std::string input =
      fmt::format("{}.{}", to_base64url(header), to_base64url(R"({"sub":"x","exp":2000000000})"));
  auto signature = make_signature(key, algorithm, input, KeyStrength::any);
  REQUIRE(signature.has_value());
  return fmt::format("{}.{}", input, to_base64url(*signature));
}

/// Treatment is what `verify` does with a token.
struct Treatment {
  bool key = false;    ///< it uses a key of the set
  bool valid = false;  ///< and that key made the signature
};

/// verified: a set that is refused has no key to use.
Treatment verified(const std::string& token, const Json& set) {
  Policy policy;
  policy.now = {1'800'000'000, 0};
  auto verdict = verify(clean_token(token, kMaxTokenBytes), policy,
                        [&set](const Jws& /*jws*/) { return make_ring(parse_jwks(set)); });
  REQUIRE(verdict.has_value());
  return {verdict->outcomes.status_of(CheckId::key) == CheckStatus::pass, verdict->valid()};
}

/// foreseen says whether some entry is said to be taken.
bool foreseen(const Json& set, std::string_view algorithm) {
  auto keys = parse_jwks(set);
  if (!keys) return false;
  for (const Acceptance& entry : list_acceptance(*std::move(keys))) {
    INFO(entry.kid << " " << entry.problem);
    CHECK(entry.algorithms.empty() == !entry.problem.empty());
    bool taken = std::find(entry.algorithms.begin(), entry.algorithms.end(), algorithm) !=
                 entry.algorithms.end();
    if (entry.kid == "n" && taken) return true;
  }
  return false;
}

/// shapes_of returns the sets in which a key may be published, good and bad.
std::vector<Json::Array> shapes_of(const Key& key) {
  Json jwk = published(key);
  Json::Array ops{Json("verify"), Json("encrypt"), Json("sign"), Json("wrapKey")};
  std::vector<Json::Array> out{{jwk}};
  for (std::string_view use : {"sig", "enc", "jwt-svid", "foo", "", "SIG"}) {
    out.push_back({with(jwk, "use", use)});
  }
  out.push_back({with(jwk, "use", 1)});
  for (const Json& operation : ops) out.push_back({with(jwk, "key_ops", Json::Array{operation})});
  out.push_back({with(jwk, "key_ops", Json::Array{ops[0], ops[2]})});
  out.push_back({with(jwk, "key_ops", Json::Array{})});
  out.push_back({with(jwk, "key_ops", "verify")});
  for (const Algorithm& algorithm : signature_algorithms()) {
    out.push_back({with(jwk, "alg", algorithm.name)});
  }
  for (std::string_view alg : {"none", "", "RSA-OAEP", "ECDH-ES", "dir", "es256", "XX"}) {
    out.push_back({with(jwk, "alg", alg)});
  }
  for (std::string_view crv :
       {"P-256", "P-384", "P-521", "secp256k1", "Ed25519", "Ed448", "X25519"}) {
    out.push_back({with(jwk, "crv", crv)});
  }
  for (std::string_view kty : {"RSA", "EC", "OKP", "AKP", "XX"}) {
    out.push_back({with(jwk, "kty", kty)});
  }
  for (std::string_view name : {"kty", "crv", "x", "y", "n", "e", "kid"}) {
    out.push_back({without(jwk, name)});
  }
  for (std::string_view name : {"x", "y", "n", "e"}) {
    if (jwk.find(name) == nullptr) continue;
    std::string text = *jwk.find(name)->as_string();
    std::string changed = text;
    changed[changed.size() / 2] = changed[changed.size() / 2] == 'A' ? 'B' : 'A';
    out.push_back({with(jwk, name, changed)});
    out.push_back({with(jwk, name, text + "=")});
    out.push_back({with(jwk, name, text.substr(0, text.size() - 4))});
    out.push_back({with(jwk, name, "")});
    out.push_back({with(jwk, name, 7)});
  }
  out.push_back({Json::object({{"kid", "n"}})});
  out.push_back({with(jwk, "kid", "another")});
  out.push_back({with(jwk, "kid", "")});
  out.push_back({with(jwk, "kid", 5)});
  return out;
}

/// neighbours_of returns what else a set may list.
std::vector<Json::Array> neighbours_of(const Key& key) {
  Json same = published(key);
  std::vector<Json::Array> out{{}, {same}, {with(same, "use", "enc")}, {with(same, "kid", "twin")}};
  for (std::string_view name : {"ES256", "ES384", "RS256", "EdDSA"}) {
    out.push_back({published(key_for(name))});
    out.push_back({published(key_for(name), "other")});
    out.push_back({with(published(key_for(name)), "use", "sig")});
    out.push_back({with(published(key_for(name)), "use", "enc")});
    out.push_back({with(published(key_for(name)), "alg", "XX")});
  }
  out.push_back({with(Json::object({{"kty", "oct"}, {"kid", "n"}}), "k", std::string(43, 'A'))});
  out.push_back({with(Json::object({{"kty", "oct"}, {"kid", "s"}}), "k", std::string(43, 'A'))});
  out.push_back({Json::object({{"kty", "EC"}, {"kid", "n"}})});
  out.push_back({published(weak_key())});
  out.push_back({Json("n")});
  return out;
}

void compare(const Key& key, const Algorithm& algorithm, const Json::Array& shape,
             const Json::Array& others, bool others_first, std::size_t& taken) {
  Json::Array entries = others_first ? others : shape;
  const Json::Array& rest = others_first ? shape : others;
  entries.insert(entries.end(), rest.begin(), rest.end());
  Json set = Json::object({{"keys", std::move(entries)}});
  INFO(algorithm.name << " " << set.dump());
  Treatment outcome = verified(token_by(key, algorithm), set);
  if (outcome.valid) ++taken;
  CHECK(foreseen(set, algorithm.name) == outcome.key);
}

/// kOneOfEach has an algorithm for each kind of key that is published.
constexpr std::array<std::string_view, 7> kOneOfEach{"ES256", "ES384", "ES512", "ES256K",
                                                     "RS256", "PS512", "EdDSA"};

TEST_CASE("a key is taken exactly where verify takes it, whatever shape it has", "[slow]") {
  std::size_t taken = 0;
  std::size_t total = 0;
  for (std::string_view name : kOneOfEach) {
    const Key& key = key_for(name);
    for (const Json::Array& shape : shapes_of(key)) {
      for (const Algorithm& algorithm : signature_algorithms()) {
        if (!can_use(key, algorithm)) continue;
        ++total;
        compare(key, algorithm, shape, {}, false, taken);
      }
    }
  }
  for (const Json::Array& shape : shapes_of(weak_key())) {
    compare(weak_key(), *find_algorithm("RS256"), shape, {}, false, taken);
  }
  CHECK(taken > 50);
  CHECK(total - taken > 300);
}

TEST_CASE("jwks show, lint and plan say of a key what verify does with it", "[slow]") {
  std::size_t good = 0;
  std::size_t bad = 0;
  auto compare_all = [&](const Json& jwk) {
    if (jwk.find("kid") == nullptr || !jwk.find("kid")->same_value("n")) return;
    Json set = Json::object({{"keys", Json::Array{jwk}}});
    CAPTURE(set.dump());
    auto algorithms = signature_algorithms();
    bool taken = std::any_of(algorithms.begin(), algorithms.end(),
                             [&set](const Algorithm& row) { return foreseen(set, row.name); });
    ++(taken ? good : bad);
    auto parsed = parse_jwk(jwk);
    CHECK((parsed && check_any_fit(*parsed)) == taken);
    auto document = parse_key_document(to_bytes<SecretBytes>(set.dump()), nullptr);
    REQUIRE(document.has_value());
    CHECK(check_entry(document->entries.front(), {1'800'000'000, 0}).usable == taken);
    CHECK(public_key_of(*document, std::nullopt).has_value() == taken);
    Expectations expected;
    expected.policy.now = {1'800'000'000, 0};
    auto keys = jwks_subjects(set);
    auto findings = judge_key_set({set, keys, 1000}, {expected}, every_rule());
    bool none = std::any_of(findings.begin(), findings.end(), [](const Finding& finding) {
      return finding.message == "no key of the set can be used";
    });
    CHECK(none == !taken);
  };
  for (std::string_view name : kOneOfEach) {
    for (const Json::Array& shape : shapes_of(key_for(name))) compare_all(shape.front());
  }
  for (const Json::Array& shape : shapes_of(weak_key())) compare_all(shape.front());
  CHECK(good > 40);
  CHECK(bad > 200);
}

TEST_CASE("what else the set lists changes both answers alike", "[slow]") {
  std::size_t taken = 0;
  for (std::string_view name : {"ES256", "RS256", "EdDSA"}) {
    const Key& key = key_for(name);
    Json jwk = published(key);
    for (const Json& shape : {jwk, with(jwk, "use", "sig"), with(jwk, "use", "enc"),
                              with(jwk, "alg", name), with(jwk, "kid", "another")}) {
      for (const Json::Array& others : neighbours_of(key)) {
        compare(key, *find_algorithm(name), {shape}, others, false, taken);
        compare(key, *find_algorithm(name), {shape}, others, true, taken);
      }
    }
  }
  CHECK(taken > 50);
}

TEST_CASE("why no verifier takes a key") {
  auto problem = [](const Json& jwk) {
    auto keys = parse_jwks(Json::object({{"keys", Json::Array{jwk}}}));
    REQUIRE(keys.has_value());
    auto list = list_acceptance(*std::move(keys));
    REQUIRE(list.size() == 1);
    return list.front().problem;
  };
  Json jwk = published(key_for("ES256"));
  CHECK(problem(jwk).empty());
  CHECK(problem(with(jwk, "use", "enc")) == "its use is \"enc\", not \"sig\"");
  CHECK(problem(with(jwk, "key_ops", Json::Array{Json("wrapKey")})) ==
        "its key_ops [wrapKey] do not include \"verify\"");
  CHECK(problem(with(jwk, "alg", "ECDH-ES")).find("ECDH-ES") != std::string::npos);
  CHECK(problem(with(jwk, "alg", "ES512")).find("ES512") != std::string::npos);
  CHECK(problem(without(jwk, "kid")) == "it has no kid");
  CHECK(problem(published(weak_key())).find("1024") != std::string::npos);
  CHECK_FALSE(problem(without(jwk, "y")).empty());
}

}  // namespace
}  // namespace jwtctl
