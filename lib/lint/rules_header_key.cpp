// SPDX-License-Identifier: Apache-2.0
// Rules on what the header says of the key (RFC 7515 sections 4.1.2 to 4.1.8). None of it is ever
// a source of keys.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "lib/base/text.h"
#include "lib/codec/base64url.h"
#include "lib/codec/url.h"
#include "lib/crypto/certificate.h"
#include "lib/jose/key_type.h"
#include "lib/lint/catalogue.h"
#include "lib/lint/web_host.h"
#include "lib/token/member_types.h"

namespace jwtctl {
namespace {

constexpr std::size_t kShown = 40;

/// has_kid says whether the set has a key of this name, usable or not.
bool has_kid(const KeySet& keys, const std::string& kid) {
  return std::any_of(keys.keys.begin(), keys.keys.end(),
                     [&kid](const SetKey& entry) { return entry.jwk.kid == kid; }) ||
         std::any_of(keys.skipped.begin(), keys.skipped.end(),
                     [&kid](const SkippedKey& skipped) { return skipped.kid == kid; });
}

Remarks alg_key_mismatch(const TokenSubject& token) {
  const Algorithm* algorithm = find_algorithm(token.jws.header_text("alg").value_or(""));
  const KeySet* keys = token.expected.keys;
  if (algorithm == nullptr || keys == nullptr || token.jws.kind != TokenKind::jws) return {};
  auto kid = token.jws.header_text("kid");
  if (kid && !keys->pinned && !has_kid(*keys, *kid)) return {};  // that is another rule's
  if (!select_keys(*keys, *algorithm, kid).candidates.empty()) return {};
  std::size_t total = keys->keys.size() + keys->skipped.size();
  if (kid && !keys->pinned) {
    return {{"header/alg", fmt::format("the key \"{}\" is not one for {}", shorten(*kid, kShown),
                                       algorithm->name)}};
  }
  return {{"header/alg",
           total == 1 ? fmt::format("the key is not one for {}", algorithm->name)
                      : fmt::format("none of the {} keys is one for {}", total, algorithm->name)}};
}

constexpr std::string_view kEcSet = R"({"keys":[{"kty":"EC","crv":"P-256","kid":"2026-a",)"
                                    R"("x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",)"
                                    R"("y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]})";

constexpr Rule kAlgKeyMismatch{
    .id = rules::alg_key_mismatch,
    .level = Severity::error,
    .needs = {.key = true},
    .summary = "the algorithm is not one for the key",
    .why =
        "The key decides which algorithms it serves. A verifier that lets the token decide takes "
        "a public RSA key as the secret of an HMAC, and anybody can sign.",
    .source = "RFC 8725 section 3.1; CVE-2015-9235",
    .fix = "Give verifiers the algorithms of each key, and find out where the token is from.",
    .bad = {{.header = R"({"alg":"HS256","kid":"2026-a"})", .keys = kEcSet}},
    .good = {.keys = kEcSet},
    .check = alg_key_mismatch};

/// proves_possession: the kinds of token that carry their key on purpose.
bool proves_possession(const TokenSubject& token) {
  constexpr std::array<std::string_view, 2> kTypes{"dpop+jwt", "openid4vci-proof+jwt"};
  auto typ = token.jws.header_text("typ");
  return typ && std::any_of(kTypes.begin(), kTypes.end(),
                            [&typ](std::string_view type) { return same_media_type(type, *typ); });
}

Remarks embedded_jwk(const TokenSubject& token) {
  const Json* jwk = token.header_member("jwk");
  if (jwk == nullptr) return {};
  if (auto fault = header_type_fault(*token.header(), "jwk")) {
    return {{"header/jwk", *std::move(fault)}};
  }
  if (find_private_member(*jwk) != nullptr) {
    return {{"header/jwk", "the token carries a private key, which is no secret any more"}};
  }
  if (proves_possession(token)) {
    return {{"header/jwk", "the token proves that its sender has this key, and nothing else",
             std::nullopt, Severity::note}};
  }
  return {{"header/jwk",
           "the token brings its own key; a verifier must not use it (RFC 7515 section 4.1.3)"}};
}

