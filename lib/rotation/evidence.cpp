// SPDX-License-Identifier: Apache-2.0
#include "lib/rotation/evidence.h"

#include <algorithm>

#include "lib/base/limits.h"
#include "lib/crypto/signature.h"
#include "lib/jose/jwks.h"
#include "lib/token/claims.h"
#include "lib/token/decode.h"

namespace jwtctl {
namespace {

std::optional<Instant> date_of(const Payload& payload, std::string_view name) {
  if (!payload.claims || !payload.claims->is_object()) return std::nullopt;
  DateClaim date = read_date(*payload.claims, name);
  return date.good() ? std::optional(Instant{date.value.seconds, 0}) : std::nullopt;
}

/// verifies says whether a key of the set that has this kid signed the token. What the set says
/// about its use does not matter here: who signs is asked, not who will be believed.
bool verifies(const Jws& jws, const std::string& kid, const Sample& sample) {
  const Algorithm* algorithm = find_algorithm(jws.header_text("alg").value_or(""));
  auto set = parse_jwks(sample.set);
  if (algorithm == nullptr || !set) return false;
  return std::any_of(set->keys.begin(), set->keys.end(), [&](const SetKey& key) {
    if (key.jwk.kid != kid || !can_use(key.jwk.key, *algorithm)) return false;
    auto good = check_signature(key.jwk.key, *algorithm, jws.signing_input(),
                                jws.octets("signature"), KeyStrength::any);
    return good && *good;
  });
}

}  // namespace

Result<SignerEvidence> read_evidence(std::string_view token, std::span<const Sample> samples) {
  Jws jws = read_jws(token, kMaxTokenBytes);
  if (jws.kind != TokenKind::jws || !jws.faults.empty() || !jws.header) {
    return fail(ErrorCode::input, "it is no signed token")
        .hint("jwtctl decode says what is wrong with it");
  }
  SignerEvidence out;
  auto id = token_id(token);
  if (!id) return fail(std::move(id).error());
  out.id = *std::move(id);
  out.kid = jws.header_text("kid").value_or("");
  out.alg = jws.header_text("alg").value_or("");
  Payload payload = read_payload(jws);
  out.iat = date_of(payload, "iat");
  out.exp = date_of(payload, "exp");
  for (const Sample& sample : samples) {
    if (sample.error || sample.find(out.kid) == nullptr) continue;
    out.listed = true;
    out.verified = out.verified || verifies(jws, out.kid, sample);
  }
  return out;
}

}  // namespace jwtctl
