// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "cli/exit_code.h"
#include "cli/io.h"
#include "cli/key_inputs.h"
#include "cli/network_source.h"
#include "lib/jose/key_document.h"

/// Comparing key sets, for `jwks diff` and `jwks fetch --diff`.
namespace jwtctl::cli {

/// load_or_fetch reads a SPEC, or fetches a URL. `name` is what errors call it.
Result<KeyDocument> load_or_fetch(const std::string& source, std::string_view name,
                                  const NetworkInput& network, const Passphrase& passphrase, Io& io,
                                  const Globals& globals);

/// print_differences writes what differs; the status says whether anything does.
Result<ExitCode> print_differences(const KeyDocument& old, const KeyDocument& fresh,
                                   const Globals& globals);

}  // namespace jwtctl::cli
