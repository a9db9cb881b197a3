// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "lib/lint/subject.h"
#include "lib/rotation/set_faults.h"

namespace jwtctl {

/// EntryFault is what is wrong with one entry of a set.
struct EntryFault {
  SetFaultKind kind;
  std::string text;
};

/// entry_faults says everything for which some verifier refuses a set with this entry, or the
/// entry. Values that are shown are not key material.
std::vector<EntryFault> entry_faults(const KeySubject& key);

}  // namespace jwtctl
