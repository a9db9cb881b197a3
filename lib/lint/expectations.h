// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "lib/base/time.h"
#include "lib/jose/jwks.h"
#include "lib/lint/wording.h"
#include "lib/token/policy.h"

namespace jwtctl {

/// Profile is what a kind of token promises beyond RFC 7519.
struct Profile {
  std::string_view name;                       ///< of `--profile`: "at+jwt"
  std::string_view summary;                    ///< for help and the manual
  std::string_view source;                     ///< the document that says so
  std::string_view typ;                        ///< what the header's typ must be; empty: anything
  std::span<const std::string_view> required;  ///< claims
  Seconds max_ttl = 0;                         ///< 0: none is named
};

/// profiles returns every profile in the order of the documentation.
std::span<const Profile> profiles();
/// find_profile returns the profile with exactly this name, else null.
const Profile* find_profile(std::string_view name);

/// Expectations is what the user says of the tokens that are judged. Everything is optional; a
/// rule that needs what is not there says nothing.
struct Expectations {
  Policy policy;  ///< what `verify` is asked too, and the moment at which all is judged
  std::optional<Seconds> max_ttl;
  std::optional<std::size_t> max_size;  ///< of a token, in octets
  const Profile* profile = nullptr;
  const KeySet* keys = nullptr;  ///< one of which must have signed
  RuleNames names;               ///< what all this is called where it is said
};

}  // namespace jwtctl
