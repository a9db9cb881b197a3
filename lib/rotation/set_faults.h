// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/codec/json.h"
#include "lib/rotation/inputs.h"

/// What makes verifiers refuse a whole published set, for one of its entries or its size.
namespace jwtctl {

enum class SetFaultKind {
  malformed,            ///< it is no object, or no key of its type; or its x5c has no certificate
  untyped,              ///< it has no kty (RFC 7517 section 4.1)
  point,                ///< its coordinates are on no point of the curve
  length,               ///< a coordinate has not the length of its curve (RFC 7518 section 6.2.1.2)
  octets,               ///< an Ed25519 key has not its length (RFC 8037 section 2)
  padding,              ///< a number is padded (RFC 7515 section 2)
  alphabet,             ///< a number is in the standard alphabet of base64
  date,                 ///< its iat, nbf or exp is no number
  operations_type,      ///< its key_ops is no array of strings (RFC 7517 section 4.3)
  contradiction,        ///< its use and key_ops contradict each other
  certificate_hash,     ///< its x5t or x5t#S256 is no such hash
  certificate_url,      ///< its x5u is no URL
  foreign_certificate,  ///< its x5c certifies another key (RFC 7517 section 4.7)
  certificate_plain,    ///< its x5u is not https (RFC 7517 section 4.6)
  unknown_type,         ///< its kty is to be ignored, as what follows (RFC 7517 section 5)
  unknown_curve,
  unknown_operation,
  other_operations,  ///< its key_ops is not "verify" alone: the entry is refused, not the set
  size,              ///< the set is larger than some take
  repeated_kid,      ///< an entry before it has the same kid
};

/// SetFault is one such entry.
struct SetFault {
  SetFaultKind kind;
  std::string kid;   ///< may be empty
  std::string text;  ///< which entry it is, and what is wrong with it

  friend bool operator==(const SetFault&, const SetFault&) = default;
};

/// who_minds lists the known verifiers, by their names in the table, that refuse the whole set for
/// such an entry; of `other_operations` the entry; of a repeated kid those that do not try each of
/// its keys.
std::vector<std::string_view> who_minds(SetFaultKind kind);

/// set_faults goes through the entries of a JWK Set of `bytes` octets.
std::vector<SetFault> set_faults(const Json& set, std::size_t bytes);

/// SetRefusal is what the faults of a set mean for the verifiers of a plan.
struct SetRefusal {
  enum class Weight {
    note,     ///< verifiers that the plan does not have would mind
    unknown,  ///< the plan does not say which verifiers there are, or not all of them
    certain,  ///< a verifier that the plan names refuses the whole set
  };
  Weight weight;
  std::string text;
};

/// set_refusal returns what weighs most. A repeated kid matters when it is that of the old or the
/// new key, and is never certain; `other_operations` when it is that of the new key. What verifiers
/// are to ignore matters to those alone that are known not to. Nothing: no fault.
std::optional<SetRefusal> set_refusal(const std::vector<SetFault>& faults,
                                      const RotationInputs& inputs);

}  // namespace jwtctl
