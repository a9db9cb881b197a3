// SPDX-License-Identifier: Apache-2.0
#include "lib/jose/jwks.h"

#include <algorithm>

#include "lib/base/limits.h"

namespace jwtctl {
namespace {

/// same_material compares what identifies two keys; secrets are compared as they are.
bool same_material(const Key& a, const Key& b) {
  if (a.type() != b.type() || a.curve() != b.curve()) return false;
  if (a.type() == KeyType::oct) return a.octets() == b.octets();
  return EVP_PKEY_eq(a.pkey(), b.pkey()) == 1;
}

std::optional<std::string> kid_of(const Json& entry) {
  const Json* kid = entry.find("kid");
  const std::string* text = kid != nullptr ? kid->as_string() : nullptr;
  return text != nullptr ? std::optional(*text) : std::nullopt;
}

Failure not_a_set(const Json& json) {
  if (json.find("jwks_uri") != nullptr) {
    return fail(ErrorCode::input, "this is a discovery document, not a key set")
        .hint("the key set is what its jwks_uri names");
  }
  if (json.find("error") != nullptr) {
    return fail(ErrorCode::input, "this is an error answer, not a key set");
  }
  return fail(ErrorCode::input, "this is no key set: it has no array \"keys\"")
      .hint("a key set is {{\"keys\":[…]}} (RFC 7517 section 5)");
}

Result<void> check_set(const std::vector<SetKey>& keys) {
  auto is_secret = [](const SetKey& entry) { return entry.jwk.key.type() == KeyType::oct; };
  bool any = std::any_of(keys.begin(), keys.end(), is_secret);
  if (any && !std::all_of(keys.begin(), keys.end(), is_secret)) {
    return fail(ErrorCode::key_refused, "the set mixes secrets with public keys")
        .hint("whoever can read the set can sign with its secrets; keep them apart");
  }
  for (auto first = keys.begin(); first != keys.end(); ++first) {
    if (!first->jwk.kid) continue;
    for (auto second = first + 1; second != keys.end(); ++second) {
      const Jwk& a = first->jwk;
      const Jwk& b = second->jwk;
      bool clash = a.kid == b.kid && a.key.type() == b.key.type() && a.use == b.use;
      if (clash && !same_material(a.key, b.key)) {
        return fail(ErrorCode::key_refused, "the set has two different keys with the kid \"{}\"",
                    *a.kid);
      }
    }
  }
  return {};
}

}  // namespace

Result<KeySet> parse_jwks(const Json& json) {
  const Json* member = json.find("keys");
  const Json::Array* entries = member != nullptr ? member->as_array() : nullptr;
  if (entries == nullptr) return not_a_set(json);
  if (entries->empty()) return fail(ErrorCode::key_refused, "the key set is empty");
  if (entries->size() > kMaxKeysInSet) {
    return fail(ErrorCode::key_refused, "the set has {} keys, the limit is {}", entries->size(),
                kMaxKeysInSet);
  }
  KeySet set;
  for (std::size_t i = 0; i < entries->size(); ++i) {
    const Json& entry = (*entries)[i];
    if (auto jwk = parse_jwk(entry)) {
      set.keys.push_back({i, *std::move(jwk)});
    } else {
      set.skipped.push_back({i, kid_of(entry), jwk.error().message});
    }
  }
  if (auto good = check_set(set.keys); !good) return fail(std::move(good).error());
  return set;
}

Selection select_keys(const KeySet& set, const Algorithm& algorithm,
                      const std::optional<std::string>& kid) {
  Selection selection;
  selection.skipped = set.skipped;
  for (const SetKey& entry : set.keys) {
    auto skip = [&](std::string reason) {
      selection.skipped.push_back({entry.index, entry.jwk.kid, std::move(reason)});
    };
    if (kid && !set.pinned && entry.jwk.kid != kid) {
      skip(entry.jwk.kid ? fmt::format("its kid is \"{}\", not \"{}\"", *entry.jwk.kid, *kid)
                         : fmt::format("it has no kid, the token names \"{}\"", *kid));
    } else if (auto usable = check_usable_for(entry.jwk, algorithm); !usable) {
      skip(usable.error().message);
    } else if (std::any_of(selection.candidates.begin(), selection.candidates.end(),
                           [&entry](const SetKey* other) {
                             return same_material(other->jwk.key, entry.jwk.key);
                           })) {
      skip("it is the same key as one before it");
    } else {
      selection.candidates.push_back(&entry);
    }
  }
  std::sort(selection.skipped.begin(), selection.skipped.end(),
            [](const SkippedKey& a, const SkippedKey& b) { return a.index < b.index; });
  return selection;
}

}  // namespace jwtctl
