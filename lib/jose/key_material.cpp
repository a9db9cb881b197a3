// SPDX-License-Identifier: Apache-2.0
#include "lib/jose/key_material.h"

#include "lib/base/text.h"
#include "lib/codec/base64url.h"
#include "lib/crypto/pem.h"

namespace jwtctl {
namespace {

KeySet set_of_one(Jwk jwk) {
  KeySet set;
  set.keys.push_back({0, std::move(jwk)});
  return set;
}

Result<KeyMaterial> of_key(KeyForm form, Result<Key> key) {
  if (!key) return fail(std::move(key).error());
  return KeyMaterial{form, set_of_one(Jwk{*std::move(key), {}, {}, {}, {}})};
}

Result<KeyMaterial> of_json(std::string_view text) {
  auto json = parse_json(text, "the key");
  if (!json) return fail(std::move(json).error());
  Result<KeyMaterial> result = fail(ErrorCode::internal, "no key");
  if (json->find("kty") != nullptr) {
    auto jwk = parse_jwk(*json);
    result = jwk ? Result(KeyMaterial{KeyForm::jwk, set_of_one(*std::move(jwk))})
                 : fail(std::move(jwk).error());
  } else {
    auto set = parse_jwks(*json);
    result =
        set ? Result(KeyMaterial{KeyForm::jwks, *std::move(set)}) : fail(std::move(set).error());
  }
  json->wipe();
  return result;
}

bool looks_like_json(std::string_view text) {
  std::string_view body = trim(text);
  return body.starts_with('{') || body.starts_with('[');
}

}  // namespace

Result<KeyMaterial> parse_key_material(const SecretBytes& bytes, const SecretBytes* passphrase) {
  std::string_view text = as_text(bytes);
  if (looks_like_pem(text)) return of_key(KeyForm::pem, parse_pem_key(text, passphrase));
  if (looks_like_json(text)) return of_json(text);
  if (looks_like_der(text)) return of_key(KeyForm::der, parse_der_key(text, passphrase));
  if (bytes.empty()) return fail(ErrorCode::input, "it is empty");
  return fail(ErrorCode::input, "it is no key: neither PEM, DER, JWK nor JWKS")
      .hint("a shared secret goes to --secret");
}

bool is_key_material(const SecretBytes& bytes) {
  std::string_view text = as_text(bytes);
  if (looks_like_pem(text)) return true;
  if (looks_like_der(text)) {
    // A secret may begin like DER by chance; it does not parse by chance.
    auto key = parse_der_key(text, nullptr);
    return key || key.error().code != ErrorCode::input;
  }
  if (!looks_like_json(text)) return false;
  for (std::string_view member : {"\"kty\"", "\"keys\""}) {
    if (text.find(member) != std::string_view::npos) return true;  // well made or not
  }
  JsonReading reading = read_json(text);
  if (!reading.value) return false;
  bool found = reading.value->find("kty") != nullptr || reading.value->find("keys") != nullptr;
  reading.value->wipe();
  return found;
}

Result<Jwk> parse_secret(const SecretBytes& bytes, SecretEncoding encoding) {
  auto refuse = [] {
    return fail(ErrorCode::usage, "this is a key or certificate, not a shared secret")
        .hint("give it with --key; a public key as HMAC secret lets everybody sign");
  };
  // Encoded text ends in a newline when it comes from a file; the newline is no part of it.
  std::string_view text = encoding == SecretEncoding::raw ? as_text(bytes) : trim(as_text(bytes));
  if (is_key_material(bytes)) return refuse();

  Result<SecretBytes> octets = SecretBytes{};
  switch (encoding) {
    case SecretEncoding::raw: octets = bytes; break;
    case SecretEncoding::base64: octets = parse_base64(text); break;
    case SecretEncoding::base64url: octets = parse_base64url(text); break;
    case SecretEncoding::hex: octets = parse_hex(text); break;
  }
  if (!octets) return fail(std::move(octets).error());
  if (is_key_material(*octets)) return refuse();
  auto key = make_oct_key(*std::move(octets));
  if (!key) return fail(std::move(key).error());
  return Jwk{*std::move(key), {}, {}, {}, {}};
}

}  // namespace jwtctl
