// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace jwtctl {

/// kMinSecretBits is what a secret must be worth, so that it cannot be found by trying.
inline constexpr unsigned kMinSecretBits = 128;

/// estimate_bits returns what a secret is worth at most, judged by its octets alone: how many there
/// are, without repetitions of the beginning and without sequences such as "abcdef", times what one
/// octet of its alphabet can say. Random octets, hexadecimal and base64 get what they have; words
/// and phrases get more than they are worth.
unsigned estimate_bits(std::string_view secret);

}  // namespace jwtctl
