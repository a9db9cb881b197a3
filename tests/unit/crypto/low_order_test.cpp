// SPDX-License-Identifier: Apache-2.0
#include "lib/crypto/low_order.h"

#include <algorithm>

#include "lib/crypto/key.h"
#include "lib/crypto/openssl.h"
#include "tests/catch.h"

namespace jwtctl {
namespace {

using BnCtxPtr = std::unique_ptr<BN_CTX, Deleter<BN_CTX_free>>;

/// Field computes modulo the prime of a curve, independently of what is tested.
class Field {
 public:
  explicit Field(Curve curve) : curve_(curve), context_(BN_CTX_new()), prime_(BN_new()) {
    bool small = curve == Curve::ed25519;
    BN_set_bit(prime_.get(), small ? 255 : 448);  // 2^255 - 19, 2^448 - 2^224 - 1
    if (!small) {
      BignumPtr middle(BN_new());
      BN_set_bit(middle.get(), 224);
      BN_sub(prime_.get(), prime_.get(), middle.get());
    }
    BN_sub_word(prime_.get(), small ? 19 : 1);
  }

  BignumPtr number(unsigned long value) const {
    BignumPtr out(BN_new());
    BN_set_word(out.get(), value);
    return out;
  }
  BignumPtr prime_plus(long difference) const {
    BignumPtr out(BN_dup(prime_.get()));
    if (difference < 0) BN_sub_word(out.get(), static_cast<unsigned long>(-difference));
    if (difference > 0) BN_add_word(out.get(), static_cast<unsigned long>(difference));
    return out;
  }
  BignumPtr negative(const BignumPtr& a) const {
    BignumPtr out(BN_new());
    BN_sub(out.get(), prime_.get(), a.get());
    return out;
  }
  BignumPtr quotient(const BignumPtr& a, const BignumPtr& b) const {
    BignumPtr inverse(BN_mod_inverse(nullptr, b.get(), prime_.get(), context_.get()));
    BignumPtr out(BN_new());
    BN_mod_mul(out.get(), a.get(), inverse.get(), prime_.get(), context_.get());
    return out;
  }
  BignumPtr sum(const BignumPtr& a, const BignumPtr& b) const {
    BignumPtr out(BN_new());
    BN_mod_add(out.get(), a.get(), b.get(), prime_.get(), context_.get());
    return out;
  }
  /// root returns null when `a` has none.
  BignumPtr root(const BignumPtr& a) const {
    BignumPtr out(BN_mod_sqrt(nullptr, a.get(), prime_.get(), context_.get()));
    clear_errors();
    return out;
  }

  /// encode writes y little-endian with the sign of x (RFC 8032 sections 5.1.2 and 5.2.2).
  std::string encode(const BignumPtr& y, bool sign) const {
    std::string octets(curve_info(curve_).octets, '\0');
    BN_bn2lebinpad(y.get(), reinterpret_cast<unsigned char*>(octets.data()),
                   static_cast<int>(octets.size()));
    if (sign) octets.back() = static_cast<char>(static_cast<unsigned char>(octets.back()) | 0x80U);
    return octets;
  }

