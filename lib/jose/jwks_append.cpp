// SPDX-License-Identifier: Apache-2.0
#include "lib/jose/jwks_append.h"

#include <algorithm>

#include "lib/base/limits.h"
#include "lib/base/shown.h"
#include "lib/base/text.h"
#include "lib/jose/jwk_write.h"
#include "lib/jose/jwks.h"
#include "lib/jose/private_material.h"

namespace jwtctl {
namespace {

Result<Json> parse_old(const std::optional<SecretBytes>& old) {
  if (!old) return Json::object({{"keys", Json::Array{}}});
  auto set = parse_json(as_text(*old), "it");
  if (!set) return set;
  const Json* keys = set->find("keys");
  if (keys != nullptr && keys->as_array() != nullptr) return set;
  return fail(ErrorCode::input, "it is no key set: it has no array \"keys\"")
      .hint("name a file that holds {{\"keys\":[…]}}, or one that does not exist yet");
}

bool has_kid(const Json& entry, const Json& kid) {
  const Json* other = entry.find("kid");
  return other != nullptr && other->same_value(kid);
}

}  // namespace

Result<std::string> append_to_jwks(const std::optional<SecretBytes>& old, const Json& key) {
  if (!key.is_object() || find_giveaway(key) != nullptr) {
    return fail(ErrorCode::internal, "private members on their way into a key set");
  }
  auto set = parse_old(old);
  if (!set) return fail(std::move(set).error());
  Json::Array keys = *set->find("keys")->as_array();
  const Json* kid = key.find("kid");
  if (kid != nullptr && std::any_of(keys.begin(), keys.end(),
                                    [kid](const Json& entry) { return has_kid(entry, *kid); })) {
    return fail(ErrorCode::key_refused, "the set has a key with the kid {} already",
                show_argument(kid->dump(), ShownAs::member))
        .hint("verifiers could not tell the two apart; choose another --kid");
  }
  keys.push_back(key);
  set->set("keys", std::move(keys));
  // What nobody could verify with must not be written.
  if (auto good = parse_jwks(*set); !good) {
    return fail(good.error().code, "verifiers would refuse the set: {}", good.error().message);
  }
  std::string text = set->dump(2) + "\n";
  if (text.size() > kMaxKeySetBytes) {
    return fail(ErrorCode::key_refused, "the set would have {} bytes, the limit is {}", text.size(),
                kMaxKeySetBytes);
  }
  return text;
}

}  // namespace jwtctl
