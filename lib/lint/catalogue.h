// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "lib/lint/rule.h"

namespace jwtctl {

// The themed files. Adding a rule is one literal and one function in one of them; adding a file is
// one line here and one in the source. Ids and names are never reused and never change; reserved
// are JWT011 ecdsa-high-s, JWKS009 fetch-hygiene, JWKS010 issuer-binding and JWKS011 kid-reused.
std::span<const Rule> structure_rules();
std::span<const Rule> header_rules();
std::span<const Rule> header_key_rules();
std::span<const Rule> time_rules();
std::span<const Rule> claim_rules();
std::span<const Rule> content_rules();
std::span<const Rule> size_rules();
std::span<const Rule> key_rules();
std::span<const Rule> rsa_rules();
std::span<const Rule> secret_rules();
std::span<const Rule> key_purpose_rules();
std::span<const Rule> certificate_rules();
std::span<const Rule> key_set_rules();

/// catalogue returns every rule in the order of the ids.
const std::vector<const Rule*>& catalogue();

/// find_rule returns the rule with this id (whatever its case) or name, else null.
const Rule* find_rule(std::string_view id_or_name);

}  // namespace jwtctl
