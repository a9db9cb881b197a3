// SPDX-License-Identifier: Apache-2.0
#include "lib/crypto/spki.h"

#include "tests/catch.h"

namespace jwtctl {
namespace {

PkeyPtr generate(const CurveInfo& info) {
  PkeyPtr pkey(info.kty == KeyType::ec
                   ? EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", info.openssl.data())
                   : EVP_PKEY_Q_keygen(nullptr, nullptr, info.openssl.data()));
  REQUIRE(pkey);
  return pkey;
}

std::string spki_of(EVP_PKEY* pkey) {
  unsigned char* der = nullptr;
  int size = i2d_PUBKEY(pkey, &der);
  REQUIRE(size > 0);
  BufferPtr owner(der);
  return {reinterpret_cast<char*>(der), static_cast<std::size_t>(size)};
}

void check_refused(std::string_view der, std::string_view part) {
  auto parsed = parse_curve_spki(der);
  REQUIRE(parsed.has_value());
  REQUIRE_FALSE(parsed->has_value());
  CAPTURE(parsed->error().message);
  CHECK(parsed->error().code == ErrorCode::key_refused);
  CHECK(parsed->error().message.find(part) != std::string::npos);
}

TEST_CASE("every curve of JOSE is read, as OpenSSL reads it") {
  for (const CurveInfo& info : curves()) {
    CAPTURE(info.name);
    PkeyPtr pkey = generate(info);
    auto parsed = parse_curve_spki(spki_of(pkey.get()));
    REQUIRE(parsed.has_value());
    REQUIRE(parsed->has_value());
    CHECK((*parsed)->curve() == info.curve);
    CHECK_FALSE((*parsed)->is_private());
    CHECK(EVP_PKEY_eq((*parsed)->pkey(), pkey.get()) == 1);
  }
}

TEST_CASE("what is no key on a curve of JOSE is left to others") {
  PkeyPtr rsa(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{1024}));
  CHECK_FALSE(parse_curve_spki(spki_of(rsa.get())).has_value());
  PkeyPtr x25519(EVP_PKEY_Q_keygen(nullptr, nullptr, "X25519"));
  CHECK_FALSE(parse_curve_spki(spki_of(x25519.get())).has_value());
  PkeyPtr p224(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "secp224r1"));
  CHECK_FALSE(parse_curve_spki(spki_of(p224.get())).has_value());
  for (std::string_view text : {"", "0", "\x30\x80", "not DER", "\x30\x03\x02\x01\x05"}) {
    CHECK_FALSE(parse_curve_spki(text).has_value());
  }
  CHECK_FALSE(parse_curve_spki(std::string_view("\x30\x00", 2)).has_value());
}

TEST_CASE("a key that was cut off or has something behind it is none") {
  for (const CurveInfo& info : curves()) {
    CAPTURE(info.name);
    std::string der = spki_of(generate(info).get());
    for (std::size_t size = 0; size < der.size(); ++size) {
      CHECK_FALSE(parse_curve_spki(der.substr(0, size)).has_value());
    }
    CHECK_FALSE(parse_curve_spki(der + std::string(1, '\0')).has_value());
    CHECK_FALSE(parse_curve_spki(der + der).has_value());
    std::string inside = der;  // a third element within the sequence
    inside[1] = static_cast<char>(inside[1] + 2);
    inside += std::string("\x05\x00", 2);
    if (der.size() < 0x80) CHECK_FALSE(parse_curve_spki(inside).has_value());
  }
}

TEST_CASE("a changed octet never gives the key another name") {
  PkeyPtr pkey = generate(curve_info(Curve::ed25519));
  const std::string der = spki_of(pkey.get());
  REQUIRE(der.size() == 44);
  for (std::size_t at = 0; at < 12; ++at) {  // in front of the key's own octets
    for (unsigned bit = 0; bit < 8; ++bit) {
      std::string changed = der;
      changed[at] = static_cast<char>(static_cast<unsigned char>(changed[at]) ^ (1U << bit));
      auto parsed = parse_curve_spki(changed);
      CAPTURE(at, bit);
      CHECK_FALSE((parsed.has_value() && parsed->has_value()));
    }
  }
}

TEST_CASE("a bad point is refused here and now") {
  std::string der = spki_of(generate(curve_info(Curve::p256)).get());
  std::string off = der;
  off.back() = static_cast<char>(off.back() ^ 1);
  check_refused(off, "not on P-256");

  std::string ed25519 = spki_of(generate(curve_info(Curve::ed25519)).get());
  std::string identity = ed25519.substr(0, 12) + "\x01" + std::string(31, '\0');
  check_refused(identity, "low order");
  std::string too_large = ed25519.substr(0, 12) + std::string(32, '\xff');
  check_refused(too_large, "canonical");
}

TEST_CASE("an Ed25519 key of another length is refused") {
  // RFC 8410 section 10.1 with one octet less: 30 29, 03 20, and 31 octets.
  std::string ed25519 = spki_of(generate(curve_info(Curve::ed25519)).get());
  std::string shorter = ed25519.substr(0, 43);
  shorter[1] = static_cast<char>(shorter[1] - 1);
  shorter[10] = static_cast<char>(shorter[10] - 1);
  check_refused(shorter, "has 32 octets, not 31");
}

}  // namespace
}  // namespace jwtctl
