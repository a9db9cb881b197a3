// SPDX-License-Identifier: Apache-2.0
#include "lib/codec/base64url.h"

#include <array>
#include <cstdint>

namespace jwtctl {
namespace {

constexpr std::string_view kUrlAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// kPlain has the value of each character of the alphabet, and a high bit for all others.
constexpr std::array<std::uint8_t, 256> kPlain = [] {
  std::array<std::uint8_t, 256> values{};
  values.fill(0x80);
  for (std::size_t i = 0; i < kUrlAlphabet.size(); ++i) {
    values[static_cast<unsigned char>(kUrlAlphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return values;
}();

/// decode_groups appends what the groups of four at the beginning mean, up to the first that has
/// another character, and returns where that is.
std::size_t decode_groups(std::string_view text, std::string& out) {
  std::size_t at = 0;
  std::size_t size = 0;
  out.resize(text.size() / 4 * 3);
  auto value = [&text](std::size_t i) -> std::uint32_t {
    return kPlain[static_cast<unsigned char>(text[i])];
  };
  for (; text.size() - at >= 4; at += 4) {
    std::uint32_t a = value(at), b = value(at + 1), c = value(at + 2), d = value(at + 3);
    if (((a | b | c | d) & 0x80U) != 0) break;
    std::uint32_t bits = a << 18U | b << 12U | c << 6U | d;
    out[size] = static_cast<char>(bits >> 16U);
    out[size + 1] = static_cast<char>(bits >> 8U & 0xFFU);
    out[size + 2] = static_cast<char>(bits & 0xFFU);
    size += 3;
  }
  out.resize(size);
  return at;
}

}  // namespace

bool Base64Text::readable() const {
  return fault != Base64Fault::illegal_character && fault != Base64Fault::length;
}

Base64Text decode_base64url(std::string_view text) {
  Base64Text result;
  auto note = [&result](Base64Fault fault, std::size_t offset) {
    if (!result.fault) result = {std::move(result.octets), fault, offset};
  };
  std::string_view body = text;
  while (body.ends_with('=') && text.size() - body.size() < 2) body.remove_suffix(1);

  result.octets.reserve(body.size() / 4 * 3 + 2);
  std::uint32_t bits = 0;
  unsigned held = 0;
  for (std::size_t i = decode_groups(body, result.octets); i < body.size(); ++i) {
    int value = base64_value(body[i]);
    if (value < 0) {
      result.fault = Base64Fault::illegal_character;
      result.offset = i;
      return result;
    }
    if (body[i] == '+' || body[i] == '/') note(Base64Fault::standard_alphabet, i);
    bits = (bits << 6U) | static_cast<std::uint32_t>(value);
    held += 6;
    if (held >= 8) {
      held -= 8;
      result.octets += static_cast<char>((bits >> held) & 0xFFU);
    }
  }
  if (body.size() % 4 == 1) {
    result.fault = Base64Fault::length;
    result.offset = body.size() - 1;
  } else if ((bits & ((1U << held) - 1U)) != 0) {
    note(Base64Fault::trailing_bits, body.size() - 1);
  }
  if (body.size() != text.size()) note(Base64Fault::padding, body.size());
  return result;
}

Result<SecretBytes> parse_base64url(std::string_view text) {
  Base64Text decoded = decode_base64url(text);
  auto octets = to_bytes<SecretBytes>(decoded.octets);
  cleanse(decoded.octets);
  if (!decoded.fault) return octets;
  switch (*decoded.fault) {
    case Base64Fault::padding:
      return fail(ErrorCode::input, "not base64url: padding at offset {}", decoded.offset)
          .hint("base64url has no = at the end (RFC 7515 section 2)");
    case Base64Fault::standard_alphabet:
      return fail(ErrorCode::input, "not base64url: + or / at offset {}", decoded.offset)
          .hint("this looks like standard base64; base64url has - and _ instead");
    case Base64Fault::length:
      return fail(ErrorCode::input, "not base64url: {} characters are one too many", text.size());
    case Base64Fault::trailing_bits:
      return fail(ErrorCode::input, "not base64url: the last character has stray bits");
    case Base64Fault::illegal_character: break;
  }
  return fail(ErrorCode::input, "not base64url: illegal character at offset {}", decoded.offset);
}

Result<SecretBytes> parse_base64(std::string_view text) {
  Base64Text decoded = decode_base64url(text);
  auto octets = to_bytes<SecretBytes>(decoded.octets);
  cleanse(decoded.octets);
  bool foreign = text.find_first_of("-_") != std::string_view::npos;
  bool spelled = !decoded.fault || *decoded.fault == Base64Fault::padding ||
                 *decoded.fault == Base64Fault::standard_alphabet;
  if (foreign || !spelled || text.size() % 4 != 0) {
    return fail(ErrorCode::input, "not standard base64 with padding");
  }
  return octets;
}

Result<SecretBytes> parse_hex(std::string_view text) {
  auto digit = [](char c) -> unsigned {
    if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
    if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
    if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
    return 16;
  };
  if (text.size() % 2 != 0) return fail(ErrorCode::input, "not hexadecimal: an odd digit is left");
  SecretBytes octets;
  octets.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    unsigned high = digit(text[i]);
    unsigned low = digit(text[i + 1]);
    if (high > 15 || low > 15) {
      return fail(ErrorCode::input, "not hexadecimal: illegal digit near offset {}", i);
    }
    octets.push_back(static_cast<std::uint8_t>(high * 16 + low));
  }
  return octets;
}

std::string to_base64url(std::string_view octets) {
  std::string text;
  text.reserve(octets.size() / 3 * 4 + 3);
  std::uint32_t bits = 0;
  unsigned held = 0;
  for (char octet : octets) {
    bits = (bits << 8U) | static_cast<std::uint8_t>(octet);
    held += 8;
    while (held >= 6) {
      held -= 6;
      text += kUrlAlphabet[(bits >> held) & 0x3FU];
    }
  }
  if (held > 0) text += kUrlAlphabet[(bits << (6 - held)) & 0x3FU];
  return text;
}

}  // namespace jwtctl
