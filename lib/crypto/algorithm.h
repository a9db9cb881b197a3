// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace jwtctl {

/// KeyType is the `kty` of RFC 7518 section 6.1 and RFC 8037 section 2.
enum class KeyType { rsa, ec, okp, oct };

/// Curve is the `crv` of RFC 7518 section 6.2.1.1, RFC 8037 section 2 and RFC 8812 section 3.1.
enum class Curve { none, p256, p384, p521, secp256k1, ed25519, ed448 };

/// CurveInfo holds the names and sizes of a curve.
struct CurveInfo {
  Curve curve;
  KeyType kty;
  std::string_view name;     ///< of JWK: "P-256"
  std::string_view openssl;  ///< group or key type name: "prime256v1"
  std::size_t octets;        ///< of one coordinate (EC) or of the key (OKP)
  unsigned bits;
};

/// SignatureScheme is how an algorithm signs.
enum class SignatureScheme { hmac, rsa_pkcs1, rsa_pss, ecdsa, eddsa };

/// Algorithm is one row of the JWA table: what a value of `alg` means.
struct Algorithm {
  std::string_view name;
  SignatureScheme scheme;
  KeyType kty;
  Curve curve;                  ///< none: any curve of the type
  std::string_view digest;      ///< OpenSSL's name; empty where the scheme has its own
  std::size_t signature_bytes;  ///< 0: the size of the modulus, or of the curve
  std::size_t min_key_bytes;    ///< of an oct key (RFC 7518 section 3.2)
};

/// signature_algorithms returns every algorithm that we verify (RFC 7518 section 3.1, RFC 8037
/// section 3.1, RFC 8812 section 3.2, RFC 9864 section 2.2), in the order of the documentation.
std::span<const Algorithm> signature_algorithms();

/// signature_algorithm_names returns the names of `signature_algorithms`.
const std::vector<std::string_view>& signature_algorithm_names();

/// find_algorithm returns the row with exactly this name, else null.
const Algorithm* find_algorithm(std::string_view name);

/// OtherAlgorithm is one of the IANA registry of JOSE algorithms that we do not verify with: for
/// encryption, discouraged or too new.
struct OtherAlgorithm {
  std::string_view name;
  std::array<std::string_view, 2> types;  ///< values of `kty`; the second may be empty
  bool signs;
};

/// find_other_algorithm returns the row with exactly this name, else null.
const OtherAlgorithm* find_other_algorithm(std::string_view name);

/// is_none says whether `alg` means "no signature" in any spelling: an attack, or a mistake.
bool is_none(std::string_view alg);

/// suits says whether `algorithm` is for keys of this type and curve.
bool suits(const Algorithm& algorithm, KeyType kty, Curve curve);

/// same_algorithm says that two names mean the same for a key on `curve`: `EdDSA` and the fully
/// specified name of RFC 9864 are two names of one thing.
bool same_algorithm(std::string_view a, std::string_view b, Curve curve);

std::span<const CurveInfo> curves();
const CurveInfo* find_curve(std::string_view name);
const CurveInfo& curve_info(Curve curve);  ///< `curve` is not none

/// to_string returns the value of `kty`.
constexpr std::string_view to_string(KeyType kty) {
  switch (kty) {
    case KeyType::rsa: return "RSA";
    case KeyType::ec: return "EC";
    case KeyType::okp: return "OKP";
    case KeyType::oct: return "oct";
  }
  return "";
}

}  // namespace jwtctl
