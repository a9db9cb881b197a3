// SPDX-License-Identifier: Apache-2.0
#include "lib/crypto/process.h"

#include <openssl/crypto.h>

namespace jwtctl {

void leave_memory_to_the_system() { OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, nullptr); }

}  // namespace jwtctl
