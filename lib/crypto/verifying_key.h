// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

#include "lib/base/result.h"
#include "lib/crypto/algorithm.h"
#include "lib/crypto/key.h"

namespace jwtctl {

/// VerifyingKey is a key that was judged fit for one algorithm and made ready for it: what is the
/// same for all signatures is done once. It is immutable and may be used by many threads at once.
/// It does not need the Key that it was made of any more.
class VerifyingKey {
 public:
  /// make judges as `check_key_for` does, and fails as it does; with `crypto` when OpenSSL lacks
  /// the algorithm.
  static Result<VerifyingKey> make(const Key& key, const Algorithm& algorithm,
                                   KeyStrength strength = KeyStrength::required);

  const Algorithm& algorithm() const { return *algorithm_; }
  /// signature_size is how many octets each signature has.
  std::size_t signature_size() const { return size_; }

  /// check says whether `signature` is this key's over `input` (RFC 7518 sections 3.2 to 3.5, RFC
  /// 8037 section 3.1): exact length, the whole MAC compared in constant time, PSS salt as long as
  /// the hash, ECDSA as r || s with 0 < r, s < n. Fails with `crypto` when OpenSSL cannot say.
  Result<bool> check(std::string_view input, std::string_view signature) const;

 private:
  VerifyingKey(const Algorithm& algorithm, std::size_t size)
      : algorithm_(&algorithm), size_(size) {}

  const Algorithm* algorithm_;
  std::size_t size_;
  MdCtxPtr verifier_;  ///< initialised, never used itself: each signature gets a copy
  MacCtxPtr mac_;      ///< of an HMAC the same
};

}  // namespace jwtctl
