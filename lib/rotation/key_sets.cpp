// SPDX-License-Identifier: Apache-2.0
#include "lib/rotation/key_sets.h"

#include <algorithm>

#include "lib/base/shown.h"
#include "lib/base/text.h"
#include "lib/codec/base64url.h"
#include "lib/jose/fitness.h"
#include "lib/jose/key_type.h"

namespace jwtctl {
namespace {

const Json::Array& keys_of(const Json& set) {
  static const Json::Array kNone;
  const Json* keys = set.find("keys");
  const Json::Array* list = keys != nullptr ? keys->as_array() : nullptr;
  return list != nullptr ? *list : kNone;
}

const Json* find_kid(const Json& set, const std::string& kid) {
  for (const Json& key : keys_of(set)) {
    if (text_member(key, "kid") == kid) return &key;
  }
  return nullptr;
}

Json set_of(Json::Array keys) { return Json::object({{"keys", Json(std::move(keys))}}); }

Result<void> name_old_key(const Json& current, RotationInputs& inputs) {
  if (inputs.variant == Variant::first_key) return {};
  if (!inputs.old_kid.empty()) {
    const Json* old = find_kid(current, inputs.old_kid);
    if (old == nullptr) {
      return fail(ErrorCode::input, "the set has no key with the kid {} (--old-kid)",
                  quote_argument(inputs.old_kid, ShownAs::text))
          .hint("jwtctl jwks show lists the kids");
    }
    inputs.old_thumbprint = thumbprint_of(*old);
    return {};
  }
  std::vector<const Json*> others;
  for (const Json& key : keys_of(current)) {
    bool fresh = !inputs.new_kid.empty() && text_member(key, "kid") == inputs.new_kid;
    if (!fresh) others.push_back(&key);
  }
  if (others.size() != 1) {
    return fail(ErrorCode::usage, "the set has {} keys; which one goes?", others.size())
        .hint("say --old-kid KID");
  }
  inputs.old_kid = text_member(*others.front(), "kid");
  inputs.old_thumbprint = thumbprint_of(*others.front());
  if (!inputs.old_kid.empty()) return {};
  return fail(ErrorCode::input, "the old key has no kid, so verifiers cannot tell two keys apart")
      .hint("give it one first: its thumbprint, which jwtctl jwks show prints");
}

}  // namespace

std::string text_member(const Json& jwk, std::string_view name) {
  const Json* member = jwk.find(name);
  const std::string* text = member != nullptr ? member->as_string() : nullptr;
  return text != nullptr ? *text : "";
}

std::string thumbprint_of(const Json& jwk) {
  auto parsed = parse_jwk(jwk);
  return parsed ? thumbprint(parsed->key).value_or("") : "";
}

std::string material_of(const Json& jwk) {
  const KeyTypeRow* type = jwk.is_object() ? type_of_jwk(jwk) : nullptr;
  if (type == nullptr || type->is_symmetric()) return "";
  Json clean = Json::object({{"kty", type->kty}});
  for (const KeyMember& member : type->members) {
    if (member.secret || member.presence != MemberPresence::required) continue;
    std::string text = text_member(jwk, member.name);
    if (member.kind != MemberKind::text) {
      std::erase_if(text, [](char c) { return c == '=' || c == '\r' || c == '\n' || c == ' '; });
      std::string octets = decode_base64url(text).octets;
      auto size = curve_octets(*type, text_member(jwk, "crv"));
      bool number = member.kind == MemberKind::number || text_member(jwk, "kty") == "EC";
      if (number) octets.erase(0, octets.find_first_not_of('\0'));
      if (number && size && octets.size() < *size) octets.insert(0, *size - octets.size(), '\0');
      text = to_base64url(octets);
    }
    clean.set(std::string(member.name), Json(text));
  }
  return thumbprint_of(clean);
}

Result<Json> public_set(const KeyDocument& document) {
  Json::Array keys;
  for (const KeyEntry& entry : document.entries) {
    if (entry.jwk && entry.jwk->key.is_symmetric()) {
      return fail(ErrorCode::key_refused, "the set holds shared secrets, which are never published")
          .hint("for a shared secret: --symmetric, without --jwks");
    }
    keys.push_back(entry.members.is_object() ? without_private(entry.members) : entry.members);
  }
  return set_of(std::move(keys));
}

Result<Json> public_key_of(const KeyDocument& document, const std::optional<std::string>& kid) {
  if (document.entries.size() != 1) {
    return fail(ErrorCode::key_refused, "it has {} keys, and the new key is one",
                document.entries.size());
  }
  auto jwk = convert_entry(document.entries.front(), Half::public_half);
  if (!jwk) return jwk;
  std::string own = text_member(*jwk, "kid");
  if (kid && !own.empty() && own != *kid) {
    return fail(ErrorCode::key_refused, "its kid is {}, not {} (--new-kid)",
                quote_argument(own, ShownAs::text), quote_argument(*kid, ShownAs::text));
  }
  auto parsed = parse_jwk(*jwk);
  auto fit = parsed ? check_any_fit(*parsed) : fail(std::move(parsed).error());
  if (!fit) {
    return fail(ErrorCode::key_refused, "no verifier would take the new key: {}",
                fit.error().message)
        .hint("jwtctl lint says what is wrong with it");
  }
  if (own.empty()) jwk->set("kid", kid ? *kid : thumbprint_of(*jwk));
  return jwk;
}

Result<void> name_keys(const RotationKeys& keys, RotationInputs& inputs) {
  if (keys.fresh) {
    inputs.new_kid = text_member(*keys.fresh, "kid");
    inputs.new_thumbprint = thumbprint_of(*keys.fresh);
  }
  if (!keys.current) return {};
  if (auto named = name_old_key(*keys.current, inputs); !named) return named;
  if (!keys.fresh) {
    const Json* listed = inputs.new_kid.empty() ? nullptr : find_kid(*keys.current, inputs.new_kid);
    if (listed != nullptr) inputs.new_thumbprint = thumbprint_of(*listed);
    return {};
  }
  for (const Json& key : keys_of(*keys.current)) {
    bool same_kid = text_member(key, "kid") == inputs.new_kid;
    bool same_key = thumbprint_of(key) == inputs.new_thumbprint;
    if (same_kid && !same_key) {
      return fail(ErrorCode::key_refused, "critical: the set has another key under the new kid {}",
                  quote_argument(inputs.new_kid, ShownAs::text))
          .hint("who has cached that one rejects good tokens; give the new key a kid of its own");
    }
    if (same_key && !same_kid) {
      return fail(ErrorCode::key_refused, "the new key is in the set already, under the kid {}",
                  quote_argument(text_member(key, "kid"), ShownAs::text))
          .hint("a key has one kid; make a new key, or say --new-kid");
    }
  }
  return {};
}

std::vector<PhaseSet> phase_sets(const RotationKeys& keys, const RotationInputs& inputs) {
  if (!keys.current && !(keys.fresh && inputs.variant == Variant::first_key)) return {};
  Json::Array all = keys.current ? keys_of(*keys.current) : Json::Array{};
  bool listed =
      !inputs.new_kid.empty() && keys.current && find_kid(*keys.current, inputs.new_kid) != nullptr;
  if (keys.fresh && !listed) all.push_back(*keys.fresh);
  Json::Array rest;
  for (const Json& key : all) {
    if (inputs.old_kid.empty() || text_member(key, "kid") != inputs.old_kid) rest.push_back(key);
  }
  bool cold = inputs.variant == Variant::emergency && inputs.emergency != EmergencyCase::soft;
  std::vector<PhaseSet> out;
  const Json::Array& published = cold ? rest : all;
  out.push_back({"10-publish", set_of(published)});
  out.push_back({"20-activate", set_of(published)});
  if (inputs.variant != Variant::first_key) out.push_back({"30-retire", set_of(rest)});
  return out;
}

}  // namespace jwtctl
