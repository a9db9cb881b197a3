// SPDX-License-Identifier: Apache-2.0
#include "lib/jose/key_ring.h"

#include <utility>

#include "lib/jose/fitness.h"

namespace jwtctl {

KeyRing::KeyRing(KeySet set)
    : set_(std::move(set)),
      verifying_(set_.keys.size() * signature_algorithms().size()),
      thumbprints_(set_.keys.size()) {}

KeyRing::KeyRing(Error refusal) : refusal_(std::move(refusal)), verifying_(0), thumbprints_(0) {}

std::size_t KeyRing::position(const SetKey& entry) const {
  return static_cast<std::size_t>(&entry - set_.keys.data());
}

const Result<VerifyingKey>& KeyRing::verifying(const SetKey& entry,
                                               const Algorithm& algorithm) const {
  auto rows = signature_algorithms();
  auto row = static_cast<std::size_t>(&algorithm - rows.data());
  return verifying_.get(position(entry) * rows.size() + row, [&]() -> Result<VerifyingKey> {
    auto good = check_secret(entry.jwk);
    if (!good) return fail(std::move(good).error());
    return VerifyingKey::make(entry.jwk.key, algorithm);
  });
}

const std::optional<std::string>& KeyRing::thumbprint_of(const SetKey& entry) const {
  return thumbprints_.get(position(entry), [&entry] { return thumbprint(entry.jwk.key); });
}

Result<std::shared_ptr<const KeyRing>> make_ring(Result<KeySet> set) {
  if (!set) return fail(std::move(set).error());
  return std::make_shared<const KeyRing>(*std::move(set));
}

}  // namespace jwtctl