 private:
  Curve curve_;
  BnCtxPtr context_;
  BignumPtr prime_;
};

/// order_8 solves for y: the double of such a point has y = 0, so x^2 = -y^2, and the equation of
/// the curve, -x^2 + y^2 = 1 + d x^2 y^2, becomes d y^4 + 2 y^2 - 1 = 0.
std::vector<BignumPtr> order_8(const Field& field) {
  BignumPtr d = field.quotient(field.negative(field.number(121665)), field.number(121666));
  BignumPtr discriminant = field.root(field.sum(field.number(1), d));
  REQUIRE(discriminant);
  BignumPtr minus_one = field.prime_plus(-1);
  std::vector<BignumPtr> all;
  for (const BignumPtr& s :
       {field.sum(minus_one, discriminant), field.sum(minus_one, field.negative(discriminant))}) {
    BignumPtr y = field.root(field.quotient(s, d));
    if (!y) continue;
    all.push_back(field.negative(y));
    all.push_back(std::move(y));
  }
  return all;
}

void check_refused(Curve curve, const std::string& octets, std::string_view part) {
  auto key = make_okp_key(curve, to_bytes<SecretBytes>(octets), nullptr);
  REQUIRE_FALSE(key.has_value());
  CHECK(key.error().code == ErrorCode::key_refused);
  CAPTURE(key.error().message);
  CHECK(key.error().message.find(part) != std::string::npos);
}

TEST_CASE("every torsion point of Ed25519 is refused, with either sign") {
  Field field(Curve::ed25519);
  std::vector<BignumPtr> all = order_8(field);
  REQUIRE(all.size() == 2);
  all.push_back(field.number(0));       // order 4
  all.push_back(field.number(1));       // the identity
  all.push_back(field.prime_plus(-1));  // order 2
  for (const BignumPtr& y : all) {
    for (bool sign : {false, true}) {
      std::string octets = field.encode(y, sign);
      CHECK(is_low_order_point(Curve::ed25519, octets));
      CHECK(is_canonical_point(Curve::ed25519, octets));
      check_refused(Curve::ed25519, octets, "low order");
    }
  }
}

TEST_CASE("every torsion point of Ed448 is refused, with either sign") {
  Field field(Curve::ed448);
  for (long y : {0L, 1L, -1L}) {
    BignumPtr value = y < 0 ? field.prime_plus(y) : field.number(static_cast<unsigned long>(y));
    for (bool sign : {false, true}) {
      std::string octets = field.encode(value, sign);
      CHECK(is_low_order_point(Curve::ed448, octets));
      CHECK(is_canonical_point(Curve::ed448, octets));
      check_refused(Curve::ed448, octets, "low order");
    }
  }
}

TEST_CASE("a coordinate below the prime is canonical and the prime is not") {
  for (Curve curve : {Curve::ed25519, Curve::ed448}) {
    Field field(curve);
    for (bool sign : {false, true}) {
      CAPTURE(curve_info(curve).name, sign);
      CHECK(is_canonical_point(curve, field.encode(field.number(0), sign)));
      CHECK(is_canonical_point(curve, field.encode(field.prime_plus(-2), sign)));
      for (long above = 0; above < 19; ++above) {  // all that Ed25519 has room for
        std::string octets = field.encode(field.prime_plus(above), sign);
        CHECK_FALSE(is_canonical_point(curve, octets));
        check_refused(curve, octets, "canonical");
      }
      std::string full(curve_info(curve).octets, '\xff');
      CHECK_FALSE(is_canonical_point(curve, full));
    }
  }
}

TEST_CASE("Ed448 has seven bits beside the sign that must be zero") {
  Field field(Curve::ed448);
  for (unsigned bit = 0; bit < 7; ++bit) {
    std::string octets = field.encode(field.number(5), false);
    octets.back() = static_cast<char>(1U << bit);
    CHECK_FALSE(is_canonical_point(Curve::ed448, octets));
    check_refused(Curve::ed448, octets, "canonical");
  }
}

TEST_CASE("ordinary points are neither of low order nor refused") {
  for (Curve curve : {Curve::ed25519, Curve::ed448}) {
    for (int round = 0; round < 20; ++round) {
      PkeyPtr pkey(EVP_PKEY_Q_keygen(nullptr, nullptr, curve_info(curve).openssl.data()));
      std::string octets(curve_info(curve).octets, '\0');
      std::size_t size = octets.size();
      REQUIRE(EVP_PKEY_get_raw_public_key(
                  pkey.get(), reinterpret_cast<unsigned char*>(octets.data()), &size) == 1);
      CHECK(is_canonical_point(curve, octets));
      CHECK_FALSE(is_low_order_point(curve, octets));
      CHECK(make_okp_key(curve, to_bytes<SecretBytes>(octets), nullptr).has_value());
    }
  }
}

// Small y that are no torsion: 2 is no y of Ed25519 at all, 4/5 is the base point's.
TEST_CASE("only the torsion points are of low order") {
  Field field(Curve::ed25519);
  for (unsigned long y = 2; y < 40; ++y) {
    CHECK_FALSE(is_low_order_point(Curve::ed25519, field.encode(field.number(y), false)));
    CHECK_FALSE(is_low_order_point(Curve::ed25519,
                                   field.encode(field.prime_plus(-static_cast<long>(y)), true)));
  }
  BignumPtr base = field.quotient(field.number(4), field.number(5));
  CHECK_FALSE(is_low_order_point(Curve::ed25519, field.encode(base, false)));
  CHECK(make_okp_key(Curve::ed25519, to_bytes<SecretBytes>(field.encode(base, false)), nullptr)
            .has_value());
}

}  // namespace
}  // namespace jwtctl
