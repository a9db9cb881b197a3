// SPDX-License-Identifier: Apache-2.0
#include "lib/remote/key_body.h"

#include <algorithm>

#include "lib/base/limits.h"
#include "lib/base/shown.h"
#include "lib/base/text.h"
#include "lib/crypto/pem.h"
#include "lib/jose/key_document.h"
#include "lib/jose/key_type.h"
#include "lib/jose/private_material.h"
#include "lib/token/clean.h"

namespace jwtctl {
namespace {

Failure is_instead(std::string_view what) {
  return fail(ErrorCode::network_body, "the answer is {}, not a key set", what);
}

Json set_of(Json::Array keys) { return Json::object({{"keys", std::move(keys)}}); }

constexpr std::string_view kPrivateLabel = "PRIVATE KEY-----";

Failure holds_private_pem() {
  return fail(ErrorCode::key_refused, "the answer holds a private key")
      .hint("whoever can read it can sign: the key must be replaced, and this URL mended");
}

/// pem_to_jwk makes the JWK of one PEM; RSA keys of such maps sign with RS256
/// unless they are for PSS.
Result<Json> pem_to_jwk(std::string_view pem, const std::optional<std::string>& kid) {
  if (pem.find(kPrivateLabel) != std::string_view::npos) return holds_private_pem();
  auto key = parse_pem_key(pem, nullptr);
  if (!key) return fail(std::move(key).error());
  Jwk jwk{*std::move(key), kid, {}, {}, {}};
  if (auto named = name_pss_algorithm(jwk); !named) return fail(std::move(named).error());
  if (jwk.key.type() == KeyType::rsa && kid && !jwk.alg) jwk.alg = "RS256";
  return to_jwk(jwk, Half::public_half);
}

Result<Json> parse_pem_map(const Json& json) {
  Json::Array keys;
  for (const JsonMember& member : *json.as_object()) {
    const std::string& pem = *member.value.as_string();
    if (pem.find(kPrivateLabel) != std::string::npos) return holds_private_pem();
    auto jwk = pem_to_jwk(pem, member.name);
    // What is no key stays as an entry, so that it is seen and its kid is known.
    keys.push_back(jwk ? *std::move(jwk) : Json::object({{"kid", member.name}}));
  }
  return set_of(std::move(keys));
}

/// check_public stops at the first private or symmetric member of any entry, usable or not.
Result<void> check_public(const Json& set) {
  for (const Json& entry : *set.find("keys")->as_array()) {
    const JsonMember* member = find_giveaway(entry);
    if (member == nullptr) continue;
    const Json* kid = entry.find("kid");
    bool named = kid != nullptr && !holds_private_value(*kid);  // it may be the very key
    const std::string* text = named ? kid->as_string() : nullptr;
    return fail(ErrorCode::key_refused, "the set gives away {} of key {}",
                member->name == "k"               ? "the secret"
                : is_private_member(member->name) ? "the private half"
                                                  : "a private key in a member",
                text != nullptr ? quote_argument(*text, ShownAs::member) : "without a kid")
        .hint("whoever can read the set can sign: the key must be replaced, not only removed");
  }
  return {};
}

Result<Json> parse_json_body(std::string_view body) {
  auto json = parse_json(body, "the answer");
  if (!json) {
    if (json.error().code == ErrorCode::key_refused) return json;
    return fail(ErrorCode::network_body, "{}", json.error().message);
  }
  const Json* keys = json->find("keys");
  if (keys != nullptr && keys->as_array() != nullptr) return json;
  if (json->find("kty") != nullptr) return set_of({*json});
  if (is_pem_map(*json)) return parse_pem_map(*json);
  if (keys != nullptr && keys->is_null()) {
    return fail(ErrorCode::key_refused, "the key set is empty: its keys are null");
  }
  if (json->find("jwks_uri") != nullptr) {
    return is_instead("a discovery document")
        .hint("the key set is what its jwks_uri names; --issuer URL finds it");
  }
  if (json->find("error") != nullptr || json->find("message") != nullptr) {
    return is_instead("an error in JSON");
  }
  return is_instead("JSON without \"keys\"");
}

}  // namespace

Result<KeyBody> parse_key_body(std::string_view body) {
  std::string_view text = trim(body);
  if (text.empty()) return is_instead("empty");
  Result<Json> set = is_instead("no form that keys are published in");
  if (text.starts_with('{') || text.starts_with('[')) {
    set = parse_json_body(text);
  } else if (text.starts_with('<')) {
    set = is_instead("HTML or XML").hint("a login page or a proxy may have answered");
  } else if (looks_like_pem(text)) {
    auto jwk = pem_to_jwk(text, std::nullopt);
    set = jwk ? Result<Json>(set_of({*std::move(jwk)})) : fail(std::move(jwk).error());
  } else if (looks_like_token(text)) {
    set = is_instead("a signed key set").hint("signed sets are not supported");
  }
  if (!set) {
    Error error = std::move(set).error();
    if (error.code != ErrorCode::key_refused) error.code = ErrorCode::network_body;
    return fail(std::move(error));
  }
  if (auto good = check_public(*set); !good) return fail(std::move(good).error());
  // A set that must not be used is refused here, so that no copy of it is ever kept.
  auto keys = parse_jwks(*set);
  if (!keys) return fail(std::move(keys).error());
  return KeyBody{*std::move(set), *std::move(keys)};
}

}  // namespace jwtctl
