// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "lib/base/result.h"
#include "lib/base/secret.h"

namespace jwtctl {

/// Base64Fault says how a text departs from canonical base64url without padding (RFC 7515
/// section 2, RFC 4648 section 5).
enum class Base64Fault {
  illegal_character,  ///< a byte outside the alphabet
  standard_alphabet,  ///< `+` or `/` of RFC 4648 section 4
  padding,            ///< `=` at the end
  length,             ///< a length that no encoder produces: 4n + 1 characters
  trailing_bits,      ///< unused bits of the last character are not zero
};

/// Base64Text is what `decode_base64url` found: the octets (as good as they can be told) and the
/// first fault with its offset into the text. The octets are exact when `fault` is empty; with
/// `illegal_character` and `length` they end before the fault.
struct Base64Text {
  std::string octets;
  std::optional<Base64Fault> fault;
  std::size_t offset = 0;

  /// readable says that the octets are complete though the spelling may be wrong.
  bool readable() const;
};

inline constexpr std::array<std::int8_t, 256> kBase64Values = [] {
  std::array<std::int8_t, 256> values{};
  values.fill(-1);
  std::int8_t value = 0;
  for (char c :
       std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")) {
    values[static_cast<std::uint8_t>(c)] = value++;
  }
  values[static_cast<std::uint8_t>('+')] = 62;
  values[static_cast<std::uint8_t>('/')] = 63;
  return values;
}();

/// base64_value returns the six bits of a character of base64url or standard base64, -1 of others.
inline int base64_value(char c) { return kBase64Values[static_cast<std::uint8_t>(c)]; }

/// decode_base64url decodes and judges; it cannot fail, the fault is part of the answer.
Base64Text decode_base64url(std::string_view text);

/// parse_base64url accepts canonical unpadded base64url alone; anything else fails with `input`.
Result<SecretBytes> parse_base64url(std::string_view text);

/// parse_base64 accepts standard base64 with its padding (RFC 4648 section 4), or `input`.
Result<SecretBytes> parse_base64(std::string_view text);

/// parse_hex accepts an even number of hexadecimal digits, or fails with `input`.
Result<SecretBytes> parse_hex(std::string_view text);

/// to_base64url encodes without padding.
std::string to_base64url(std::string_view octets);

}  // namespace jwtctl
