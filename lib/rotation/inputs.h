// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/time.h"
#include "lib/rotation/window.h"

/// What a rotation is planned from. Lengths are whole seconds, instants have no fractions.
namespace jwtctl {

/// kForever is a length without end: a verifier that never forgets a key by itself.
inline constexpr Seconds kForever = std::numeric_limits<Seconds>::max();

/// kLeastMargin is what a margin that is a share never falls below.
inline constexpr Seconds kLeastMargin = 300;

/// add_lengths adds two lengths that are not negative; forever stays forever.
constexpr Seconds add_lengths(Seconds a, Seconds b) { return a >= kForever - b ? kForever : a + b; }

/// Variant is the kind of change that is planned.
enum class Variant { rotation, emergency, algorithm, first_key, symmetric };

/// EmergencyCase says what there is to fall back on when a key must go at once.
enum class EmergencyCase {
  standby,  ///< the new key has been listed for as long as copies live
  cold,     ///< it has not: some verifiers reject new tokens for a while
  soft,     ///< a suspicion only: the old key stays until its tokens are gone
};

std::string_view to_string(Variant variant);
std::string_view to_string(EmergencyCase which);
std::optional<Variant> find_variant(std::string_view name);
std::optional<EmergencyCase> find_emergency(std::string_view name);

/// Given is a length (or a number) with where it came from: `flag`, `observed:max-age`,
/// `profile:envoy`, `default`.
struct Given {
  Seconds value = 0;
  std::string source = "default";

  friend bool operator==(const Given&, const Given&) = default;
};

/// VerifierTiming is how one verifier keeps keys.
struct VerifierTiming {
  std::string name;        ///< of its profile, or `verifier-cache`
  Seconds cache = 0;       ///< longest time between two refreshes; kForever only with `refetches`
  Seconds jitter = 0;      ///< added to it by chance
  bool refetches = false;  ///< an unknown kid makes it ask again
  Seconds cooldown = 0;    ///< but not sooner than this after the last time
  Seconds outage = 0;      ///< how long it trusts old keys when it cannot refresh; kForever: always
  std::string source;

  friend bool operator==(const VerifierTiming&, const VerifierTiming&) = default;
};

/// CanaryStep is a share of new tokens that is signed with the new key for a while.
struct CanaryStep {
  std::int64_t share = 0;  ///< in millionths
  Seconds bake = 0;

  friend bool operator==(const CanaryStep&, const CanaryStep&) = default;
};

/// RotationInputs is everything that a plan follows from. The defaults are the ones of the command.
struct RotationInputs {
  Variant variant = Variant::rotation;
  EmergencyCase emergency = EmergencyCase::cold;
  Instant start;                    ///< earliest instant of publishing; of an emergency: t0
  std::optional<Instant> deadline;  ///< from here on the old key must not sign

  Given token_ttl;                          ///< L, longest exp - iat
  Given skew{300};                          ///< S, leeway and clock errors together
  Given publish_delay{300};                 ///< Dp, until every replica answers with the new set
  std::vector<Given> caches;                ///< C, shared layers, each its longest staleness
  std::vector<VerifierTiming> verifiers;    ///< C_v, J, K, O
  Given missed_refreshes{1};                ///< m, failed refreshes in a row to survive
  std::optional<Given> outage;              ///< O said for all verifiers
  Given signer_rollout{300};                ///< Rs, first to last signer switched
  std::vector<CanaryStep> canary;           ///< B
  std::optional<Given> margin;              ///< M; nothing: `margin_percent`, at least kLeastMargin
  Given margin_percent{10};                 ///< of publish delay plus staleness
  std::optional<Given> every;               ///< Rp, activation to activation
  Given max_key_age{Seconds{365} * 86400};  ///< X, how long a key may sign
  Given negative_cache{60};                 ///< Cn, of a missing or empty set (first key)
  std::optional<Given> verifier_deploy;     ///< Dv, configuration to the last verifier
  std::optional<Instant> allow_list_start;  ///< T_acc, the new algorithm is being allowed
  std::vector<Window> windows;              ///< when people may act; none: always

  std::string jwks;  ///< where the set is published, as the user named it
  std::string old_kid, new_kid;
  std::string old_thumbprint, new_thumbprint;  ///< RFC 7638; empty when not known
  std::string to_alg;
  std::optional<Seconds> observed_max_age;  ///< of the current set
  std::optional<Seconds> set_bytes;         ///< its size
  std::optional<Seconds> set_keys;          ///< how many keys it lists

  std::optional<Seconds> request_rate;  ///< requests a second, for the arithmetic of a canary
  std::optional<Seconds> unready;       ///< share of verifiers without the key, in millionths
  std::optional<Seconds> issue_rate;    ///< tokens a second, for the cost of an emergency
};

}  // namespace jwtctl
