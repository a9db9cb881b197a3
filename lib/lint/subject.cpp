// SPDX-License-Identifier: Apache-2.0
#include "lib/lint/subject.h"

#include <algorithm>

#include "lib/crypto/pem.h"
#include "lib/jose/key_type.h"

namespace jwtctl {
namespace {

/// label_of returns what a PEM block says it is (RFC 7468 section 2).
std::string_view label_of(std::string_view block) {
  constexpr std::string_view kBegin = "-----BEGIN ";
  std::size_t begin = block.find(kBegin);
  if (begin == std::string_view::npos) return {};
  std::string_view rest = block.substr(begin + kBegin.size());
  return rest.substr(0, rest.find("-----"));
}

KeySubject subject_of(KeyForm form, KeyEntry entry) {
  KeySubject subject;
  subject.form = form;
  subject.certificates = entry.certificates();
  subject.members.json = std::move(entry.members);
  subject.jwk = std::move(entry.jwk);
  subject.problem = std::move(entry.problem);
  return subject;
}

/// object_of returns the claims that a payload is, null when it is none.
const Json* object_of(const Payload& payload) {
  return payload.claims && payload.claims->is_object() ? &*payload.claims : nullptr;
}

}  // namespace

TokenSubject::TokenSubject(const Jws& token, const Payload& read, const Expectations& wanted,
                           const FileFacts* facts)
    : jws(token),
      payload(read),
      expected(wanted),
      file(facts),
      outcomes(token, object_of(read), wanted) {}

const Json* TokenSubject::header() const { return jws.header ? &*jws.header : nullptr; }

const Json* TokenSubject::claims() const { return object_of(payload); }

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
  KeySubject subject = subject_of(KeyForm::jwk, entry_of_jwk(members));
  subject.holds_private = find_private_member(members) != nullptr;
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
  bool named = is_key_label(label_of(block));
  auto keys = parse_pem_keys(block, nullptr);
  std::optional<ErrorCode> refusal;
  PemKey broken{fail(ErrorCode::input, "the PEM block is broken"), {}};
  PemKey& first = keys.empty() ? broken : keys.front();
  if (named && !first.key) refusal = first.key.error().code;
  KeySubject subject =
      subject_of(KeyForm::pem, entry_of_key(std::move(first.key), std::move(first.certificate)));
  subject.refusal = refusal;
  subject.encrypted = block.find("ENCRYPTED") != std::string_view::npos;
  subject.holds_private =
      !subject.encrypted && block.find("PRIVATE KEY-----") != std::string_view::npos;
  return subject;
}

KeySubject der_subject(std::string_view der) {
  std::string certificate(parse_certificate(der) ? der : "");
  KeySubject subject =
      subject_of(KeyForm::der, entry_of_key(parse_der_key(der, nullptr), std::move(certificate)));
  subject.holds_private = subject.jwk && subject.jwk->key.is_private();
  return subject;
}

}  // namespace jwtctl
