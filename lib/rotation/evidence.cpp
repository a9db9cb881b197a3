// SPDX-License-Identifier: Apache-2.0
#include "lib/rotation/evidence.h"

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

/// find_signer returns the kid of the key of a set that made the signature; `kid`: of those that
/// have it. What the set says about its use does not matter here: who signs is asked, not who will
/// be believed.
std::optional<std::string> find_signer(const Jws& jws, const std::string& kid,
                                       const Sample& sample) {
  const Algorithm* algorithm = find_algorithm(jws.header_text("alg").value_or(""));
  auto set = parse_jwks(sample.set);
  if (algorithm == nullptr || !set) return std::nullopt;
  for (const SetKey& key : set->keys) {
    std::string own = key.jwk.kid.value_or("");
    if ((!kid.empty() && own != kid) || own.empty()) continue;
    if (!can_use(key.jwk.key, *algorithm)) continue;
    auto good = check_signature(key.jwk.key, *algorithm, jws.signing_input(),
                                jws.octets("signature"), KeyStrength::any);
    if (good && *good) return own;
  }
  return std::nullopt;
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
    bool named = !out.kid.empty();
    if (sample.error || (named && sample.find(out.kid) == nullptr)) continue;
    auto signer = find_signer(jws, out.kid, sample);
    if (signer) out.kid = *signer;
    out.listed = out.listed || named || signer;
    out.verified = out.verified || signer;
  }
  return out;
}

}  // namespace jwtctl
