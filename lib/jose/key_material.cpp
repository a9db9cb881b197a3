// SPDX-License-Identifier: Apache-2.0
#include "lib/jose/key_material.h"

#include <algorithm>
#include <iterator>

#include "lib/base/text.h"
#include "lib/codec/base64url.h"
#include "lib/crypto/pem.h"
#include "lib/jose/private_material.h"

namespace jwtctl {
namespace {

bool looks_like_json(std::string_view text) {
  std::string_view body = trim(text);
  return body.starts_with('{') || body.starts_with('[');
}

/// is_key_text recognises the armour of PEM and its relatives, damaged or not, and SSH's
/// one-liners.
bool is_key_text(std::string_view text) {
  if (looks_like_pem(text)) return true;
  for (std::string_view start : {"ssh-", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-"}) {
    if (text.starts_with(start)) return true;
  }
  std::size_t begin = text.find("BEGIN ");
  if (begin == std::string_view::npos) return false;
  std::string_view rest = text.substr(begin);
  return rest.find("KEY--") != std::string_view::npos ||
         rest.find("CERTIFICATE--") != std::string_view::npos ||
         rest.find("KEY ----") != std::string_view::npos;
}

/// is_der_key parses, because a secret may begin like DER by chance but does not parse by chance.
bool is_der_key(std::string_view octets) {
  if (!looks_like_der(octets)) return false;
  auto key = parse_der_key(octets, nullptr);
  return key || key.error().code != ErrorCode::input;
}

/// is_json_key recognises JWK and JWKS, well made or not, with names escaped or not.
bool is_json_key(std::string_view text) {
  std::string plain = without_escapes(text);
  bool found =
      plain.find("\"kty\"") != std::string::npos || plain.find("\"keys\"") != std::string::npos;
  cleanse(plain);
  return found;
}

/// holds_key says whether octets that were decoded are a key.
bool holds_key(std::string_view octets) {
  return is_key_text(trim(octets)) || is_der_key(octets) ||
         (looks_like_json(octets) && is_json_key(octets));
}

}  // namespace

Result<KeyMaterial> parse_key_material(const SecretBytes& bytes, const SecretBytes* passphrase) {
  auto document = read_keys(bytes, passphrase, PemBlocks::first);
  if (!document) return fail(std::move(document).error());
  KeyMaterial material{document->form, {}};
  for (KeyEntry& entry : document->entries) {
    if (entry.jwk) {
      material.set.keys.push_back({entry.index, *std::move(entry.jwk)});
    } else {
      material.set.skipped.push_back(
          {entry.index, entry.kid(), std::move(entry.problem), signing_type(entry.members)});
    }
  }
  return material;
}

bool is_key_material(const SecretBytes& bytes) {
  // Without NULs UTF-16 reads like ASCII; without a BOM and blanks a key begins where it begins.
  SecretBytes plain;
  std::copy_if(bytes.begin(), bytes.end(), std::back_inserter(plain),
               [](std::uint8_t octet) { return octet != 0; });
  std::string_view text = as_text(plain);
  for (std::string_view mark : {"\xEF\xBB\xBF", "\xFF\xFE", "\xFE\xFF"}) {
    if (text.starts_with(mark)) text.remove_prefix(mark.size());
  }
  text = trim(text);
  if (is_key_text(text) || is_der_key(as_text(bytes)) || is_der_key(trim(as_text(bytes)))) {
    return true;
  }
  if (looks_like_json(text)) return is_json_key(text);
  // The body of a PEM without its frame, and any key in base64 or hexadecimal once more.
  SecretBytes body;
  std::copy_if(text.begin(), text.end(), std::back_inserter(body),
               [](char c) { return c > ' ' && c != '='; });
  auto hex = parse_hex(as_text(body));
  if (hex && holds_key(as_text(*hex))) return true;
  Base64Text decoded = decode_base64url(as_text(body));
  bool found = decoded.readable() && holds_key(decoded.octets);
  cleanse(decoded.octets);
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
