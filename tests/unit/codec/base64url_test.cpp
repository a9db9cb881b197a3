// SPDX-License-Identifier: Apache-2.0
#include "lib/codec/base64url.h"

#include <array>
#include <random>

#include "tests/catch.h"

namespace jwtctl {
namespace {

struct Pair {
  std::string_view octets, text;
};

// RFC 4648 section 10, without the padding.
constexpr std::array<Pair, 7> kRfc4648{{{"", ""},
                                        {"f", "Zg"},
                                        {"fo", "Zm8"},
                                        {"foo", "Zm9v"},
                                        {"foob", "Zm9vYg"},
                                        {"fooba", "Zm9vYmE"},
                                        {"foobar", "Zm9vYmFy"}}};

template <class T>
void check_input_error(const Result<T>& result, std::string_view part) {
  REQUIRE_FALSE(result.has_value());
  CAPTURE(result.error().message);
  CHECK(result.error().code == ErrorCode::input);
  CHECK(result.error().message.find(part) != std::string::npos);
}

void check_fault(std::string_view text, Base64Fault fault, std::size_t offset, bool readable) {
  CAPTURE(text);
  Base64Text decoded = decode_base64url(text);
  REQUIRE(decoded.fault.has_value());
  CHECK(static_cast<int>(*decoded.fault) == static_cast<int>(fault));
  CHECK(decoded.offset == offset);
  CHECK(decoded.readable() == readable);
}

std::string random_octets(std::mt19937& random, std::size_t size) {
  std::string octets;
  for (std::size_t i = 0; i < size; ++i) octets += static_cast<char>(random() % 256);
  return octets;
}

TEST_CASE("the vectors of RFC 4648 encode and decode") {
  for (const Pair& pair : kRfc4648) {
    CAPTURE(pair.text);
    CHECK(to_base64url(pair.octets) == pair.text);
    Base64Text decoded = decode_base64url(pair.text);
    CHECK_FALSE(decoded.fault.has_value());
    CHECK(decoded.readable());
    CHECK(decoded.octets == pair.octets);
    auto parsed = parse_base64url(pair.text);
    REQUIRE(parsed.has_value());
    CHECK(as_text(*parsed) == pair.octets);
  }
  // RFC 7515 appendix C.
  CHECK(to_base64url("\x03\xec\xff\xe0\xc1") == "A-z_4ME");
}

TEST_CASE("every fault has its place") {
  check_fault("QUJ!", Base64Fault::illegal_character, 3, false);
  check_fault(" QUJD", Base64Fault::illegal_character, 0, false);
  check_fault("QUJD\n", Base64Fault::illegal_character, 4, false);
  check_fault(std::string_view("QU\0D", 4), Base64Fault::illegal_character, 2, false);
  check_fault("QUJ\xc3\xa9", Base64Fault::illegal_character, 3, false);
  check_fault("Q=JD", Base64Fault::illegal_character, 1, false);
  check_fault("QUI===", Base64Fault::illegal_character, 3, false);
  check_fault("A+z_", Base64Fault::standard_alphabet, 1, true);
  check_fault("A-z/", Base64Fault::standard_alphabet, 3, true);
  check_fault("Zg==", Base64Fault::padding, 2, true);
  check_fault("Zm8=", Base64Fault::padding, 3, true);
  check_fault("Zg=", Base64Fault::padding, 2, true);
  check_fault("=", Base64Fault::padding, 0, true);
  check_fault("Q", Base64Fault::length, 0, false);
  check_fault("QUJDR", Base64Fault::length, 4, false);
}

TEST_CASE("stray bits in the last character are a fault") {
  check_fault("Zh", Base64Fault::trailing_bits, 1, true);
  check_fault("Zv", Base64Fault::trailing_bits, 1, true);
  check_fault("Zm9", Base64Fault::trailing_bits, 2, true);
  check_fault("Zm9vYmF", Base64Fault::trailing_bits, 6, true);
  CHECK_FALSE(decode_base64url("Zw").fault.has_value());  // the same bits set, but used
}

TEST_CASE("what stands before a fault is decoded") {
  CHECK(decode_base64url("QUJD!UJD").octets == "ABC");
  CHECK(decode_base64url("QUJDR").octets == "ABC");
  CHECK(decode_base64url("Zh").octets == "f");
  CHECK(decode_base64url("Zg==").octets == "f");
  CHECK(decode_base64url("A+z/4ME").octets == "\x03\xec\xff\xe0\xc1");
}

TEST_CASE("a fault that hides octets outranks a fault of spelling") {
  check_fault("A+z!", Base64Fault::illegal_character, 3, false);
  check_fault("A+z/Q", Base64Fault::length, 4, false);
}

TEST_CASE("random octets survive, and any other spelling of them is a fault") {
  std::mt19937 random(20261123);
  for (std::size_t size = 0; size < 200; ++size) {
    std::string octets = random_octets(random, size);
    std::string text = to_base64url(octets);
    CAPTURE(text);
    Base64Text decoded = decode_base64url(text);
    CHECK_FALSE(decoded.fault.has_value());
    CHECK(decoded.octets == octets);
    CHECK(text.size() == (size * 8 + 5) / 6);

    CHECK(decode_base64url(text + "=").fault.has_value());
    std::string standard = text;
    for (char& c : standard) c = c == '-' ? '+' : c == '_' ? '/' : c;
    if (standard != text) CHECK(decode_base64url(standard).fault.has_value());
    for (std::string tail : {"A", "B", "w", "_"}) {
      if (text.empty() || text.ends_with(tail)) continue;
      std::string other = text.substr(0, text.size() - 1) + tail;
      Base64Text twin = decode_base64url(other);
      CHECK((twin.fault.has_value() || twin.octets != octets));
    }
  }
}

TEST_CASE("a text without a fault is what the encoder writes") {
  std::mt19937 random(7519);
  constexpr std::string_view kLetters = "ABQgwz019-_-_+/=! ";
  int good = 0;
  for (int round = 0; round < 20000; ++round) {
    std::string text;
    for (std::size_t i = random() % 7; i > 0; --i) text += kLetters[random() % kLetters.size()];
    Base64Text decoded = decode_base64url(text);
    CHECK(parse_base64url(text).has_value() == !decoded.fault.has_value());
    if (decoded.fault) continue;
    ++good;
    CAPTURE(text);
    CHECK(to_base64url(decoded.octets) == text);
  }
  CHECK(good > 1000);
}

TEST_CASE("a refusal of base64url says what it is instead") {
  check_input_error(parse_base64url("Zg=="), "padding at offset 2");
  CHECK(parse_base64url("Zg==").error().hint.find("RFC 7515") != std::string::npos);
  check_input_error(parse_base64url("A+z_"), "+ or / at offset 1");
  CHECK(parse_base64url("A+z_").error().hint.find("standard base64") != std::string::npos);
  check_input_error(parse_base64url("QUJDR"), "5 characters are one too many");
  check_input_error(parse_base64url("Zh"), "stray bits");
  check_input_error(parse_base64url("Zg\n"), "illegal character at offset 2");
}

TEST_CASE("standard base64 needs its padding and its alphabet") {
  struct Row {
    std::string_view text, octets;
  };
  for (const Row& row : {Row{"", ""}, Row{"Zg==", "f"}, Row{"Zm8=", "fo"}, Row{"Zm9v", "foo"},
                         Row{"A+z/4ME=", "\x03\xec\xff\xe0\xc1"}}) {
    CAPTURE(row.text);
    auto octets = parse_base64(row.text);
    REQUIRE(octets.has_value());
    CHECK(as_text(*octets) == row.octets);
  }
  for (std::string_view text : {"Zg", "Zg=", "Zm8", "Zm9v====", "=", "====", "A-z/", "A+z_",
                                "Zg==\n", "Z===", "Zg==Zg==", "Zm9", "Z"}) {
    CAPTURE(text);
    check_input_error(parse_base64(text), "not standard base64");
  }
}

TEST_CASE("hexadecimal digits come in pairs and in both cases") {
  auto octets = parse_hex("00fFaB7e");
  REQUIRE(octets.has_value());
  CHECK(as_text(*octets) == std::string_view("\x00\xff\xab\x7e", 4));
  CHECK(parse_hex("")->empty());
  check_input_error(parse_hex("abc"), "odd digit");
  check_input_error(parse_hex("00fg"), "illegal digit near offset 2");
  for (std::string_view text : {"0x", " 0", "0\n", "/0", ":0", "@0", "G0", "`0", "g0"}) {
    CAPTURE(text);
    check_input_error(parse_hex(text), "illegal digit");
  }
}

}  // namespace
}  // namespace jwtctl
