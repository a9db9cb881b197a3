// SPDX-License-Identifier: Apache-2.0
#include "lib/crypto/key.h"

#include <openssl/core_names.h>

#include <array>

#include "lib/base/limits.h"
#include "lib/crypto/low_order.h"

namespace jwtctl {
namespace {

/// KeyBuilder collects OSSL_PARAMs and keeps the numbers alive that they point to.
class KeyBuilder {
 public:
  KeyBuilder() : builder_(OSSL_PARAM_BLD_new()) {}

  void number(const char* name, const SecretBytes& octets) {
    // A secure number makes the builder cleanse its copy too.
    BignumPtr value(BN_bin2bn(octets.data(), static_cast<int>(octets.size()), BN_secure_new()));
    ok_ = ok_ && value && OSSL_PARAM_BLD_push_BN(builder_.get(), name, value.get()) == 1;
    numbers_.push_back(std::move(value));
  }

  void text(const char* name, std::string_view value) {
    ok_ = ok_ &&
          OSSL_PARAM_BLD_push_utf8_string(builder_.get(), name, value.data(), value.size()) == 1;
  }

  void octets(const char* name, const SecretBytes& value) {
    ok_ = ok_ &&
          OSSL_PARAM_BLD_push_octet_string(builder_.get(), name, value.data(), value.size()) == 1;
  }

  /// build returns null when OpenSSL refuses what was collected.
  PkeyPtr build(const char* type, bool key_pair) {
    ParamsPtr params(ok_ ? OSSL_PARAM_BLD_to_param(builder_.get()) : nullptr);
    PkeyCtxPtr context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
    EVP_PKEY* key = nullptr;
    bool done =
        params && context && EVP_PKEY_fromdata_init(context.get()) == 1 &&
        EVP_PKEY_fromdata(context.get(), &key, key_pair ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY,
                          params.get()) == 1;
    clear_errors();
    return PkeyPtr(done ? key : nullptr);
  }