constexpr Rule kEmbeddedJwk{
    .id = rules::embedded_jwk,
    .level = Severity::error,
    .summary = "the token brings its own key",
    .why =
        "Whoever writes a token can put a key of his own into it. Libraries that took the key "
        "from there verified every forgery. In a DPoP proof the key is meant to be there, and "
        "this is a note.",
    .source = "RFC 7515 section 4.1.3; RFC 9449 section 4.2; CVE-2018-0114; CVE-2026-27962",
    .fix = "Verify with configured keys alone. Let the issuer name its key by kid.",
    .bad = {{.header = R"({"alg":"ES256","jwk":{"kty":"EC","crv":"P-256",)"
                       R"("x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",)"
                       R"("y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}})"}},
    .good = {},
    .check = embedded_jwk};

/// unsafe_address says what is wrong with a URL that a verifier might fetch; null when nothing is.
const char* unsafe_address(const Json& member) {
  const std::string* url = member.as_string();
  auto host = url != nullptr ? web_host(*url) : std::nullopt;
  if (!host || !equals_ignoring_case(split_url(*url)->scheme, "https")) return "no https URL";
  if (has_credentials(*url)) return "a URL with credentials";
  return is_inside(*host) ? "an address inside the verifier's network" : nullptr;
}

Remarks remote_key_reference(const TokenSubject& token) {
  Remarks remarks;
  for (std::string_view name : {"jku", "x5u"}) {
    const Json* member = token.header_member(name);
    if (member == nullptr) continue;
    std::string place = member_place("header", name);
    if (auto wrong = header_type_fault(*token.header(), name)) {
      remarks.push_back({std::move(place), *std::move(wrong), std::nullopt, Severity::error});
    } else if (const char* fault = unsafe_address(*member)) {
      remarks.push_back({std::move(place),
                         fmt::format("the token says where its key is, and it is {}", fault),
                         std::nullopt, Severity::error});
    } else {
      remarks.push_back(
          {std::move(place), "the token says where its key is; jwtctl never fetches it"});
    }
  }
  return remarks;
}

