// SPDX-License-Identifier: Apache-2.0
#include "cli/docs/messages.h"

#include <algorithm>
#include <string>

#include "lib/base/text.h"

namespace jwtctl::cli {
namespace {

constexpr std::size_t kShortestPart = 8;  // characters

const std::vector<ForeignMessage>& table() {
  static const std::vector<ForeignMessage> messages{
      {"Envoy and Istio",
       "Jwks doesn't have key to match kid or alg from Jwt",
       {"jwks doesn't have key to match"},
       "The key set that the proxy holds has no key with the token's kid that can do its alg: the "
       "keys were rotated and its copy is old, or the token is from another issuer.",
       {"JWT116", "JWT106"},
       ExitCode::key},
      {"Envoy and Istio",
       "Jwt issuer is not configured",
       {"jwt issuer is not configured"},
       "The token's iss is not, character by character, the issuer of any provider or rule.",
       {"JWT302"},
       ExitCode::issuer},
      {"Envoy and Istio",
       "Audiences in Jwt are not allowed",
       {"audiences in jwt are not allowed"},
       "None of the token's aud is among the audiences that are configured.",
       {"JWT304"},
       ExitCode::audience},
      {"Envoy and Istio",
       "Jwt is expired",
       {"jwt is expired"},
       "The token is past its exp.",
       {"JWT202"},
       ExitCode::expired},
      {"Envoy and Istio",
       "Jwt not yet valid",
       {"jwt not yet valid"},
       "The token's nbf lies in the future, or a clock is wrong.",
       {"JWT203"},
       ExitCode::not_yet_valid},
      {"Envoy and Istio",
       "Jwt verification fails",
       {"jwt verification fails"},
       "The signature does not match the key that was chosen.",
       {},
       ExitCode::signature},
      {"Nimbus JOSE + JWT, Spring Security",
       "Signed JWT rejected: Another algorithm expected, or no matching key(s) found",
       {"another algorithm expected, or no matching key"},
       "Three causes have one text: the alg is not the configured one, no key has the token's kid, "
       "or the key's type does not fit.",
       {"JWT107", "JWT116", "JWT106"},
       ExitCode::key},
      {"Nimbus JOSE + JWT, Spring Security",
       "JOSE header typ (type) at+jwt not allowed",
       {"jose header typ (type)", "not allowed"},
       "The verifier accepts typ JWT or none unless it is told to accept this kind of token.",
       {"JWT117"},
       ExitCode::header},
      {"Microsoft.IdentityModel (.NET)",
       "IDX10503: Signature validation failed",
       {"idx10503"},
       "No key that was tried verifies the signature; often none has the token's kid.",
       {"JWT116"},
       ExitCode::key},
      {"Microsoft.IdentityModel (.NET)",
       "IDX10501: Signature validation failed. Unable to match key",
       {"idx10501"},
       "No configured key has the token's kid.",
       {"JWT116"},
       ExitCode::key},
      {"Microsoft.IdentityModel (.NET)",
       "IDX10205: Issuer validation failed",
       {"idx10205"},
       "The token's iss is not the configured issuer. With Entra ID a token of version 1 meets "
       "settings of version 2, or the reverse.",
       {"JWT302"},
       ExitCode::issuer},
      {"Microsoft.IdentityModel (.NET)",
       "IDX10214: Audience validation failed",
       {"idx10214"},
       "The token's aud is not the configured audience. With Entra ID one has the client id, the "
       "other an api:// URI.",
       {"JWT304"},
       ExitCode::audience},
      {"Microsoft.IdentityModel (.NET)",
       "IDX10222: Lifetime validation failed. The token is not yet valid",
       {"idx10222"},
       "The token's nbf lies in the future, or a clock is wrong.",
       {"JWT203"},
       ExitCode::not_yet_valid},
      {"Microsoft.IdentityModel (.NET)",
       "IDX10223: Lifetime validation failed. The token is expired",
       {"idx10223"},
       "The token is past its exp by more than the clock skew that is allowed.",
       {"JWT202"},
       ExitCode::expired},
      {"PyJWT",
       "Invalid audience",
       {"invalid audience"},
       "The token has an aud, and the caller names none or another.",
       {"JWT305", "JWT304"},
       ExitCode::audience},
      {"PyJWT",
       "The token is not yet valid (iat)",
       {"the token is not yet valid (iat)"},
       "The token's iat lies in the future, or a clock is wrong.",
       {"JWT204"},
       ExitCode::not_yet_valid},
      {"node-jsonwebtoken",
       "jwt malformed",
       {"jwt malformed"},
       "The text has not three segments: it was cut, or it still has \"Bearer \" or quotes.",
       {"JWT006", "JWT002"},
       ExitCode::malformed},
      {"node-jsonwebtoken",
       "jwt expired",
       {"jwt expired"},
       "The token is past its exp.",
       {"JWT202"},
       ExitCode::expired},
      {"node-jsonwebtoken",
       "jwt not active",
       {"jwt not active"},
       "The token's nbf lies in the future, or a clock is wrong.",
       {"JWT203"},
       ExitCode::not_yet_valid},
      {"node-jsonwebtoken",
       "jwt audience invalid. expected: api",
       {"jwt audience invalid. expected"},
       "None of the token's aud is the expected audience.",
       {"JWT304"},
       ExitCode::audience},
      {"node-jsonwebtoken",
       "jwt issuer invalid. expected: https://issuer.example",
       {"jwt issuer invalid. expected"},
       "The token's iss is not the expected issuer.",
       {"JWT302"},
       ExitCode::issuer},
      {"node-jsonwebtoken",
       "invalid signature",
       {"invalid signature"},
       "The signature does not match the key or secret.",
       {},
       ExitCode::signature},
      {"golang-jwt",
       "token used before issued",
       {"token used before issued"},
       "The token's iat lies in the future, or a clock is wrong.",
       {"JWT204"},
       ExitCode::not_yet_valid},
      {"golang-jwt",
       "token is expired by 2m0s",
       {"token is expired by"},
       "The token is past its exp.",
       {"JWT202"},
       ExitCode::expired},
      {"go-jose",
       "go-jose: error in cryptographic primitive",
       {"jose: error in cryptographic primitive"},
       "The signature does not match the key; the text hides every cause on purpose.",
       {},
       ExitCode::signature},
      {"Vault and OpenBao",
       "audience claim found in JWT but no audiences bound to the role",
       {"audience claim found in jwt but no audiences bound"},
       "The token has an aud and the role has no bound_audiences.",
       {"JWT305"},
       ExitCode::audience},
  };
  return messages;
}

bool has_in_order(std::string_view text, const std::vector<std::string_view>& marks) {
  std::size_t at = 0;
  for (std::string_view mark : marks) {
    std::size_t found = text.find(mark, at);
    if (found == std::string_view::npos) return false;
    at = found + mark.size();
  }
  return true;
}

}  // namespace

std::span<const ForeignMessage> foreign_messages() { return table(); }

std::vector<const ForeignMessage*> find_foreign_messages(std::string_view text) {
  std::string lower = to_lower(trim(text));
  std::vector<const ForeignMessage*> found;
  for (const ForeignMessage& message : table()) {
    bool part =
        lower.size() >= kShortestPart && to_lower(message.text).find(lower) != std::string::npos;
    if (part || has_in_order(lower, message.marks)) found.push_back(&message);
  }
  return found;
}

}  // namespace jwtctl::cli
