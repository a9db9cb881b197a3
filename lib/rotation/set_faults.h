// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/codec/json.h"
#include "lib/rotation/inputs.h"

/// What makes verifiers refuse a whole published set, for one of its entries or its size.
namespace jwtctl {

enum class SetFaultKind {
  malformed,            ///< it is no object, or no key of its type; or its x5c has no certificate
  length,               ///< a coordinate has not the length of its curve (RFC 7518 section 6.2.1.2)
  foreign_certificate,  ///< its x5c certifies another key (RFC 7517 section 4.7)
  size,                 ///< the set is larger than some take
  repeated_kid,         ///< an entry before it has the same kid
};

/// SetFault is one such entry.
struct SetFault {
  SetFaultKind kind;
  std::string kid;   ///< may be empty
  std::string text;  ///< which entry it is, and what is wrong with it

  friend bool operator==(const SetFault&, const SetFault&) = default;
};

/// who_minds lists the known verifiers, by the names of --verifier, that refuse the whole set for
/// such an entry; of a repeated kid those that do not try each of its keys.
std::span<const std::string_view> who_minds(SetFaultKind kind);

/// set_faults goes through the entries of a JWK Set of `bytes` octets. What verifiers are to ignore
/// (RFC 7517 section 5) is no fault: a type, curve or algorithm that is not known.
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
/// new key, and is never certain. Nothing: no fault.
std::optional<SetRefusal> set_refusal(const std::vector<SetFault>& faults,
                                      const RotationInputs& inputs);

}  // namespace jwtctl
