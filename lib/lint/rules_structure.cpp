// SPDX-License-Identifier: Apache-2.0
// Rules on the form of a token (RFC 7515 sections 2 and 7.1, RFC 7519 section 7.2). Most of it is
// found when a token is read; the rules give those faults their names.
#include <fmt/format.h>

#include "lib/base/limits.h"
#include "lib/crypto/ecdsa_form.h"
#include "lib/lint/catalogue.h"
#include "lib/token/clean.h"

namespace jwtctl {
namespace {

/// A signature of 64 octets, as ES256 makes it.
constexpr std::string_view kSignature =
    "VVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVQ";

/// is_nested says whether the payload is a token itself (RFC 7519 section 5.2).
bool is_nested(const TokenSubject& token) {
  return token.jws.kind == TokenKind::jws && looks_like_token(token.jws.octets("payload"));
}

/// faults_of reports what the readers found under one rule.
template <const RuleId& rule>
Remarks faults_of(const TokenSubject& token) {
  Remarks remarks;
  for (const auto* faults : {&token.jws.faults, &token.payload.faults}) {
    for (const Fault& fault : *faults) {
      if (fault.rule != rule) continue;
      remarks.push_back(
          {"token", fmt::format("{} (offset {})", fault.message, fault.offset), fault.offset});
    }
  }
  return remarks;
}

constexpr Rule kNotCompact{
    .id = rules::not_compact,
    .level = Severity::error,
    .summary = "the token is JSON, not the compact serialization",
    .why =
        "A JWT is always compact: three segments with dots between. A verifier that takes both "
        "forms can be shown one token and made to check another.",
    .source = "RFC 7519 section 3; CVE-2022-39227",
    .fix = "Send the compact form, and let no verifier accept both.",
    .bad = {{.text = R"({"payload":"e30","signatures":[]})"}},
    .good = {},
    .check = faults_of<rules::not_compact>};

constexpr Rule kIllegalCharacter{
    .id = rules::illegal_character,
    .level = Severity::error,
    .summary = "the token has a character that is not base64url",
    .why =
        "Line breaks, blanks, quotes and percent signs are not part of a token. Some decoders "
        "drop them silently and some do not, so the token works in one place alone.",
    .source = "RFC 7515 section 2",
    .fix =
        "Remove what copying or a wrapper added: Bearer, quotes, line breaks, percent-encoding, "
        "the "
        "name of a cookie.",
    .bad = {{.text =
                 "Bearer eyJhbGciOiJFUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IjIwMjYtYSJ9."
                 "eyJhdWQiOiJhcGkuZXhhbXBsZSIsImV4cCI6MTc2NzIyOTE0MH0."
                 "VVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVV"
                 "VVVVVQ"}},
    .good = {},
    .check = faults_of<rules::illegal_character>};

constexpr Rule kBase64Padding{
    .id = rules::base64_padding,
    .level = Severity::error,
    .summary = "a segment is padded with =",
    .why =
        "In a token base64url stands without padding. Strict verifiers refuse the token; lenient "
        "ones accept two spellings of it.",
    .source = "RFC 7515 section 2",
    .fix = "Let the issuer cut the = off before it signs: the signature covers the spelling.",
    .bad = {{.signature =
                 "VVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVV"
                 "VVVVVQ=="}},
    .good = {},
    .check = faults_of<rules::base64_padding>};

constexpr Rule kBase64Standard{
    .id = rules::base64_standard_alphabet,
    .level = Severity::error,
    .summary = "a segment has + or / of standard base64",
    .why =
        "Tokens use the alphabet that is safe in URLs, with - and _ in place of + and /. The token "
        "breaks in a URL or a form, and strict verifiers refuse it.",
    .source = "RFC 7515 section 2; RFC 4648 section 5",
    .fix = "Encode with base64url at the issuer.",
    .bad = {{.signature =
                 "+/VVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVV"
                 "VVVVVQ"}},
    .good = {},
    .check = faults_of<rules::base64_standard_alphabet>};

constexpr Rule kBase64Noncanonical{
    .id = rules::base64_noncanonical,
    .level = Severity::error,
    .summary = "a segment is spelled as no encoder spells it",
    .why =
        "The length is impossible or the last character has stray bits. Decoders that accept it "
        "know several spellings of one token, which defeats a list of revoked tokens kept by text "
        "or by hash. The second valid form of an ECDSA signature, n - s in place of s, does the "
        "same: keep such lists by iss and jti.",
    .source = "RFC 4648 section 3.5",
    .fix = "Look for a cut or an edit of the token first, then for the issuer's encoder.",
    .bad = {{.signature =
                 "VVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVV"
                 "VVVVVR"}},
    .good = {},
    .check = faults_of<rules::base64_noncanonical>};

constexpr Rule kSegmentCount{
    .id = rules::segment_count,
    .level = Severity::error,
    .summary = "the token does not have its segments",
    .why =
        "A signed token has a header, a payload and a signature, an encrypted one five parts. "
        "Anything else is cut, glued together or no token. Hostile text of nothing but dots has "
        "cost verifiers that split it their memory.",
    .source = "RFC 7515 section 7.1; RFC 7516 section 7.1; CVE-2025-30204",
    .fix = "Look for what cut it: the width of a terminal, a limit on headers, a log's column.",
    .bad = {{.text = "eyJhbGciOiJFUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IjIwMjYtYSJ9."
                     "eyJzdWIiOiJ1c2VyLTEi",
             .also = "JWT012"}},
    .good = {},
    .check = faults_of<rules::segment_count>};

Remarks signature_missing(const TokenSubject& token) {
  const Segment* signature = token.jws.segment("signature");
  if (signature == nullptr || signature->length != 0) return {};
  if (is_none(token.jws.header_text("alg").value_or(""))) return {};
  return {{"signature", "the signature is empty"}};
}

constexpr Rule kSignatureMissing{
    .id = rules::signature_missing,
    .level = Severity::error,
    .summary = "the header names an algorithm, but there is no signature",
    .why =
        "Somebody stripped the signature. Verifiers that compare as many octets as they are "
        "given have accepted such tokens.",
    .source = "RFC 7515 section 5.2; CVE-2020-28042",
    .fix = "Treat the token as unsigned, and find out what removed the signature.",
    .bad = {{.signature = "-"}},
    .good = {},
    .check = signature_missing};

/// signature_of returns the decoded signature of a JWS, empty when there is none to judge.
std::string_view signature_of(const TokenSubject& token) {
  const Segment* signature = token.jws.segment("signature");
  return signature != nullptr && signature->readable ? std::string_view(signature->octets)
                                                     : std::string_view{};
}

const Algorithm* algorithm_of(const TokenSubject& token) {
  return find_algorithm(token.jws.header_text("alg").value_or(""));
}

bool is_der_instead(std::string_view signature, const Algorithm& algorithm) {
  return algorithm.scheme == SignatureScheme::ecdsa &&
         signature.size() != algorithm.signature_bytes && is_ecdsa_der(signature);
}

/// wrong_length says what a signature of `algorithm` has instead; empty when the length is right.
std::string wrong_length(std::size_t octets, const Algorithm& algorithm) {
  if (algorithm.signature_bytes != 0) {
    return octets != algorithm.signature_bytes ? fmt::format("{}", algorithm.signature_bytes) : "";
  }
  if (algorithm.scheme == SignatureScheme::eddsa) {
    return octets != 64 && octets != 114 ? "64 or 114" : "";
  }
  constexpr std::size_t kSmallest = kMinRsaBits / 8;
  constexpr std::size_t kLargest = kMaxRsaBits / 8;
  bool fits = octets >= kSmallest && octets <= kLargest;
  return fits ? "" : fmt::format("{} to {}", kSmallest, kLargest);
}

Remarks signature_length(const TokenSubject& token) {
  std::string_view signature = signature_of(token);
  const Algorithm* algorithm = algorithm_of(token);
  if (signature.empty() || algorithm == nullptr || is_der_instead(signature, *algorithm)) return {};
  std::string wanted = wrong_length(signature.size(), *algorithm);
  if (wanted.empty()) return {};
  return {{"signature", fmt::format("a signature of {} has {} octets, this one has {}",
                                    algorithm->name, wanted, signature.size())}};
}

constexpr Rule kSignatureLength{
    .id = rules::signature_length,
    .level = Severity::error,
    .summary = "the signature is not as long as its algorithm makes it",
    .why =
        "The length follows from alg, and from the modulus for RSA, of which 2048 bits are the "
        "least. No right signature has another one: the token was cut, or alg was changed.",
    .source = "RFC 7518 sections 3.2 to 3.5; RFC 8037 section 3.1",
    .fix = "Look for a cut at the end of the token, then for the signer's encoding and key size.",
    .bad = {{.header = R"({"alg":"ES384","kid":"2026-a"})", .signature = kSignature}},
    .good = {.header = R"({"alg":"ES384","kid":"2026-a"})"},
    .check = signature_length};

Remarks ecdsa_der_signature(const TokenSubject& token) {
  std::string_view signature = signature_of(token);
  const Algorithm* algorithm = algorithm_of(token);
  if (algorithm == nullptr || !is_der_instead(signature, *algorithm)) return {};
  return {{"signature",
           fmt::format("the signature is DER of {} octets; {} wants r and s of {} each",
                       signature.size(), algorithm->name, algorithm->signature_bytes / 2)}};
}

constexpr Rule kEcdsaDer{
    .id = {"JWT009", "ecdsa-der-signature"},
    .level = Severity::error,
    .summary = "the ECDSA signature is DER where r and s are wanted",
    .why =
        "OpenSSL, Java, key management services and hardware modules sign in DER. A JWS has the "
        "two numbers side by side, each of the length of the curve, so no verifier accepts it.",
    .source = "RFC 7518 section 3.4",
    .fix = "Convert DER to r and s of fixed length in the signer.",
    .bad = {{.signature =
                 "MEQCICT3hjAI8Ty5QZgvhPmxzdUtury0-c4E372_b3Oiy27KAiAn6nC_TCHasPxUvDwcDIod-KZqXGyY"
                 "Aclxis1IsehOTg"}},
    .good = {},
    .check = ecdsa_der_signature};

Remarks ecdsa_out_of_range(const TokenSubject& token) {
  std::string_view signature = signature_of(token);
  const Algorithm* algorithm = algorithm_of(token);
  if (algorithm == nullptr || algorithm->scheme != SignatureScheme::ecdsa) return {};
  if (signature.size() != algorithm->signature_bytes) return {};
  if (is_in_ecdsa_range(signature, algorithm->curve)) return {};
  return {{"signature", "r or s is zero, or not below the order of the curve"}};
}

constexpr Rule kEcdsaRange{
    .id = {"JWT010", "ecdsa-out-of-range"},
    .level = Severity::error,
    .summary = "the ECDSA signature has a number that no signer makes",
    .why =
        "With r and s zero a verifier that skips this check accepts any token under any key. "
        "Nobody makes such a signature by mistake.",
    .source = "FIPS 186-5 section 6.4.2; CVE-2022-21449",
    .fix = "Treat the token as an attack, and make sure that its verifiers are up to date.",
    .bad = {{.signature =
                 "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
                 "AAAAAA"}},
    .good = {},
    .check = ecdsa_out_of_range};

Remarks json_invalid(const TokenSubject& token) {
  bool nested = token.jws.header_text("cty") == "JWT" && is_nested(token);
  Remarks remarks = faults_of<rules::json_invalid>(token);
  if (nested) {
    // The payload is a token by right; what was found is a fault of the header.
    const Segment* payload = token.jws.segment("payload");
    std::erase_if(remarks, [payload](const Remark& remark) {
      return remark.offset.value_or(0) >= payload->offset;
    });
  }
  return remarks;
}

constexpr Rule kJsonInvalid{
    .id = rules::json_invalid,
    .level = Severity::error,
    .summary = "the header or the payload is not one JSON object",
    .why =
        "Both must be a JSON object in UTF-8, without a byte order mark and with nothing behind "
        "it. What one parser forgives, another reads differently.",
    .source = "RFC 7515 section 5.2; RFC 7519 section 7.2; RFC 8259 section 8.1",
    .fix = "Let the issuer write its JSON with a serializer.",
    .bad = {{.payload = R"({"sub":"user-1",})"}, {.payload = R"(["user-1"])"}},
    .good = {},
    .check = json_invalid};

constexpr Rule kDuplicateMember{
    .id = rules::duplicate_member,
    .level = Severity::error,
    .summary = "a member stands twice in one object",
    .why =
        "One parser takes the first, another the last, a third refuses: two services read two "
        "different tokens under one signature.",
    .source = "RFC 7515 section 4; RFC 7519 section 4",
    .fix = "Let the issuer write every name once, and let verifiers refuse such tokens.",
    .bad = {{.header = R"({"alg":"ES256","kid":"2026-a","alg":"ES256"})"}},
    .good = {},
    .check = faults_of<rules::duplicate_member>};

constexpr Rule kJsonLimits{
    .id = rules::json_limits,
    .level = Severity::error,
    .summary = "the token is larger or deeper than a parser should go",
    .why =
        "Deeply nested or endless JSON exhausts the stack or the memory of verifiers before the "
        "signature is looked at.",
    .source = "RFC 8259 section 9; CVE-2025-53864",
    .fix = "Flatten the claims, or let the token refer to what is too large for it.",
    .bad = {{.payload =
                 R"({"a":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]})"}},
    .good = {.payload = R"({"sub":"user-1","exp":1767229140,)"
                        R"("a":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]})"},
    .check = faults_of<rules::json_limits>};

Remarks encrypted(const TokenSubject& token) {
  if (token.jws.kind == TokenKind::jwe && token.header() != nullptr) {
    return {{"header",
             "the token is encrypted; its claims cannot be read without the recipient's key"}};
  }
  if (!is_nested(token)) return {};
  return {{"payload", "the payload is a token itself, with a header and a signature of its own"}};
}

constexpr Rule kEncrypted{
    .id = rules::encrypted,
    .level = Severity::note,
    .summary = "the token is encrypted, or another token is its payload",
    .why =
        "What is encrypted is not signed by that: anybody who has the public key can make it. A "
        "token within a token must be verified with its own key and its own policy.",
    .source = "RFC 7519 sections 5.2 and 11.2; RFC 8725 section 3.3; CVE-2023-51774",
    .fix = "Decrypt or unwrap it, then verify the token within.",
    .bad = {{.text = "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..VVVVVVVVVVVVVVVV.VVVV."
                     "VVVVVVVVVVVVVVVVVVVVVQ"},
            {.header = R"({"alg":"ES256","kid":"2026-a","cty":"JWT"})",
             .payload = "eyJhbGciOiJFUzI1NiJ9.e30.VVVV"}},
    .good = {},
    .check = encrypted};

// JWT011 ecdsa-high-s is reserved: half of all good signatures have a high s, so it says nothing
// about a token. What there is to know stands with JWT005.
constexpr Rule kRules[] = {
    kNotCompact,   kIllegalCharacter, kBase64Padding,   kBase64Standard, kBase64Noncanonical,
    kSegmentCount, kSignatureMissing, kSignatureLength, kEcdsaDer,       kEcdsaRange,
    kJsonInvalid,  kDuplicateMember,  kJsonLimits,      kEncrypted};

}  // namespace

std::span<const Rule> structure_rules() { return kRules; }

}  // namespace jwtctl
