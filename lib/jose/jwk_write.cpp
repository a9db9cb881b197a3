// SPDX-License-Identifier: Apache-2.0
#include "lib/jose/jwk_write.h"

#include <algorithm>

#include "lib/base/text.h"
#include "lib/codec/base64url.h"
#include "lib/jose/key_type.h"
#include "lib/jose/private_material.h"

namespace jwtctl {
namespace {

/// add_octets appends a member; the encoded copy of a secret goes into the document alone.
void add_octets(Json& jwk, std::string_view name, const SecretBytes& octets) {
  jwk.set(name, to_base64url(as_text(octets)));
}

Result<void> add_public(Json& jwk, const Key& key) {
  auto members = public_jwk(key);
  if (!members) return fail(std::move(members).error());
  for (const KeyMember& member : key_type_row(key.type()).members) {
    if (const Json* value = members->find(member.name)) jwk.set(member.name, *value);
  }
  return {};
}

Result<void> add_private(Json& jwk, const Key& key) {
  auto first = private_octets(key);
  if (!first) return fail(std::move(first).error());
  std::vector<SecretBytes> parts = rsa_factors(key);
  parts.insert(parts.begin(), *std::move(first));
  auto part = parts.begin();
  for (const KeyMember& member : key_type_row(key.type()).members) {
    if (member.secret && part != parts.end()) add_octets(jwk, member.name, *part++);
  }
  return {};
}

}  // namespace

Result<Json> to_jwk(const Jwk& jwk, Half half) {
  const Key& key = jwk.key;
  bool secret = key.is_symmetric();
  if (half == Half::public_half && secret) {
    return fail(ErrorCode::key_refused, "a secret has no public half");
  }
  if (half == Half::private_half && !key.is_private()) {
    return fail(ErrorCode::key_refused, "this is {}, it has no private half", key.describe());
  }
  Json out = Json::object({{"kty", to_string(key.type())}});
  if (!secret) {
    if (auto done = add_public(out, key); !done) return fail(std::move(done).error());
  }
  if (half == Half::private_half) {
    if (auto done = add_private(out, key); !done) return fail(std::move(done).error());
  }
  if (jwk.kid) out.set("kid", *jwk.kid);
  if (jwk.use) out.set("use", *jwk.use);
  if (jwk.alg) out.set("alg", *jwk.alg);
  if (jwk.key_ops) out.set("key_ops", Json::strings(*jwk.key_ops));
  return out;
}

Json without_private(const Json& jwk) {
  Json out = Json::object({});
  const Json::Object* members = jwk.as_object();
  if (members == nullptr) return out;
  bool named = std::any_of(members->begin(), members->end(),
                           [](const JsonMember& member) { return is_private_member(member.name); });
  if (!named && find_giveaway(jwk) == nullptr) return jwk;
  for (const JsonMember& member : *members) {
    if (is_private_member(member.name) || gives_away(jwk, member)) continue;
    const Json::Array* operations = member.value.as_array();
    if (member.name != "key_ops" || operations == nullptr) {
      out.set(member.name, member.value);
      continue;
    }
    Json::Array public_operations;
    for (const Json& operation : *operations) {
      bool signs = operation.is_string() && *operation.as_string() == "sign";
      Json mapped = signs ? Json("verify") : operation;
      bool there = std::any_of(public_operations.begin(), public_operations.end(),
                               [&mapped](const Json& other) { return other.same_value(mapped); });
      if (!there) public_operations.push_back(std::move(mapped));
    }
    out.set("key_ops", std::move(public_operations));
  }
  return out;
}

}  // namespace jwtctl
