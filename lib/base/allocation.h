// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

/// Memory for libraries of C, which do not always survive its end: as malloc and its kin, but a
/// failure is told to the handler of `operator new` first (std::set_new_handler), which may leave
/// the program. Null only when there is no handler.
namespace jwtctl {

void* checked_malloc(std::size_t size);
void* checked_realloc(void* old, std::size_t size);
void* checked_calloc(std::size_t count, std::size_t size);
char* checked_strdup(const char* text);

/// report_no_memory calls the handler, when something else has failed for want of memory.
void report_no_memory();

}  // namespace jwtctl
