// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "lib/codec/base64url.h"
#include "lib/crypto/openssl.h"
#include "tests/catch.h"
#include "tests/judging.h"

namespace jwtctl {
namespace {

/// Signer holds an Ed25519 or Ed448 pair.
class Signer {
 public:
  explicit Signer(const char* type = "ED25519")
      : pkey_(EVP_PKEY_Q_keygen(nullptr, nullptr, type)) {}

  std::string token(std::string_view header) const {
    std::string input = fmt::format("{}.{}", to_base64url(header), to_base64url(R"({"exp":1})"));
    MdCtxPtr context(EVP_MD_CTX_new());
    std::string signature(200, '\0');
    std::size_t size = signature.size();
    REQUIRE(EVP_DigestSignInit_ex(context.get(), nullptr, nullptr, nullptr, nullptr, pkey_.get(),
                                  nullptr) == 1);
    REQUIRE(EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                           reinterpret_cast<const unsigned char*>(input.data()),
                           input.size()) == 1);
    return fmt::format("{}.{}", input, to_base64url(signature.substr(0, size)));
  }

  Jwk jwk(std::optional<std::string> kid = {}) const {
    unsigned char raw[64];
    std::size_t size = sizeof raw;
    REQUIRE(EVP_PKEY_get_raw_public_key(pkey_.get(), raw, &size) == 1);
    Curve curve = size == 32 ? Curve::ed25519 : Curve::ed448;
    auto key = make_okp_key(curve, SecretBytes(raw, raw + size), nullptr);
    REQUIRE(key.has_value());
    return Jwk{*std::move(key), std::move(kid), {}, {}, {}};
  }

  Jwk private_jwk() const {
    auto key = adopt_pkey(PkeyPtr(EVP_PKEY_dup(pkey_.get())));
    return Jwk{*std::move(key), {}, {}, {}, {}};
  }

