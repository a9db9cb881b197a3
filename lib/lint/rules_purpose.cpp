// SPDX-License-Identifier: Apache-2.0
// Rules on what a key is for and where it lies (RFC 7517 sections 4.2 to 4.4).
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "lib/base/shown.h"
#include "lib/base/text.h"
#include "lib/jose/key_type.h"
#include "lib/lint/catalogue.h"
#include "lib/lint/example_keys.h"
#include "lib/lint/key_faults.h"
#include "lib/lint/walk.h"

namespace jwtctl {
namespace {

Remarks alg_kty_conflict(const KeySubject& key, const KeyContext& /*context*/) {
  auto alg = key.text("alg");
  auto kty = key.text("kty");
  const KeyTypeRow* type = type_of_jwk(key.json());
  bool curved = type != nullptr && type->find("crv") != nullptr;
  auto crv = curved ? key.text("crv") : std::nullopt;
  // What is no key at all is the matter of another rule.
  if (!alg || type == nullptr || curved != crv.has_value()) return {};
  std::string_view found = crv ? *crv : *kty;
  if (const Algorithm* row = find_algorithm(*alg)) {
    const CurveInfo* curve = crv ? find_curve(*crv) : nullptr;
    bool known = type->type && (!crv || curve != nullptr);
    if (known && suits(*row, *type->type, curve != nullptr ? curve->curve : Curve::none)) return {};
    std::string_view needs =
        row->curve == Curve::none ? to_string(row->kty) : curve_info(row->curve).name;
    return {{"alg", fmt::format("{} needs {}, the key is {}", show_argument(*alg, ShownAs::member),
                                needs, found)}};
  }
  if (const OtherAlgorithm* other = find_other_algorithm(*alg)) {
    if (std::find(other->types.begin(), other->types.end(), *kty) != other->types.end()) return {};
    return {
        {"alg", fmt::format("{} is no algorithm of kty {}", show_argument(*alg, ShownAs::member),
                            show_argument(*kty, ShownAs::member))}};
  }
  auto near = suggest(*alg, signature_algorithm_names());
  return {{"alg",
           near ? fmt::format("there is no algorithm {}; is {} meant?",
                              quote_argument(*alg, ShownAs::member), *near)
                : fmt::format("there is no algorithm {}", quote_argument(*alg, ShownAs::member))}};
}

constexpr Rule kAlgKtyConflict{
    .id = {"JWK015", "alg-kty-conflict"},
    .level = Severity::error,
    .summary = "the alg of the key is none that the key can do",
    .why =
        "A verifier that obeys alg can never use the key; one that does not may take it for "
        "another kind of key, which is how algorithm confusion begins.",
    .source = "RFC 7517 section 4.4; RFC 8725 sections 2.1 and 3.1",
    .fix =
        "Set alg to what the key signs with: ES256 on P-256, ES384 on P-384, ES512 on P-521, RS256 "
        "or PS256 for RSA, Ed25519 on Ed25519.",
    .bad = {{.text =
                 R"({"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",)"
                 R"("y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","alg":"ES384","use":"sig",)"
                 R"("kid":"2026-a"})"},
            {.text =
                 R"({"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",)"
                 R"("y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","alg":"ES521","use":"sig",)"
                 R"("kid":"2026-a"})"}},
    .good = {.text = kEcKeyExample},
    .check = alg_kty_conflict};

/// signs says whether a key is for signatures as far as it says: neither use nor key_ops forbid it.
bool signs(const Jwk& jwk) {
  if (jwk.use && *jwk.use == "enc") return false;
  return !jwk.key_ops ||
         std::any_of(jwk.key_ops->begin(), jwk.key_ops->end(), [](const std::string& operation) {
           return operation == "sign" || operation == "verify";
         });
}

Remarks alg_unpinned(const KeySubject& key, const KeyContext& /*context*/) {
  bool says_alg = key.form == KeyForm::jwk || key.form == KeyForm::jwks;
  if (!says_alg || !key.jwk || key.jwk->alg || !signs(*key.jwk)) return {};
  std::vector<std::string> allowed = allowed_algorithms(*key.jwk);
  bool one = std::all_of(allowed.begin(), allowed.end(), [&](const std::string& name) {
    return same_algorithm(name, allowed.front(), key.jwk->key.curve());
  });
  if (one) return {};
  return {{"", fmt::format("no alg: the key may be used with any of {}", join(allowed, ", "))}};
}

constexpr Rule kAlgUnpinned{
    .id = {"JWK016", "alg-unpinned"},
    .level = Severity::note,
    .summary = "the key does not say which algorithm it is for",
    .why =
        "RSA keys and secrets fit several algorithms. A key should be used with one of them alone; "
        "where the key does not say which, the token does.",
    .source = "RFC 7517 section 4.4; RFC 8725 section 3.1",
    .fix = "Add alg to the key, or let the verifier allow one algorithm: {algorithms} RS256.",
    .bad =
        {{.text =
              R"({"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86z)"
              R"(wu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93l)"
              R"(qt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5)"
              R"(hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0L)"
              R"(s1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB","use":"sig","kid":"2026-r"})"}},
    .good = {.text = kRsaKeyExample},
    .check = alg_unpinned};

enum class Purpose { none, signature, encryption };

Purpose purpose_of(std::string_view operation) {
  if (operation == "sign" || operation == "verify") return Purpose::signature;
  for (std::string_view name :
       {"encrypt", "decrypt", "wrapKey", "unwrapKey", "deriveKey", "deriveBits"}) {
    if (operation == name) return Purpose::encryption;
  }
  return Purpose::none;
}

Purpose purpose_of_use(std::string_view use) {
  if (use == "enc") return Purpose::encryption;
  return use == "sig" || use == "jwt-svid" ? Purpose::signature : Purpose::none;
}

Purpose purpose_of_alg(std::string_view alg) {
  if (find_algorithm(alg) != nullptr) return Purpose::signature;
  const OtherAlgorithm* other = find_other_algorithm(alg);
  return other != nullptr && !other->signs ? Purpose::encryption : Purpose::none;
}

/// contradict: two members say what the key is for, and say different things.
bool contradict(Purpose a, Purpose b) { return a != Purpose::none && b != Purpose::none && a != b; }

std::vector<std::string_view> operations_of(const KeySubject& key) {
  std::vector<std::string_view> operations;
  const Json* member = key.member("key_ops");
  const Json::Array* items = member != nullptr ? member->as_array() : nullptr;
  if (items == nullptr) return operations;
  for (const Json& item : *items) {
    if (const std::string* text = item.as_string()) operations.emplace_back(*text);
  }
  return operations;
}

void judge_operations(const KeySubject& key, Purpose wanted, Remarks& remarks) {
  std::set<std::string_view> seen;
  std::set<std::string_view> repeated;
  std::set<Purpose> purposes;
  for (std::string_view operation : operations_of(key)) {
    bool first = seen.insert(operation).second;
    bool second = !first && repeated.insert(operation).second;
    if (second && repeated.size() <= kMaxRemarks) {
      remarks.push_back({"key_ops", fmt::format("key_ops has {} twice",
                                                quote_argument(operation, ShownAs::member))});
    }
    Purpose purpose = purpose_of(operation);
    purposes.insert(purpose);
    if (first && contradict(wanted, purpose)) {
      remarks.push_back({"key_ops", fmt::format("key_ops has {}, which use or alg exclude",
                                                quote_argument(operation, ShownAs::member))});
    }
  }
  bool mixed = purposes.count(Purpose::signature) != 0 && purposes.count(Purpose::encryption) != 0;
  if (mixed && wanted == Purpose::none) {
    remarks.push_back(
        {"key_ops", "key_ops mixes signatures with encryption", std::nullopt, Severity::warning});
  }
  if (key.jwk && !key.jwk->key.is_private() && seen.count("sign") != 0 &&
      seen.count("verify") == 0) {
    remarks.push_back({"key_ops", "a public key cannot sign, and key_ops does not let it verify"});
  }
}

Remarks use_ops_conflict(const KeySubject& key, const KeyContext& /*context*/) {
  Remarks remarks;
  auto use = key.text("use");
  auto alg = key.text("alg");
  Purpose by_use = use ? purpose_of_use(*use) : Purpose::none;
  Purpose by_alg = alg ? purpose_of_alg(*alg) : Purpose::none;
  if (contradict(by_use, by_alg)) {
    remarks.push_back(
        {"use", fmt::format("use is {}, but {} is for {}", quote_argument(*use, ShownAs::member),
                            show_argument(*alg, ShownAs::member),
                            by_alg == Purpose::signature ? "signatures" : "encryption")});
  }
  if (use && by_use == Purpose::none) {
    remarks.push_back(
        {"use",
         fmt::format("use {} is none that is registered", quote_argument(*use, ShownAs::member)),
         std::nullopt, Severity::note});
  }
  judge_operations(key, by_use != Purpose::none ? by_use : by_alg, remarks);
  return remarks;
}

constexpr Rule kUseOpsConflict{
    .id = {"JWK017", "use-ops-conflict"},
    .level = Severity::error,
    .summary = "use, key_ops and alg contradict each other",
    .why =
        "They say what a key may do, and where they are used together they must agree. A verifier "
        "that obeys them can never use this key. One key for signatures and encryption lets the "
        "weaker of the two put the other at risk.",
    .source = "RFC 7517 sections 4.2 and 4.3",
    .fix = "Keep one of use and key_ops, and have one key for each purpose.",
    .bad =
        {{.text = R"({"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",)"
                  R"("y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","alg":"ES256","use":"enc",)"
                  R"("kid":"2026-a"})"},
         {.text = R"({"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",)"
                  R"("y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","alg":"ES256","use":"sig",)"
                  R"("kid":"2026-a","key_ops":["encrypt"]})"},
         {.text =
              R"({"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",)"
              R"("y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","alg":"ES256","kid":"2026-a",)"
              R"("key_ops":["verify","verify"]})"}},
    .good =
        {.text =
             R"({"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",)"
             R"("y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","alg":"ES256","kid":"2026-a",)"
             R"("key_ops":["verify"]})"},
    .check = use_ops_conflict};

Remarks private_key_for_verify(const KeySubject& key, const KeyContext& /*context*/) {
  bool asymmetric = key.jwk && !key.jwk->key.is_symmetric();
  if (!asymmetric || !key.jwk->key.is_private() || !key.jwk->key_ops) return {};
  auto has = [&key](std::string_view operation) {
    return std::find(key.jwk->key_ops->begin(), key.jwk->key_ops->end(), operation) !=
           key.jwk->key_ops->end();
  };
  if (!has("verify") || has("sign")) return {};
  return {{"key_ops", "the key is for verifying alone, and holds its private half"}};
}

constexpr Rule kPrivateKeyForVerify{
    .id = rules::private_key_for_verify,
    .level = Severity::warning,
    .summary = "a private key where the public half is enough",
    .why =
        "Whoever verifies needs no private key, and whoever has one can sign. Every further copy "
        "is one more place from which it can be stolen.",
    .source = "RFC 7517 sections 4.3 and 9.2",
    .fix = "Give the verifier the public half alone: {show_public}.",
    .bad =
        {{.text =
              R"({"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",)"
              R"("y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","alg":"ES256","kid":"2026-a",)"
              R"("d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI","key_ops":["verify"]})"}},
    .good =
        {.text =
             R"({"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",)"
             R"("y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","alg":"ES256","kid":"2026-a",)"
             R"("d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI","key_ops":["sign"]})"},
    .check = private_key_for_verify};

Remarks private_key_in_file(const KeySubject& key, const KeyContext& context) {
  // In a set the private half of a pair is the matter of private-key-published.
  bool other_rule = key.form == KeyForm::jwks && !key.says_secret();
  if (!key.holds_private || other_rule || context.file == nullptr) return {};
  std::string_view what = key.says_secret() ? "a secret" : "a private key";
  if (!context.file->sole_content) {
    return {{"", fmt::format("{} lies in the middle of a file", what)}};
  }
  if (context.file->tracked) {
    return {
        {"", fmt::format("{} lies in a file that git tracks, which keeps no mode of 0600", what)}};
  }
  if (!context.file->owner_only) {
    return {{"", fmt::format("{} lies in a file that others may read", what)}};
  }
  return {};
}

constexpr Rule kPrivateKeyInFile{
    .id = {"JWK021", "private-key-in-file"},
    .level = Severity::warning,
    .needs = {.file = true},
    .summary = "a private key lies where others may read it",
    .why =
        "Whoever reads the file can sign in the owner's name: who has the repository, the backup, "
        "the image or the log. A private key belongs into a file of its own with mode 0600, or "
        "into a store for secrets.",
    .source = "RFC 7517 section 9.2; CWE-312; CWE-732",
    .fix =
        "If others could read it, replace the key. Then keep it in a file of its own: chmod 600, "
        "or {make_private_file}, which does that.",
    .bad = {{.text =
                 R"({"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",)"
                 R"("y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","alg":"ES256","use":"sig",)"
                 R"("kid":"2026-a","d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"})"}},
    .good = {.text = kEcKeyExample},
    .check = private_key_in_file};

constexpr Rule kRules[] = {kAlgKtyConflict, kAlgUnpinned, kUseOpsConflict, kPrivateKeyForVerify,
                           kPrivateKeyInFile};

}  // namespace

std::span<const Rule> key_purpose_rules() { return kRules; }

}  // namespace jwtctl
