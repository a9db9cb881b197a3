// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

/// Fuzz targets: each reads one input and calls `must` for what has to hold whatever the input is.
/// They keep no state that an input could change, so that one input alone repeats a fault.
namespace jwtctl::fuzz {

/// must ends the process with the sentence `what` when it does not hold.
void must(bool holds, const char* what);

// In the order of CMakeLists.txt, which names them too.
void cache_entry(std::string_view input);
void extract(std::string_view input);
void freshness(std::string_view input);
void json(std::string_view input);
void key(std::string_view input);
void key_body(std::string_view input);
void lint(std::string_view input);
void plan(std::string_view input);
void report(std::string_view input);
void settings(std::string_view input);
void time(std::string_view input);
void token(std::string_view input);

}  // namespace jwtctl::fuzz
