// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace jwtctl {

/// cleanse overwrites `size` bytes at `data` in a way that the compiler may not leave out.
void cleanse(void* data, std::size_t size);

/// cleanse overwrites what `text` holds and empties it.
void cleanse(std::string& text);

/// CleansingAllocator overwrites memory before it gives it back.
template <class T>
struct CleansingAllocator {
  using value_type = T;

  CleansingAllocator() = default;
  template <class U>
  CleansingAllocator(const CleansingAllocator<U>&) {}

  T* allocate(std::size_t n) { return std::allocator<T>{}.allocate(n); }
  void deallocate(T* p, std::size_t n) {
    cleanse(p, n * sizeof(T));
    std::allocator<T>{}.deallocate(p, n);
  }
  friend bool operator==(const CleansingAllocator&, const CleansingAllocator&) { return true; }
};

/// SecretBytes holds keys, secrets, passphrases and the files they come from. A vector and not a
/// string, because short strings live inside the object and escape the allocator.
using SecretBytes = std::vector<std::uint8_t, CleansingAllocator<std::uint8_t>>;

/// Bytes holds what is not secret.
using Bytes = std::vector<std::uint8_t>;

/// as_text views bytes as characters; the view lives as long as `bytes`.
template <class Allocator>
std::string_view as_text(const std::vector<std::uint8_t, Allocator>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// to_bytes copies characters into a byte vector.
template <class Container = Bytes>
Container to_bytes(std::string_view text) {
  return Container(text.begin(), text.end());
}

}  // namespace jwtctl
