// SPDX-License-Identifier: Apache-2.0
#include "lib/lint/catalogue.h"

#include <algorithm>

#include "lib/base/text.h"

namespace jwtctl {

const std::vector<const Rule*>& catalogue() {
  static const std::vector<const Rule*> rules = [] {
    std::vector<const Rule*> all;
    for (std::span<const Rule> file :
         {structure_rules(), header_rules(), header_key_rules(), time_rules(), claim_rules(),
          content_rules(), size_rules(), key_rules(), rsa_rules(), secret_rules(),
          key_purpose_rules(), certificate_rules(), key_set_rules()}) {
      for (const Rule& rule : file) all.push_back(&rule);
    }
    // JWT before JWK before JWKS, by number within each: the order of the files but for themes
    // that share a hundred.
    auto family = [](const Rule* rule) {
      std::string_view id = rule->id.id;
      if (id.starts_with("JWT")) return 0;
      return id.starts_with("JWKS") ? 2 : 1;
    };
    std::stable_sort(all.begin(), all.end(), [family](const Rule* a, const Rule* b) {
      return std::pair(family(a), a->id.id) < std::pair(family(b), b->id.id);
    });
    return all;
  }();
  return rules;
}

const Rule* find_rule(std::string_view id_or_name) {
  const auto& rules = catalogue();
  auto found = std::find_if(rules.begin(), rules.end(), [id_or_name](const Rule* rule) {
    return rule->id.name == id_or_name || equals_ignoring_case(rule->id.id, id_or_name);
  });
  return found != rules.end() ? *found : nullptr;
}

}  // namespace jwtctl
