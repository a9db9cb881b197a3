// SPDX-License-Identifier: Apache-2.0
// The examples of RFC 7515 appendix A, RFC 7638 section 3.1 and RFC 8037 appendix A.
#include <array>

#include "tests/catch.h"
#include "tests/judging.h"
#include "tests/vectors/support.h"

namespace jwtctl::vectors {
namespace {

constexpr std::string_view k7515A1Key =
    R"({"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcg)"
    R"(UuTwjAzZr1Z9CAow"})";
constexpr std::string_view k7515A1Token =
    "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQo"
    "gImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOE"
    "jXk";

constexpr std::string_view k7515A2Key =
    R"({"kty":"RSA","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4)"
    "qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OM"
    "g0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3"
    "qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4F"
    R"(RWyuXpoQ","e":"AQAB","d":"Eq5xpGnNCivDflJsRQBXHx1hdR1k6Ulwe2JZD50LpXyWPEAeP88vLNO97IjlA7)"
    "_GQ5sLKMgvfTeXZx9SE-7YwVol2NXOoAJe46sui395IW_GO-pWJ1O0BkTGoVEn2bKVRUCgu-GjBVaYLU6f3l9kJf"
    "FNS3E0QbVdxzubSu3Mkqzjkn439X0M_V51gfpRLI9JYanrC4D4qAdGcopV_0ZHHzQlBjudU2QvXt4ehNYTCBr6XC"
    "LQUShb1juUO1ZdiYoFaFQT5Tw8bGUl_x_jTj3ccPDVZFD9pIuhLhBOneufuBiB4cS98l2SR_RQyGWSeWjnczT0QU"
    R"(91p1DhOVRuOopznQ","p":"4BzEEOtIpmVdVEZNCqS7baC4crd0pqnRH_5IB3jw3bcxGn6QLvnEtfdUdiYrqBdss)"
    "1l58BQ3KhooKeQTa9AB0Hw_Py5PJdTJNPY8cQn7ouZ2KKDcmnPGBY5t7yLc1QlQ5xHdwW1VhvKn-nXqhJTBgIPgt"
    R"(ldC-KDV5z-y2XDwGUc","q":"uQPEfgmVtjL0Uyyx88GZFF1fOunH3-7cepKmtH4pxhtCoHqpWmT8YAmZxaewHgH)"
    "AjLYsp1ZSe7zFYHj7C6ul7TjeLQeZD_YwD66t62wDmpe_HlB-TnBA-njbglfIsRLtXlnDzQkv5dTltRJ11BKBByp"
    R"(eeF6689rjcJIDEz9RWdc","dp":"BwKfV3Akq5_MFZDFZCnW-wzl-CCo83WoZvnLQwCTeDv8uzluRSnm71I3QCLd)"
    "hrqE2e9YkxvuxdBfpT_PI7Yz-FOKnu1R6HsJeDCjn12Sk3vmAktV2zb34MCdy7cpdTh_YVr7tss2u6vneTwrA86r"
    R"(Ztu5Mbr1C1XsmvkxHQAdYo0","dq":"h_96-mK1R_7glhsum81dZxjTnYynPbZpHziZjeeHcXYsXaaMwkOlODsWa)"
    "7I9xXDoRwbKgB719rrmI2oKr6N3Do9U0ajaHF-NKJnwgjMd2w9cjz3_-kyNlxAr2v4IKhGNpmM5iIgOS1VZnOZ68"
    R"(m6_pbLBSp3nssTdlqvd0tIiTHU","qi":"IYd7DHOhrWvxkwPQsRM2tOgrjbcrfvtQJipd-DlcxyVuuM9sQLdgjV)"
    "k2oy26F0EmpScGLq2MowX7fhd_QJQ3ydy5cY7YIBi87w93IKLEdfnbJtoOPLUW0ITrJReOgo1cq9SbsxYawBgfp_"
    R"(gh6A5603k2-ZQwVK0JKSHuLFkuQ3U"})";
constexpr std::string_view k7515A2Token =
    "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGx"
    "lLmNvbS9pc19yb290Ijp0cnVlfQ.cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5R"
    "Zmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrn"
    "byTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHW"
    "EsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0ig"
    "cN_IoypGlUPQGe77Rw";

constexpr std::string_view k7515A3Key =
    R"({"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu)"
    R"(9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"})";
constexpr std::string_view k7515A3Token =
    "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGx"
    "lLmNvbS9pc19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8I"
    "SlSApmWQxfKTUJqPP3-Kg6NU1Q";

constexpr std::string_view k7515A4Key =
    R"({"kty":"EC","crv":"P-521","x":"AekpBQ8ST8a8VcfVOTNl353vSrDCLLJXmPk06wTjxrrjcBpXp5EOnYG_N)"
    R"(jFZ6OvLFV1jSfS9tsz4qUxcWceqwQGk","y":"ADSmRA43Z1DSNx_RvcLI87cdL07l6jQyyBXMoxVg_l2Th-x3S1)"
    R"(WDhjDly79ajL4Kkd0AZMaZmh9ubmf63e3kyMj2","d":"AY5pb7A0UFiB3RELSD64fTLOSV_jazdF7fLYyuTw8lO)"
    R"(fRhWg6Y6rUrPAxerEzgdRhajnu0ferB0d53vM9mE15j2C"})";
