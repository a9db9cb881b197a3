// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "cli/exit_code.h"

/// What other systems say when they reject a token, and what that means here.
namespace jwtctl::cli {

/// ForeignMessage is an error text of another program. `marks` are the parts that tell it, in this
/// order; what stands between them differs.
struct ForeignMessage {
  std::string_view system;  ///< "Envoy and Istio"
  std::string_view text;    ///< as it is printed
  std::vector<std::string_view> marks;
  std::string_view meaning;  ///< a sentence
  std::vector<std::string_view> rules;
  std::optional<ExitCode> exit;  ///< what `verify` says to such a token
};

std::span<const ForeignMessage> foreign_messages();

/// find_foreign_messages returns those that fit a text, whatever its case; or of which the text is
/// a part, when it has at least eight characters.
std::vector<const ForeignMessage*> find_foreign_messages(std::string_view text);

}  // namespace jwtctl::cli
