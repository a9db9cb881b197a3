// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "lib/lint/rule.h"

namespace jwtctl {

// The themed files. Adding a rule is one literal and one function in one of them; adding a file is
// one line here and one in the source.
std::span<const Rule> structure_rules();    ///< JWT001 to JWT015
std::span<const Rule> header_rules();       ///< JWT101 to JWT121, but for
std::span<const Rule> header_key_rules();   ///< those on the key: JWT106, JWT110 to JWT116
std::span<const Rule> time_rules();         ///< JWT201 to JWT211
std::span<const Rule> claim_rules();        ///< JWT301 to JWT309, JWT313, JWT314
std::span<const Rule> content_rules();      ///< JWT310 to JWT312, JWT315, JWT316, JWT501
std::span<const Rule> size_rules();         ///< JWT401 to JWT405
std::span<const Rule> key_rules();          ///< JWK001 to JWK004, JWK009, JWK010
std::span<const Rule> rsa_rules();          ///< JWK005 to JWK008
std::span<const Rule> secret_rules();       ///< JWK011 to JWK014
std::span<const Rule> key_purpose_rules();  ///< JWK015 to JWK018, JWK021
std::span<const Rule> certificate_rules();  ///< JWK019, JWK020, JWK022
std::span<const Rule> key_set_rules();      ///< JWKS001 to JWKS008, JWKS012

/// catalogue returns every rule in the order of the ids.
const std::vector<const Rule*>& catalogue();

/// find_rule returns the rule with this id (whatever its case) or name, else null.
const Rule* find_rule(std::string_view id_or_name);

}  // namespace jwtctl
