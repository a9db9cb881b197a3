// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/lint/token_rules.h"

namespace jwtctl {
namespace {

using testing::header_with;
using testing::judged;
using testing::summary;
using testing::token_of;

std::string octets(std::size_t count, char octet = '\x01') {
  return to_base64url(std::string(count, octet));
}

/// of_signature judges a token of this algorithm with a signature of so many octets.
std::string of_signature(std::string_view alg, std::size_t count) {
  std::string header = fmt::format(R"({{"alg":"{}","kid":"2026-a"}})", alg);
  return summary(judged(token_of(header, {}, octets(count))));
}

TEST_CASE("an ordinary token has no findings at all") {
  CHECK(summary(judged(token_of({}))).empty());
}

TEST_CASE("faults of the form have their place in the token") {
  std::string text = token_of({}, {}, "VQ==");
  auto findings = judged(text);
  REQUIRE(summary(findings) == "JWT003 error token, JWT008 error signature");
  CHECK(findings[0].offset == text.size() - 2);
  CHECK(findings[0].message.find("(offset ") != std::string::npos);
}

TEST_CASE("a signature has exactly the length of its algorithm") {
  struct Row {
    std::string_view alg;
    std::size_t octets;
  };
  for (Row row :
       {Row{"HS256", 32}, Row{"HS384", 48}, Row{"HS512", 64}, Row{"ES256", 64}, Row{"ES384", 96},
        Row{"ES512", 132}, Row{"ES256K", 64}, Row{"Ed25519", 64}, Row{"Ed448", 114}}) {
    CAPTURE(row.alg);
    CHECK(of_signature(row.alg, row.octets - 1) == "JWT008 error signature");
    CHECK(of_signature(row.alg, row.octets).empty());
    CHECK(of_signature(row.alg, row.octets + 1) == "JWT008 error signature");
  }
}

TEST_CASE("EdDSA has two lengths") {
  for (std::size_t good : {64U, 114U}) {
    CHECK(of_signature("EdDSA", good) == "JWT104 note header/alg");
    CHECK(of_signature("EdDSA", good - 1) == "JWT008 error signature, JWT104 note header/alg");
    CHECK(of_signature("EdDSA", good + 1) == "JWT008 error signature, JWT104 note header/alg");
  }
}

TEST_CASE("an RSA signature belongs to a modulus of 2048 to 16384 bits") {
  for (std::string_view alg : {"RS256", "PS512"}) {
    CHECK(of_signature(alg, 255) == "JWT008 error signature");
    CHECK(of_signature(alg, 256).empty());
    CHECK(of_signature(alg, 2048).empty());
    CHECK(of_signature(alg, 2049) == "JWT008 error signature");
  }
}

TEST_CASE("an empty signature is reported once, and not where none is meant to be") {
  CHECK(summary(judged(token_of({}, {}, "-"))) == "JWT007 error signature");
  CHECK(summary(judged(token_of(R"({"alg":"none"})", {}, "-"))) == "JWT101 error header/alg");
  CHECK(summary(judged(token_of(R"({"alg":"NONE"})", {}, "-"))) == "JWT102 error header/alg");
}

TEST_CASE("DER in place of r and s is named, and only what is DER to the end") {
  // SEQUENCE { INTEGER 1, INTEGER 1 }
  std::string der("\x30\x06\x02\x01\x01\x02\x01\x01", 8);
  CHECK(summary(judged(token_of({}, {}, to_base64url(der)))) == "JWT009 error signature");
  CHECK(summary(judged(token_of({}, {}, to_base64url(der + "x")))) == "JWT008 error signature");
  CHECK(summary(judged(token_of(R"({"alg":"Ed25519","kid":"a"})", {}, to_base64url(der)))) ==
        "JWT008 error signature");
}

TEST_CASE("r and s are above zero and below the order") {
  const std::string order(
      "\xff\xff\xff\xff\x00\x00\x00\x00\xff\xff\xff\xff\xff\xff\xff\xff\xbc\xe6\xfa\xad\xa7\x17\x9e"
      "\x84\xf3\xb9\xca\xc2\xfc\x63\x25\x51",
      32);
  std::string below = order;
  below.back() = '\x50';
  std::string one(32, '\0');
  one.back() = '\x01';
  std::string zero(32, '\0');
  auto of = [](const std::string& r, const std::string& s) {
    return summary(judged(token_of({}, {}, to_base64url(r + s))));
  };
  CHECK(of(one, one).empty());
  CHECK(of(below, below).empty());
  for (const std::string& bad : {zero, order}) {
    CHECK(of(bad, one) == "JWT010 error signature");
    CHECK(of(one, bad) == "JWT010 error signature");
  }
}

TEST_CASE("a token within a token is a note where cty says so") {
  std::string inner = token_of({});
  CHECK(summary(judged(token_of(header_with(R"("cty":"JWT")"), inner))) == "JWT015 note payload");
  CHECK(summary(judged(token_of({}, inner))) == "JWT012 error token, JWT015 note payload");
  // What is wrong with the header stays.
  auto broken = judged(fmt::format("{}.{}.VVVV", to_base64url("{"), to_base64url(inner)));
  CHECK(summary(broken) == "JWT012 error token, JWT012 error token, JWT015 note payload");
}

TEST_CASE("the limits of JSON are named on both sides") {
  auto nested = [](std::size_t depth) {
    return testing::of_claims(
        fmt::format(R"("a":{}{})", std::string(depth, '['), std::string(depth, ']')));
  };
  CHECK(nested(kMaxJsonDepth - 1).empty());  // the payload is the first level
  CHECK(nested(kMaxJsonDepth) == "JWT014 error token");
  std::string long_token = token_of(
      {}, testing::payload_with(fmt::format(R"("a":"{}")", std::string(kMaxTokenBytes, 'a'))));
  CHECK(summary(judged(long_token)).find("JWT014 error token") == 0);
}

TEST_CASE("an encrypted token is a note and its alg is not judged as a signature") {
  CHECK(summary(judged(to_base64url(R"({"alg":"dir","enc":"A256GCM"})") + "..AA.AA.AA")) ==
        "JWT015 note header");
}

TEST_CASE("text that is nothing has one finding") {
  CHECK(summary(judged("")) == "JWT006 error token");
  CHECK(summary(judged("...")).find("JWT006 error token") == 0);
  CHECK(summary(judged("[]")) == "JWT001 error token");
}

}  // namespace
}  // namespace jwtctl
