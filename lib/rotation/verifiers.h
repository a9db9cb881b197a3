// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

#include "lib/rotation/inputs.h"

/// How known verifiers keep keys, as far as that can be read in their sources or manuals.
namespace jwtctl {

/// Refetch says what a verifier does when a token names a kid that it does not have.
enum class Refetch { never, at_once, later };

/// KnownVerifier is one row of the table; the defaults of the product are meant.
struct KnownVerifier {
  std::string_view name;   ///< as --verifier takes it
  std::string_view title;  ///< as people call it
  Seconds cache;           ///< between two refreshes; kForever: until an unknown kid
  Seconds jitter = 0;
  bool follows_max_age = false;  ///< the server's max-age counts when it is longer than `cache`
  Refetch refetch = Refetch::never;
  Seconds cooldown = 0;              ///< between two refetches for an unknown kid
  Seconds outage = 0;                ///< it trusts old keys that long when it cannot refresh
  std::string_view size_limit = {};  ///< of the set, or of what it keeps; empty: none known
  std::string_view force = {};       ///< what makes it fetch, or forget, now
  std::string_view algorithms = {};  ///< the only ones that it takes, with blanks; empty: many
  std::string_view allow = {};       ///< the setting that allows others; empty: nothing does
  std::string_view remark = {};      ///< what else its owner should know; may be empty
  std::string_view source = {};
};

std::span<const KnownVerifier> known_verifiers();

/// find_verifier returns the row with this name, else null.
const KnownVerifier* find_verifier(std::string_view name);

/// takes_algorithm says whether a product takes tokens of an algorithm as it comes.
bool takes_algorithm(const KnownVerifier& verifier, std::string_view algorithm);

/// verifier_timing reads `NAME` or `NAME@ttl=DUR`; `max_age` is the one that the set is served
/// with, if that is known. Fails with `usage`: an unknown name (did you mean), a bad length.
Result<VerifierTiming> verifier_timing(std::string_view text, std::optional<Seconds> max_age);

}  // namespace jwtctl
