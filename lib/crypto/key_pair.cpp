// SPDX-License-Identifier: Apache-2.0
#include "lib/crypto/key_pair.h"

#include <openssl/core_names.h>

#include "lib/crypto/signature.h"

namespace jwtctl {
namespace {

using BnCtxPtr = std::unique_ptr<BN_CTX, Deleter<BN_CTX_free>>;

Failure not_a_pair() {
  return fail(ErrorCode::key_refused,
              "the private half of the key does not belong to the public one")
      .hint("was the file edited, or put together by hand?");
}

/// RsaArithmetic holds the numbers of one key; every question is false when OpenSSL has no memory.
class RsaArithmetic {
 public:
  explicit RsaArithmetic(const Key& key)
      : context_(BN_CTX_secure_new()),
        n_(pkey_number(key.pkey(), OSSL_PKEY_PARAM_RSA_N)),
        e_(pkey_number(key.pkey(), OSSL_PKEY_PARAM_RSA_E)),
        d_(pkey_number(key.pkey(), OSSL_PKEY_PARAM_RSA_D)),
        p_(pkey_number(key.pkey(), OSSL_PKEY_PARAM_RSA_FACTOR1)),
        q_(pkey_number(key.pkey(), OSSL_PKEY_PARAM_RSA_FACTOR2)),
        dp_(pkey_number(key.pkey(), OSSL_PKEY_PARAM_RSA_EXPONENT1)),
        dq_(pkey_number(key.pkey(), OSSL_PKEY_PARAM_RSA_EXPONENT2)),
        qi_(pkey_number(key.pkey(), OSSL_PKEY_PARAM_RSA_COEFFICIENT1)) {}

  bool fits() const {
    bool complete = context_ && n_ && e_ && d_ && p_ && q_ && dp_ && dq_ && qi_;
    return complete && is_product() && is_inverse_of_e(d_.get(), p_.get()) &&
           is_inverse_of_e(d_.get(), q_.get()) && is_inverse_of_e(dp_.get(), p_.get()) &&
           is_inverse_of_e(dq_.get(), q_.get()) && is_one_modulo(qi_.get(), q_.get(), p_.get());
  }

 private:
  bool is_product() const {
    BignumPtr product(BN_secure_new());
    bool large = BN_num_bits(p_.get()) > 1 && BN_num_bits(q_.get()) > 1;
    return large && product && BN_mul(product.get(), p_.get(), q_.get(), context_.get()) == 1 &&
           BN_cmp(product.get(), n_.get()) == 0;
  }

  bool is_one_modulo(const BIGNUM* a, const BIGNUM* b, const BIGNUM* modulus) const {
    BignumPtr product(BN_secure_new());
    return product && BN_mod_mul(product.get(), a, b, modulus, context_.get()) == 1 &&
           BN_is_one(product.get()) == 1;
  }

  /// is_inverse_of_e: e times `exponent` is 1 modulo `prime` - 1.
  bool is_inverse_of_e(const BIGNUM* exponent, const BIGNUM* prime) const {
    BignumPtr order(BN_secure_new());
    return order && BN_sub(order.get(), prime, BN_value_one()) == 1 &&
           is_one_modulo(e_.get(), exponent, order.get());
  }

  BnCtxPtr context_;
  BignumPtr n_, e_, d_, p_, q_, dp_, dq_, qi_;
};

}  // namespace

Result<void> check_rsa_numbers(const Key& key) {
  if (!key.is_private() || rsa_factors(key).empty()) return {};
  if (RsaArithmetic(key).fits()) return {};
  clear_errors();
  return not_a_pair();
}

Result<void> check_key_pair(const Key& key) {
  if (!key.is_private() || key.is_symmetric()) return {};
  if (auto good = check_rsa_numbers(key); !good) return good;
  for (const Algorithm& row : signature_algorithms()) {
    if (!can_use(key, row)) continue;
    if (make_signature(key, row, "jwtctl", KeyStrength::any)) return {};
    return not_a_pair();
  }
  return {};
}

}  // namespace jwtctl
