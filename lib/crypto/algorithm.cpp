// SPDX-License-Identifier: Apache-2.0
#include "lib/crypto/algorithm.h"

#include <algorithm>
#include <array>

#include "lib/base/text.h"

namespace jwtctl {
namespace {

constexpr std::array<CurveInfo, 6> kCurves{{
    {Curve::p256, KeyType::ec, "P-256", "prime256v1", 32, 256},
    {Curve::p384, KeyType::ec, "P-384", "secp384r1", 48, 384},
    {Curve::p521, KeyType::ec, "P-521", "secp521r1", 66, 521},
    {Curve::secp256k1, KeyType::ec, "secp256k1", "secp256k1", 32, 256},
    {Curve::ed25519, KeyType::okp, "Ed25519", "ED25519", 32, 256},
    {Curve::ed448, KeyType::okp, "Ed448", "ED448", 57, 456},
}};

constexpr std::array<Algorithm, 16> kAlgorithms{{
    {"HS256", SignatureScheme::hmac, KeyType::oct, Curve::none, "SHA256", 32, 32},
    {"HS384", SignatureScheme::hmac, KeyType::oct, Curve::none, "SHA384", 48, 48},
    {"HS512", SignatureScheme::hmac, KeyType::oct, Curve::none, "SHA512", 64, 64},
    {"RS256", SignatureScheme::rsa_pkcs1, KeyType::rsa, Curve::none, "SHA256", 0, 0},
    {"RS384", SignatureScheme::rsa_pkcs1, KeyType::rsa, Curve::none, "SHA384", 0, 0},
    {"RS512", SignatureScheme::rsa_pkcs1, KeyType::rsa, Curve::none, "SHA512", 0, 0},
    {"PS256", SignatureScheme::rsa_pss, KeyType::rsa, Curve::none, "SHA256", 0, 0},
    {"PS384", SignatureScheme::rsa_pss, KeyType::rsa, Curve::none, "SHA384", 0, 0},
    {"PS512", SignatureScheme::rsa_pss, KeyType::rsa, Curve::none, "SHA512", 0, 0},
    {"ES256", SignatureScheme::ecdsa, KeyType::ec, Curve::p256, "SHA256", 64, 0},
    {"ES384", SignatureScheme::ecdsa, KeyType::ec, Curve::p384, "SHA384", 96, 0},
    {"ES512", SignatureScheme::ecdsa, KeyType::ec, Curve::p521, "SHA512", 132, 0},
    {"ES256K", SignatureScheme::ecdsa, KeyType::ec, Curve::secp256k1, "SHA256", 64, 0},
    {"EdDSA", SignatureScheme::eddsa, KeyType::okp, Curve::none, "", 0, 0},
    {"Ed25519", SignatureScheme::eddsa, KeyType::okp, Curve::ed25519, "", 64, 0},
    {"Ed448", SignatureScheme::eddsa, KeyType::okp, Curve::ed448, "", 114, 0},
}};

/// IANA registry "JSON Web Signature and Encryption Algorithms", without the rows above.
constexpr std::array<OtherAlgorithm, 36> kElsewhere{{
    {"RSA1_5", {"RSA"}, false},
    {"RSA-OAEP", {"RSA"}, false},
    {"RSA-OAEP-256", {"RSA"}, false},
    {"RSA-OAEP-384", {"RSA"}, false},
    {"RSA-OAEP-512", {"RSA"}, false},
    {"A128KW", {"oct"}, false},
    {"A192KW", {"oct"}, false},
    {"A256KW", {"oct"}, false},
    {"dir", {"oct"}, false},
    {"ECDH-ES", {"EC", "OKP"}, false},
    {"ECDH-ES+A128KW", {"EC", "OKP"}, false},
    {"ECDH-ES+A192KW", {"EC", "OKP"}, false},
    {"ECDH-ES+A256KW", {"EC", "OKP"}, false},
    {"A128GCMKW", {"oct"}, false},
    {"A192GCMKW", {"oct"}, false},
    {"A256GCMKW", {"oct"}, false},
    {"PBES2-HS256+A128KW", {"oct"}, false},
    {"PBES2-HS384+A192KW", {"oct"}, false},
    {"PBES2-HS512+A256KW", {"oct"}, false},
    {"A128CBC-HS256", {"oct"}, false},
    {"A192CBC-HS384", {"oct"}, false},
    {"A256CBC-HS512", {"oct"}, false},
    {"A128GCM", {"oct"}, false},
    {"A192GCM", {"oct"}, false},
    {"A256GCM", {"oct"}, false},
    {"RS1", {"RSA"}, true},
    {"HS1", {"oct"}, true},
    {"A128CBC", {"oct"}, false},
    {"A192CBC", {"oct"}, false},
    {"A256CBC", {"oct"}, false},
    {"A128CTR", {"oct"}, false},
    {"A192CTR", {"oct"}, false},
    {"A256CTR", {"oct"}, false},
    {"ML-DSA-44", {"AKP"}, true},
    {"ML-DSA-65", {"AKP"}, true},
    {"ML-DSA-87", {"AKP"}, true},
}};

}  // namespace

std::span<const Algorithm> signature_algorithms() { return kAlgorithms; }

const std::vector<std::string_view>& signature_algorithm_names() {
  static const std::vector<std::string_view> names = [] {
    std::vector<std::string_view> list;
    for (const Algorithm& row : kAlgorithms) list.push_back(row.name);
    return list;
  }();
  return names;
}

const Algorithm* find_algorithm(std::string_view name) {
  const auto* found = std::find_if(kAlgorithms.begin(), kAlgorithms.end(),
                                   [name](const Algorithm& row) { return row.name == name; });
  return found != kAlgorithms.end() ? found : nullptr;
}

const OtherAlgorithm* find_other_algorithm(std::string_view name) {
  const auto* found = std::find_if(kElsewhere.begin(), kElsewhere.end(),
                                   [name](const OtherAlgorithm& row) { return row.name == name; });
  return found != kElsewhere.end() ? found : nullptr;
}

bool is_none(std::string_view alg) { return equals_ignoring_case(trim(alg), "none"); }

bool suits(const Algorithm& algorithm, KeyType kty, Curve curve) {
  return algorithm.kty == kty && (algorithm.curve == Curve::none || algorithm.curve == curve);
}

bool same_algorithm(std::string_view a, std::string_view b, Curve curve) {
  if (a == b) return true;
  if (curve != Curve::ed25519 && curve != Curve::ed448) return false;
  auto names_it = [curve](std::string_view name) {
    return name == "EdDSA" || name == curve_info(curve).name;
  };
  return names_it(a) && names_it(b);
}

std::span<const CurveInfo> curves() { return kCurves; }

const CurveInfo* find_curve(std::string_view name) {
  const auto* found = std::find_if(kCurves.begin(), kCurves.end(),
                                   [name](const CurveInfo& row) { return row.name == name; });
  return found != kCurves.end() ? found : nullptr;
}

const CurveInfo& curve_info(Curve curve) {
  return *std::find_if(kCurves.begin(), kCurves.end(),
                       [curve](const CurveInfo& row) { return row.curve == curve; });
}

}  // namespace jwtctl
