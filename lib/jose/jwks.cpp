// SPDX-License-Identifier: Apache-2.0
#include "lib/jose/jwks.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "lib/base/limits.h"
#include "lib/base/shown.h"
#include "lib/crypto/pem.h"
#include "lib/jose/key_type.h"

namespace jwtctl {
namespace {

std::optional<std::string> text_of(const Json& entry, std::string_view name) {
  const Json* member = entry.find(name);
  const std::string* text = member != nullptr ? member->as_string() : nullptr;
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

/// known_type returns the key type of an entry when it is one that we verify with, else null.
const KeyTypeRow* known_type(const Json& entry) {
  const KeyTypeRow* type = type_of_jwk(entry);
  return type != nullptr && type->type ? type : nullptr;
}

Result<void> check_mixture(const Json::Array& entries) {
  if (!mixes_secrets(entries)) return {};
  return fail(ErrorCode::key_refused,
              "the set mixes secrets with public keys, so no token can be verified with it")
      .hint("whoever can read the set can sign with its secrets; keep them apart");
}

Result<void> check_kids(const Json::Array& entries, const KeySet& set) {
  std::vector<const Key*> usable(entries.size());
  for (const SetKey& entry : set.keys) usable[entry.index] = &entry.jwk.key;
  auto clashes = kid_clashes(entries, usable);
  if (clashes.empty()) return {};
  const auto& [first, second, kid] = clashes.front();
  bool known = usable[first] != nullptr && usable[second] != nullptr;
  return fail(
      ErrorCode::key_refused,
      "the set has two {} with the kid {}, so no token can be verified with it{}",
      known ? "different keys" : "entries", quote_argument(kid, ShownAs::member),
      known ? ""
            : fmt::format("; entry {} cannot be used", usable[first] == nullptr ? first : second));
}

}  // namespace

std::optional<std::string> signing_type(const Json& entry) {
  auto crv = text_of(entry, "crv");
  return crv && is_agreement_curve(*crv) ? std::nullopt : text_of(entry, "kty");
}

bool is_pem_map(const Json& json) {
  const Json::Object* members = json.as_object();
  return members != nullptr && !members->empty() &&
         std::all_of(members->begin(), members->end(), [](const JsonMember& member) {
           const std::string* text = member.value.as_string();
           return text != nullptr && looks_like_pem(*text);
         });
}

bool mixes_secrets(const Json::Array& entries) {
  bool secret = false;
  bool asymmetric = false;
  for (const Json& entry : entries) {
    const KeyTypeRow* type = known_type(entry);
    if (type != nullptr) (type->is_symmetric() ? secret : asymmetric) = true;
  }
  return secret && asymmetric;
}

std::vector<KidClash> kid_clashes(const Json::Array& entries, std::span<const Key* const> usable) {
  using Identity = std::tuple<std::string, std::string, std::string>;
  std::map<Identity, std::size_t> seen;
  std::vector<KidClash> clashes;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    auto kid = text_of(entries[i], "kid");
    const KeyTypeRow* type = known_type(entries[i]);
    // Entries of types that we do not know are ignored (RFC 7517 section 5).
    if (!kid || type == nullptr) continue;
    Identity identity{*kid, std::string(type->kty), text_of(entries[i], "use").value_or("")};
    auto [first, added] = seen.emplace(identity, i);
    if (added) continue;
    const Key* a = usable[first->second];
    const Key* b = usable[i];
    bool same = a != nullptr && b != nullptr && same_material(*a, *b);
    if (!same) clashes.push_back({first->second, i, *kid});
  }
  return clashes;
}

bool same_material(const Key& a, const Key& b) {
  if (a.type() != b.type() || a.curve() != b.curve()) return false;
  if (a.is_symmetric()) return a.octets() == b.octets();
  return EVP_PKEY_eq(a.pkey(), b.pkey()) == 1;
}

Result<KeySet> parse_jwks(const Json& json) {
  const Json* member = json.find("keys");
  const Json::Array* entries = member != nullptr ? member->as_array() : nullptr;
  if (entries == nullptr) return not_a_set(json);
  if (entries->empty()) return fail(ErrorCode::key_refused, "the key set is empty");
  if (entries->size() > kMaxKeysInSet) {
    return fail(ErrorCode::key_refused, "the set has {} keys, the limit is {}", entries->size(),
                kMaxKeysInSet);
  }
  if (auto good = check_mixture(*entries); !good) return fail(std::move(good).error());
  KeySet set;
  for (std::size_t i = 0; i < entries->size(); ++i) {
    const Json& entry = (*entries)[i];
    if (auto jwk = parse_jwk(entry)) {
      set.keys.push_back({i, *std::move(jwk)});
    } else {
      set.skipped.push_back({i, text_of(entry, "kid"), jwk.error().message, signing_type(entry)});
    }
  }
  if (auto good = check_kids(*entries, set); !good) return fail(std::move(good).error());
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
      skip(entry.jwk.kid ? fmt::format("its kid is {}, not {}",
                                       quote_argument(*entry.jwk.kid, ShownAs::member),
                                       quote_argument(*kid, ShownAs::member))
                         : fmt::format("it has no kid, the token names {}",
                                       quote_argument(*kid, ShownAs::member)));
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
