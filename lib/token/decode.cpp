// SPDX-License-Identifier: Apache-2.0
#include "lib/token/decode.h"

#include <algorithm>
#include <iterator>

#include "lib/crypto/openssl.h"

namespace jwtctl {

const Fault* Decoded::fault() const {
  for (const auto* faults : {&jws.faults, &payload.faults}) {
    for (const Fault& fault : *faults) {
      if (!fault.readable) return &fault;
    }
  }
  return nullptr;
}

Decoded decode(CleanedToken token, std::size_t max_bytes) {
  Decoded result;
  result.jws = read_token(token, max_bytes);
  result.token = std::move(token);
  result.payload = read_payload(result.jws);
  if (result.payload.claims) {
    if (const Json::Object* claims = result.payload.claims->as_object()) {
      for (const JsonMember& claim : *claims) {
        result.claim_sizes.emplace_back(claim.name, claim.value.dump().size());
      }
    }
  }
  std::stable_sort(result.claim_sizes.begin(), result.claim_sizes.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  return result;
}

Result<std::string> token_id(std::string_view token) {
  auto digest = sha256(token);
  if (!digest) return fail(std::move(digest).error());
  std::string id = "tok:";
  for (char octet : digest->substr(0, 6)) {
    id += fmt::format("{:02x}", static_cast<unsigned char>(octet));
  }
  return id;
}

}  // namespace jwtctl
