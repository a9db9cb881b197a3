// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lib/base/time.h"
#include "lib/crypto/certificate.h"
#include "lib/jose/jwk_write.h"
#include "lib/jose/key_material.h"

/// Key files as their owner sees them: every entry, the unusable ones and what verification does
/// not look at too. For showing, converting and comparing, not for verifying.
namespace jwtctl {

/// KeyEntry is one key of a file.
struct KeyEntry {
  std::size_t index = 0;                   ///< in the file, from 0
  std::optional<Jwk> jwk;                  ///< nothing when it is no key that signs
  std::string problem;                     ///< then: why
  Json members;                            ///< as the file has them; of PEM and DER as JWK
  std::optional<Certificate> certificate;  ///< that the key came in, or the first of its x5c

  std::optional<std::string> kid() const;
};

/// KeyDocument is a whole file; what it holds of private keys is wiped with it.
struct KeyDocument {
  KeyForm form = KeyForm::jwks;
  std::vector<KeyEntry> entries;

  KeyDocument() = default;
  KeyDocument(KeyDocument&&) = default;
  KeyDocument& operator=(KeyDocument&&) = default;
  ~KeyDocument();
};

/// parse_key_document reads PEM (every block), DER, JWK or JWKS, with the errors of
/// `parse_key_material`.
Result<KeyDocument> parse_key_document(const SecretBytes& bytes, const SecretBytes* passphrase);

/// KeyJudgement says whether a verifier could use a key, and what its owner should know of it.
struct KeyJudgement {
  bool usable = false;
  std::vector<std::string> notes;
};

/// check_entry judges one entry as of `now`, which only certificates look at.
KeyJudgement check_entry(const KeyEntry& entry, Instant now);

/// has_half says whether `convert_entry` can be asked for that half.
bool has_half(const KeyEntry& entry, Half half);

/// convert_entry returns the JWK of one half with every member that the file has. Fails with
/// `key_refused` when the entry is no key, has not that half, or its halves do not fit.
Result<Json> convert_entry(const KeyEntry& entry, Half half);

/// holds_private_key says whether a file has private keys or secrets in any form that we read,
/// encrypted ones too.
bool holds_private_key(const SecretBytes& bytes);

}  // namespace jwtctl