constexpr Rule kRemoteKeyReference{
    .id = rules::remote_key_reference,
    .level = Severity::warning,
    .summary = "the token says where its key is to be fetched",
    .why =
        "Whoever writes a token chooses that address: a verifier that follows it trusts a key of "
        "the attacker, or calls services inside its own network for him. Without https, with "
        "credentials or with a local address this is an error.",
    .source = "RFC 8725 section 3.10; RFC 7515 sections 4.1.2 and 4.1.5",
    .fix = "Verify with the configured key set of the issuer. Let the issuer drop jku and x5u.",
    .bad = {{.header = R"({"alg":"ES256","kid":"2026-a","jku":"https://keys.example/jwks.json"})"},
            {.header = R"({"alg":"ES256","kid":"2026-a","x5u":"http://169.254.169.254/"})"}},
    .good = {},
    .check = remote_key_reference};

/// certificates_of decodes x5c up to the first entry that is no certificate; `fault` says why.
std::vector<std::string> certificates_of(const Json& x5c, std::string& fault) {
  std::vector<std::string> chain;
  const Json::Array* items = x5c.as_array();
  if (items == nullptr || items->empty()) fault = "x5c must be a non-empty array of certificates";
  for (std::size_t i = 0; items != nullptr && i < items->size(); ++i) {
    const std::string* text = (*items)[i].as_string();
    auto der = text != nullptr ? parse_base64(*text) : Result<SecretBytes>(SecretBytes{});
    if (text == nullptr || !der) {
      fault = fmt::format("certificate {} is not standard base64", i);
    } else if (!parse_certificate(as_text(*der))) {
      fault = fmt::format("certificate {} is no X.509 certificate", i);
    } else {
      chain.emplace_back(as_text(*der));
    }
    if (!fault.empty()) break;
  }
  return chain;
}

Remarks x5c_in_header(const TokenSubject& token) {
  const Json* x5c = token.header_member("x5c");
  if (x5c == nullptr) return {};
  std::string fault = header_type_fault(*token.header(), "x5c").value_or("");
  if (fault.empty()) certificates_of(*x5c, fault);
  if (!fault.empty()) return {{"header/x5c", fault, std::nullopt, Severity::error}};
  return {{"header/x5c", "the token brings its own certificates; they are no trust anchor"}};
}

constexpr Rule kX5cInHeader{
    .id = rules::x5c_in_header,
    .level = Severity::warning,
    .summary = "the token brings its own certificates",
    .why =
        "A certificate in the token proves nothing by itself: a verifier must build the chain to "
        "a root that it was configured with. What is no chain of certificates in standard "
        "base64 is an error.",
    .source = "RFC 7515 section 4.1.6",
    .fix = "Verify with configured keys or a configured root. Let the issuer name its key by kid.",
    .bad = {{.header = R"({"alg":"ES256","kid":"2026-a","x5c":["AAAA"]})"}},
    .good = {},
    .check = x5c_in_header};

/// wrong_digest compares a thumbprint with the certificate that comes with it, if one does.
std::string wrong_digest(const std::string& text, std::size_t length, std::string_view digest) {
  Base64Text decoded = decode_base64url(text);
  if (decoded.fault) return "is not base64url";
  if (decoded.octets.size() != length) {
    return fmt::format("has {} octets in place of {}", decoded.octets.size(), length);
  }
  return digest.empty() || decoded.octets == digest ? "" : "is not that of the certificate in x5c";
}

Remarks x5t_mismatch(const TokenSubject& token) {
  std::string ignored;
  const Json* x5c = token.header_member("x5c");
  auto chain = x5c != nullptr ? certificates_of(*x5c, ignored) : std::vector<std::string>{};
  Remarks remarks;
  auto judge = [&](std::string_view name, std::size_t length, const Result<std::string>& digest) {
    const Json* member = token.header_member(name);
    if (member == nullptr || !digest) return;
    if (auto fault = header_type_fault(*token.header(), name)) {
      remarks.push_back({member_place("header", name), *std::move(fault)});
      return;
    }
    std::string wrong = wrong_digest(*member->as_string(), length, *digest);
    if (wrong.empty()) return;
    remarks.push_back({member_place("header", name), fmt::format("{} {}", name, wrong)});
  };
  judge("x5t", 20, chain.empty() ? std::string{} : sha1(chain.front()));
  judge("x5t#S256", 32, chain.empty() ? std::string{} : sha256(chain.front()));
  return remarks;
}

constexpr Rule kX5tMismatch{
    .id = rules::x5t_mismatch,
    .level = Severity::error,
    .summary = "a certificate thumbprint is not one, or not that of x5c",
    .why =
        "x5t is the SHA-1 and x5t#S256 the SHA-256 of the certificate's DER, in base64url. A "
        "verifier that looks its key up by them finds none, or another.",
    .source = "RFC 7515 sections 4.1.7 and 4.1.8",
    .fix = "Compute the thumbprint anew when the certificate is renewed; not from PEM or hex.",
    .bad = {{.header = R"({"alg":"ES256","kid":"2026-a","x5t":"3q2-7w"})"}},
    .good = {.header = R"({"alg":"ES256","kid":"2026-a","x5t":"VVVVVVVVVVVVVVVVVVVVVVVVVVU"})"},
    .check = x5t_mismatch};

constexpr std::size_t kLongestKid = 512;

/// attack_in says what a kid would do to a careless lookup; null when nothing.
const char* attack_in(std::string_view kid) {
  constexpr std::array<std::string_view, 10> kRoots{"/etc/", "/dev/", "/proc/", "/sys/",  "/var/",
                                                    "/tmp/", "/usr/", "/home/", "/root/", "/opt/"};
  auto has = [kid](std::string_view part) { return kid.find(part) != std::string_view::npos; };
  bool control =
      std::any_of(kid.begin(), kid.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; });
  if (control) return "has control characters";
  bool path = has("../") || has("..\\") || equals_ignoring_case(kid.substr(0, 5), "file:") ||
              std::any_of(kRoots.begin(), kRoots.end(),
                          [kid](std::string_view root) { return kid.starts_with(root); });
  if (path) return "is a path in the file system";
  if (has("'") || has("\"") || has(";")) return "has quotes or semicolons, as an injected query";
  if (has("$(") || has("`") || has("||") || has("| ") || has("&&"))
    return "has the signs of a shell command";
  return nullptr;
}

Remarks kid_suspicious(const TokenSubject& token) {
  const Json* kid = token.header_member("kid");
  if (kid == nullptr) return {};
  if (auto fault = header_type_fault(*token.header(), "kid")) {
    return {{"header/kid", *std::move(fault)}};
  }
  const std::string& text = *kid->as_string();
  if (const char* attack = attack_in(text)) {
    return {{"header/kid", fmt::format("kid {}", attack)}};
  }
  if (text.size() <= kLongestKid) return {};
  return {{"header/kid", fmt::format("kid has {} bytes; no name of a key needs more than {}",
                                     text.size(), kLongestKid)}};
}

constexpr Rule kKidSuspicious{
    .id = rules::kid_suspicious,
    .level = Severity::error,
    .summary = "kid looks like an attack on the lookup of the key",
    .why =
        "kid is chosen by whoever writes the token, before anything is verified. Used in a path, "
        "a query or a command it reads files, databases and more.",
    .source = "RFC 7515 section 4.1.4; RFC 8725 section 3.10",
    .fix = "Look kid up as an exact name in the loaded key set. Treat the token as an attack.",
    .bad = {{.header = R"({"alg":"ES256","kid":"../../dev/null"})"},
            {.header = R"({"alg":"ES256","kid":"x' UNION SELECT 'key"})"},
            {.header = R"({"alg":"ES256","kid":7})"}},
    .good = {.header = R"({"alg":"ES256","kid":"did:example:123#key/1=="})"},
    .check = kid_suspicious};

Remarks kid_missing(const TokenSubject& token) {
  const Algorithm* algorithm = find_algorithm(token.jws.header_text("alg").value_or(""));
  if (algorithm == nullptr || token.header_member("kid") != nullptr) return {};
  if (const KeySet* keys = token.expected.keys) {
    std::size_t several = select_keys(*keys, *algorithm, std::nullopt).candidates.size();
    if (several < 2) return {};
    return {{"header", fmt::format("the token has no kid, and {} keys may have signed it", several),
             std::nullopt, Severity::error}};
  }
  // A shared secret has no set to be found in; the others name their key in another way.
  if (algorithm->scheme == SignatureScheme::hmac) return {};
  for (std::string_view name : {"jwk", "jku", "x5u", "x5c", "x5t", "x5t#S256"}) {
    if (token.header_member(name) != nullptr) return {};
  }
  return {{"header", "the token does not say which key signed it: no kid"}};
}

constexpr Rule kKidMissing{
    .id = rules::kid_missing,
    .level = Severity::note,
    .summary = "the token does not say which key signed it",
    .why =
        "With one key that does no harm; when the issuer publishes a second one to rotate, "
        "verifiers can no longer tell. Where a key set is given and several of its keys fit, "
        "this is an error.",
    .source = "RFC 7515 section 4.1.4; OpenID Connect Core section 10.1",
    .fix = "Let the issuer set kid, for instance to the thumbprint of the key (RFC 7638).",
    .bad = {{.header = R"({"alg":"ES256","typ":"JWT"})"}},
    .good = {},
    .check = kid_missing};

Remarks kid_unknown(const TokenSubject& token) {
  const KeySet* keys = token.expected.keys;
  auto kid = token.jws.header_text("kid");
  if (keys == nullptr || !kid || has_kid(*keys, *kid)) return {};
  if (!keys->pinned) {
    return {{"header/kid",
             fmt::format("none of the {} keys has the kid \"{}\"",
                         keys->keys.size() + keys->skipped.size(), shorten(*kid, kShown))}};
  }
  bool nameless = keys->keys.empty() || !keys->keys.front().jwk.kid;
  if (nameless) return {};
  return {{"header/kid",
           fmt::format("the token names kid \"{}\", the key has \"{}\"", shorten(*kid, kShown),
                       shorten(*keys->keys.front().jwk.kid, kShown)),
           std::nullopt, Severity::warning}};
}

constexpr Rule kKidUnknown{
    .id = rules::kid_unknown,
    .level = Severity::error,
    .needs = {.key = true},
    .summary = "the key set has no key of that kid",
    .why =
        "The key was rotated out, the copy of the set is old, or the token comes from another "
        "issuer or environment. A single key that was named by hand is tried all the same, and "
        "this is a warning.",
    .source = "RFC 7515 section 4.1.4",
    .fix = "Fetch the set once more and compare iss with the issuer of the set.",
    .bad = {{.header = R"({"alg":"ES256","kid":"2025-z"})", .keys = kEcSet}},
    .good = {.keys = kEcSet},
    .check = kid_unknown};

constexpr Rule kRules[] = {kAlgKeyMismatch, kEmbeddedJwk,   kRemoteKeyReference, kX5cInHeader,
                           kX5tMismatch,    kKidSuspicious, kKidMissing,         kKidUnknown};

}  // namespace

std::span<const Rule> header_key_rules() { return kRules; }

}  // namespace jwtctl
