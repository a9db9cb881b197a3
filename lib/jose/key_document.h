// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lib/base/time.h"
#include "lib/crypto/certificate.h"
#include "lib/jose/jwk_write.h"
#include "lib/jose/jwks.h"

/// Keys as their owner sees them: every entry of a file, the unusable ones and what verification
/// does not look at too. Every reader of keys stands on this one.
namespace jwtctl {

/// KeyForm is what the content of a key file turned out to be.
enum class KeyForm { pem, der, jwk, jwks };

/// KeyEntry is one key of a file; what it holds of private members is wiped with it.
struct KeyEntry {
  std::size_t index = 0;    ///< in the file, from 0
  std::optional<Jwk> jwk;   ///< nothing when it is no key that signs
  std::string problem;      ///< then: why
  Json members;             ///< as the file has them; of PEM and DER as JWK
  std::string issued = {};  ///< DER of the certificate that the key came in, else empty

  KeyEntry() = default;
  KeyEntry(KeyEntry&&) = default;
  KeyEntry& operator=(KeyEntry&&) = default;
  ~KeyEntry() { members.wipe(); }

  std::optional<std::string> kid() const;
  /// certificates returns the one that the key came in, or those of its x5c, in DER.
  std::vector<std::string> certificates() const;
  /// certificate reads the first of them; nothing when there is none, or it cannot be read.
  std::optional<Certificate> certificate() const;
};

/// entry_of_jwk reads one JWK, alone or of a set; entry_of_key takes what PEM or DER held, with the
/// DER of the certificate around it.
KeyEntry entry_of_jwk(const Json& members);
KeyEntry entry_of_key(Result<Key> key, std::string certificate);

/// KeyDocument is a whole file.
struct KeyDocument {
  KeyForm form = KeyForm::jwks;
  std::vector<KeyEntry> entries;
};

/// PemBlocks says how many blocks of a PEM are read: a verification takes the first, and the others
/// must not cost it the work of their passphrases.
enum class PemBlocks { first, all };

/// document_of_set lists every entry of a set that `parse_jwks` made `keys` of.
KeyDocument document_of_set(const Json& set, KeySet keys);

/// read_keys reads PEM, DER, JWK or JWKS as it stands there. Fails with `input` when the bytes are
/// none of these, `key_refused` when they are but must not be used, or no block of a PEM can be,
/// `usage` when a passphrase is needed and `passphrase` is null, `crypto` when it is wrong.
Result<KeyDocument> read_keys(const SecretBytes& bytes, const SecretBytes* passphrase,
                              PemBlocks blocks);

/// parse_key_document is `read_keys` of every block, with what a JWK must say of each key.
Result<KeyDocument> parse_key_document(const SecretBytes& bytes, const SecretBytes* passphrase);

/// name_pss_algorithm writes into `alg` what the parameters of an RSA-PSS key allow, because a JWK
/// can say it nowhere else. Fails with `key_refused` when that is no algorithm of JOSE.
Result<void> name_pss_algorithm(Jwk& jwk);

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
