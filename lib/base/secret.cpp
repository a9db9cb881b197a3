// SPDX-License-Identifier: Apache-2.0
#include "lib/base/secret.h"

namespace jwtctl {

void cleanse(void* data, std::size_t size) {
  // Writes through a volatile pointer are observable, so they survive dead-store elimination;
  // explicit_bzero is not on every target.
  auto* p = static_cast<volatile unsigned char*>(data);
  for (std::size_t i = 0; i < size; ++i) p[i] = 0;
}

void cleanse(std::string& text) {
  cleanse(text.data(), text.size());
  text.clear();
}

}  // namespace jwtctl
