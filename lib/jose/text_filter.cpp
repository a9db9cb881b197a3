// SPDX-License-Identifier: Apache-2.0
// Sixteen octets at a time, in the vectors that GCC and Clang offer on every machine.
#include "lib/jose/text_filter.h"

#include <array>
#include <cstdint>
#include <cstring>

namespace jwtctl {
namespace {

constexpr std::size_t kLanes = 16;
constexpr std::size_t kSpan = kFilterBefore + kFilterBlock;

/// Octets is a vector; comparing two of them gives one with all bits set where it is true.
using Octets = std::uint8_t __attribute__((vector_size(kLanes)));

template <class Octet>
Octets load(const Octet* at) {
  Octets octets;
  std::memcpy(&octets, at, kLanes);
  return octets;
}

bool any(Octets octets) {
  std::array<std::uint64_t, 2> words{};
  std::memcpy(words.data(), &octets, kLanes);
  return (words[0] | words[1]) != 0;
}

Octets all(std::uint8_t value) { return Octets{} + value; }

/// is_letter: base64url.
Octets is_letter(Octets text) {
  Octets lower = (text | all(0x20)) - all('a');
  Octets digit = text - all('0');
  return reinterpret_cast<Octets>((lower < all(26)) | (digit < all(10)) | (text == all('-')) |
                                  (text == all('_')));
}

Octets is(Octets text, char c) {
  return reinterpret_cast<Octets>(text == all(static_cast<std::uint8_t>(c)));
}

}  // namespace

Interest filter_block(const char* block) {
  const char* text = block - kFilterBefore;
  std::array<std::uint8_t, kSpan> letters;
  for (std::size_t i = 0; i < kSpan; i += kLanes) {
    Octets found = is_letter(load(text + i));
    std::memcpy(letters.data() + i, &found, kLanes);
  }
  Octets token{};
  Octets pem{};
  for (std::size_t i = kFilterBefore; i < kSpan; i += kLanes) {
    const std::uint8_t* here = letters.data() + i;
    const char* at = text + i;
    // Padding may stand in front of the dot. Not all twelve are looked at: these leave next to
    // nothing over.
    Octets last = (load(here - 1) & load(here - 2)) | is(load(at - 1), '=');
    Octets run = load(here - 3) & load(here - 4) & load(here - 6) & load(here - 8) &
                 load(here - 10) & load(here - 12);
    token |= is(load(at), '.') & last & run;
    pem |= is(load(at), '-') & is(load(at - 1), '-') & is(load(at - 4), '-');
  }
  return {any(token), any(pem)};
}

}  // namespace jwtctl
