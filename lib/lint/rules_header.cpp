// SPDX-License-Identifier: Apache-2.0
// Rules on the header: its algorithm, what it demands and how it calls itself (RFC 7515 section
// 4.1). What it says of keys is in rules_header_key.cpp.
#include <fmt/format.h>

#include <algorithm>

#include "lib/base/text.h"
#include "lib/codec/json_shown.h"
#include "lib/crypto/algorithm.h"
#include "lib/lint/catalogue.h"
#include "lib/lint/token_kind.h"
#include "lib/lint/web_host.h"
#include "lib/token/member_types.h"

namespace jwtctl {
namespace {

constexpr std::size_t kShown = 40;

/// alg_problem_of reports what no verifier may accept, under one rule.
template <const RuleId& rule>
Remarks alg_problem_of(const TokenSubject& token) {
  if (!token.outcomes.broken(rule)) return {};
  return {{"header/alg", alg_problem(*token.header())->message}};
}

constexpr Rule kAlgNone{
    .id = rules::alg_none,
    .level = Severity::error,
    .summary = "the token is not signed: alg is none",
    .why =
        "Anybody can write such a token. Libraries that let the token choose the algorithm have "
        "accepted it.",
    .source = "RFC 7518 section 3.6; RFC 8725 section 3.2; CVE-2022-23540",
    .fix = "Sign the token. No option of a verifier should ever allow none.",
    .bad = {{.header = R"({"alg":"none"})"}},
    .good = {},
    .check = alg_problem_of<rules::alg_none>};

constexpr Rule kAlgNoneVariant{
    .id = rules::alg_none_variant,
    .level = Severity::error,
    .summary = "alg is none in disguise, or names nothing",
    .why =
        "alg is case-sensitive, and verifiers that only look for the word none were passed by "
        "nOnE, by an empty string and by null.",
    .source = "RFC 7515 section 4.1.1; RFC 8725 section 3.1",
    .fix = "Treat the token as an attack. Let verifiers have a list of what they allow.",
    .bad = {{.header = R"({"alg":"nOnE"})"},
            {.header = R"({"alg":"","kid":"2026-a"})"},
            {.header = R"({"alg":null,"kid":"2026-a"})"}},
    .good = {},
    .check = alg_problem_of<rules::alg_none_variant>};

constexpr Rule kAlgUnregistered{
    .id = rules::alg_unregistered,
    .level = Severity::error,
    .summary = "alg is missing, or not an algorithm that signs tokens",
    .why =
        "Every header must name its algorithm, by the exact name of the registry. No verifier "
        "knows what else is meant.",
    .source = "RFC 7515 section 4.1.1; IANA registry JSON Object Signing and Encryption",
    .fix = "Write the registered name: ES256, not ES-256, P256 or SHA256withECDSA.",
    .bad = {{.header = R"({"alg":"ES521","kid":"2026-a"})"}, {.header = R"({"kid":"2026-a"})"}},
    .good = {},
    .check = alg_problem_of<rules::alg_unregistered>};

Remarks alg_discouraged(const TokenSubject& token) {
  auto alg = token.jws.header_text("alg");
  if (alg == "RSA1_5") {
    return {{"header/alg", "RSA1_5 lets whoever can ask for decryptions read the token"}};
  }
  if (alg != "EdDSA") return {};
  return {{"header/alg", "EdDSA does not say which curve; Ed25519 and Ed448 are names that do",
           std::nullopt, Severity::note}};
}

constexpr Rule kAlgDiscouraged{
    .id = {"JWT104", "alg-discouraged"},
    .level = Severity::warning,
    .summary = "the algorithm is deprecated",
    .why =
        "RSA1_5 has fallen to padding oracles again and again. EdDSA (a note only) means two "
        "algorithms, which a list of allowed algorithms cannot tell apart.",
    .source = "RFC 8725 section 3.2; RFC 9864 section 2.2",
    .fix = "Encrypt with RSA-OAEP-256 or ECDH-ES. Sign with Ed25519 once all verifiers know it.",
    .bad = {{.header = R"({"alg":"EdDSA","kid":"2026-a"})"},
            {.text = "eyJhbGciOiJSU0ExXzUiLCJlbmMiOiJBMjU2R0NNIn0.VVVV.VVVVVVVVVVVVVVVV.VVVV."
                     "VVVVVVVVVVVVVVVVVVVVVQ",
             .also = "JWT015"}},
    .good = {.header = R"({"alg":"Ed25519","kid":"2026-a"})"},
    .check = alg_discouraged};

Remarks alg_symmetric_federated(const TokenSubject& token) {
  const Algorithm* algorithm = find_algorithm(token.jws.header_text("alg").value_or(""));
  if (algorithm == nullptr || algorithm->scheme != SignatureScheme::hmac) return {};
  const Json* iss = token.claim("iss");
  const Json* aud = token.claim("aud");
  const std::string* issuer = iss != nullptr ? iss->as_string() : nullptr;
  auto values = aud != nullptr ? audiences(*aud) : std::nullopt;
  if (issuer == nullptr || !values) return {};
  auto home = web_host(*issuer);
  auto is_foreign = [&home](const std::string& audience) {
    auto host = web_host(audience);
    return host && site_of(*host) != site_of(*home);
  };
  if (!home || !std::all_of(values->begin(), values->end(), is_foreign)) return {};
  return {{"header/alg",
           fmt::format("{} is a secret shared between {} and {}: either can issue tokens of the "
                       "other",
                       algorithm->name, shorten(*home, kShown),
                       shorten(*web_host(values->front()), kShown))}};
}

constexpr Rule kAlgSymmetricFederated{
    .id = {"JWT105", "alg-symmetric-federated"},
    .level = Severity::warning,
    .summary = "a shared secret signs a token for somebody else's service",
    .why =
        "Whoever can verify an HMAC can also make one. When issuer and audience are different "
        "parties, the audience can issue tokens in the issuer's name.",
    .source = "RFC 7518 section 3.2; OWASP JSON Web Token Cheat Sheet",
    .fix = "Sign with an asymmetric algorithm, such as ES256, and publish the public key.",
    .bad = {{.header = R"({"alg":"HS256","kid":"2026-a"})",
             .payload = R"({"iss":"https://issuer.example","sub":"user-1",)"
                        R"("aud":"https://api.other.test","iat":1767225540,"exp":1767229140})"}},
    .good = {.header = R"({"alg":"HS256","kid":"2026-a"})",
             .payload = R"({"iss":"https://id.issuer.example","sub":"user-1",)"
                        R"("aud":"https://api.issuer.example","iat":1767225540,"exp":1767229140})"},
    .check = alg_symmetric_federated};

Remarks alg_not_allowed(const TokenSubject& token) {
  if (!token.outcomes.broken(rules::alg_not_allowed)) return {};
  return {{"header/alg", fmt::format("{} is not in {} {}", *token.jws.header_text("alg"),
                                     token.expected.names.algorithms,
                                     join(token.expected.policy.algorithms, ","))}};
}

constexpr Rule kAlgNotAllowed{
    .id = rules::alg_not_allowed,
    .level = Severity::error,
    .needs = {.expectation = true},
    .summary = "the algorithm is not one of those that are allowed",
    .why =
        "A verifier must decide which algorithms it accepts before it sees a token, or the token "
        "decides.",
    .source = "RFC 8725 section 3.1",
    .fix = "Correct the issuer, or extend the list on purpose.",
    .bad = {{.header = R"({"alg":"RS256","kid":"2026-a"})", .options = "{algorithms} ES256"}},
    .good = {.options = "{algorithms} ES256"},
    .check = alg_not_allowed};

/// extension_problem reports what crit_problem says under one rule.
template <const RuleId& rule>
Remarks extension_problem(const TokenSubject& token) {
  if (!token.outcomes.broken(rule)) return {};
  return {{rule == rules::crit_violation ? "header/crit" : "header/b64",
           crit_problem(*token.header())->message}};
}

constexpr Rule kCritViolation{
    .id = rules::crit_violation,
    .level = Severity::error,
    .summary = "crit demands an extension that is not understood",
    .why =
        "A verifier that does not know an extension named in crit must refuse the token. "
        "Libraries that ignored crit accepted tokens which meant something else.",
    .source = "RFC 7515 section 4.1.11; CVE-2025-59420; CVE-2026-32597",
    .fix = "Drop crit, unless issuer and every verifier implement what it names.",
    .bad = {{.header = R"({"alg":"ES256","kid":"2026-a","crit":["ext"],"ext":1})"}},
    .good = {},
    .check = extension_problem<rules::crit_violation>};

constexpr Rule kUnencodedPayload{
    .id = rules::unencoded_payload,
    .level = Severity::error,
    .summary = "the payload is said not to be base64url",
    .why = "A JWT must not use the unencoded payload option.",
    .source = "RFC 7797 section 7",
    .fix = "Remove b64 from the header, and from crit.",
    .bad = {{.header = R"({"alg":"ES256","kid":"2026-a","b64":false,"crit":["b64"]})"}},
    .good = {},
    .check = extension_problem<rules::unencoded_payload>};

Remarks typ_mismatch(const TokenSubject& token) {
  if (token.header() == nullptr) return {};
  auto wanted = demanded_typ(token.expected);
  if (!wanted) {
    auto fault = header_type_fault(*token.header(), "typ");
    if (!fault) return {};
    return {{"header/typ", *std::move(fault), std::nullopt, Severity::warning}};
  }
  if (!token.outcomes.broken(rules::typ_mismatch)) return {};
  const Json* typ = token.header_member("typ");
  if (typ == nullptr) {
    return {{"header", fmt::format("expected typ \"{}\", the token has none", *wanted)}};
  }
  return {{"header/typ", fmt::format("expected \"{}\", the token has {}", *wanted,
                                     shorten(shown_value(*typ).dump(), kShown))}};
}

constexpr Rule kTypMismatch{
    .id = rules::typ_mismatch,
    .level = Severity::error,
    .needs = {.expectation = true},
    .summary = "typ is not the expected kind of token",
    .why =
        "typ tells an access token from an ID token of the same issuer and key. Without it one "
        "can be used in place of the other. A typ that is no string is a warning where none is "
        "expected: half of the libraries refuse the token, and so does verify {strict}.",
    .source = "RFC 7515 section 4.1.9; RFC 8725 section 3.11; RFC 9068 section 4",
    .fix = "Send the right kind of token, or let the issuer set typ.",
    .bad = {{.options = "{typ} at+jwt"}, {.header = R"({"alg":"ES256","typ":42,"kid":"2026-a"})"}},
    .good = {.header = R"({"alg":"ES256","typ":"application/AT+JWT","kid":"2026-a"})",
             .options = "{typ} at+jwt"},
    .check = typ_mismatch};

Remarks token_kind_ambiguous(const TokenSubject& token) {
  if (token.header() == nullptr || token.claims() == nullptr) return {};
  auto problem = kind_problem(*token.header(), *token.claims());
  if (!problem) return {};
  std::string place =
      token.header_member("typ") != nullptr && problem->from_typ ? "header/typ" : "payload";
  std::optional<Severity> level;
  if (token.expected.profile != nullptr) level = Severity::warning;
  return {{std::move(place), std::move(problem->message), std::nullopt, level}};
}

constexpr Rule kTokenKindAmbiguous{
    .id = {"JWT118", "token-kind-ambiguous"},
    .level = Severity::note,
    .summary = "the token has the marks of two kinds of token",
    .why =
        "One issuer signs ID tokens, access tokens and logout tokens with one key. A token that "
        "looks like two of them passes where it should not. With a profile this is a warning.",
    .source = "RFC 8725 sections 2.8 and 3.12",
    .fix = "Let the issuer set a typ of its own for each kind, and verifiers demand it.",
    .bad = {{.payload = R"({"iss":"https://issuer.example","sub":"user-1","aud":"api.example",)"
                        R"("iat":1767225540,"exp":1767229140,"nonce":"n-0S6","scope":"read"})"},
            {.header = R"({"alg":"ES256","typ":"at+jwt","kid":"2026-a"})",
             .payload = R"({"iss":"https://issuer.example","sub":"user-1","aud":"api.example",)"
                        R"("iat":1767225540,"exp":1767229140,"nonce":"n-0S6"})"}},
    .good = {.header = R"({"alg":"ES256","typ":"at+jwt","kid":"2026-a"})",
             .payload = R"({"iss":"https://issuer.example","sub":"user-1","aud":"api.example",)"
                        R"("iat":1767225540,"exp":1767229140,"scope":"read"})"},
    .check = token_kind_ambiguous};

Remarks cty_unexpected(const TokenSubject& token) {
  const Json* cty = token.header_member("cty");
  if (cty == nullptr || token.claims() == nullptr) return {};
  if (auto fault = header_type_fault(*token.header(), "cty")) {
    return {{"header/cty", *std::move(fault)}};
  }
  return {{"header/cty", fmt::format("cty is {}, but the payload is a set of claims",
                                     shorten(shown_value(*cty).dump(), kShown))}};
}

constexpr Rule kCtyUnexpected{
    .id = rules::cty_unexpected,
    .level = Severity::warning,
    .summary = "cty stands on a token that holds no other token",
    .why =
        "cty says that the payload is a token itself, and its use otherwise is not recommended. "
        "A verifier that believes it looks for a second token and fails.",
    .source = "RFC 7519 section 5.2",
    .fix = "Remove cty. The kind of the token itself belongs into typ.",
    .bad = {{.header = R"({"alg":"ES256","kid":"2026-a","cty":"JWT"})"}},
    .good = {},
    .check = cty_unexpected};

Remarks header_claim_conflict(const TokenSubject& token) {
  Remarks remarks;
  for (std::string_view name : {"iss", "sub", "aud"}) {
    const Json* copy = token.header_member(name);
    const Json* claim = token.claim(name);
    if (copy == nullptr || claim == nullptr || copy->same_value(*claim)) continue;
    remarks.push_back({member_place("header", name),
                       fmt::format("{} in the header is not that in the payload", name)});
  }
  return remarks;
}

constexpr Rule kHeaderClaimConflict{
    .id = {"JWT120", "header-claim-conflict"},
    .level = Severity::error,
    .summary = "a claim in the header differs from the one in the payload",
    .why =
        "iss, sub and aud may be repeated in the header; a recipient should verify that they are "
        "the same. Where they differ, a router and a verifier believe different things.",
    .source = "RFC 7519 section 5.3",
    .fix = "Remove the copy, and decide by the claims of the payload alone.",
    .bad = {{.header = R"({"alg":"ES256","kid":"2026-a","iss":"https://other.example"})"}},
    .good = {.header = R"({"alg":"ES256","kid":"2026-a","iss":"https://issuer.example"})"},
    .check = header_claim_conflict};

/// Twice what OWASP advises for PBKDF2 with HMAC-SHA256.
constexpr std::int64_t kMostIterations = 1'200'000;
constexpr std::int64_t kFewestIterations = 1000;

Remarks jwe_resource_parameters(const TokenSubject& token) {
  Remarks remarks;
  const Json* count = token.header_member("p2c");
  if (const std::string* text = count != nullptr ? count->as_number() : nullptr) {
    NumericDate parsed = parse_numeric_date(*text);
    std::int64_t rounds = parsed.value.seconds;
    if (!parsed.in_range || rounds > kMostIterations) {
      remarks.push_back({"header/p2c", fmt::format("p2c is {}, more than {} rounds cost the "
                                                   "recipient too much",
                                                   *text, kMostIterations)});
    } else if (rounds < kFewestIterations) {
      remarks.push_back(
          {"header/p2c",
           fmt::format("p2c is {}, at least {} rounds are recommended", *text, kFewestIterations),
           std::nullopt, Severity::warning});
    }
  }
  if (token.header_member("zip") != nullptr) {
    remarks.push_back(
        {"header/zip",
         token.jws.kind == TokenKind::jwe
             ? "what is compressed before it is encrypted betrays itself by its size"
             : "zip belongs to encrypted tokens; a verifier does not expand a payload",
         std::nullopt, Severity::warning});
  }
  return remarks;
}

constexpr Rule kJweResources{
    .id = {"JWT121", "jwe-resource-parameters"},
    .level = Severity::error,
    .summary = "the header makes the recipient work too much, or compresses",
    .why =
        "p2c says how often a password is hashed before anything is checked: millions of rounds "
        "stop a server, a few let the password be guessed. A small compressed token can expand to "
        "fill the memory. Few rounds and zip are warnings.",
    .source =
        "RFC 7518 section 4.8.1.2; RFC 8725 section 3.6; CVE-2023-52428; CVE-2023-50967; "
        "CVE-2024-28180",
    .fix = "Do not take PBES2 and zip from strangers; let libraries set limits for both.",
    .bad = {{.header = R"({"alg":"ES256","kid":"2026-a","p2c":2147483647})"},
            {.header = R"({"alg":"ES256","kid":"2026-a","zip":"DEF"})"}},
    .good = {.header = R"({"alg":"ES256","kid":"2026-a","p2c":600000})"},
    .check = jwe_resource_parameters};

constexpr Rule kRules[] = {kAlgNone,
                           kAlgNoneVariant,
                           kAlgUnregistered,
                           kAlgDiscouraged,
                           kAlgSymmetricFederated,
                           kAlgNotAllowed,
                           kCritViolation,
                           kUnencodedPayload,
                           kTypMismatch,
                           kTokenKindAmbiguous,
                           kCtyUnexpected,
                           kHeaderClaimConflict,
                           kJweResources};

}  // namespace

std::span<const Rule> header_rules() { return kRules; }

}  // namespace jwtctl
