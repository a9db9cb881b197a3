// SPDX-License-Identifier: Apache-2.0
#include "lib/base/secret.h"

#include <cstring>

namespace jwtctl {

void cleanse(void* data, std::size_t size) {
  if (size == 0) return;
  std::memset(data, 0, size);
  // Assembly that may look at all memory keeps the stores from being left out as dead.
  asm volatile("" : : "r"(data) : "memory");
}

void cleanse(std::string& text) {
  cleanse(text.data(), text.size());
  text.clear();
}

}  // namespace jwtctl
