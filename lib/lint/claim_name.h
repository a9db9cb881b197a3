// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

namespace jwtctl {

/// ClaimName is what the name of a claim was probably meant to be.
struct ClaimName {
  std::string_view meant;  ///< a registered name of RFC 7519 section 4.1
  /// It looks the same to a person: case, separators, invisible or foreign letters apart. Else it
  /// is another word for it ("expires"), which matters only when the right name is absent.
  bool looks_alike;
};

/// meant_claim guesses what a name stands for; nothing when it is registered, or a name of its own.
std::optional<ClaimName> meant_claim(std::string_view name);

}  // namespace jwtctl
