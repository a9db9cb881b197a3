// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "lib/crypto/algorithm.h"
#include "lib/crypto/openssl.h"

/// How OpenSSL is told what an algorithm of JWA is, for signing and verifying alike.
namespace jwtctl {

/// octets_of is how OpenSSL wants to be given text.
const unsigned char* octets_of(std::string_view text);

/// digest_name returns what OpenSSL wants to hear: null where the scheme has its own.
const char* digest_name(const Algorithm& algorithm);

/// use_pss sets the parameters of RFC 7518 section 3.5: MGF1 with the same hash, a salt as long.
bool use_pss(EVP_PKEY_CTX* context, const Algorithm& algorithm);

}  // namespace jwtctl
