// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>
#include <vector>

#include "cli/io.h"
#include "lib/rotation/evidence.h"

/// The tokens that rotate-plan check is shown.
namespace jwtctl::cli {

/// load_tokens reads and cleans what the SPECs lead to. Fails with `input`, as files do.
Result<std::vector<std::string>> load_tokens(const std::vector<std::string>& specs, Io& io);

/// can_reread: a later look finds what is there by then.
bool can_reread(const std::vector<std::string>& specs);

/// read_tokens takes tokens apart (read_evidence), and notes which of them `known` has; they are in
/// it afterwards. Fails with `input` when one is none.
Result<std::vector<SignerEvidence>> read_tokens(const std::vector<std::string>& texts,
                                                const std::vector<Sample>& samples,
                                                std::set<std::string>& known);

}  // namespace jwtctl::cli
