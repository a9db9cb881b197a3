// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace jwtctl {

/// RuleId names a rule of the catalogue. Ids and names are never reused and never change.
struct RuleId {
  std::string_view id;    ///< "JWT202"; empty for "no rule"
  std::string_view name;  ///< "expired"

  explicit operator bool() const { return !id.empty(); }
  friend bool operator==(const RuleId&, const RuleId&) = default;
};

/// The rules that somebody beside lint breaks by name: readers and judges. All others stand in
/// their literals alone (lib/lint/rules_*.cpp), with names of their own for nobody.
namespace rules {
inline constexpr RuleId none{};
inline constexpr RuleId not_compact{"JWT001", "not-compact-serialization"};
inline constexpr RuleId illegal_character{"JWT002", "illegal-character"};
inline constexpr RuleId base64_padding{"JWT003", "base64-padding"};
inline constexpr RuleId base64_standard_alphabet{"JWT004", "base64-standard-alphabet"};
inline constexpr RuleId base64_noncanonical{"JWT005", "base64-noncanonical"};
inline constexpr RuleId segment_count{"JWT006", "segment-count"};
inline constexpr RuleId signature_missing{"JWT007", "signature-missing"};
inline constexpr RuleId signature_length{"JWT008", "signature-length"};
inline constexpr RuleId json_invalid{"JWT012", "json-invalid"};
inline constexpr RuleId duplicate_member{"JWT013", "duplicate-member"};
inline constexpr RuleId json_limits{"JWT014", "json-limits"};
inline constexpr RuleId encrypted{"JWT015", "encrypted-or-nested"};
inline constexpr RuleId alg_none{"JWT101", "alg-none"};
inline constexpr RuleId alg_none_variant{"JWT102", "alg-none-variant"};
inline constexpr RuleId alg_unregistered{"JWT103", "alg-missing-or-unregistered"};
inline constexpr RuleId alg_key_mismatch{"JWT106", "alg-key-mismatch"};
inline constexpr RuleId alg_not_allowed{"JWT107", "alg-not-allowed"};
inline constexpr RuleId crit_violation{"JWT108", "crit-violation"};
inline constexpr RuleId unencoded_payload{"JWT109", "unencoded-payload"};
inline constexpr RuleId embedded_jwk{"JWT110", "embedded-jwk"};
inline constexpr RuleId remote_key_reference{"JWT111", "remote-key-reference"};
inline constexpr RuleId x5c_in_header{"JWT112", "x5c-in-header"};
inline constexpr RuleId x5t_mismatch{"JWT113", "x5t-mismatch"};
inline constexpr RuleId kid_suspicious{"JWT114", "kid-suspicious"};
inline constexpr RuleId kid_missing{"JWT115", "kid-missing"};
inline constexpr RuleId kid_unknown{"JWT116", "kid-unknown"};
inline constexpr RuleId typ_mismatch{"JWT117", "typ-mismatch"};
inline constexpr RuleId cty_unexpected{"JWT119", "cty-unexpected"};
inline constexpr RuleId exp_missing{"JWT201", "exp-missing"};
inline constexpr RuleId expired{"JWT202", "expired"};
inline constexpr RuleId not_yet_valid{"JWT203", "not-yet-valid"};
inline constexpr RuleId iat_in_future{"JWT204", "iat-in-future"};
inline constexpr RuleId window_impossible{"JWT206", "window-impossible"};
inline constexpr RuleId date_wrong_type{"JWT208", "date-wrong-type"};
inline constexpr RuleId date_unit{"JWT209", "date-unit"};
inline constexpr RuleId date_out_of_range{"JWT210", "date-out-of-range"};
inline constexpr RuleId stale{"JWT211", "stale"};
inline constexpr RuleId iss_malformed{"JWT301", "iss-malformed"};
inline constexpr RuleId iss_mismatch{"JWT302", "iss-mismatch"};
inline constexpr RuleId aud_missing{"JWT303", "aud-missing"};
inline constexpr RuleId aud_mismatch{"JWT304", "aud-mismatch"};
inline constexpr RuleId aud_unchecked{"JWT305", "aud-unchecked"};
inline constexpr RuleId aud_malformed{"JWT306", "aud-malformed"};
inline constexpr RuleId sub_malformed{"JWT308", "sub-malformed"};
inline constexpr RuleId required_claim_missing{"JWT309", "required-claim-missing"};
inline constexpr RuleId claim_type_surprise{"JWT314", "claim-type-surprise"};
inline constexpr RuleId private_key_for_verify{"JWK018", "private-key-for-verify"};
inline constexpr RuleId x5c_mismatch{"JWK019", "x5c-mismatch"};
inline constexpr RuleId unusable_key_present{"JWKS002", "unusable-key-present"};
}  // namespace rules

}  // namespace jwtctl
