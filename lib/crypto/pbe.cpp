// SPDX-License-Identifier: Apache-2.0
#include "lib/crypto/pbe.h"

#include <openssl/asn1t.h>
#include <openssl/objects.h>

#include "lib/base/limits.h"

namespace jwtctl {
namespace {

using Pbe2Ptr = std::unique_ptr<PBE2PARAM, Deleter<PBE2PARAM_free>>;
using Pbkdf2Ptr = std::unique_ptr<PBKDF2PARAM, Deleter<PBKDF2PARAM_free>>;
using PbePtr = std::unique_ptr<PBEPARAM, Deleter<PBEPARAM_free>>;

template <class Pointer>
Pointer unpack(const X509_ALGOR& algorithm, const ASN1_ITEM* item) {
  void* parameters = algorithm.parameter != nullptr
                         ? ASN1_TYPE_unpack_sequence(item, algorithm.parameter)
                         : nullptr;
  clear_errors();
  return Pointer(static_cast<typename Pointer::pointer>(parameters));
}

/// iterations_of returns the count, zero where there is none to be read.
long iterations_of(const X509_ALGOR& algorithm) {
  if (OBJ_obj2nid(algorithm.algorithm) != NID_pbes2) {
    auto parameters = unpack<PbePtr>(algorithm, ASN1_ITEM_rptr(PBEPARAM));
    return parameters ? ASN1_INTEGER_get(parameters->iter) : 0;
  }
  auto scheme = unpack<Pbe2Ptr>(algorithm, ASN1_ITEM_rptr(PBE2PARAM));
  // scrypt has limits of its own in OpenSSL.
  if (!scheme || OBJ_obj2nid(scheme->keyfunc->algorithm) != NID_id_pbkdf2) return 0;
  auto parameters = unpack<Pbkdf2Ptr>(*scheme->keyfunc, ASN1_ITEM_rptr(PBKDF2PARAM));
  return parameters ? ASN1_INTEGER_get(parameters->iter) : 0;
}

}  // namespace

Result<void> check_iterations(const X509_SIG& envelope) {
  const X509_ALGOR* algorithm = nullptr;
  X509_SIG_get0(&envelope, &algorithm, nullptr);
  long count = iterations_of(*algorithm);
  if (count >= 0 && count <= kMaxKdfIterations) return {};  // -1 does not fit a long
  return fail(ErrorCode::key_refused, "the encrypted key wants {} rounds of key derivation", count)
      .hint("the limit is {}; encrypt it anew with fewer", kMaxKdfIterations);
}

}  // namespace jwtctl
