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
inline constexpr RuleId ecdsa_der_signature{"JWT009", "ecdsa-der-signature"};
inline constexpr RuleId ecdsa_out_of_range{"JWT010", "ecdsa-out-of-range"};
inline constexpr RuleId ecdsa_high_s{"JWT011", "ecdsa-high-s"};
inline constexpr RuleId json_invalid{"JWT012", "json-invalid"};
inline constexpr RuleId duplicate_member{"JWT013", "duplicate-member"};
inline constexpr RuleId json_limits{"JWT014", "json-limits"};
inline constexpr RuleId encrypted{"JWT015", "encrypted-or-nested"};
inline constexpr RuleId alg_none{"JWT101", "alg-none"};
inline constexpr RuleId alg_none_variant{"JWT102", "alg-none-variant"};
inline constexpr RuleId alg_unregistered{"JWT103", "alg-missing-or-unregistered"};
inline constexpr RuleId alg_discouraged{"JWT104", "alg-discouraged"};
inline constexpr RuleId alg_symmetric_federated{"JWT105", "alg-symmetric-federated"};
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
inline constexpr RuleId token_kind_ambiguous{"JWT118", "token-kind-ambiguous"};
inline constexpr RuleId cty_unexpected{"JWT119", "cty-unexpected"};
inline constexpr RuleId header_claim_conflict{"JWT120", "header-claim-conflict"};
inline constexpr RuleId jwe_resource_parameters{"JWT121", "jwe-resource-parameters"};
inline constexpr RuleId exp_missing{"JWT201", "exp-missing"};
inline constexpr RuleId expired{"JWT202", "expired"};
inline constexpr RuleId not_yet_valid{"JWT203", "not-yet-valid"};
inline constexpr RuleId iat_in_future{"JWT204", "iat-in-future"};
inline constexpr RuleId clock_skew_suspected{"JWT205", "clock-skew-suspected"};
inline constexpr RuleId window_impossible{"JWT206", "window-impossible"};
inline constexpr RuleId ttl_too_long{"JWT207", "ttl-too-long"};
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
inline constexpr RuleId aud_broad_or_multiple{"JWT307", "aud-broad-or-multiple"};
inline constexpr RuleId sub_malformed{"JWT308", "sub-malformed"};
inline constexpr RuleId required_claim_missing{"JWT309", "required-claim-missing"};
inline constexpr RuleId claim_name_near_miss{"JWT310", "claim-name-near-miss"};
inline constexpr RuleId secret_in_payload{"JWT311", "secret-in-payload"};
inline constexpr RuleId pii_in_payload{"JWT312", "pii-in-payload"};
inline constexpr RuleId cnf_problem{"JWT313", "cnf-problem"};
inline constexpr RuleId claim_type_surprise{"JWT314", "claim-type-surprise"};
inline constexpr RuleId unsafe_number{"JWT315", "unsafe-number"};
inline constexpr RuleId terminal_unsafe_text{"JWT316", "terminal-unsafe-text"};
inline constexpr RuleId over_cookie_limit{"JWT401", "over-cookie-limit"};
inline constexpr RuleId over_8k_header{"JWT402", "over-8k-header"};
inline constexpr RuleId over_16k_header{"JWT403", "over-16k-header"};
inline constexpr RuleId over_60k{"JWT404", "over-60k"};
inline constexpr RuleId bloat{"JWT405", "bloat"};
inline constexpr RuleId live_token_in_file{"JWT501", "live-token-in-file"};
inline constexpr RuleId malformed{"JWK001", "malformed"};
inline constexpr RuleId member_encoding{"JWK002", "member-encoding"};
inline constexpr RuleId coordinate_length{"JWK003", "coordinate-length"};
inline constexpr RuleId point_invalid{"JWK004", "point-invalid"};
inline constexpr RuleId rsa_modulus{"JWK005", "rsa-modulus"};
inline constexpr RuleId rsa_exponent{"JWK006", "rsa-exponent"};
inline constexpr RuleId rsa_roca{"JWK007", "rsa-roca"};
inline constexpr RuleId rsa_factorable{"JWK008", "rsa-factorable"};
inline constexpr RuleId private_inconsistent{"JWK009", "private-inconsistent"};
inline constexpr RuleId hmac_empty{"JWK010", "hmac-empty"};
inline constexpr RuleId hmac_short{"JWK011", "hmac-short"};
inline constexpr RuleId hmac_guessable{"JWK012", "hmac-guessable"};
inline constexpr RuleId hmac_is_public_key{"JWK013", "hmac-is-public-key"};
inline constexpr RuleId hmac_ambiguous_text{"JWK014", "hmac-ambiguous-text"};
inline constexpr RuleId alg_kty_conflict{"JWK015", "alg-kty-conflict"};
inline constexpr RuleId alg_unpinned{"JWK016", "alg-unpinned"};
inline constexpr RuleId use_ops_conflict{"JWK017", "use-ops-conflict"};
inline constexpr RuleId private_key_for_verify{"JWK018", "private-key-for-verify"};
inline constexpr RuleId x5c_mismatch{"JWK019", "x5c-mismatch"};
inline constexpr RuleId certificate_validity{"JWK020", "certificate-validity"};
inline constexpr RuleId private_key_in_file{"JWK021", "private-key-in-file"};
inline constexpr RuleId certificate_unfit{"JWK022", "certificate-unfit"};
inline constexpr RuleId not_a_set{"JWKS001", "not-a-set"};
inline constexpr RuleId unusable_key_present{"JWKS002", "unusable-key-present"};
inline constexpr RuleId duplicate_kid{"JWKS003", "duplicate-kid"};
inline constexpr RuleId kid_missing_in_set{"JWKS004", "kid-missing-in-set"};
inline constexpr RuleId private_key_published{"JWKS005", "private-key-published"};
inline constexpr RuleId symmetric_key_in_set{"JWKS006", "symmetric-key-in-set"};
inline constexpr RuleId key_multi_purpose{"JWKS007", "key-multi-purpose"};
inline constexpr RuleId set_limits{"JWKS008", "set-limits"};
inline constexpr RuleId fetch_hygiene{"JWKS009", "fetch-hygiene"};
inline constexpr RuleId issuer_binding{"JWKS010", "issuer-binding"};
inline constexpr RuleId kid_reused{"JWKS011", "kid-reused"};
inline constexpr RuleId shared_factor{"JWKS012", "shared-factor"};
}  // namespace rules

}  // namespace jwtctl
