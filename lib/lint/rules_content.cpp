// SPDX-License-Identifier: Apache-2.0
// Rules on what a token carries, whatever its claims mean: everybody who sees it can read it.
#include <fmt/format.h>

#include <algorithm>

#include "lib/base/text.h"
#include "lib/jose/key_type.h"
#include "lib/lint/catalogue.h"
#include "lib/lint/claim_name.h"
#include "lib/lint/sensitive.h"
#include "lib/lint/walk.h"

namespace jwtctl {
namespace {

constexpr std::size_t kShown = 40;

Remarks claim_name_near_miss(const TokenSubject& token) {
  const Json::Object* claims = token.claims() != nullptr ? token.claims()->as_object() : nullptr;
  if (claims == nullptr) return {};
  Remarks remarks;
  for (const JsonMember& claim : *claims) {
    auto name = meant_claim(claim.name);
    if (!name || remarks.size() == kMaxRemarks) continue;
    if (!name->looks_alike && token.claim(name->meant) != nullptr) continue;
    remarks.push_back({member_place("payload", claim.name),
                       fmt::format("no verifier reads {}; the claim is called {}",
                                   Json(shorten(claim.name, kShown)).dump(), name->meant)});
  }
  return remarks;
}

constexpr Rule kClaimNameNearMiss{
    .id = {"JWT310", "claim-name-near-miss"},
    .level = Severity::warning,
    .summary = "the name of a claim is nearly a registered one",
    .why =
        "Names are compared character by character. A verifier takes \"expires\" or \"Exp\" for a "
        "claim that it does not know, and checks nothing.",
    .source = "RFC 7519 sections 4.1 and 7.3",
    .fix = "Use the registered name: iss, sub, aud, exp, nbf, iat, jti.",
    .bad = {{.payload = R"({"iss":"https://issuer.example","sub":"user-1","aud":"api.example",)"
                        R"("iat":1767225540,"expires":1767229140})",
             .also = "JWT201"},
            {.payload = R"({"iss":"https://issuer.example","sub":"user-1","aud":"api.example",)"
                        R"("iat":1767225540,"exp":1767229140,"Exp":1767229140})"}},
    .good = {.payload = R"({"iss":"https://issuer.example","sub":"user-1","aud":"api.example",)"
                        R"("iat":1767225540,"exp":1767229140,"expires_in":3600})"},
    .check = claim_name_near_miss};

/// holds_private_jwk says whether an object is a JWK with private members.
bool holds_private_jwk(const Json& value) {
  return value.find("kty") != nullptr && find_private_member(value) != nullptr;
}

Remarks secret_in_payload(const TokenSubject& token) {
  Remarks remarks;
  if (token.claims() == nullptr) return remarks;
  walk_values(*token.claims(), "payload", [&](const Node& node) {
    std::optional<std::string_view> kind;
    if (const std::string* text = node.value().as_string()) {
      kind = secret_member(node.name(), *text);
      if (!kind) kind = secret_in(*text);
    } else if (holds_private_jwk(node.value())) {
      // The one in cnf has a rule of its own.
      bool confirmation = node.path().size() == 2 && node.path().front().name == "cnf";
      if (!confirmation) kind = "a private key";
    }
    if (kind) {
      remarks.push_back({node.place(), fmt::format("this is {}, readable for everybody who sees "
                                                   "the token",
                                                   *kind)});
    }
    return remarks.size() < kMaxRemarks;
  });
  return remarks;
}

constexpr Rule kSecretInPayload{
    .id = {"JWT311", "secret-in-payload"},
    .level = Severity::error,
    .summary = "there is a secret in the payload",
    .why =
        "A signed token is encoded, not encrypted. It passes through browsers, proxies and logs, "
        "and everybody there can read it.",
    .source = "RFC 7519 section 12; OWASP JSON Web Token Cheat Sheet",
    .fix = "Remove the secret, replace it where it is in use, and let the service fetch it itself.",
    .bad = {{.payload = R"({"iss":"https://issuer.example","sub":"user-1","aud":"api.example",)"
                        R"("iat":1767225540,"exp":1767229140,"db":{"password":"hunter2"}})"}},
    .good = {.payload = R"({"iss":"https://issuer.example","sub":"user-1","aud":"api.example",)"
                        R"("iat":1767225540,"exp":1767229140,"password_changed":1767000000})"},
    .check = secret_in_payload};

Remarks pii_in_payload(const TokenSubject& token) {
  Remarks remarks;
  if (token.claims() == nullptr) return remarks;
  walk_values(*token.claims(), "payload", [&](const Node& node) {
    const std::string* text = node.value().as_string();
    if (text == nullptr) text = node.value().as_number();
    auto kind = text != nullptr ? personal_number(node.name(), *text) : std::nullopt;
    if (kind) remarks.push_back({node.place(), fmt::format("this looks like {}", *kind)});
    return remarks.size() < kMaxRemarks;
  });
  return remarks;
}

constexpr Rule kPiiInPayload{
    .id = {"JWT312", "pii-in-payload"},
    .level = Severity::warning,
    .summary = "there is a card, account or social security number in the payload",
    .why =
        "Tokens end up in logs, histories and analytics, and their payload is readable there. "
        "Names and mail addresses are not reported: ID tokens are made for them.",
    .source = "RFC 7519 section 12; OWASP JSON Web Token Cheat Sheet",
    .fix = "Send an opaque identifier instead, or encrypt the token.",
    .bad = {{.payload = R"({"iss":"https://issuer.example","sub":"user-1","aud":"api.example",)"
                        R"("iat":1767225540,"exp":1767229140,"card":"4111 1111 1111 1111"})"}},
    .good = {.payload = R"({"iss":"https://issuer.example","sub":"4111111111111111",)"
                        R"("aud":"api.example","iat":1767225540,"exp":1767229140,)"
                        R"("email":"jo@example.com","phone_number":"+1 555 010 0100"})"},
    .check = pii_in_payload};

constexpr std::string_view kLargestExact = "9007199254740991";  // 2^53 - 1
constexpr std::size_t kMostDigits = 17;

/// digits_in returns the significant digits of a JSON number.
std::string digits_in(std::string_view number) {
  std::string digits;
  for (char c : number.substr(0, number.find_first_of("eE"))) {
    if (c >= '0' && c <= '9' && (c != '0' || !digits.empty())) digits += c;
  }
  return digits;
}

/// loses_value says whether a double cannot hold what the text of a number says.
bool loses_value(std::string_view number) {
  std::string digits = digits_in(number);
  if (number.find_first_of(".eE") == std::string_view::npos) {
    if (digits.size() != kLargestExact.size()) return digits.size() > kLargestExact.size();
    return digits > kLargestExact;
  }
  return digits.size() > kMostDigits;
}

Remarks unsafe_number(const TokenSubject& token) {
  Remarks remarks;
  auto judge = [&remarks](const Node& node) {
    const std::string* number = node.value().as_number();
    bool date = node.path().size() == 1 && std::find(std::begin(kDateClaims), std::end(kDateClaims),
                                                     node.name()) != std::end(kDateClaims);
    if (number != nullptr && !date) {  // dates have rules of their own
      if (*number == "-0") {
        remarks.push_back({node.place(), "-0 is 0 in one parser and -0 in another"});
      } else if (loses_value(*number)) {
        remarks.push_back({node.place(), fmt::format("{} changes where numbers are doubles",
                                                     shorten(*number, kShown))});
      }
    }
    return remarks.size() < kMaxRemarks;
  };
  if (token.header() != nullptr) walk_values(*token.header(), "header", judge);
  if (token.claims() != nullptr) walk_values(*token.claims(), "payload", judge);
  return remarks;
}

constexpr Rule kUnsafeNumber{
    .id = {"JWT315", "unsafe-number"},
    .level = Severity::warning,
    .summary = "a number changes in parsers that read doubles",
    .why =
        "JavaScript, jq and many others keep integers up to 2^53 - 1 alone. An identifier above "
        "becomes another one.",
    .source = "RFC 8259 section 6; RFC 7493 section 2.2",
    .fix = "Write identifiers as strings.",
    .bad = {{.payload = R"({"iss":"https://issuer.example","sub":"user-1","aud":"api.example",)"
                        R"("iat":1767225540,"exp":1767229140,"uid":9007199254740993})"}},
    .good = {.payload = R"({"iss":"https://issuer.example","sub":"user-1","aud":"api.example",)"
                        R"("iat":1767225540,"exp":1767229140,"uid":9007199254740991})"},
    .check = unsafe_number};

Remarks terminal_unsafe_text(const TokenSubject& token) {
  Remarks remarks;
  // One remark a part: a payload of nothing else needs no list.
  auto judge = [&remarks](const Json& json, std::string_view part) {
    walk_values(json, part, [&](const Node& node) {
      const std::string* text = node.value().as_string();
      bool named = !node.path().empty() && !node.path().back().entry;
      bool found =
          (text != nullptr && has_unsafe_text(*text)) || (named && has_unsafe_text(node.name()));
      if (!found) return true;
      remarks.push_back({node.place(), fmt::format("the {} has control or bidirectional "
                                                   "characters; they are shown escaped",
                                                   part)});
      return false;
    });
  };
  if (token.jws.header) judge(*token.jws.header, "header");
  if (token.payload.claims) judge(*token.payload.claims, "payload");
  return remarks;
}

constexpr Rule kTerminalUnsafeText{
    .id = {"JWT316", "terminal-unsafe-text"},
    .level = Severity::warning,
    .summary = "there are control, bidirectional or invisible characters",
    .why =
        "Printed as they are they move the cursor, hide text or make one name look like another "
        "in terminals, logs and reviews.",
    .source = "RFC 8259 section 7; CVE-2021-42574",
    .fix = "Escape untrusted text wherever it is shown, and find out who wrote it.",
    .bad = {{.payload = R"({"iss":"https://issuer.example","sub":"user-1","aud":"api.example",)"
                        R"("iat":1767225540,"exp":1767229140,"name":"Jo\u001b[2J"})"}},
    .good = {},
    .check = terminal_unsafe_text};

Remarks live_token_in_file(const TokenSubject& token) {
  bool whole = token.jws.faults.empty() && token.payload.faults.empty();
  const Json* claims = token.claims();
  if (!whole || claims == nullptr || token.jws.octets("signature").empty()) return {};
  if (is_none(token.jws.header_text("alg").value_or(""))) return {};
  DateClaim exp = read_date(*claims, "exp");
  if (!exp.present) return {{"token", "this token never expires, and lies in a file"}};
  if (!exp.good() || is_expired(exp.value, token.now(), 0)) return {};
  return {{"token", fmt::format("this token expires {}, and lies in a file",
                                format_relative(exp.value, token.now()))}};
}

constexpr Rule kLiveTokenInFile{
    .id = {"JWT501", "live-token-in-file"},
    .level = Severity::warning,
    .needs = {.file = true},
    .summary = "a token that has not expired lies in a file",
    .why =
        "A token is a credential: until it expires, whoever reads the file, its backup or its "
        "history can use it.",
    .source = "RFC 6750 section 5.3",
    .fix =
        "Remove the token and have it revoked. In tests use one that has expired, or of keys that "
        "nothing trusts, and suppress the finding there.",
    .bad = {{.header = R"({"alg":"ES256","typ":"JWT","kid":"2026-a"})"},
            {.payload = R"({"iss":"https://issuer.example","sub":"user-1","aud":"api.example"})",
             .also = "JWT201"}},
    .good = {.payload = R"({"iss":"https://issuer.example","sub":"user-1","aud":"api.example",)"
                        R"("iat":1767135600,"exp":1767139200})",
             .also = "JWT202"},
    .check = live_token_in_file};

constexpr Rule kRules[] = {kClaimNameNearMiss, kSecretInPayload,    kPiiInPayload,
                           kUnsafeNumber,      kTerminalUnsafeText, kLiveTokenInFile};

}  // namespace

std::span<const Rule> content_rules() { return kRules; }

}  // namespace jwtctl