constexpr std::string_view k7515A4Token =
    "eyJhbGciOiJFUzUxMiJ9.UGF5bG9hZA.AdwMgeerwtHoh-l192l60hp9wAHZFVJbLfD_UxMi70cwnZOYaRI1bKPW"
    "ROc-mZZqwqT2SI-KGDKB34XO0aw_7XdtAG8GaSwFKdCAPZgoXD2YBJZCPEX3xKpRwcdOO8KpEHwJjyqOgzDO7iKv"
    "U8vcnwNrmxYbSW9ERBXukOXolLzeO_Jn";

constexpr std::string_view k7515A5Token =
    "eyJhbGciOiJub25lIn0.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxl"
    "LmNvbS9pc19yb290Ijp0cnVlfQ.";

constexpr std::string_view k7638Key =
    R"({"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7)"
    "aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0"
    "h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD0"
    "8qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJ"
    R"(zKnqDKgw","e":"AQAB","alg":"RS256","kid":"2011-04-29"})";
constexpr std::string_view k7638Thumbprint = "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs";

constexpr std::string_view k8037A1Key =
    R"({"kty":"OKP","crv":"Ed25519","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A","x":"11qY)"
    R"(AYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})";
constexpr std::string_view k8037A2Key =
    R"({"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})";
constexpr std::string_view k8037A3Thumbprint = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k";
constexpr std::string_view k8037A4Token =
    "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09P"
    "GcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";

struct Example {
  std::string_view name;
  std::string_view key;
  std::string_view token;
  std::string_view payload;
};

constexpr std::string_view kClaims =
    "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}";

constexpr std::array<Example, 5> kExamples{{
    {"RFC 7515 A.1, HS256", k7515A1Key, k7515A1Token, kClaims},
    {"RFC 7515 A.2, RS256", k7515A2Key, k7515A2Token, kClaims},
    {"RFC 7515 A.3, ES256", k7515A3Key, k7515A3Token, kClaims},
    {"RFC 7515 A.4, ES512", k7515A4Key, k7515A4Token, "Payload"},
    {"RFC 8037 A.4, EdDSA", k8037A2Key, k8037A4Token, "Example of Ed25519 signing"},
}};

Jwk read_key(std::string_view text) {
  JsonReading reading = read_json(text);
  REQUIRE(reading.value.has_value());
  auto jwk = parse_jwk(*reading.value);
  REQUIRE(jwk.has_value());
  return *std::move(jwk);
}

VerdictCode judge_at(std::int64_t now, const Example& example) {
  Policy policy;
  policy.now = {now, 0};
  CleanedToken token{std::string(example.token), {}};
  auto verdict = verify(token, policy, source_of(std::string(example.key)));
  REQUIRE(verdict.has_value());
  return verdict->code();
}

}  // namespace

TEST_CASE("RFC examples verify, and do not with one bit changed") {
  for (const Example& example : kExamples) {
    DYNAMIC_SECTION(example.name) {
      KeySource source = source_of(std::string(example.key));
      Answer answer = judge_jws(example.token, source);
      INFO(answer.reason);
      CHECK(answer.accepted);
      CHECK(read_jws(example.token, kMaxTokenBytes).octets("payload") == example.payload);
      for (std::string_view segment : {"payload", "signature"}) {
        INFO("changed " << segment);
        CHECK(judge_jws(change_octet(example.token, segment), source).code ==
              VerdictCode::signature);
      }
    }
  }
}

TEST_CASE("RFC 7515 A.1 to A.3 are JWTs until the second of their exp") {
  constexpr std::int64_t kExp = 1300819380;
  for (const Example& example : kExamples) {
    if (example.payload != kClaims) continue;
    INFO(example.name);
    CHECK(judge_at(kExp - 1, example) == VerdictCode::ok);
    CHECK(judge_at(kExp, example) == VerdictCode::expired);
  }
}

TEST_CASE("RFC examples do not verify under each other's keys") {
  for (const Example& token : kExamples) {
    for (const Example& key : kExamples) {
      if (token.name == key.name) continue;
      INFO(token.name << " under the key of " << key.name);
      CHECK_FALSE(judge_jws(token.token, source_of(std::string(key.key))).accepted);
    }
  }
}

TEST_CASE("RFC 7515 A.5 is unsecured and refused whatever the key") {
  for (const Example& example : kExamples) {
    INFO("key of " << example.name);
    Answer answer = judge_jws(k7515A5Token, source_of(std::string(example.key)));
    CHECK(answer.code == VerdictCode::header);
    CHECK(answer.rule == rules::alg_none.id);
  }
}

TEST_CASE("RFC 7638 section 3.1: the thumbprint of an RSA key") {
  Jwk jwk = read_key(k7638Key);
  CHECK(thumbprint(jwk.key) == std::string(k7638Thumbprint));
  CHECK(jwk.kid == "2011-04-29");
}

TEST_CASE("RFC 8037 A.1 to A.3: both halves of the key have one thumbprint") {
  Jwk whole = read_key(k8037A1Key);
  Jwk half = read_key(k8037A2Key);
  CHECK(whole.key.is_private());
  CHECK_FALSE(half.key.is_private());
  CHECK(thumbprint(whole.key) == std::string(k8037A3Thumbprint));
  CHECK(thumbprint(half.key) == std::string(k8037A3Thumbprint));
}

}  // namespace jwtctl::vectors
