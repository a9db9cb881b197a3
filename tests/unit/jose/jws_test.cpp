// SPDX-License-Identifier: Apache-2.0
#include "lib/jose/jws.h"

#include "lib/base/limits.h"
#include "lib/codec/base64url.h"
#include "tests/catch.h"

namespace jwtctl {
namespace {

const std::string kHeader = to_base64url(R"({"alg":"HS256","kid":"k"})");  // 34 characters
const std::string kPayload = to_base64url(R"({"sub":"x"})");               // 15 characters
const std::string kSignature = to_base64url(std::string(32, '\xa5'));      // 43 characters
const std::string kToken = kHeader + "." + kPayload + "." + kSignature;

Jws read(std::string_view text) { return read_jws(text, kMaxTokenBytes); }

/// only_fault is the one fault that `text` has.
Fault only_fault(std::string_view text) {
  Jws jws = read(text);
  CAPTURE(text.substr(0, 80), jws.faults.size());
  REQUIRE(jws.faults.size() == 1);
  return jws.faults.front();
}

void check_fault(const Fault& fault, RuleId rule, std::size_t offset, std::string_view part,
                 bool readable) {
  CAPTURE(fault.message, part);
  CHECK(fault.rule.id == rule.id);
  CHECK(fault.offset == offset);
  CHECK(fault.message.find(part) != std::string::npos);
  CHECK(fault.readable == readable);
}

std::string with_header(std::string_view json) {
  return to_base64url(json) + "." + kPayload + "." + kSignature;
}

TEST_CASE("a compact JWS has three segments and no fault") {
  Jws jws = read(kToken);
  CHECK(jws.faults.empty());
  CHECK(jws.kind == TokenKind::jws);
  CHECK(jws.text == kToken);
  REQUIRE(jws.segments.size() == 3);
  CHECK(jws.segment("header")->offset == 0);
  CHECK(jws.segment("header")->length == kHeader.size());
  CHECK(jws.segment("payload")->offset == kHeader.size() + 1);
  CHECK(jws.segment("signature")->length == kSignature.size());
  CHECK(jws.segment("ciphertext") == nullptr);
  CHECK(jws.octets("payload") == R"({"sub":"x"})");
  CHECK(jws.octets("signature") == std::string(32, '\xa5'));
  CHECK(jws.octets("nothing").empty());
  CHECK(jws.signing_input() == kHeader + "." + kPayload);
  CHECK(jws.header_text("kid") == "k");
  CHECK(jws.header_text("typ") == std::nullopt);
  CHECK(jws.header_text("alg") == "HS256");
}

TEST_CASE("the payload and the signature are not looked into") {
  CHECK(read(kHeader + ".." + kSignature).faults.empty());
  CHECK(read(kHeader + "." + kPayload + ".").faults.empty());
  CHECK(read(kHeader + "." + to_base64url("not JSON") + "." + kSignature).faults.empty());
  CHECK(read(kHeader + "." + kPayload + ".").signing_input() == kHeader + "." + kPayload);
}

TEST_CASE("header members that are no strings have no text") {
  Jws jws = read(with_header(R"({"alg":5,"kid":null})"));
  CHECK(jws.faults.empty());
  CHECK(jws.header_text("alg") == std::nullopt);
  CHECK(jws.header_text("kid") == std::nullopt);
}

TEST_CASE("a token of exactly the limit is read and one byte more is not") {
  CHECK(read_jws(kToken, kToken.size()).faults.empty());
  Jws jws = read_jws(kToken, kToken.size() - 1);
  REQUIRE(jws.faults.size() == 1);
  check_fault(jws.faults[0], rules::json_limits, kToken.size() - 1,
              fmt::format("has {} bytes, the limit is {}", kToken.size(), kToken.size() - 1),
              false);
  CHECK(jws.segments.empty());
  CHECK_FALSE(jws.header.has_value());
}

TEST_CASE("what is no compact serialization is told as such") {
  check_fault(only_fault(""), rules::segment_count, 0, "is empty", false);
  check_fault(only_fault(R"({"payload":"","signatures":[]})"), rules::not_compact, 0,
              "this is JSON", false);
  check_fault(only_fault("[]"), rules::not_compact, 0, "this is JSON", false);
}

TEST_CASE("a signed token has three segments, not one, two, four or six") {
  check_fault(only_fault(kHeader), rules::segment_count, kHeader.size(), "this has 1", false);
  std::string two = kHeader + "." + kPayload;
  check_fault(only_fault(two), rules::segment_count, two.size(), "this has 2", false);
  check_fault(only_fault(kToken + "."), rules::segment_count, kToken.size(), "this has 4", false);
  check_fault(only_fault(kToken + ".a.b.c"), rules::segment_count, kToken.size(), "this has 6",
              false);
  CHECK(read(two).header.has_value());  // what can be told is told
}

TEST_CASE("five segments are an encrypted token") {
  std::string header = to_base64url(R"({"alg":"dir","enc":"A256GCM"})");
  Jws jws = read(header + "..AAAA.AAAA.AAAA");
  CHECK(jws.kind == TokenKind::jwe);
  CHECK(jws.faults.empty());
  REQUIRE(jws.segments.size() == 5);
  CHECK(jws.segments[1].name == "encrypted key");
  CHECK(jws.segments[2].name == "initialization vector");
  CHECK(jws.segments[3].name == "ciphertext");
  CHECK(jws.segments[4].name == "authentication tag");
  CHECK(jws.segment("payload") == nullptr);
  CHECK(jws.header_text("enc") == "A256GCM");
}

TEST_CASE("100,000 dots are cheap and one fault") {
  std::string dots(100'000, '.');
  Jws jws = read_jws(kHeader + dots, 200'000);
  REQUIRE(jws.faults.size() == 1);
  check_fault(jws.faults[0], rules::segment_count, kHeader.size() + 2, "this has 100001", false);
  CHECK(jws.segments.size() == 3);
  Jws bare = read_jws(dots, 200'000);
  CHECK(bare.segments.size() == 3);
  REQUIRE_FALSE(bare.faults.empty());
  check_fault(bare.faults[0], rules::segment_count, 2, "this has 100001", false);
  for (const Fault& fault : bare.faults) CHECK(fault.rule.id == rules::segment_count.id);
  CHECK(read(dots).segments.empty());  // over the usual limit
}

TEST_CASE("an empty header segment is a fault") {
  Jws jws = read("." + kPayload + "." + kSignature);
  REQUIRE(jws.faults.size() == 1);
  check_fault(jws.faults[0], rules::segment_count, 0, "header segment is empty", false);
  CHECK_FALSE(jws.header.has_value());
  CHECK(jws.octets("payload") == R"({"sub":"x"})");
}

TEST_CASE("faults of base64url are placed within the token") {
  std::size_t payload = kHeader.size() + 1;
  std::size_t signature = payload + kPayload.size() + 1;
  check_fault(only_fault(kHeader + ".QU!D." + kSignature), rules::illegal_character, payload + 2,
              "'!' in the payload", false);
  check_fault(only_fault(kHeader + ".QU\nD." + kSignature), rules::illegal_character, payload + 2,
              "byte 0x0a in the payload", false);
  check_fault(only_fault(kToken + "\xc3\xa9"), rules::illegal_character, kToken.size(),
              "byte 0xc3 in the signature", false);
  check_fault(only_fault(kHeader + ".A+z_." + kSignature), rules::base64_standard_alphabet,
              payload + 1, "'+' in the payload is standard base64", true);
  check_fault(only_fault(kHeader + "." + kPayload + ".Zg=="), rules::base64_padding, signature + 2,
              "the signature is padded", true);
  check_fault(only_fault(kHeader + "." + kPayload + ".QUJDR"), rules::base64_noncanonical,
              signature + 4, "the signature has 5 characters", false);
  check_fault(only_fault(kHeader + "." + kPayload + ".Zh"), rules::base64_noncanonical,
              signature + 1, "last character of the signature has stray bits", true);
}

TEST_CASE("a fault of spelling leaves the segment readable") {
  Jws padded = read(kHeader + "." + to_base64url(R"({"sub":"xy"})") + "=." + kSignature);
  CHECK(padded.segment("payload")->readable);
  CHECK(padded.octets("payload") == R"({"sub":"xy"})");
  Jws cut = read(kHeader + ".QUJDR." + kSignature);
  CHECK_FALSE(cut.segment("payload")->readable);
  CHECK(cut.octets("payload") == "ABC");
}

TEST_CASE("the faults of all segments are collected") {
  Jws jws = read("e30=.A+z_.Zh");
  REQUIRE(jws.faults.size() == 3);
  CHECK(jws.faults[0].rule.id == rules::base64_padding.id);
  CHECK(jws.faults[1].rule.id == rules::base64_standard_alphabet.id);
  CHECK(jws.faults[2].rule.id == rules::base64_noncanonical.id);
  CHECK(jws.header.has_value());
}

TEST_CASE("the header is one JSON object") {
  for (std::string_view json : {"5", "[]", "\"x\"", "null", "true"}) {
    CAPTURE(json);
    check_fault(only_fault(with_header(json)), rules::json_invalid, 0, "not an object", false);
    CHECK_FALSE(read(with_header(json)).header.has_value());
  }
  check_fault(only_fault(with_header("{} x")), rules::json_invalid, 4, "at its byte 3", false);
  check_fault(only_fault(with_header("\xef\xbb\xbf{}")), rules::json_invalid, 0, "byte order mark",
              false);
  CHECK(only_fault(with_header(std::string(40, '['))).rule.id == rules::json_limits.id);
}

TEST_CASE("a header with duplicate members is read and faulty") {
  Jws jws = read(with_header(R"({"alg":"none","alg":"HS256"})"));
  REQUIRE(jws.faults.size() == 1);
  CHECK(jws.faults[0].rule.id == rules::duplicate_member.id);
  CHECK(jws.faults[0].readable);
  CHECK(jws.header_text("alg") == "HS256");
}

TEST_CASE("an octet of a segment has its place in the token") {
  Segment segment{"payload", 100, 8, "abcdef", true};
  CHECK(token_offset(segment, 0) == 100);
  CHECK(token_offset(segment, 1) == 101);
  CHECK(token_offset(segment, 2) == 102);
  CHECK(token_offset(segment, 3) == 104);
  CHECK(token_offset(segment, 5) == 106);
}

}  // namespace
}  // namespace jwtctl
