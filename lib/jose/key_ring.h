// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "lib/base/lazy_slots.h"
#include "lib/crypto/verifying_key.h"
#include "lib/jose/jwks.h"

namespace jwtctl {

/// KeyRing is a key set that many verifications share, in one thread or in several: it is
/// immutable, each of its keys is judged and made ready once for each algorithm, when that is first
/// asked for. It neither copies nor moves; hold it by `std::shared_ptr<const KeyRing>`.
class KeyRing {
 public:
  explicit KeyRing(KeySet set);
  /// A ring without keys, because what was named must not be used.
  explicit KeyRing(Error refusal);

  const KeySet& set() const { return set_; }
  const std::optional<Error>& refusal() const { return refusal_; }

  /// verifying returns what check_secret and VerifyingKey::make say of an entry of this very ring
  /// and of a row of `signature_algorithms`.
  const Result<VerifyingKey>& verifying(const SetKey& entry, const Algorithm& algorithm) const;

  /// thumbprint_of returns the thumbprint of an entry (RFC 7638); nothing for a secret.
  const std::optional<std::string>& thumbprint_of(const SetKey& entry) const;

 private:
  std::size_t position(const SetKey& entry) const;

  KeySet set_;
  std::optional<Error> refusal_;
  LazySlots<Result<VerifyingKey>> verifying_;
  LazySlots<std::optional<std::string>> thumbprints_;
};

/// make_ring shares a set, or passes on why there is none.
Result<std::shared_ptr<const KeyRing>> make_ring(Result<KeySet> set);

}  // namespace jwtctl
