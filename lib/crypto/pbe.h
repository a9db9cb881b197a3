// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lib/crypto/openssl.h"

namespace jwtctl {

/// check_iterations refuses an encrypted private key (RFC 5958 section 3) whose key derivation
/// counts beyond `kMaxKdfIterations` (PBES1 and PBES2 of RFC 8018, PKCS#12 of RFC 7292): a count of
/// 2^31 keeps a processor busy for many minutes. Fails with `key_refused`.
Result<void> check_iterations(const X509_SIG& envelope);

}  // namespace jwtctl
