// SPDX-License-Identifier: Apache-2.0
#include "lib/jose/key_document.h"

#include <algorithm>

#include "lib/base/limits.h"
#include "lib/base/shown.h"
#include "lib/base/text.h"
#include "lib/crypto/key_pair.h"
#include "lib/crypto/pem.h"
#include "lib/jose/fitness.h"
#include "lib/jose/private_material.h"

namespace jwtctl {
namespace {

/// to_members writes a key that came without JSON; the half that it has.
Json to_members(const Jwk& jwk) {
  auto json = to_jwk(jwk, jwk.key.is_private() ? Half::private_half : Half::public_half);
  return json ? *std::move(json) : Json::object({});
}

Result<KeyDocument> read_json_keys(std::string_view text) {
  auto parsed = parse_json(text, "the key");
  if (!parsed) return fail(std::move(parsed).error());
  SecretJson json(*std::move(parsed));
  KeyDocument document;
  if (json.json.find("kty") != nullptr) {
    auto jwk = parse_jwk(json.json);
    if (!jwk) return fail(std::move(jwk).error());
    document.form = KeyForm::jwk;
    KeyEntry& entry = document.entries.emplace_back();
    entry.members = json.json;
    entry.jwk = *std::move(jwk);
    return document;
  }
  auto set = parse_jwks(json.json);
  if (!set) return fail(std::move(set).error());
  return document_of_set(json.json, *std::move(set));
}

Result<KeyDocument> read_pem_keys(std::string_view text, const SecretBytes* passphrase,
                                  PemBlocks blocks) {
  std::vector<PemKey> keys;
  if (blocks == PemBlocks::all) keys = parse_pem_keys(text, passphrase);
  if (keys.empty()) keys.push_back({parse_pem_key(text, passphrase), {}});
  if (keys.size() > kMaxKeysInSet) {
    return fail(ErrorCode::key_refused, "the file has {} keys, the limit is {}", keys.size(),
                kMaxKeysInSet);
  }
  bool none = std::none_of(keys.begin(), keys.end(),
                           [](const PemKey& block) { return block.key.has_value(); });
  if (none) return fail(std::move(keys.front().key).error());
  KeyDocument document;
  document.form = KeyForm::pem;
  for (PemKey& block : keys) {
    document.entries.push_back(entry_of_key(std::move(block.key), std::move(block.certificate)));
    document.entries.back().index = document.entries.size() - 1;
  }
  return document;
}

Result<KeyDocument> read_der_keys(std::string_view der, const SecretBytes* passphrase) {
  auto key = parse_der_key(der, passphrase);
  if (!key) return fail(std::move(key).error());
  // What is no certificate may be a private key, of which no other copy is made.
  bool certificate = parse_certificate(der).has_value();
  KeyDocument document;
  document.form = KeyForm::der;
  document.entries.push_back(entry_of_key(std::move(key), std::string(certificate ? der : "")));
  return document;
}

void add_certificate_notes(const KeyEntry& entry, Instant now, std::vector<std::string>& notes) {
  std::optional<Certificate> certificate = entry.certificate();
  if (!certificate) {
    if (entry.members.find("x5c") != nullptr) notes.emplace_back("its x5c holds no certificate");
    return;
  }
  if (now < certificate->not_before) {
    notes.push_back(fmt::format("its certificate becomes valid {}",
                                format_relative(certificate->not_before, now)));
  } else if (certificate->not_after < now) {
    notes.push_back(
        fmt::format("its certificate expired {}", format_relative(certificate->not_after, now)));
  }
  if (has_foreign_certificate(*entry.jwk)) notes.emplace_back("its x5c certifies another key");
}

}  // namespace

std::optional<std::string> KeyEntry::kid() const {
  const Json* member = members.find("kid");
  const std::string* text = member != nullptr ? member->as_string() : nullptr;
  return text != nullptr ? std::optional(*text) : std::nullopt;
}

std::vector<std::string> KeyEntry::certificates() const {
  return issued.empty() ? x5c_chain(members) : std::vector<std::string>{issued};
}

std::optional<Certificate> KeyEntry::certificate() const {
  std::vector<std::string> chain = certificates();
  if (chain.empty()) return std::nullopt;
  auto first = parse_certificate(chain.front());
  return first ? std::optional(*std::move(first)) : std::nullopt;
}

KeyDocument document_of_set(const Json& set, KeySet keys) {
  KeyDocument document;
  for (const Json& members : *set.find("keys")->as_array()) {
    KeyEntry& entry = document.entries.emplace_back();
    entry.index = document.entries.size() - 1;
    entry.members = members;
  }
  for (SetKey& key : keys.keys) document.entries[key.index].jwk = std::move(key.jwk);
  for (SkippedKey& key : keys.skipped) {
    document.entries[key.index].problem = std::move(key.reason);
  }
  return document;
}

KeyEntry entry_of_jwk(const Json& members) {
  KeyEntry entry;
  entry.members = members;
  if (auto jwk = parse_jwk(members)) {
    entry.jwk = *std::move(jwk);
  } else {
    entry.problem = std::move(jwk).error().message;
  }
  return entry;
}

KeyEntry entry_of_key(Result<Key> key, std::string certificate) {
  KeyEntry entry;
  entry.issued = std::move(certificate);
  if (!key) {
    entry.problem = std::move(key).error().message;
    return entry;
  }
  entry.jwk = Jwk{*std::move(key), {}, {}, {}, {}};
  entry.members = to_members(*entry.jwk);
  return entry;
}

Result<KeyDocument> read_keys(const SecretBytes& bytes, const SecretBytes* passphrase,
                              PemBlocks blocks) {
  std::string_view text = as_text(bytes);
  std::string_view body = trim(text);
  // JSON first: a JWK may hold PEM in a member that we do not know.
  if (body.starts_with('{') || body.starts_with('[')) return read_json_keys(text);
  if (looks_like_pem(text)) return read_pem_keys(text, passphrase, blocks);
  if (looks_like_der(text)) return read_der_keys(text, passphrase);
  if (bytes.empty()) return fail(ErrorCode::input, "it is empty");
  return fail(ErrorCode::input, "it is no key: neither PEM, DER, JWK nor JWKS")
      .hint("a shared secret goes to --secret");
}

Result<void> name_pss_algorithm(Jwk& jwk) {
  if (!jwk.key.pss_algorithm()) return {};
  const Algorithm* algorithm = default_algorithm(jwk);
  if (algorithm == nullptr) {
    return fail(ErrorCode::key_refused, "its PSS parameters fit no algorithm of JOSE");
  }
  jwk.alg = algorithm->name;
  return {};
}

Result<KeyDocument> parse_key_document(const SecretBytes& bytes, const SecretBytes* passphrase) {
  auto document = read_keys(bytes, passphrase, PemBlocks::all);
  if (!document) return document;
  for (KeyEntry& entry : document->entries) {
    if (!entry.jwk || !entry.jwk->key.pss_algorithm()) continue;
    if (auto named = name_pss_algorithm(*entry.jwk)) {
      entry.members = to_members(*entry.jwk);
    } else {
      entry.problem = std::move(named).error().message;
      entry.members = Json();
      entry.jwk.reset();
    }
  }
  return document;
}

KeyJudgement check_entry(const KeyEntry& entry, Instant now) {
  if (!entry.jwk) return {false, {entry.problem}};
  const Jwk& jwk = *entry.jwk;
  KeyJudgement judgement;
  auto usable = check_any_use(jwk);
  if (usable) usable = check_key_pair(jwk.key);
  judgement.usable = usable.has_value();
  if (!usable) judgement.notes.push_back(usable.error().message);
  if (jwk.key.is_private()) {
    judgement.notes.emplace_back(jwk.key.is_symmetric()
                                     ? "a secret: whoever has it can sign"
                                     : "holds the private half: whoever has it can sign");
  }
  add_certificate_notes(entry, now, judgement.notes);
  return judgement;
}

bool has_half(const KeyEntry& entry, Half half) {
  if (!entry.jwk) return false;
  const Key& key = entry.jwk->key;
  return half == Half::private_half ? key.is_private() : !key.is_symmetric();
}

Result<Json> convert_entry(const KeyEntry& entry, Half half) {
  if (!entry.jwk) return fail(ErrorCode::key_refused, "{}", entry.problem);
  const Key& key = entry.jwk->key;
  if (half == Half::public_half && key.is_symmetric()) {
    return fail(ErrorCode::key_refused, "a secret has no public half");
  }
  if (half == Half::private_half && !key.is_private()) {
    return fail(ErrorCode::key_refused, "this is {}, it has no private half", key.describe());
  }
  if (half == Half::public_half) return without_private(entry.members);
  if (auto good = check_key_pair(key); !good) return fail(std::move(good).error());
  return entry.members;
}

bool holds_private_key(const SecretBytes& bytes) {
  std::string_view text = as_text(bytes);
  if (holds_private_material(text)) return true;
  auto document = parse_key_document(bytes, nullptr);
  if (!document) return document.error().code == ErrorCode::usage;  // it wants a passphrase
  return std::any_of(document->entries.begin(), document->entries.end(), [](const KeyEntry& entry) {
    return entry.jwk && entry.jwk->key.is_private();
  });
}

}  // namespace jwtctl
