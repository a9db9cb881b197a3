// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/time.h"
#include "lib/jose/key_document.h"
#include "lib/lint/expectations.h"
#include "lib/lint/token_outcomes.h"
#include "lib/token/claims.h"

/// What rules look at: a token, a key or a key set, with what is known beside it.
namespace jwtctl {

/// FileFacts is what is known of the file in which a subject was found. A subject that was given
/// to `decode` or `verify`, or on standard input, has none.
struct FileFacts {
  bool owner_only = false;    ///< nobody but its owner may read it (no bits of 077)
  bool sole_content = false;  ///< it holds nothing but the subject
  bool tracked = false;       ///< a repository has it, which does not record who may read it
};

/// TokenSubject is what a token rule sees.
struct TokenSubject {
  TokenSubject(const Jws& jws, const Payload& payload, const Expectations& expected,
               const FileFacts* file = nullptr);

  const Jws& jws;          ///< `text`, `segments`, `header` (absent when no object), `faults`
  const Payload& payload;  ///< `claims` (whatever JSON it is), `faults`
  const Expectations& expected;
  const FileFacts* file;
  TokenOutcomes outcomes;  ///< what the judge found

  Instant now() const { return expected.policy.now; }
  /// header and claims return the object, else null.
  const Json* header() const;
  const Json* claims() const;
  /// header_member and claim return one member, else null.
  const Json* header_member(std::string_view name) const;
  const Json* claim(std::string_view name) const;
};

/// KeySubject is what a key rule sees: a JWK (alone or in a set), or a key of PEM or DER. It wipes
/// what it holds of private members.
struct KeySubject {
  KeyForm form = KeyForm::jwk;  ///< of the document; `jwks` for an entry of a set
  SecretJson members;           ///< as the file has them; of PEM and DER as JWK
  std::optional<Jwk> jwk;       ///< absent when it is no key that signs
  std::string problem;          ///< then: why
  bool holds_private = false;   ///< private or symmetric material in the clear
  bool encrypted = false;       ///< a private key that nobody can read without its passphrase
  /// Of a PEM block that says it is a key or certificate: why it gives no key. `input` means that
  /// it is broken, `key_refused` that it is one that JOSE cannot use, or must not.
  std::optional<ErrorCode> refusal;
  std::vector<std::string> certificates;  ///< DER, of x5c or PEM, as far as they could be decoded

  const Json& json() const { return members.json; }
  /// member returns one member, else null; text returns it when it is a string.
  const Json* member(std::string_view name) const { return members.json.find(name); }
  std::optional<std::string_view> text(std::string_view name) const;
  /// says_secret says that its kty is one of shared secrets, usable or not.
  bool says_secret() const;
};

/// KeyContext is what is the same for every key of a document.
struct KeyContext {
  const Expectations& expected;
  const FileFacts* file = nullptr;

  Instant now() const { return expected.policy.now; }
};

/// KeySetSubject is what a key set rule sees: a document with an array "keys", or anything when
/// the user says that it is a set.
struct KeySetSubject {
  const Json& json;
  std::span<const KeySubject> keys;  ///< one for every entry of "keys", in order
  std::size_t bytes;                 ///< of the document
};

/// jwk_subject, jwks_subjects, pem_subject and der_subject make subjects of a document; what cannot
/// be read as a key is a subject with a `problem`.
KeySubject jwk_subject(const Json& members);
std::vector<KeySubject> jwks_subjects(const Json& document);
/// pem_subject reads one PEM block, from its BEGIN to its END line.
KeySubject pem_subject(std::string_view block);
/// der_subject reads one key or certificate in DER.
KeySubject der_subject(std::string_view der);

}  // namespace jwtctl
