// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace jwtctl::cli {

/// TomlFault is why a text is no TOML, and in which line, counted from 1.
struct TomlFault {
  std::size_t line = 0;
  std::string_view problem;
};

/// find_toml_fault finds what TOML 1.0.0 forbids everywhere and toml++ believes never to meet: a
/// control character, and a character beyond ASCII that stands in neither a string nor a comment.
std::optional<TomlFault> find_toml_fault(std::string_view toml);

}  // namespace jwtctl::cli
