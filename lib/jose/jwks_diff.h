// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lib/jose/key_document.h"

namespace jwtctl {

/// KeyChange is what happened to one key between two states of a key set.
enum class KeyChange {
  rekeyed,  ///< another key under the same kid: who has cached the old one rejects good tokens
  removed,
  added,
  renamed,  ///< the same key under another kid
  changed,  ///< the same key and kid, other members
};

std::string_view to_string(KeyChange change);

/// KeyDifference is one change of one key.
struct KeyDifference {
  KeyChange change;
  std::string name;                     ///< the kid; without one the thumbprint, else "#2"
  std::optional<std::string> old_name;  ///< with `renamed`
  std::vector<std::string> members;     ///< with `changed`: their names
};

/// diff_keys compares two key files as verifiers see them: the same key under the same kid first,
/// then another key under a kid that stays, then a key that changed its kid. The
/// order of keys and members does not matter, nor whether a private half is there.
std::vector<KeyDifference> diff_keys(const KeyDocument& old, const KeyDocument& fresh);

}  // namespace jwtctl
