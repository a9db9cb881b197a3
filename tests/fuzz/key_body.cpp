// SPDX-License-Identifier: Apache-2.0
// What is accepted as the answer of a server is a key set that gives nothing away, is accepted
// again as it was written, and never offers one kid for two keys.
#include "lib/remote/key_body.h"

#include <set>

#include "lib/jose/jwks.h"
#include "lib/jose/key_type.h"
#include "tests/fuzz/targets.h"

namespace jwtctl::fuzz {

void key_body(std::string_view input) {
  auto set = parse_key_body(input);
  if (!set) return;
  const Json* entries = set->document.find("keys");
  must(entries != nullptr && entries->is_array(), "it is a set");
  for (const Json& entry : *entries->as_array()) {
    const auto* members = entry.as_object();
    if (members == nullptr) continue;
    for (const JsonMember& member : *members) {
      must(!is_private_member(member.name), "nothing private is in it");
    }
  }
  auto again = parse_key_body(set->document.dump());
  must(again && again->document.same_value(set->document), "what was accepted is accepted again");

  const KeySet* keys = &set->keys;
  std::set<std::size_t> seen;
  for (const SetKey& entry : keys->keys) {
    must(!entry.jwk.key.is_private(), "a usable key is public");
    must(seen.insert(entry.index).second, "an entry counts once");
  }
  for (const SkippedKey& entry : keys->skipped) {
    must(seen.insert(entry.index).second, "an entry is usable or not");
  }
  must(seen.size() == entries->as_array()->size(), "no entry is forgotten");
  for (const SetKey& entry : keys->keys) {
    if (!entry.jwk.kid) continue;
    for (const std::string& name : allowed_algorithms(entry.jwk)) {
      const Algorithm* algorithm = find_algorithm(name);
      must(algorithm != nullptr, "an algorithm that is allowed is known");
      for (const SetKey* one : select_keys(*keys, *algorithm, entry.jwk.kid).candidates) {
        must(one->jwk.kid == entry.jwk.kid, "a candidate has the kid");
      }
    }
  }
}

}  // namespace jwtctl::fuzz
