// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/base/result.h"
#include "lib/base/secret.h"
#include "lib/codec/json.h"
#include "lib/crypto/key.h"

/// What a key type is: one row for each `kty`. Reading, writing, comparing, filtering and judging
/// keys follow from it.
namespace jwtctl {

/// MemberKind is how a parameter of a key is written.
enum class MemberKind {
  number,      ///< an integer without zeros in front (RFC 7518 section 2, Base64urlUInt)
  coordinate,  ///< as many octets as the curve says
  octets,      ///< base64url of any length
  text,        ///< the name of the curve, or of the parameters
  refused,     ///< a key that has it is none that we read
};

/// MemberPresence says when a member must be there.
enum class MemberPresence {
  required,
  optional,
  together,  ///< all of these, or none
};

/// KeyMember is one parameter of a key type.
struct KeyMember {
  std::string_view name;
  MemberKind kind;
  MemberPresence presence = MemberPresence::required;
  bool secret = false;            ///< private or symmetric material
  std::string_view refusal = {};  ///< with `refused`: what such keys are
};

/// KeyParts are the octets of one key by the names of their members, and its curve.
class KeyParts {
 public:
  Curve curve = Curve::none;

  void add(std::string_view name, SecretBytes octets) {
    parts_.emplace_back(name, std::move(octets));
  }
  /// find returns null for a member that is not there; at returns what is required.
  const SecretBytes* find(std::string_view name) const;
  const SecretBytes& at(std::string_view name) const;

 private:
  std::vector<std::pair<std::string_view, SecretBytes>> parts_;
};

/// KeyTypeRow is one row of the table.
struct KeyTypeRow {
  std::string_view kty;
  std::optional<KeyType> type;           ///< nothing: none that we verify with
  std::span<const KeyMember> members;    ///< in the order in which they are written
  Result<Key> (*make)(const KeyParts&);  ///< with `type`; fails as `make_rsa_key` and so on

  /// is_symmetric says that there is no public half.
  bool is_symmetric() const;
  const KeyMember* find(std::string_view name) const;
};

/// find_key_type returns the row of a value of `kty` (the IANA registry "JSON Web Key Types"), else
/// null.
const KeyTypeRow* find_key_type(std::string_view kty);
const KeyTypeRow& key_type_row(KeyType type);

/// type_of_jwk returns the row that a JWK names, else null.
const KeyTypeRow* type_of_jwk(const Json& jwk);

/// is_agreement_curve says whether `crv` is for key agreement alone (RFC 8037 section 3.2).
bool is_agreement_curve(std::string_view crv);

/// curve_octets returns how long a coordinate on `crv` is; nothing for a curve that the type does
/// not have.
std::optional<std::size_t> curve_octets(const KeyTypeRow& type, std::string_view crv);

/// is_blank says whether a value is null, or a string or list with nothing in it: so some servers
/// leave the private members of keys whose private half they have taken out.
bool is_blank(const Json& value);

/// is_private_member says whether a JWK member of this name holds private or symmetric material of
/// any key type (RFC 7518 sections 6.2.2, 6.3.2 and 6.4, RFC 8037 section 2, RFC 9964 section 3).
bool is_private_member(std::string_view name);

/// find_private_member returns the first such member of a JWK that is not blank, whatever its type;
/// null for none.
const JsonMember* find_private_member(const Json& jwk);

}  // namespace jwtctl
