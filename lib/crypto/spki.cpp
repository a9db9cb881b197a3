// SPDX-License-Identifier: Apache-2.0
#include "lib/crypto/spki.h"

#include <openssl/asn1.h>
#include <openssl/objects.h>

namespace jwtctl {
namespace {

using BitStringPtr = std::unique_ptr<ASN1_BIT_STRING, Deleter<ASN1_BIT_STRING_free>>;

/// curve_of returns the curve that the AlgorithmIdentifier names.
const CurveInfo* curve_of(const X509_ALGOR& algorithm) {
  const ASN1_OBJECT* object = nullptr;
  const void* parameters = nullptr;
  int parameters_type = V_ASN1_UNDEF;
  X509_ALGOR_get0(&object, &parameters_type, &parameters, &algorithm);
  int nid = OBJ_obj2nid(object);
  bool on_curve = nid == NID_X9_62_id_ecPublicKey;
  if (on_curve && parameters_type != V_ASN1_OBJECT) return nullptr;  // explicit parameters
  if (!on_curve && parameters_type != V_ASN1_UNDEF) return nullptr;
  if (on_curve) nid = OBJ_obj2nid(static_cast<const ASN1_OBJECT*>(parameters));
  const char* name = OBJ_nid2sn(nid);
  for (const CurveInfo& info : curves()) {
    bool right_kind = (info.kty == KeyType::ec) == on_curve;
    if (right_kind && name != nullptr && info.openssl == name) return &info;
  }
  return nullptr;
}

}  // namespace

std::optional<Result<Key>> parse_curve_spki(std::string_view der) {
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  const unsigned char* end = at + der.size();
  long length = 0;
  int tag = 0;
  int tag_class = 0;
  int flags = ASN1_get_object(&at, &length, &tag, &tag_class, static_cast<long>(der.size()));
  bool sequence = flags == V_ASN1_CONSTRUCTED && tag == V_ASN1_SEQUENCE &&
                  tag_class == V_ASN1_UNIVERSAL && end - at == length;
  AlgorithmPtr algorithm(sequence ? d2i_X509_ALGOR(nullptr, &at, end - at) : nullptr);
  BitStringPtr bits(algorithm ? d2i_ASN1_BIT_STRING(nullptr, &at, end - at) : nullptr);
  clear_errors();
  const CurveInfo* info = bits && at == end ? curve_of(*algorithm) : nullptr;
  bool whole_octets = bits && (bits->flags & 0x07) == 0;  // the count of unused bits
  if (info == nullptr || !whole_octets) return std::nullopt;

  const unsigned char* data = ASN1_STRING_get0_data(bits.get());
  SecretBytes point(data, data + ASN1_STRING_length(bits.get()));
  if (info->kty == KeyType::okp) return make_okp_key(info->curve, point, nullptr);
  return make_ec_public_key(info->curve, point);
}

}  // namespace jwtctl
