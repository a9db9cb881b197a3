// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lib/base/result.h"
#include "lib/crypto/key.h"

namespace jwtctl {

/// check_key_pair says whether the private half of a key is sound and belongs to its public half:
/// the numbers of an RSA key fit together (RFC 8017 section 3.2; one wrong number lets a signature
/// give the key away), and what the key signs it verifies. A public key and a secret pass. Fails
/// with `key_refused`.
Result<void> check_key_pair(const Key& key);

/// check_rsa_numbers is `check_key_pair` by arithmetic alone, for files with many keys: it judges
/// RSA keys that have their primes, and says nothing of others.
Result<void> check_rsa_numbers(const Key& key);

}  // namespace jwtctl