 private:
  ParamBuilderPtr builder_;
  std::vector<BignumPtr> numbers_;
  bool ok_ = true;
};

/// is_pss_restricted: OpenSSL gives out the salt length of a key with parameters even when all of
/// them are the defaults, which mean SHA-1.
bool is_pss_restricted(EVP_PKEY* pkey) {
  int salt = 0;
  bool restricted = EVP_PKEY_get_int_param(pkey, OSSL_PKEY_PARAM_RSA_PSS_SALTLEN, &salt) == 1;
  clear_errors();
  return restricted;
}

/// pss_algorithm_of maps the restrictions of an id-RSASSA-PSS key (RFC 4055 section 3.1) to the
/// one PS algorithm that fulfils them: RFC 7518 section 3.5 wants one hash for digest and MGF1
/// and a salt as long as the hash.
std::string pss_algorithm_of(EVP_PKEY* pkey) {
  std::string digest = pkey_text(pkey, OSSL_PKEY_PARAM_RSA_DIGEST);
  std::string mgf1 = pkey_text(pkey, OSSL_PKEY_PARAM_RSA_MGF1_DIGEST);
  int salt = -1;
  if (EVP_PKEY_get_int_param(pkey, OSSL_PKEY_PARAM_RSA_PSS_SALTLEN, &salt) != 1) clear_errors();
  struct Row {
    std::string_view digest, algorithm;
    int size;
  };
  constexpr std::array<Row, 3> kRows{
      {{"SHA2-256", "PS256", 32}, {"SHA2-384", "PS384", 48}, {"SHA2-512", "PS512", 64}}};
  for (const Row& row : kRows) {
    // A salt length in the key is a minimum; ours is the size of the hash.
    if (digest == row.digest && mgf1 == digest && salt <= row.size) {
      return std::string(row.algorithm);
    }
  }
  return "unusable";
}

const CurveInfo* curve_of_group(EVP_PKEY* pkey) {
  std::string group = pkey_text(pkey, OSSL_PKEY_PARAM_GROUP_NAME);
  for (const CurveInfo& info : curves()) {
    if (info.kty == KeyType::ec && info.openssl == group) return &info;
  }
  return nullptr;
}

bool has_explicit_parameters(EVP_PKEY* pkey) {
  int explicit_parameters = 0;
  if (EVP_PKEY_get_int_param(pkey, OSSL_PKEY_PARAM_EC_DECODED_FROM_EXPLICIT_PARAMS,
                             &explicit_parameters) != 1) {
    clear_errors();
  }
  return explicit_parameters != 0;
}

Result<void> check_point(const Key& key) {
  PkeyCtxPtr context(EVP_PKEY_CTX_new_from_pkey(nullptr, key.pkey(), nullptr));
  // The curves have cofactor 1: a point on the curve is in the group.
  bool good = context && EVP_PKEY_public_check_quick(context.get()) == 1;
  clear_errors();
  if (!good) return fail(ErrorCode::key_refused, "the EC point is not on the curve");
  return {};
}

Result<Key> make_ec_key_of(const CurveInfo& info, const SecretBytes& point, const SecretBytes* d) {
  KeyBuilder builder;
  builder.text(OSSL_PKEY_PARAM_GROUP_NAME, info.openssl);
  builder.octets(OSSL_PKEY_PARAM_PUB_KEY, point);
  if (d != nullptr) builder.number(OSSL_PKEY_PARAM_PRIV_KEY, *d);
  PkeyPtr pkey = builder.build("EC", d != nullptr);
  if (!pkey) return fail(ErrorCode::key_refused, "the EC point is not on {}", info.name);
  return adopt_pkey(std::move(pkey));
}

Result<void> check_okp_point(Curve curve, std::string_view octets) {
  if (octets.size() != curve_info(curve).octets) {
    return fail(ErrorCode::key_refused, "an {} key has {} octets, not {}", curve_info(curve).name,
                curve_info(curve).octets, octets.size());
  }
  if (!is_canonical_point(curve, octets)) {
    return fail(ErrorCode::key_refused, "the {} key is not a canonical encoding of a point",
                curve_info(curve).name);
  }
  if (is_low_order_point(curve, octets)) {
    return fail(ErrorCode::key_refused, "the {} key is a point of low order",
                curve_info(curve).name)
        .hint("anybody can make signatures that such a key verifies");
  }
  return {};
}

}  // namespace

std::string Key::describe() const {
  std::string_view half = private_ ? "private" : "public";
  switch (type_) {
    case KeyType::rsa: return fmt::format("an RSA {} key of {} bits", half, bits_);
    case KeyType::ec: return fmt::format("an EC {} key on {}", half, curve_info(curve_).name);
    case KeyType::okp: return fmt::format("an {} {} key", curve_info(curve_).name, half);
    case KeyType::oct: return fmt::format("a secret of {} bytes", octets_.size());
  }
  return "a key";
}

Result<Key> make_rsa_key(const RsaParts& parts) {
  // A number that is longer than the modulus is none of this key, and keeps OpenSSL busy for ever.
  for (const SecretBytes* part : {&parts.d, &parts.p, &parts.q, &parts.dp, &parts.dq, &parts.qi}) {
    if (part->size() > parts.n.size() || part->size() > kMaxRsaBits / 8) {
      return fail(ErrorCode::key_refused,
                  "a private number of the RSA key is longer than its limit");
    }
  }
  KeyBuilder builder;
  builder.number(OSSL_PKEY_PARAM_RSA_N, parts.n);
  builder.number(OSSL_PKEY_PARAM_RSA_E, parts.e);
  if (!parts.d.empty()) builder.number(OSSL_PKEY_PARAM_RSA_D, parts.d);
  if (!parts.p.empty()) {
    builder.number(OSSL_PKEY_PARAM_RSA_FACTOR1, parts.p);
    builder.number(OSSL_PKEY_PARAM_RSA_FACTOR2, parts.q);
    builder.number(OSSL_PKEY_PARAM_RSA_EXPONENT1, parts.dp);
    builder.number(OSSL_PKEY_PARAM_RSA_EXPONENT2, parts.dq);
    builder.number(OSSL_PKEY_PARAM_RSA_COEFFICIENT1, parts.qi);
  }
  PkeyPtr pkey = builder.build("RSA", !parts.d.empty());
  if (!pkey) return fail(ErrorCode::key_refused, "the numbers do not make an RSA key");
  return adopt_pkey(std::move(pkey));
}

Result<Key> make_ec_key(Curve curve, const SecretBytes& x, const SecretBytes& y,
                        const SecretBytes* d) {
  const CurveInfo& info = curve_info(curve);
  for (const SecretBytes* part : {&x, &y, d}) {
    if (part != nullptr && part->size() != info.octets) {
      return fail(ErrorCode::key_refused, "on {} coordinates have {} octets, not {}", info.name,
                  info.octets, part->size());
    }
  }
  SecretBytes point{0x04};  // uncompressed, SEC 1 section 2.3.3
  point.insert(point.end(), x.begin(), x.end());
  point.insert(point.end(), y.begin(), y.end());
  return make_ec_key_of(info, point, d);
}

Result<Key> make_ec_public_key(Curve curve, const SecretBytes& point) {
  // OpenSSL reads the hybrid form too, which RFC 5480 section 2.2 forbids.
  bool known_form = !point.empty() && point.front() >= 0x02 && point.front() <= 0x04;
  if (!known_form) {
    return fail(ErrorCode::key_refused, "the EC point is neither compressed nor uncompressed");
  }
  return make_ec_key_of(curve_info(curve), point, nullptr);
}

Result<Key> make_okp_key(Curve curve, const SecretBytes& x, const SecretBytes* d) {
  const CurveInfo& info = curve_info(curve);
  if (auto good = check_okp_point(curve, as_text(x)); !good) return fail(std::move(good).error());
  if (d == nullptr) {
    PkeyPtr pkey(
        EVP_PKEY_new_raw_public_key_ex(nullptr, info.openssl.data(), nullptr, x.data(), x.size()));
    if (!pkey) return crypto_error("cannot use an OKP key");
    return adopt_pkey(std::move(pkey));
  }
  PkeyPtr pkey(
      EVP_PKEY_new_raw_private_key_ex(nullptr, info.openssl.data(), nullptr, d->data(), d->size()));
  clear_errors();
  if (!pkey) {
    return fail(ErrorCode::key_refused, "the private {} key does not have {} octets", info.name,
                info.octets);
  }
  auto key = adopt_pkey(std::move(pkey));
  if (!key) return key;
  auto derived = public_parts(*key);
  if (!derived) return fail(std::move(derived).error());
  if (derived->first != as_text(x)) {
    return fail(ErrorCode::key_refused, "the halves of the {} key do not belong together",
                info.name);
  }
  return key;
}

Result<Key> make_oct_key(SecretBytes octets) {
  if (octets.empty()) {
    return fail(ErrorCode::key_refused, "the secret is empty")
        .hint("anybody can sign with an empty secret");
  }
  Key key;
  key.type_ = KeyType::oct;
  key.bits_ = static_cast<unsigned>(octets.size() * 8);
  key.private_ = true;
  key.octets_ = std::move(octets);
  return key;
}

Result<Key> adopt_pkey(PkeyPtr pkey) {
  Key key;
  key.pkey_ = std::move(pkey);
  EVP_PKEY* raw = key.pkey_.get();
  if (EVP_PKEY_is_a(raw, "RSA") == 1 || EVP_PKEY_is_a(raw, "RSA-PSS") == 1) {
    key.type_ = KeyType::rsa;
    key.bits_ = static_cast<unsigned>(EVP_PKEY_get_bits(raw));
    key.private_ = pkey_number(raw, OSSL_PKEY_PARAM_RSA_D) != nullptr;
    // Without restrictions in the key every PS algorithm is possible, but no RS one.
    if (EVP_PKEY_is_a(raw, "RSA-PSS") == 1) {
      key.pss_algorithm_ = is_pss_restricted(raw) ? pss_algorithm_of(raw) : std::string{};
    }
    return key;
  }
  if (EVP_PKEY_is_a(raw, "EC") == 1) {
    const CurveInfo* info = curve_of_group(raw);
    // Explicit parameters let an attacker choose the generator (CVE-2020-0601).
    if (info == nullptr || has_explicit_parameters(raw)) {
      return fail(ErrorCode::key_refused, "the EC key is not on a curve that JOSE knows by name");
    }
    key.type_ = KeyType::ec;
    key.curve_ = info->curve;
    key.bits_ = info->bits;
    key.private_ = pkey_number(raw, OSSL_PKEY_PARAM_PRIV_KEY) != nullptr;
    if (auto good = check_point(key); !good) return fail(std::move(good).error());
    return key;
  }
  for (const CurveInfo& info : curves()) {
    if (info.kty == KeyType::ec || EVP_PKEY_is_a(raw, info.openssl.data()) != 1) continue;
    key.type_ = info.kty;
    key.curve_ = info.curve;
    key.bits_ = info.bits;
    std::size_t size = 0;
    key.private_ = EVP_PKEY_get_raw_private_key(raw, nullptr, &size) == 1;
    clear_errors();
    auto parts = public_parts(key);
    if (!parts) return fail(std::move(parts).error());
    if (auto good = check_okp_point(info.curve, parts->first); !good) {
      return fail(std::move(good).error());
    }
    return key;
  }
  const char* type = EVP_PKEY_get0_type_name(raw);
  return fail(ErrorCode::key_refused, "{} keys do not sign in JOSE",
              type != nullptr ? type : "such");
}

}  // namespace jwtctl
