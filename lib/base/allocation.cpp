// SPDX-License-Identifier: Apache-2.0
#include "lib/base/allocation.h"

#include <cstdlib>
#include <cstring>
#include <new>

namespace jwtctl {

void report_no_memory() {
  if (auto* handler = std::get_new_handler(); handler != nullptr) handler();
}

void* checked_malloc(std::size_t size) {
  void* memory = std::malloc(size);
  if (memory == nullptr && size != 0) report_no_memory();
  return memory;
}

void* checked_realloc(void* old, std::size_t size) {
  void* memory = std::realloc(old, size);
  if (memory == nullptr && size != 0) report_no_memory();
  return memory;
}

void* checked_calloc(std::size_t count, std::size_t size) {
  void* memory = std::calloc(count, size);
  if (memory == nullptr && count != 0 && size != 0) report_no_memory();
  return memory;
}

char* checked_strdup(const char* text) {
  std::size_t size = std::strlen(text) + 1;
  auto* copy = static_cast<char*>(checked_malloc(size));
  if (copy != nullptr) std::memcpy(copy, text, size);
  return copy;
}

}  // namespace jwtctl
