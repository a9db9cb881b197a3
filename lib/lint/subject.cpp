// SPDX-License-Identifier: Apache-2.0
#include "lib/lint/subject.h"

#include <algorithm>

#include "lib/codec/base64url.h"
#include "lib/crypto/certificate.h"
#include "lib/crypto/pem.h"
#include "lib/jose/jwk_write.h"
#include "lib/jose/key_type.h"

namespace jwtctl {
namespace {

/// read_x5c decodes the certificates of RFC 7517 section 4.7 up to the first that is none.
std::vector<std::string> read_x5c(const Json& members) {
  std::vector<std::string> chain;
  const Json* x5c = members.find("x5c");
  const Json::Array* items = x5c != nullptr ? x5c->as_array() : nullptr;
  if (items == nullptr) return chain;
  for (const Json& item : *items) {
    const std::string* text = item.as_string();
    if (text == nullptr) break;
    auto der = parse_base64(*text);
    if (!der) break;
    chain.emplace_back(as_text(*der));
  }
  return chain;
}

/// label_of returns what a PEM block says it is (RFC 7468 section 2).
std::string_view label_of(std::string_view block) {
  constexpr std::string_view kBegin = "-----BEGIN ";
  std::size_t begin = block.find(kBegin);
  if (begin == std::string_view::npos) return {};
  std::string_view rest = block.substr(begin + kBegin.size());
  return rest.substr(0, rest.find("-----"));
}

/// set_key takes over a key that came without JSON.
void set_key(Result<Key> key, KeySubject& subject) {
  if (!key) {
    subject.problem = std::move(key).error().message;
    return;
  }
  subject.jwk = Jwk{*std::move(key), {}, {}, {}, {}};
  Half half = subject.jwk->key.is_private() ? Half::private_half : Half::public_half;
  if (auto members = to_jwk(*subject.jwk, half)) subject.members.json = *std::move(members);
}

}  // namespace

const Json* TokenSubject::header() const { return jws.header ? &*jws.header : nullptr; }

const Json* TokenSubject::claims() const {
  return payload.claims && payload.claims->is_object() ? &*payload.claims : nullptr;
}

const Json* TokenSubject::header_member(std::string_view name) const {
  return header() != nullptr ? header()->find(name) : nullptr;
}

const Json* TokenSubject::claim(std::string_view name) const {
  return claims() != nullptr ? claims()->find(name) : nullptr;
}

std::optional<std::string_view> KeySubject::text(std::string_view name) const {
  const Json* found = member(name);
  const std::string* value = found != nullptr ? found->as_string() : nullptr;
  return value != nullptr ? std::optional<std::string_view>(*value) : std::nullopt;
}

bool KeySubject::says_secret() const {
  const KeyTypeRow* type = type_of_jwk(json());
  return type != nullptr && type->is_symmetric();
}

KeySubject jwk_subject(const Json& members) {
  KeySubject subject;
  subject.members.json = members;
  subject.certificates = read_x5c(members);
  subject.holds_private = find_private_member(members) != nullptr;
  if (auto jwk = parse_jwk(members)) {
    subject.jwk = *std::move(jwk);
  } else {
    subject.problem = std::move(jwk).error().message;
  }
  return subject;
}

std::vector<KeySubject> jwks_subjects(const Json& document) {
  std::vector<KeySubject> subjects;
  const Json* keys = document.find("keys");
  const Json::Array* entries = keys != nullptr ? keys->as_array() : nullptr;
  if (entries == nullptr) return subjects;
  for (const Json& entry : *entries) {
    subjects.push_back(jwk_subject(entry));
    subjects.back().form = KeyForm::jwks;
  }
  return subjects;
}

KeySubject pem_subject(std::string_view block) {
  KeySubject subject;
  subject.form = KeyForm::pem;
  subject.encrypted = block.find("ENCRYPTED") != std::string_view::npos;
  subject.holds_private =
      !subject.encrypted && block.find("PRIVATE KEY-----") != std::string_view::npos;
  bool named = is_key_label(label_of(block));
  auto keys = parse_pem_keys(block, nullptr);
  if (keys.empty()) {
    subject.problem = "the PEM block is broken";
    if (named) subject.refusal = ErrorCode::input;
    return subject;
  }
  if (named && !keys.front().key) subject.refusal = keys.front().key.error().code;
  set_key(std::move(keys.front().key), subject);
  if (!keys.front().certificate.empty()) {
    subject.certificates.push_back(std::move(keys.front().certificate));
  }
  return subject;
}

KeySubject der_subject(std::string_view der) {
  KeySubject subject;
  subject.form = KeyForm::der;
  set_key(parse_der_key(der, nullptr), subject);
  subject.holds_private = subject.jwk && subject.jwk->key.is_private();
  if (parse_certificate(der)) subject.certificates.emplace_back(der);
  return subject;
}

}  // namespace jwtctl
