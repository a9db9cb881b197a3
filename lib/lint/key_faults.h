// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lib/lint/subject.h"

namespace jwtctl {

/// KeyFaultKind says in which way a key is not well made; each is the matter of one rule.
enum class KeyFaultKind {
  shape,     ///< a member is missing, twice, of the wrong type, or names what is unknown
  encoding,  ///< a member is not canonical base64url, or a number with zeros in front
  length,    ///< a coordinate does not have the length of its curve
  point,     ///< the coordinates are no point that a key may be
  pair,      ///< the private half does not belong to the public one, or is incomplete
  empty,     ///< a secret of no octets
};

/// KeyFault is one of them, with the member at fault (empty: the whole key).
struct KeyFault {
  KeyFaultKind kind;
  std::string place;
  std::string message;
};

/// key_faults says everything that keeps a key from being one, or departs from RFC 7517 section 4,
/// RFC 7518 section 6, RFC 8037 section 2 and RFC 9964 section 3. A well-made key for encryption or
/// of an algorithm that we do not verify with has no faults. Messages hold no key material.
std::vector<KeyFault> key_faults(const KeySubject& key);

/// member_number returns the octets of a public number of a key (RFC 7518 section 2, Base64urlUInt)
/// without zeros in front; nothing when it is absent, no string or unreadable.
std::optional<std::string> member_number(const KeySubject& key, std::string_view name);

/// modulus_of returns the n of an RSA key, usable or not; nothing for other keys, and for zero.
std::optional<std::string> modulus_of(const KeySubject& key);

/// number_bits counts the bits of an integer that `member_number` returned.
std::size_t number_bits(std::string_view octets);

}  // namespace jwtctl