 private:
  PkeyPtr pkey_;
};

template <class... Jwks>
KeySet set(Jwks... jwks) {
  KeySet out;
  (out.keys.push_back({out.keys.size(), std::move(jwks)}), ...);
  out.source = "set.json";
  return out;
}

KeySet pinned(Jwk jwk) {
  KeySet one = set(std::move(jwk));
  one.pinned = true;
  return one;
}

Verdict judge(std::string_view token, KeySet keys, const Policy& policy = {}) {
  Jws jws = read_jws(token, kMaxTokenBytes);
  REQUIRE(jws.faults.empty());
  auto verdict = verify_jws(jws, policy, make_ring(std::move(keys)));
  INFO((verdict ? "" : verdict.error().message));
  REQUIRE(verdict.has_value());
  return *std::move(verdict);
}

bool passed(const Verdict& verdict) { return verdict.claims_verified(); }

void check_refused(const Verdict& verdict, VerdictCode code, RuleId rule, std::string_view part) {
  const Check* failure = verdict.first_failure();
  REQUIRE(failure != nullptr);
  CAPTURE(failure->message, part);
  CHECK(failure->code == code);
  CHECK(failure->rule.id == rule.id);
  CHECK(failure->message.find(part) != std::string::npos);
}

bool has_hint(const Verdict& verdict, HintId id) {
  return std::any_of(verdict.hints.begin(), verdict.hints.end(),
                     [id](const Hint& hint) { return hint.id == id; });
}

TEST_CASE("a good signature under the only key passes every check") {
  Signer signer;
  Verdict verdict = judge(signer.token(R"({"alg":"EdDSA","kid":"k"})"), set(signer.jwk("k")));
  CHECK(passed(verdict));
  REQUIRE(verdict.key.has_value());
  CHECK(verdict.key->source == "set.json");
  CHECK(verdict.key->kid == "k");
  CHECK(verdict.key->curve == Curve::ed25519);
  CHECK(verdict.key->thumbprint == thumbprint(signer.jwk().key));
}

TEST_CASE("alg none is refused in any spelling, with or without a key") {
  Signer signer;
  for (std::string_view alg : {"none", "None", "NONE", " none"}) {
    CAPTURE(alg);
    std::string header = fmt::format(R"({{"alg":"{}"}})", alg);
    check_refused(judge(signer.token(header), set(signer.jwk())), VerdictCode::header,
                  alg == "none" ? rules::alg_none : rules::alg_none_variant, "never verifies");
  }
}

TEST_CASE("alg must be in --alg") {
  Signer signer;
  std::string token = signer.token(R"({"alg":"EdDSA"})");
  Policy policy;
  policy.algorithms = {"ES256", "RS256"};
  Verdict verdict = judge(token, set(signer.jwk()), policy);
  check_refused(verdict, VerdictCode::header, rules::alg_not_allowed,
                "EdDSA is not in --alg ES256");
  for (std::string_view name : {"EdDSA", "Ed25519"}) {  // two names of one thing
    policy.algorithms = {std::string(name)};
    CHECK(passed(judge(token, set(signer.jwk()), policy)));
    CHECK(passed(judge(signer.token(R"({"alg":"Ed25519"})"), set(signer.jwk()), policy)));
  }
}

// RFC 9864 section 2.2: Ed25519 names the curve; who allows it does not allow Ed448.
TEST_CASE("who allows Ed25519 alone does not let an Ed448 key verify") {
  Signer signer("ED448");
  Policy policy;
  policy.algorithms = {"Ed25519"};
  std::string token = signer.token(R"({"alg":"EdDSA"})");
  CHECK(judge(token, set(signer.jwk()), policy).code() == VerdictCode::key);
  policy.algorithms = {"Ed448"};
  CHECK(passed(judge(token, set(signer.jwk()), policy)));
  policy.algorithms = {"RS256", "Ed25519", "ES256"};
  CHECK(judge(token, set(signer.jwk()), policy).code() == VerdictCode::key);
  policy.algorithms = {"RS256", "Ed448", "ES256"};
  CHECK(passed(judge(token, set(signer.jwk()), policy)));
}

TEST_CASE("an algorithm that no key can do is a header failure") {
  Signer signer;
  Verdict one = judge(signer.token(R"({"alg":"HS256"})"), set(signer.jwk()));
  check_refused(one, VerdictCode::header, rules::alg_key_mismatch, "this is an Ed25519 public key");
  CHECK(has_hint(one, HintId::alg_allowed));
  Verdict many = judge(signer.token(R"({"alg":"RS256"})"), set(signer.jwk("a"), Signer().jwk("b")));
  check_refused(many, VerdictCode::header, rules::alg_key_mismatch, "every key of the set");
}

TEST_CASE("all failures of the header are collected, and then it stops") {
  Signer signer;
  Policy policy;
  policy.typ = "at+jwt";
  Verdict verdict =
      judge(signer.token(R"({"alg":"none","crit":["x"],"typ":"JWT"})"), set(signer.jwk()), policy);
  for (CheckId id : {CheckId::alg, CheckId::crit, CheckId::typ}) {
    CHECK(verdict.outcomes.status_of(id) == CheckStatus::fail);
  }
  CHECK(verdict.code() == VerdictCode::header);
  CHECK(verdict.outcomes.status_of(CheckId::key) == CheckStatus::unreached);
  CHECK_FALSE(verdict.key.has_value());
}

TEST_CASE("typ is compared as a media type when it is asked for") {
  Signer signer;
  Policy policy;
  policy.typ = "application/at+jwt";
  CHECK(
      passed(judge(signer.token(R"({"alg":"EdDSA","typ":"AT+JWT"})"), set(signer.jwk()), policy)));
  for (std::string_view header :
       {R"({"alg":"EdDSA","typ":"JWT"})", R"({"alg":"EdDSA"})", R"({"alg":"EdDSA","typ":5})"}) {
    CAPTURE(header);
    check_refused(judge(signer.token(header), set(signer.jwk()), policy), VerdictCode::header,
                  rules::typ_mismatch, "expected \"application/at+jwt\"");
  }
}

TEST_CASE("a kid that no key has is a key failure") {
  Signer signer;
  std::string token = signer.token(R"({"alg":"EdDSA","kid":"new"})");
  Verdict verdict = judge(token, set(signer.jwk("old"), Signer().jwk("older")));
  check_refused(verdict, VerdictCode::key, rules::kid_unknown, "none of the 2 keys has the kid");
  CHECK(has_hint(verdict, HintId::kid));
  CHECK(verdict.skipped_keys.size() == 2);
  check_refused(judge(signer.token(R"({"alg":"EdDSA","kid":5})"), set(signer.jwk("k"))),
                VerdictCode::key, rules::kid_unknown, "kid must be a string");
}

TEST_CASE("several keys that fit are ambiguous unless all may be tried") {
  Signer signer;
  std::string token = signer.token(R"({"alg":"EdDSA"})");
  auto keys = [&signer] { return set(Signer().jwk("a"), Signer().jwk("b"), signer.jwk("c")); };
  Verdict verdict = judge(token, keys());
  check_refused(verdict, VerdictCode::key, rules::kid_missing, "ambiguous: 3 keys");
  CHECK(has_hint(verdict, HintId::try_all_keys));
  Policy policy;
  policy.try_all_keys = true;
  Verdict tried = judge(token, keys(), policy);
  CHECK(passed(tried));
  CHECK(tried.key->kid == "c");
  // Those behind the one that fits take nothing back.
  CHECK(passed(judge(token, set(signer.jwk("a"), Signer().jwk("b")), policy)));
  policy.try_all_keys = false;
  policy.kid = "c";
  CHECK(passed(judge(token, keys(), policy)));
}

TEST_CASE("at most 16 keys are tried") {
  Signer signer;
  Policy policy;
  policy.try_all_keys = true;
  std::string token = signer.token(R"({"alg":"EdDSA"})");
  for (std::size_t before : {kMaxTriedKeys - 1, kMaxTriedKeys}) {
    KeySet keys;
    for (std::size_t i = 0; i < before; ++i) keys.keys.push_back({i, Signer().jwk()});
    keys.keys.push_back({before, signer.jwk()});
    CHECK(passed(judge(token, std::move(keys), policy)) == (before < kMaxTriedKeys));
  }
}

TEST_CASE("the option --kid refuses a token that names another, and a key that has another") {
  Signer signer;
  Policy policy;
  policy.kid = "mine";
  check_refused(
      judge(signer.token(R"({"alg":"EdDSA","kid":"theirs"})"), set(signer.jwk("theirs")), policy),
      VerdictCode::key, rules::kid_unknown, "--kid wants \"mine\"");
  check_refused(judge(signer.token(R"({"alg":"EdDSA"})"), pinned(signer.jwk("other")), policy),
                VerdictCode::key, rules::kid_unknown, "the key has kid \"other\"");
  CHECK(passed(judge(signer.token(R"({"alg":"EdDSA"})"), pinned(signer.jwk()), policy)));
}

TEST_CASE("a pinned key is tried under another kid, with a warning") {
  Signer signer;
  Verdict verdict = judge(signer.token(R"({"alg":"EdDSA","kid":"a"})"), pinned(signer.jwk("b")));
  CHECK(passed(verdict));
  REQUIRE(verdict.findings.size() == 1);
  CHECK(verdict.findings[0].rule.id == rules::kid_unknown.id);
  CHECK(verdict.findings[0].severity == Severity::warning);
}

TEST_CASE("a private key verifies, with a warning") {
  Signer signer;
  Verdict verdict = judge(signer.token(R"({"alg":"EdDSA"})"), pinned(signer.private_jwk()));
  CHECK(passed(verdict));
  REQUIRE(verdict.findings.size() == 1);
  CHECK(verdict.findings[0].rule.id == rules::private_key_for_verify.id);
}

}  // namespace
}  // namespace jwtctl
