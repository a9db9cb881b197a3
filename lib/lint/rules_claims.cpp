// SPDX-License-Identifier: Apache-2.0
// Rules on the registered claims and those of OAuth and OpenID Connect (RFC 7519 section 4.1).
#include <fmt/format.h>

#include <algorithm>

#include "lib/base/text.h"
#include "lib/codec/json_shown.h"
#include "lib/jose/key_type.h"
#include "lib/lint/catalogue.h"
#include "lib/token/diagnose.h"
#include "lib/token/member_types.h"

namespace jwtctl {
namespace {

constexpr std::size_t kShown = 80;

std::string show(const Json& value) { return shorten(shown_value(value).dump(), kShown); }

std::string show(const std::vector<std::string>& values) {
  if (values.size() == 1) return show(shown_value(Json(values.front())));
  return fmt::format("one of {}", show(shown_value(Json::strings(values))));
}

/// near says in what alone `actual` differs from one of `expected`, for the end of a message.
std::string near(const std::vector<std::string>& expected, std::string_view actual) {
  for (const std::string& value : expected) {
    if (auto difference = near_miss(value, actual)) {
      return fmt::format("; they differ in {} alone", *difference);
    }
  }
  return {};
}

Remarks iss_malformed(const TokenSubject& token) {
  if (!token.outcomes.broken(rules::iss_malformed)) return {};
  return {{"payload/iss", "iss must be one string, and a URI when it has a colon"}};
}

constexpr Rule kIssMalformed{
    .id = rules::iss_malformed,
    .level = Severity::error,
    .summary = "iss is not one string, or not the URI that it seems to be",
    .why =
        "A verifier that takes a list where one issuer belongs accepts a token as soon as one "
        "name in it is trusted.",
    .source = "RFC 7519 sections 2 and 4.1.1; CVE-2025-30144",
    .fix = "Let the issuer write its one identifier as a string.",
    .bad = {{.payload = R"({"iss":["https://issuer.example","https://other.example"],)"
                        R"("sub":"user-1","iat":1767225540,"exp":1767229140})",
             .also = "JWT303"}},
    .good = {},
    .check = iss_malformed};

Remarks iss_mismatch(const TokenSubject& token) {
  if (!token.outcomes.broken(rules::iss_mismatch)) return {};
  const auto& issuers = token.expected.policy.issuers;
  const Json* iss = token.claim("iss");
  if (iss == nullptr) {
    return {{"payload", fmt::format("expected iss {}, actual absent", show(issuers))}};
  }
  return {{"payload/iss", fmt::format("expected {}, actual {}{}", show(issuers), show(*iss),
                                      near(issuers, *iss->as_string()))}};
}

constexpr Rule kIssMismatch{
    .id = rules::iss_mismatch,
    .level = Severity::error,
    .needs = {.expectation = true},
    .summary = "the token is of another issuer than expected",
    .why =
        "An issuer is compared character by character: a slash, the case and http or https "
        "matter. A library that looked for a part of the name accepted tokens of others.",
    .source = "RFC 7519 section 4.1.1; RFC 8725 section 3.8; CVE-2024-53861",
    .fix = "Expect exactly what the issuer writes, and never normalise it.",
    .bad = {{.options = "{issuers} https://issuer.example/ {audiences} api.example"}},
    .good = {.options = "{issuers} https://issuer.example {audiences} api.example"},
    .check = iss_mismatch};

Remarks aud_missing(const TokenSubject& token) {
  if (!token.outcomes.broken(rules::aud_missing)) return {};
  const auto& wanted = token.expected.policy.audiences;
  if (wanted.empty()) {
    return {{"payload", "the token names no audience, so every service of the issuer may take it"}};
  }
  return {{"payload", fmt::format("expected aud {}, actual absent", show(wanted)), std::nullopt,
           Severity::error}};
}

constexpr Rule kAudMissing{
    .id = rules::aud_missing,
    .level = Severity::note,
    .summary = "the token does not say whom it is for",
    .why =
        "Without aud a token for one service is good for all that trust the issuer. Where an "
        "audience is expected this is an error.",
    .source = "RFC 7519 section 4.1.3; RFC 8725 section 3.9",
    .fix = "Let the issuer name the service in aud, and let the service demand it.",
    .bad = {{.payload = R"({"iss":"https://issuer.example","sub":"user-1",)"
                        R"("iat":1767225540,"exp":1767229140})"}},
    .good = {},
    .check = aud_missing};

Remarks aud_mismatch(const TokenSubject& token) {
  if (!token.outcomes.broken(rules::aud_mismatch)) return {};
  const auto& wanted = token.expected.policy.audiences;
  const Json& aud = *token.claim("aud");
  return {{"payload/aud", fmt::format("expected {}, actual {}{}", show(wanted), show(aud),
                                      near(wanted, audiences(aud)->front()))}};
}

constexpr Rule kAudMismatch{
    .id = rules::aud_mismatch,
    .level = Severity::error,
    .needs = {.expectation = true},
    .summary = "the token is for somebody else",
    .why =
        "A service must refuse tokens that do not name it in aud; else a token for one service "
        "opens another.",
    .source = "RFC 7519 section 4.1.3; RFC 8725 section 3.9",
    .fix = "Ask the issuer for a token for this service. The value is compared as a whole.",
    .bad = {{.options = "{audiences} https://api.example"}},
    .good = {.options = "{audiences} api.example"},
    .check = aud_mismatch};

Remarks aud_unchecked(const TokenSubject& token) {
  if (!token.outcomes.broken(rules::aud_unchecked)) return {};
  return {{"payload/aud", fmt::format("the token is for {}, and no {} says who judges it",
                                      show(*token.claim("aud")), token.expected.names.audiences)}};
}

constexpr Rule kAudUnchecked{
    .id = rules::aud_unchecked,
    .level = Severity::note,
    .needs = {.expectation = true},
    .summary = "the issuer is checked, but not for whom the token is",
    .why =
        "A recipient that does not find itself in aud must refuse the token, so verify fails "
        "here. lint says it only when an issuer is expected.",
    .source = "RFC 7519 section 4.1.3",
    .fix = "Add {audiences}.",
    .bad = {{.options = "{issuers} https://issuer.example"}},
    .good = {.options = "{issuers} https://issuer.example {audiences} api.example"},
    .check = aud_unchecked};

Remarks aud_malformed(const TokenSubject& token) {
  const Json* aud = token.claim("aud");
  if (aud == nullptr) return {};
  if (token.outcomes.broken(rules::aud_malformed)) {
    return {{"payload/aud", *audience_problem(*aud)}};
  }
  // A verifier takes the token by its other entries.
  Remarks remarks;
  for (std::size_t entry : empty_audiences(*aud)) {
    remarks.push_back({member_place("payload/aud", entry),
                       fmt::format("entry {} of aud is empty and names nobody", entry),
                       std::nullopt, Severity::warning});
  }
  return remarks;
}

constexpr Rule kAudMalformed{
    .id = rules::aud_malformed,
    .level = Severity::error,
    .summary = "aud is neither a string nor an array of strings",
    .why =
        "A library that read such a claim as an empty string let tokens pass that were for "
        "nobody. An empty entry beside others is a warning: verifiers take the token by its other "
        "entries.",
    .source = "RFC 7519 section 4.1.3; CVE-2020-26160",
    .fix = "Write one string, or an array of at least one.",
    .bad = {{.payload = R"({"iss":"https://issuer.example","sub":"user-1","aud":[],)"
                        R"("iat":1767225540,"exp":1767229140})"},
            {.payload = R"({"iss":"https://issuer.example","sub":"user-1","aud":42,)"
                        R"("iat":1767225540,"exp":1767229140})"},
            {.payload = R"({"iss":"https://issuer.example","sub":"user-1",)"
                        R"("aud":["api.example",""],"iat":1767225540,"exp":1767229140})"}},
    .good = {.payload = R"({"iss":"https://issuer.example","sub":"user-1","aud":["api.example"],)"
                        R"("iat":1767225540,"exp":1767229140})"},
    .check = aud_malformed};

Remarks aud_broad(const TokenSubject& token) {
  const Json* aud = token.claim("aud");
  auto values = aud != nullptr ? audiences(*aud) : std::nullopt;
  if (!values) return {};
  bool wild = std::any_of(values->begin(), values->end(), [](const std::string& value) {
    return value.find('*') != std::string::npos;
  });
  if (wild)
    return {{"payload/aud", "an audience with * is for everybody or, compared, for nobody"}};
  const Json* iss = token.claim("iss");
  if (iss != nullptr && iss->is_string() && matches_any(*iss->as_string(), *values)) {
    return {{"payload/aud", "the audience is the issuer itself"}};
  }
  if (values->size() < 2 || token.claim("azp") != nullptr) return {};
  return {{"payload/aud", fmt::format("each of the {} audiences can use the token at the others",
                                      values->size())}};
}

constexpr Rule kAudBroad{
    .id = {"JWT307", "aud-broad-or-multiple"},
    .level = Severity::note,
    .summary = "the token is for several services, or for any",
    .why =
        "Each service that gets the token can present it to the others. With azp at least the "
        "client is named.",
    .source = "SPIFFE JWT-SVID section 7.2; OpenID Connect Core section 2",
    .fix = "Issue one token for each service.",
    .bad = {{.payload = R"({"iss":"https://issuer.example","sub":"user-1","aud":["a","b"],)"
                        R"("iat":1767225540,"exp":1767229140})"},
            {.payload = R"({"iss":"https://issuer.example","sub":"user-1","aud":"*",)"
                        R"("iat":1767225540,"exp":1767229140})"}},
    .good = {.payload = R"({"iss":"https://issuer.example","sub":"user-1","aud":["a","b"],)"
                        R"("azp":"client-1","iat":1767225540,"exp":1767229140})"},
    .check = aud_broad};

constexpr std::size_t kLongestSubject = 255;

Remarks sub_malformed(const TokenSubject& token) {
  const Json* sub = token.claim("sub");
  if (sub == nullptr) return {};
  if (auto fault = claim_type_fault(*token.claims(), "sub")) return {{"payload/sub", *fault}};
  const std::string& text = *sub->as_string();
  if (text.empty()) return {{"payload/sub", "sub is empty"}};
  if (text.size() <= kLongestSubject) return {};
  return {{"payload/sub",
           fmt::format("sub has {} bytes, at most {} are allowed", text.size(), kLongestSubject)}};
}

constexpr Rule kSubMalformed{
    .id = rules::sub_malformed,
    .level = Severity::warning,
    .summary = "sub is not a string of 1 to 255 characters",
    .why =
        "Libraries with a type for sub fail on a number, and services take an empty one for the "
        "same user each time. Databases cut what is longer than OpenID Connect allows.",
    .source = "RFC 7519 section 4.1.2; OpenID Connect Core section 2",
    .fix = "Write the identifier as a string.",
    .bad = {{.payload = R"({"iss":"https://issuer.example","sub":12345,"aud":"api.example",)"
                        R"("iat":1767225540,"exp":1767229140})"}},
    .good = {},
    .check = sub_malformed};

Remarks required_claim_missing(const TokenSubject& token) {
  Remarks remarks;
  auto add = [&](std::string_view name, std::string_view who) {
    const Json* claim = token.claim(name);
    remarks.push_back({claim != nullptr ? member_place("payload", name) : "payload",
                       fmt::format("{} is required by {}, it is {}", name, who,
                                   claim == nullptr ? "absent" : "null")});
  };
  for (const Outcome& outcome : token.outcomes.failures()) {
    if (outcome.check != CheckId::required) continue;
    add(token.expected.policy.required[outcome.item], token.expected.names.required);
  }
  const Profile* profile = token.expected.profile;
  if (profile == nullptr) return remarks;
  for (std::string_view name : profile->required) {
    // A missing exp has a rule of its own, which knows profiles.
    if (name == "exp" || !token.outcomes.lacks(name)) continue;
    add(name, fmt::format("profile {}", profile->name));
  }
  return remarks;
}

constexpr Rule kRequiredMissing{
    .id = rules::required_claim_missing,
    .level = Severity::error,
    .needs = {.expectation = true},
    .summary = "a claim is missing that must be there",
    .why =
        "A check of a claim that is absent is often no check at all. Profiles name what their "
        "tokens must have.",
    .source = "RFC 9068 section 2.2; OpenID Connect Core section 2; SPIFFE JWT-SVID section 3",
    .fix = "Correct the issuer, or choose the profile that fits the token.",
    .bad = {{.options = "{required} email"},
            {.header = R"({"alg":"ES256","typ":"at+jwt","kid":"1"})",
             .options = "{profile} at+jwt"}},
    .good = {.options = "{required} jti"},
    .check = required_claim_missing};

Remarks cnf_problem(const TokenSubject& token) {
  const Json* cnf = token.claim("cnf");
  if (cnf == nullptr) return {};
  if (!cnf->is_object()) {
    return {{"payload/cnf", fmt::format("cnf must be an object, it is {}", cnf->kind_name())}};
  }
  const Json* jwk = cnf->find("jwk");
  if (jwk == nullptr) return {};
  if (!jwk->is_object()) {
    return {
        {"payload/cnf/jwk", fmt::format("a key must be an object, it is {}", jwk->kind_name())}};
  }
  const JsonMember* member = find_private_member(*jwk);
  if (member == nullptr) return {};
  return {{member_place("payload/cnf/jwk", member->name),
           "the key of the token's holder is here with its private half"}};
}

constexpr Rule kCnfProblem{
    .id = {"JWT313", "cnf-problem"},
    .level = Severity::error,
    .summary = "cnf gives a private key away, or is no confirmation",
    .why =
        "cnf binds the token to the key of its holder. With the private half in it, whoever "
        "reads the token is its holder.",
    .source = "RFC 7800 sections 3.1 and 3.2",
    .fix = "Put the public key or its thumbprint there, and replace the key that was shown.",
    .bad = {{.payload = R"({"iss":"https://issuer.example","sub":"user-1","aud":"api.example",)"
                        R"("iat":1767225540,"exp":1767229140,"cnf":{"jwk":{"kty":"OKP",)"
                        R"("crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",)"
                        R"("d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"}}})"}},
    .good = {.payload = R"({"iss":"https://issuer.example","sub":"user-1","aud":"api.example",)"
                        R"("iat":1767225540,"exp":1767229140,)"
                        R"("cnf":{"jkt":"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"}})"},
    .check = cnf_problem};

Remarks claim_type_surprise(const TokenSubject& token) {
  Remarks remarks;
  auto expect = [&](std::string_view name, bool (*fits)(const Json&), std::string_view wanted) {
    const Json* claim = token.claim(name);
    if (claim == nullptr || fits(*claim)) return;
    remarks.push_back(
        {member_place("payload", name),
         fmt::format("{} is {} elsewhere, here it is {}", name, wanted, claim->kind_name())});
  };
  auto is_text = [](const Json& json) { return json.is_string(); };
  auto is_flag = [](const Json& json) { return json.as_bool() != nullptr; };
  auto is_list = [](const Json& json) { return json.is_string() || json.is_array(); };
  expect("scope", is_text, "a string of words");
  expect("email_verified", is_flag, "a boolean");
  expect("phone_number_verified", is_flag, "a boolean");
  expect("groups", is_list, "an array");
  expect("roles", is_list, "an array");
  if (token.claims() == nullptr) return remarks;
  if (auto fault = claim_type_fault(*token.claims(), "jti")) {
    remarks.push_back({"payload/jti", *std::move(fault), std::nullopt, Severity::warning});
  }
  return remarks;
}

constexpr Rule kClaimTypeSurprise{
    .id = rules::claim_type_surprise,
    .level = Severity::note,
    .summary = "a known claim has another type than usual",
    .why =
        "Code written for one provider breaks, or takes the string \"false\" for true. A jti that "
        "is no string is a warning: half of the libraries refuse the token, and so does verify "
        "{strict}.",
    .source = "RFC 7519 section 4.1.7; RFC 8693 section 4.2; OpenID Connect Core section 5.1",
    .fix = "Let consumers take both forms, and correct the issuer where it is yours.",
    .bad = {{.payload = R"({"iss":"https://issuer.example","sub":"user-1","aud":"api.example",)"
                        R"("iat":1767225540,"exp":1767229140,"email_verified":"true"})"},
            {.payload = R"({"iss":"https://issuer.example","sub":"user-1","aud":"api.example",)"
                        R"("iat":1767225540,"exp":1767229140,"jti":42})"}},
    .good = {},
    .check = claim_type_surprise};

constexpr Rule kRules[] = {kIssMalformed,    kIssMismatch,  kAudMissing,       kAudMismatch,
                           kAudUnchecked,    kAudMalformed, kAudBroad,         kSubMalformed,
                           kRequiredMissing, kCnfProblem,   kClaimTypeSurprise};

}  // namespace

std::span<const Rule> claim_rules() { return kRules; }

}  // namespace jwtctl
