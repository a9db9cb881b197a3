// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lib/jose/key_document.h"
#include "lib/rotation/inputs.h"

/// The key sets of a rotation, phase by phase. Public halves only.
namespace jwtctl {

/// RotationKeys are the keys as far as they are known.
struct RotationKeys {
  std::optional<Json> current;  ///< the set as it is published now, public members only
  std::optional<Json> fresh;    ///< the public JWK of the new key, with its kid
};

/// PhaseSet is the set to be published in one phase.
struct PhaseSet {
  std::string folder;  ///< "10-publish"
  Json set;
};

/// public_set makes a JWK Set of what a file or a server has: public members, in its order. Entries
/// that are no keys stay as they are, but for private members. Fails with `key_refused` for a set
/// of shared secrets.
Result<Json> public_set(const KeyDocument& document);

/// public_key_of makes the public JWK of a file with one key; without a kid it gets its thumbprint
/// (RFC 7638), unless `kid` says another one. Fails with `key_refused`: no key or several, a
/// secret, another kid than `kid`, or a key that verifies nothing (`check_any_fit`).
Result<Json> public_key_of(const KeyDocument& document, const std::optional<std::string>& kid);

/// name_keys finds out which keys the rotation is about, and writes their kids and thumbprints to
/// `inputs`. Fails with `usage` when the old key is one of several, with `input` when the set has
/// not the old key, with `key_refused` when the new kid names another key already, or the new key
/// has another kid already.
Result<void> name_keys(const RotationKeys& keys, RotationInputs& inputs);

/// phase_sets returns the sets to be published, as far as the keys are known.
std::vector<PhaseSet> phase_sets(const RotationKeys& keys, const RotationInputs& inputs);

/// text_member returns a member of a JWK when it is a string, else the empty text.
std::string text_member(const Json& jwk, std::string_view name);

/// material_of returns the thumbprint of what the numbers of a JWK say: base64url that is padded,
/// in the standard alphabet or broken into lines, zeros that are missing or too many, and members
/// of the wrong type beside them do not matter. Empty when there is no such key.
std::string material_of(const Json& jwk);

/// thumbprint_of returns the RFC 7638 thumbprint of a JWK, empty when it is no key.
std::string thumbprint_of(const Json& jwk);

}  // namespace jwtctl
