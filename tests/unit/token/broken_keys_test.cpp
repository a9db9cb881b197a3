// SPDX-License-Identifier: Apache-2.0
// A broken key that the token wants is the answer, with the reason, whatever stands beside it.
#include <algorithm>

#include "tests/judging.h"
#include "tests/unit/certificates.h"
#include "tests/unit/keys.h"

namespace jwtctl::testing {
namespace {

/// A 2048-bit modulus need not be a product of primes to be parsed.
std::string rsa_n() { return std::string("3") + std::string(340, 'd') + "Q"; }

Json rsa_jwk() { return Json::object({{"kty", "RSA"}, {"n", rsa_n()}, {"e", "AQAB"}}); }
Json x25519_jwk() { return Json::object({{"kty", "OKP"}, {"crv", "X25519"}, {"x", kEdX}}); }

/// Breakage is a JWK that is none, the algorithm that it was for, and what is wrong with it.
struct Breakage {
  std::string_view name;
  Json jwk;
  std::string_view alg;
  std::string_view reason;
};

std::vector<Breakage> breakages() {
  std::string x(kEcX);
  std::string short_x = to_base64url(std::string(31, '\x07'));
  std::string long_x = to_base64url(std::string(33, '\x07'));
  std::vector<Breakage> list;
  auto add = [&list](std::string_view name, Json jwk, std::string_view alg, std::string_view why) {
    list.push_back({name, std::move(jwk), alg, why});
  };
  add("EC, zero stripped", with(ec_jwk(), "x", short_x), "ES256", "not 31");
  add("EC, octet too many", with(ec_jwk(), "x", long_x), "ES256", "not 33");
  add("EC, x empty", with(ec_jwk(), "x", ""), "ES256", "");
  add("EC, off the curve", with(ec_jwk(), "y", kEcX), "ES256", "");
  add("EC, x padded", with(ec_jwk(), "x", x + "="), "ES256", "\"x\" is");
  add("EC, y is a number", with(ec_jwk(), "y", 7), "ES256", "\"y\" is missing or no string");
  add("EC, no y", Json::object({{"kty", "EC"}, {"crv", "P-256"}, {"x", kEcX}}), "ES256",
      "\"y\" is missing");
  add("EC, no crv", Json::object({{"kty", "EC"}, {"x", kEcX}, {"y", kEcY}}), "ES256",
      "\"crv\" is missing");
  add("EC, unknown crv", with(ec_jwk(), "crv", "P-257"), "ES256", "curve \"P-257\"");
  add("EC, crv of OKP", with(ec_jwk(), "crv", "Ed25519"), "ES256", "none of kty EC");
  add("EC, alg is a number", with(ec_jwk(), "alg", 1), "ES256", "\"alg\" must be a string");
  add("EC, use is a list", with(ec_jwk(), "use", Json::strings({"sig"})), "ES256", "\"use\"");
  add("EC, key_ops is a string", with(ec_jwk(), "key_ops", "verify"), "ES256", "\"key_ops\"");
  add("OKP, x short", with(ed_jwk(), "x", short_x), "EdDSA", "");
  add("OKP, the identity",
      with(ed_jwk(), "x", to_base64url(std::string(1, '\1') + std::string(31, '\0'))), "EdDSA", "");
  add("OKP, no x", Json::object({{"kty", "OKP"}, {"crv", "Ed25519"}}), "Ed25519",
      "\"x\" is missing");
  add("RSA, n padded", with(rsa_jwk(), "n", rsa_n() + "=="), "RS256", "\"n\" is");
  add("RSA, no e", Json::object({{"kty", "RSA"}, {"n", rsa_n()}}), "PS256", "\"e\" is missing");
  return list;
}

/// stranger is a good key of another type than `alg` needs.
Json stranger(std::string_view alg) { return alg[0] == 'E' && alg[1] == 'S' ? ed_jwk() : ec_jwk(); }

KeySet set_of(Json::Array entries) {
  auto set = parse_jwks(Json::object({{"keys", std::move(entries)}}));
  INFO((set ? "" : set.error().message));
  REQUIRE(set.has_value());
  return *std::move(set);
}

Verdict judge(std::string_view header, KeySet keys, const Policy& policy = {}) {
  Jws jws =
      read_jws(fmt::format("{}.{}.AAAA", to_base64url(header), to_base64url("{}")), kMaxTokenBytes);
  REQUIRE(jws.faults.empty());
  auto verdict = verify_jws(jws, policy, make_ring(std::move(keys)));
  REQUIRE(verdict.has_value());
  return *std::move(verdict);
}

std::string header(std::string_view alg, std::string_view kid = "") {
  return kid.empty() ? fmt::format(R"({{"alg":"{}"}})", alg)
                     : fmt::format(R"({{"alg":"{}","kid":"{}"}})", alg, kid);
}

/// check_cause wants the verdict "key" with the rule, and all of `parts` in its message.
void check_cause(const Verdict& verdict, RuleId rule,
                 std::initializer_list<std::string_view> parts) {
  const Check* failure = verdict.first_failure();
  REQUIRE(failure != nullptr);
  CAPTURE(failure->message);
  CHECK(failure->code == VerdictCode::key);
  CHECK(failure->rule.id == rule.id);
  for (std::string_view part : parts) {
    CAPTURE(part);
    CHECK(failure->message.find(part) != std::string::npos);
  }
  CHECK(failure->message.find("needs a key of type") == std::string::npos);
}

TEST_CASE("a broken key with the kid is the answer, not a good key of another type") {
  for (const Breakage& broken : breakages()) {
    CAPTURE(broken.name);
    Json mine = with(broken.jwk, "kid", "k");
    Json other = with(stranger(broken.alg), "kid", "other");
    const RuleId rule = rules::unusable_key_present;
    std::string_view which = "the key with kid \"k\" cannot be used: ";
    std::string token = header(broken.alg, "k");
    check_cause(judge(token, set_of({mine, other})), rule, {which, broken.reason});
    check_cause(judge(token, set_of({other, mine})), rule, {which, broken.reason});
    check_cause(judge(token, set_of({other, mine, with(rsa_jwk(), "kid", "third")})), rule,
                {which, broken.reason});
    // A key without any kid beside it, and one for key agreement.
    check_cause(judge(token, set_of({stranger(broken.alg), x25519_jwk(), mine})), rule,
                {which, broken.reason});
    check_cause(judge(token, set_of({mine})), rule, {"the key cannot be used: ", broken.reason});

    Policy named;
    named.kid = "k";
    check_cause(judge(header(broken.alg), set_of({other, mine}), named), rule,
                {which, broken.reason});
    // Without a kid it is the one of the type that the algorithm needs.
    check_cause(judge(header(broken.alg), set_of({other, mine})), rule, {which, broken.reason});
    check_cause(judge(header(broken.alg), set_of({stranger(broken.alg), broken.jwk})), rule,
                {"the key with index 1 cannot be used: ", broken.reason});
  }
}

TEST_CASE("an RSA key with the kid that must not be trusted is the answer too") {
  struct {
    Json jwk;
    std::string_view reason;
  } weak[] = {{with(rsa_jwk(), "n", to_base64url(std::string(256, '\xaa'))), "modulus is even"},
              {with(rsa_jwk(), "e", "AQ"), "exponent must be odd and larger than 2"}};
  for (const auto& [jwk, reason] : weak) {
    Json mine = with(jwk, "kid", "k");
    Json other = with(ec_jwk(), "kid", "other");
    check_cause(judge(header("RS256", "k"), set_of({other, mine})), rules::none, {reason});
    check_cause(judge(header("RS256"), set_of({other, mine})), rules::none, {reason});
  }
}

TEST_CASE("a broken key is no cause where a good one is there, or another is named") {
  Json broken = with(with(ec_jwk(), "x", kEcY), "kid", "k");
  Json good = with(ec_jwk(), "kid", "good");
  Json other = with(ed_jwk(), "kid", "other");
  // The signature is what is judged: the good key was taken.
  CHECK(judge(header("ES256", "good"), set_of({broken, good, other})).code() ==
        VerdictCode::signature);
  CHECK(judge(header("ES256"), set_of({broken, good, other})).code() == VerdictCode::signature);
  check_cause(judge(header("ES256", "gone"), set_of({broken, other})), rules::kid_unknown,
              {"none of the 2 keys has the kid \"gone\""});
  // No key of the set, broken or not, is of the type.
  CHECK(judge(header("RS256", "other"), set_of({broken, other})).code() == VerdictCode::header);
  CHECK(judge(header("RS256"), set_of({broken, other})).code() == VerdictCode::header);
  // A key for key agreement is none that could sign.
  CHECK(judge(header("EdDSA"), set_of({good, x25519_jwk()})).code() == VerdictCode::header);
}

TEST_CASE("a key with the kid that may not be used is named with the reason") {
  Json other = with(ed_jwk(), "kid", "other");
  Json mine = with(ec_jwk(), "kid", "k");
  struct {
    Json jwk;
    std::string_view reason;
  } unfit[] = {{with(mine, "use", "enc"), "its use is \"enc\""},
               {with(mine, "alg", "ES384"), "its alg is \"ES384\""},
               {with(mine, "key_ops", Json::strings({"sign"})), "its key_ops [sign]"}};
  for (const auto& [jwk, reason] : unfit) {
    check_cause(judge(header("ES256", "k"), set_of({jwk, other})), rules::alg_key_mismatch,
                {"the key with kid \"k\" does not fit: ", reason});
  }
}

TEST_CASE("a set of one key says as much of an unknown kid as a larger one") {
  Verdict verdict = judge(header("ES256", "new"), set_of({with(ec_jwk(), "kid", "old")}));
  check_cause(verdict, rules::kid_unknown, {"its kid is \"old\", not \"new\""});
  REQUIRE(verdict.hints.size() == 1);
  CHECK(verdict.hints.front().id == HintId::kid);
}

TEST_CASE("header parameters of a wrong type are header failures under --strict alone") {
  struct {
    std::string_view name;
    std::string_view right;
    std::vector<std::string_view> wrong;
    RuleId rule;
  } rows[] = {
      {"typ", R"("JWT")", {"7", "null", "[]", "true"}, rules::typ_mismatch},
      {"cty", R"("x")", {"7", "null", "{}"}, rules::cty_unexpected},
      {"kid", R"("k")", {"7", "null", R"(["k"])"}, rules::kid_suspicious},
      {"jku", R"("https://x")", {"7", "null", R"(["https://x"])"}, rules::remote_key_reference},
      {"x5u", R"("https://x")", {"false", "null"}, rules::remote_key_reference},
      {"jwk", "{}", {R"("x")", "null", "[]", "1"}, rules::embedded_jwk},
      {"x5c",
       R"(["AAAA"])",
       {R"("AAAA")", "null", "[1]", R"(["AAAA",null])"},
       rules::x5c_in_header},
      {"x5t", R"("AAAA")", {"1", "null"}, rules::x5t_mismatch},
      {"x5t#S256", R"("AAAA")", {"1", "null"}, rules::x5t_mismatch},
  };
  Policy strict;
  strict.strict = true;
  strict.algorithms = {"ES256"};
  auto keys = [] { return set_of({with(ec_jwk(), "kid", "k")}); };
  for (const auto& row : rows) {
    auto with_value = [&row](std::string_view value) {
      return fmt::format(R"({{"alg":"ES256","{}":{}}})", row.name, value);
    };
    CAPTURE(row.name);
    CHECK(judge(with_value(row.right), keys(), strict).code() == VerdictCode::signature);
    for (std::string_view value : row.wrong) {
      CAPTURE(value);
      Verdict verdict = judge(with_value(value), keys(), strict);
      CHECK(verdict.code() == VerdictCode::header);
      const Check* failure = verdict.first_failure();
      REQUIRE(failure != nullptr);
      CHECK(failure->name == "header-types");
      CHECK(failure->rule.id == row.rule.id);
      CHECK(failure->message.starts_with(fmt::format("{} must be ", row.name)));
      // Without --strict a kid that is no string matches no key, and the rest is a finding.
      CHECK(judge(with_value(value), keys()).code() ==
            (row.name == "kid" ? VerdictCode::key : VerdictCode::signature));
    }
  }
}

/// certified returns a key with a kid and the certificate of `certificate`, and of its token.
struct Certified {
  PkeyPtr pair{EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")};

  Json jwk(const Certified& certificate) const {
    unsigned char raw[32];
    std::size_t size = sizeof raw;
    REQUIRE(EVP_PKEY_get_raw_public_key(pair.get(), raw, &size) == 1);
    std::string der = make_certificate(certificate.pair.get(), certificate.pair.get(), {});
    std::string x5c(der.size() * 2, '\0');
    x5c.resize(static_cast<std::size_t>(EVP_EncodeBlock(
        reinterpret_cast<unsigned char*>(x5c.data()),
        reinterpret_cast<const unsigned char*>(der.data()), static_cast<int>(der.size()))));
    std::string_view octets(reinterpret_cast<const char*>(raw), size);
    return Json::object({{"kty", "OKP"},
                         {"crv", "Ed25519"},
                         {"x", to_base64url(octets)},
                         {"x5c", Json::strings({x5c})}});
  }
};

TEST_CASE("a key whose x5c is another's is a finding, and no key under --strict") {
  Certified mine;
  Certified other;
  Json own = with(mine.jwk(mine), "kid", "k");
  Json foreign = with(mine.jwk(other), "kid", "k");
  std::string token = header("EdDSA", "k");
  Policy strict;
  strict.strict = true;
  strict.algorithms = {"EdDSA"};

  auto findings = [](const Verdict& verdict) {
    return std::count_if(verdict.findings.begin(), verdict.findings.end(), [](const Finding& f) {
      return f.rule == rules::x5c_mismatch && f.place == "key";
    });
  };
  CHECK(judge(token, set_of({own}), strict).code() == VerdictCode::signature);
  CHECK(findings(judge(token, set_of({own}))) == 0);
  CHECK(judge(token, set_of({foreign})).code() == VerdictCode::signature);
  CHECK(findings(judge(token, set_of({foreign}))) == 1);
  check_cause(judge(token, set_of({foreign}), strict), rules::x5c_mismatch,
              {"x5c holds the certificate of another key"});
  // A key that is passed over is nobody's business.
  Json bystander = with(mine.jwk(other), "kid", "bystander");
  Verdict beside = judge(token, set_of({with(ed_jwk(), "kid", "k"), bystander}), strict);
  CHECK(beside.code() == VerdictCode::signature);
  CHECK(findings(beside) == 0);
  // The same holds for one key that is named, and for what cannot be read.
  KeySet pinned = set_of({foreign});
  pinned.pinned = true;
  check_cause(judge(token, std::move(pinned), strict), rules::x5c_mismatch, {"--strict"});
  std::string good = *own.find("x5c")->as_array()->front().as_string();
  std::string broken = good;
  broken.insert(40, "\n");
  auto der = parse_base64(good);
  REQUIRE(der);
  std::string url = to_base64url(as_text(*der));
  for (const Json& odd :
       {Json("x"), Json::strings({}), Json::strings({"AAAA"}), Json(7), Json(), Json(good),
        Json::strings({broken}), Json::strings({url + "-_"}), Json::strings({good + "AAAA"}),
        Json::strings({"-----BEGIN CERTIFICATE-----\n" + good + "\n-----END CERTIFICATE-----"})}) {
    CAPTURE(odd.dump());
    Json jwk = with(own, "x5c", odd);
    CHECK(judge(token, set_of({jwk})).code() == VerdictCode::signature);
    CHECK(findings(judge(token, set_of({jwk}))) == 1);
    check_cause(judge(token, set_of({jwk}), strict), rules::x5c_mismatch,
                {"--strict", "no certificate that can be read"});
  }
}

}  // namespace
}  // namespace jwtctl::testing
