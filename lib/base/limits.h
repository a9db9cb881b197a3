// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

/// Input limits: over one of them is a named error, never a truncation.
namespace jwtctl {

inline constexpr std::size_t kMaxTokenBytes = std::size_t{64} * 1024;
inline constexpr std::size_t kMaxKeyFileBytes = std::size_t{64} * 1024;
inline constexpr std::size_t kMaxKeySetBytes = std::size_t{1024} * 1024;
inline constexpr std::size_t kMaxListBytes = std::size_t{64} * 1024 * 1024;  ///< --revoked
inline constexpr std::size_t kMaxPassphraseBytes = 1024;

inline constexpr std::size_t kMaxJsonDepth = 32;
inline constexpr std::size_t kMaxJsonMembers = 1000;     ///< of one object
inline constexpr std::size_t kMaxJsonNumberDigits = 40;  ///< characters of one number

inline constexpr std::size_t kMaxKeysInSet = 1000;
inline constexpr std::size_t kMaxTriedKeys = 16;  ///< --try-all-keys

inline constexpr long kMaxKdfIterations = 10'000'000;  ///< of an encrypted private key

inline constexpr unsigned kMinRsaBits = 2048;
inline constexpr unsigned kMaxRsaBits = 16384;  ///< OpenSSL refuses larger ones
/// Above this modulus size OpenSSL refuses exponents of more than 64 bits.
inline constexpr unsigned kRsaSmallModulusBits = 3072;
inline constexpr unsigned kMaxRsaExponentBits = 256;  ///< FIPS 186-5 section A.1.1
inline constexpr unsigned kMaxRsaLargeModulusExponentBits = 64;
/// Of all moduli that are compared for shared factors: 1000 keys of 2048 bits.
inline constexpr std::size_t kMaxComparedBits = std::size_t{1000} * 2048;
inline constexpr std::size_t kMaxChainLength = 10;  ///< certificates of one x5c that are looked at

}  // namespace jwtctl
