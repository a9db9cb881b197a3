// SPDX-License-Identifier: Apache-2.0
#include "lib/jose/key_document.h"

#include <algorithm>

#include "lib/base/limits.h"
#include "lib/base/shown.h"
#include "lib/base/text.h"
#include "lib/codec/base64url.h"
#include "lib/crypto/key_pair.h"
#include "lib/crypto/pem.h"

namespace jwtctl {
namespace {

/// to_members writes a key that came without JSON; the half that it has.
Json to_members(const Jwk& jwk) {
  auto json = to_jwk(jwk, jwk.key.is_private() ? Half::private_half : Half::public_half);
  return json ? *std::move(json) : Json::object({});
}

KeyEntry entry_of_key(std::size_t index, Result<Key> key, std::string_view certificate_der) {
  KeyEntry entry;
  entry.index = index;
  if (!key) {
    entry.problem = std::move(key).error().message;
    return entry;
  }
  entry.jwk = Jwk{*std::move(key), {}, {}, {}, {}};
  // What the parameters of a PSS key restrict, a JWK can say in its alg alone.
  if (entry.jwk->key.pss_algorithm()) {
    const Algorithm* algorithm = default_algorithm(*entry.jwk);
    if (algorithm == nullptr) {
      entry.problem = "its PSS parameters fit no algorithm of JOSE";
      entry.jwk.reset();
      return entry;
    }
    entry.jwk->alg = algorithm->name;
  }
  entry.members = to_members(*entry.jwk);
  if (auto certificate = parse_certificate(certificate_der)) {
    entry.certificate = *std::move(certificate);
  }
  return entry;
}

/// first_x5c returns the DER of the key's own certificate (RFC 7517 section 4.7), if it has one.
std::optional<SecretBytes> first_x5c(const Json& members) {
  const Json* x5c = members.find("x5c");
  const Json::Array* chain = x5c != nullptr ? x5c->as_array() : nullptr;
  const std::string* first =
      chain != nullptr && !chain->empty() ? chain->front().as_string() : nullptr;
  if (first == nullptr) return std::nullopt;
  auto der = parse_base64(*first);
  return der ? std::optional(*std::move(der)) : std::nullopt;
}

void read_x5c(KeyEntry& entry) {
  auto der = first_x5c(entry.members);
  if (!der) return;
  if (auto certificate = parse_certificate(as_text(*der))) {
    entry.certificate = *std::move(certificate);
  }
}

Result<KeyDocument> parse_json_document(std::string_view text) {
  auto json = parse_json(text, "the key");
  if (!json) return fail(std::move(json).error());
  KeyDocument document;
  auto add = [&document](std::size_t index, const Json& members) -> KeyEntry& {
    KeyEntry& entry = document.entries.emplace_back();
    entry.index = index;
    entry.members = members;
    read_x5c(entry);
    return entry;
  };
  if (json->find("kty") != nullptr) {
    document.form = KeyForm::jwk;
    auto jwk = parse_jwk(*json);
    if (jwk) add(0, *json).jwk = *std::move(jwk);
    json->wipe();
    if (!jwk) return fail(std::move(jwk).error());
    return document;
  }
  auto set = parse_jwks(*json);
  if (set) {
    const Json::Array& members = *json->find("keys")->as_array();
    for (std::size_t i = 0; i < members.size(); ++i) add(i, members[i]);
    for (SetKey& key : set->keys) document.entries[key.index].jwk = std::move(key.jwk);
    for (SkippedKey& key : set->skipped) {
      document.entries[key.index].problem = std::move(key.reason);
    }
  }
  json->wipe();
  if (!set) return fail(std::move(set).error());
  return document;
}

Result<KeyDocument> parse_pem_document(std::string_view text, const SecretBytes* passphrase) {
  auto first = parse_pem_key(text, passphrase);
  KeyDocument document;
  document.form = KeyForm::pem;
  std::vector<PemKey> blocks = parse_pem_keys(text, passphrase);
  if (blocks.size() > kMaxKeysInSet) {
    return fail(ErrorCode::key_refused, "the file has {} keys, the limit is {}", blocks.size(),
                kMaxKeysInSet);
  }
  for (PemKey& block : blocks) {
    document.entries.push_back(
        entry_of_key(document.entries.size(), std::move(block.key), block.certificate));
  }
  bool any = std::any_of(document.entries.begin(), document.entries.end(),
                         [](const KeyEntry& entry) { return entry.jwk.has_value(); });
  if (!any && !first) return fail(std::move(first).error());
  return document;
}

void add_certificate_notes(const KeyEntry& entry, Instant now, std::vector<std::string>& notes) {
  if (!entry.certificate) {
    if (entry.members.find("x5c") != nullptr) notes.emplace_back("its x5c holds no certificate");
    return;
  }
  const Certificate& certificate = *entry.certificate;
  if (now < certificate.not_before) {
    notes.push_back(fmt::format("its certificate becomes valid {}",
                                format_relative(certificate.not_before, now)));
  } else if (certificate.not_after < now) {
    notes.push_back(
        fmt::format("its certificate expired {}", format_relative(certificate.not_after, now)));
  }
  auto der = first_x5c(entry.members);
  if (der && certifies_other_key(as_text(*der), entry.jwk->key)) {
    notes.emplace_back("its x5c certifies another key");
  }
}

/// check_any_use looks for an algorithm that the key may be used with.
Result<void> check_any_use(const Jwk& jwk) {
  bool signs = false;
  Result<void> refusal;
  for (const Algorithm& row : signature_algorithms()) {
    bool named = !jwk.alg || same_algorithm(*jwk.alg, row.name, jwk.key.curve());
    if (!named || !can_use(jwk.key, row)) continue;
    signs = true;
    auto usable = check_usable_for(jwk, row);
    // A private key may be meant for signing alone.
    if (!usable && jwk.key.is_private()) usable = check_usable_for(jwk, row, KeyOperation::sign);
    if (usable) usable = check_key_for(jwk.key, row);
    if (usable) return {};
    if (refusal) refusal = std::move(usable);
  }
  if (signs) return refusal;
  return fail(ErrorCode::key_refused, "its alg {} is none that {} signs with",
              quote_argument(jwk.alg.value_or("none"), ShownAs::member), jwk.key.describe());
}

}  // namespace

std::optional<std::string> KeyEntry::kid() const {
  const Json* member = members.find("kid");
  const std::string* text = member != nullptr ? member->as_string() : nullptr;
  return text != nullptr ? std::optional(*text) : std::nullopt;
}

KeyDocument::~KeyDocument() {
  for (KeyEntry& entry : entries) entry.members.wipe();
}

Result<KeyDocument> parse_key_document(const SecretBytes& bytes, const SecretBytes* passphrase) {
  std::string_view text = as_text(bytes);
  std::string_view body = trim(text);
  if (body.starts_with('{') || body.starts_with('[')) return parse_json_document(text);
  if (looks_like_pem(text)) return parse_pem_document(text, passphrase);
  auto material = parse_key_material(bytes, passphrase);
  if (!material) return fail(std::move(material).error());
  KeyDocument document;
  document.form = material->form;
  document.entries.push_back(entry_of_key(0, std::move(material->set.keys.front().jwk.key), text));
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
  if (text.find("PRIVATE KEY-----") != std::string_view::npos) return true;
  auto document = parse_key_document(bytes, nullptr);
  if (!document) return document.error().code == ErrorCode::usage;  // it wants a passphrase
  return std::any_of(document->entries.begin(), document->entries.end(), [](const KeyEntry& entry) {
    return entry.jwk && entry.jwk->key.is_private();
  });
}

}  // namespace jwtctl
