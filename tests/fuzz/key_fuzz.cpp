// SPDX-License-Identifier: Apache-2.0
// A key that is accepted has public members that parse to a key of the same thumbprint.
#include <cstdlib>

#include "lib/jose/key_material.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace jwtctl;
  SecretBytes passphrase = to_bytes<SecretBytes>("fuzz");
  auto material = parse_key_material(SecretBytes(data, data + size), &passphrase);
  if (!material) return 0;
  for (const SetKey& entry : material->set.keys) {
    auto members = public_jwk(entry.jwk.key);
    if (!members) continue;  // a secret
    auto again = parse_jwk(*members);
    if (!again || thumbprint(again->key) != thumbprint(entry.jwk.key)) std::abort();
  }
  return 0;
}
