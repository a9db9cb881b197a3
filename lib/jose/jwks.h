// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "lib/jose/jwk.h"

namespace jwtctl {

/// SkippedKey is an entry of a set that was not considered, and why.
struct SkippedKey {
  std::size_t index;  ///< in the set, from 0
  std::optional<std::string> kid;
  std::string reason;
  /// Of a broken key the type that it says it has, when keys of that type and curve sign.
  std::optional<std::string> kty = std::nullopt;
};

/// signing_type returns the `kty` that an entry of a set says it has, unless its curve is one for
/// key agreement.
std::optional<std::string> signing_type(const Json& entry);

/// SetKey is a usable entry of a set.
struct SetKey {
  std::size_t index;
  Jwk jwk;
};

/// KeySet is where a verification finds its key. `pinned` marks a single key that the user named:
/// it is tried even when its kid differs, because kid is a hint (RFC 7515 section 4.1.4).
struct KeySet {
  std::vector<SetKey> keys;
  std::vector<SkippedKey> skipped;
  bool pinned = false;
  std::string source;  ///< what the user named: a path, "stdin", "env:KEY"
};

/// parse_jwks reads a JWK Set (RFC 7517 section 5). Unusable entries are skipped with a note.
/// Fails with `input` when the document is no key set, with `key_refused` when the set must not
/// be used at all: it is empty, mixes symmetric with asymmetric keys, or holds two different keys
/// with one kid, type and use.
Result<KeySet> parse_jwks(const Json& json);

/// mixes_secrets and kid_clashes look at what every entry of a set says it is, usable or not: a
/// broken key must not hide that the set is unsafe.
/// mixes_secrets says whether the entries are partly symmetric, partly asymmetric.
bool mixes_secrets(const Json::Array& entries);

/// is_pem_map recognises an object of certificates by kid, as Google publishes for Firebase.
bool is_pem_map(const Json& json);

/// KidClash is two entries with one kid, type and use that are not known to be the same key.
struct KidClash {
  std::size_t first, second;  ///< in the set, from 0
  std::string kid;
};

/// kid_clashes compares entries with the first of their kid; `usable` has the key of each, or null.
std::vector<KidClash> kid_clashes(const Json::Array& entries, std::span<const Key* const> usable);

/// same_material says whether two keys are one: the same public numbers, or the same secret.
bool same_material(const Key& a, const Key& b);

/// Selection is the outcome of looking for a key: the candidates, and why each other key is none.
struct Selection {
  std::vector<const SetKey*> candidates;
  std::vector<SkippedKey> skipped;
};

/// select_keys returns the keys of `set` that may verify `algorithm` with this `kid` (nothing: the
/// token names none). Keys of equal material count once. In a pinned set the kid is not a filter.
Selection select_keys(const KeySet& set, const Algorithm& algorithm,
                      const std::optional<std::string>& kid);

}  // namespace jwtctl
