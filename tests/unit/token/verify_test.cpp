// SPDX-License-Identifier: Apache-2.0
#include "lib/token/verify.h"

#include <algorithm>

#include "lib/codec/base64url.h"
#include "lib/crypto/openssl.h"
#include "tests/catch.h"
#include "tests/unit/token/signed_tokens.h"

namespace jwtctl {
namespace {

Verdict judge(std::string text, const Policy& policy = usual(),
              const KeySource& source = secret_source) {
  auto verdict = verify(CleanedToken{std::move(text), {}}, policy, source);
  INFO((verdict ? "" : verdict.error().message));
  REQUIRE(verdict.has_value());
  return *std::move(verdict);
}

/// shape is one letter for each check, in order: P, F or S.
std::string shape(const Verdict& verdict) {
  std::string out;
  for (const Check& check : verdict.checks) {
    out += check.status == CheckStatus::pass ? 'P' : check.status == CheckStatus::fail ? 'F' : 'S';
  }
  return out;
}

bool has_hint(const Verdict& verdict, HintId id) {
  return std::any_of(verdict.hints.begin(), verdict.hints.end(),
                     [id](const Hint& hint) { return hint.id == id; });
}

// The checks: form alg crit typ key signature iss aud sub revoked nbf iat exp max-age
// min-remaining.

TEST_CASE("a good token passes in every phase") {
  Verdict verdict = judge(sign(kHeader, kClaims));
  CHECK(verdict.valid());
  CHECK(shape(verdict) == "PPPSPPSSSSSSPSS");
  CHECK(verdict.claims_verified());
  CHECK(verdict.findings.empty());
  CHECK(verdict.header->dump() == kHeader);
  CHECK(verdict.claims->dump() == kClaims);
}

TEST_CASE("a broken form stops everything behind it") {
  for (const std::string& token :
       {std::string(), std::string("x"), sign(kHeader, "[]"), sign(kHeader, ""), sign("5", "{}"),
        sign(kHeader, kClaims) + "=", sign(kHeader, R"({"exp":1,"exp":1700000060})"),
        std::string("{\"payload\":\"\"}")}) {
    CAPTURE(token);
    Verdict verdict = judge(token);
    CHECK(verdict.code() == VerdictCode::malformed);
    CHECK(shape(verdict) == "FSSSSSSSSSSSSSS");
    CHECK_FALSE(verdict.claims_verified());
    CHECK_FALSE(verdict.key.has_value());
    CHECK(verdict.checks[1].message == "not reached: form failed");
  }
}

TEST_CASE("the key source is not asked about a token of bad form") {
  bool asked = false;
  auto source = [&asked](const Jws& jws) {
    asked = true;
    return secret_source(jws);
  };
  judge("x.y.z", usual(), source);
  CHECK_FALSE(asked);
  judge(sign(kHeader, kClaims), usual(), source);
  CHECK(asked);
}

TEST_CASE("all faults of the form are named at once") {
  std::string token = sign(kHeader, R"({"a":1,"a":2})") + "=";
  Verdict verdict = judge(token);
  const std::string& message = verdict.checks[0].message;
  CAPTURE(message);
  CHECK(message.find("the signature is padded") != std::string::npos);
  CHECK(message.find("stands twice") != std::string::npos);
  CHECK(verdict.checks[0].rule.id == rules::base64_padding.id);
  CHECK(verdict.checks[0].actual.as_array()->size() == 2);
}

TEST_CASE("an encrypted token is malformed and says so") {
  Verdict verdict = judge(to_base64url(R"({"alg":"dir","enc":"A256GCM"})") + "..AA.AA.AA");
  CHECK(verdict.code() == VerdictCode::malformed);
  CHECK(verdict.checks[0].rule.id == rules::encrypted.id);
  CHECK(verdict.checks[0].message.find("encrypted") != std::string::npos);
  CHECK(has_hint(verdict, HintId::encrypted));
}

TEST_CASE("a header that is refused stops key, signature and claims") {
  Verdict none = judge(sign(R"({"alg":"none"})", kClaims));
  CHECK(none.code() == VerdictCode::header);
  CHECK(shape(none) == "PFPSSSSSSSSSSSS");
  CHECK(none.checks[4].message == "not reached: alg failed");
  Verdict crit = judge(sign(R"({"alg":"HS256","crit":["x"]})", kClaims));
  CHECK(shape(crit) == "PPFSSSSSSSSSSSS");
  CHECK_FALSE(crit.claims_verified());
  CHECK(crit.claims.has_value());  // shown, marked as not verified
}

TEST_CASE("a key that does not fit stops signature and claims") {
  auto weak = [](const Jws&) -> Result<std::shared_ptr<const KeyRing>> {
    KeySet set;
    set.keys.push_back({0, Jwk{*make_oct_key(SecretBytes(31, 1)), {}, {}, {}, {}}});
    return make_ring(std::move(set));
  };
  Verdict verdict = judge(sign(kHeader, kClaims), usual(), weak);
  CHECK(verdict.code() == VerdictCode::key);
  CHECK(shape(verdict) == "PPPSFSSSSSSSSSS");
  CHECK(verdict.checks[4].message.find("has 31 bytes") != std::string::npos);
  CHECK(has_hint(verdict, HintId::weak_key));
}

TEST_CASE("a key that is too weak is no rival of a good one, and takes no other's place") {
  auto beside = [](std::size_t weak, bool good) {
    return [weak, good](const Jws&) {
      KeySet set;
      for (std::size_t i = 0; i < weak; ++i) {
        SecretBytes octets(31, static_cast<std::uint8_t>(i));
        set.keys.push_back({i, Jwk{*make_oct_key(octets), {}, {}, {}, {}}});
      }
      if (good) set.keys.push_back({weak, Jwk{*make_oct_key(kSecret), {}, {}, {}, {}}});
      return make_ring(std::move(set));
    };
  };
  Verdict verdict = judge(sign(kHeader, kClaims), usual(), beside(1, true));
  CHECK(verdict.valid());
  REQUIRE(verdict.skipped_keys.size() == 1);
  CHECK(verdict.skipped_keys[0].reason.find("has 31 bytes") != std::string::npos);
  Policy all = usual();
  all.try_all_keys = true;
  CHECK(judge(sign(kHeader, kClaims), all, beside(kMaxTriedKeys, true)).valid());
  CHECK(judge(sign(kHeader, kClaims), all, beside(3, false)).code() == VerdictCode::key);
}

TEST_CASE("a key source that refuses its keys makes the verdict key, after the header") {
  auto refuse = [](const Jws&) -> Result<std::shared_ptr<const KeyRing>> {
    return fail(ErrorCode::key_refused, "the set mixes secrets").hint("keep them apart");
  };
  Verdict verdict = judge(sign(kHeader, kClaims), usual(), refuse);
  CHECK(verdict.code() == VerdictCode::key);
  CHECK(shape(verdict) == "PPPSFSSSSSSSSSS");
  CHECK(verdict.checks[4].message == "the set mixes secrets");
  CHECK(judge(sign(R"({"alg":"none"})", kClaims), usual(), refuse).code() == VerdictCode::header);
}

TEST_CASE("a key source that fails gives no verdict") {
  for (ErrorCode code : {ErrorCode::usage, ErrorCode::input, ErrorCode::crypto}) {
    auto broken = [code](const Jws&) -> Result<std::shared_ptr<const KeyRing>> {
      return fail(code, "no keys today");
    };
    auto verdict = verify(CleanedToken{sign(kHeader, kClaims), {}}, usual(), broken);
    REQUIRE_FALSE(verdict.has_value());
    CHECK(verdict.error().code == code);
    CHECK(verdict.error().message == "no keys today");
  }
}

TEST_CASE("an empty set of keys is a key failure") {
  Verdict verdict = judge(
      sign(kHeader, kClaims), usual(),
      [](const Jws&) -> Result<std::shared_ptr<const KeyRing>> { return make_ring(KeySet{}); });
  CHECK(verdict.code() == VerdictCode::key);
}

TEST_CASE("claims are judged under a bad signature, and are not verified") {
  Verdict good = judge(forge(kHeader, kClaims));
  CHECK(good.code() == VerdictCode::signature);
  CHECK(shape(good) == "PPPSPFSSSSSSPSS");
  CHECK_FALSE(good.claims_verified());
  Verdict expired = judge(forge(kHeader, R"({"exp":1,"aud":"api"})"));
  CHECK(expired.code() == VerdictCode::signature);  // the smallest code
  CHECK(shape(expired) == "PPPSPFSFSSSSFSS");
}

TEST_CASE("an empty or cut signature is told apart from a wrong one") {
  std::string token = sign(kHeader, kClaims);
  std::size_t dot = token.rfind('.');
  Verdict empty = judge(token.substr(0, dot + 1));
  CHECK(empty.code() == VerdictCode::signature);
  CHECK(empty.first_failure()->rule.id == rules::signature_missing.id);
  Verdict cut = judge(token.substr(0, dot + 5));
  CHECK(cut.code() == VerdictCode::signature);
  CHECK(cut.first_failure()->rule.id == rules::signature_length.id);
  CHECK(cut.first_failure()->message.find("have 32 bytes, this has 3") != std::string::npos);
}

TEST_CASE("claims that fail are collected and the smallest code counts") {
  Policy policy = usual();
  policy.issuers = {"https://a"};
  policy.audiences = {"api"};
  std::string claims = R"({"iss":"https://a","aud":"api","exp":1,"nbf":0})";
  CHECK(judge(sign(kHeader, claims), policy).code() == VerdictCode::expired);
  policy.required = {"scope"};
  CHECK(judge(sign(kHeader, claims), policy).code() == VerdictCode::claim);
  policy.audiences = {"web"};
  CHECK(judge(sign(kHeader, claims), policy).code() == VerdictCode::audience);
  policy.issuers = {"https://b"};
  Verdict verdict = judge(sign(kHeader, claims), policy);
  CHECK(verdict.code() == VerdictCode::issuer);
  CHECK(verdict.claims_verified());
  CHECK(shape(verdict) == "PPPSPPFFSFSPSFSS");
}

}  // namespace
}  // namespace jwtctl
