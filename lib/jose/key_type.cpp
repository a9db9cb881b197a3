// SPDX-License-Identifier: Apache-2.0
#include "lib/jose/key_type.h"

#include <algorithm>
#include <array>

namespace jwtctl {
namespace {

using Kind = MemberKind;

/// secret is a member of the private half, or of a secret.
constexpr KeyMember secret(std::string_view name, MemberKind kind, MemberPresence presence) {
  return {name, kind, presence, true};
}

constexpr KeyMember kRsa[] = {
    {"n", Kind::number},
    {"e", Kind::number},
    secret("d", Kind::number, MemberPresence::optional),
    secret("p", Kind::number, MemberPresence::together),
    secret("q", Kind::number, MemberPresence::together),
    secret("dp", Kind::number, MemberPresence::together),
    secret("dq", Kind::number, MemberPresence::together),
    secret("qi", Kind::number, MemberPresence::together),
    {"oth", Kind::refused, MemberPresence::optional, true, "keys of more than two primes"}};
constexpr KeyMember kEc[] = {{"crv", Kind::text},
                             {"x", Kind::coordinate},
                             {"y", Kind::coordinate},
                             secret("d", Kind::coordinate, MemberPresence::optional)};
constexpr KeyMember kOkp[] = {{"crv", Kind::text},
                              {"x", Kind::coordinate},
                              secret("d", Kind::coordinate, MemberPresence::optional)};
constexpr KeyMember kOct[] = {secret("k", Kind::octets, MemberPresence::required)};
constexpr KeyMember kAkp[] = {{"alg", Kind::text},
                              {"pub", Kind::octets},
                              secret("priv", Kind::octets, MemberPresence::optional)};

SecretBytes part_or_empty(const KeyParts& parts, std::string_view name) {
  const SecretBytes* part = parts.find(name);
  return part != nullptr ? *part : SecretBytes{};
}

Result<Key> make_rsa(const KeyParts& parts) {
  if (parts.find("p") != nullptr && part_or_empty(parts, "d").empty()) {
    return fail(ErrorCode::key_refused, "\"d\" is missing beside \"p\"");
  }
  if (parts.at("n").empty() || parts.at("e").empty()) {
    return fail(ErrorCode::key_refused, "\"n\" or \"e\" is empty");
  }
  return make_rsa_key({parts.at("n"), parts.at("e"), part_or_empty(parts, "d"),
                       part_or_empty(parts, "p"), part_or_empty(parts, "q"),
                       part_or_empty(parts, "dp"), part_or_empty(parts, "dq"),
                       part_or_empty(parts, "qi")});
}

Result<Key> make_ec(const KeyParts& parts) {
  return make_ec_key(parts.curve, parts.at("x"), parts.at("y"), parts.find("d"));
}

Result<Key> make_okp(const KeyParts& parts) {
  return make_okp_key(parts.curve, parts.at("x"), parts.find("d"));
}

Result<Key> make_oct(const KeyParts& parts) { return make_oct_key(parts.at("k")); }

constexpr std::array kTypes{KeyTypeRow{to_string(KeyType::rsa), KeyType::rsa, kRsa, make_rsa},
                            KeyTypeRow{to_string(KeyType::ec), KeyType::ec, kEc, make_ec},
                            KeyTypeRow{to_string(KeyType::okp), KeyType::okp, kOkp, make_okp},
                            KeyTypeRow{to_string(KeyType::oct), KeyType::oct, kOct, make_oct},
                            KeyTypeRow{"AKP", std::nullopt, kAkp, nullptr}};

/// AgreementCurve is a curve of type OKP that does not sign.
struct AgreementCurve {
  std::string_view name;
  std::size_t octets;
};

constexpr std::array<AgreementCurve, 2> kAgreementCurves{{{"X25519", 32}, {"X448", 56}}};

const AgreementCurve* find_agreement_curve(std::string_view crv) {
  const auto* found = std::find_if(kAgreementCurves.begin(), kAgreementCurves.end(),
                                   [crv](const AgreementCurve& row) { return row.name == crv; });
  return found != kAgreementCurves.end() ? found : nullptr;
}

}  // namespace

const SecretBytes* KeyParts::find(std::string_view name) const {
  auto found = std::find_if(parts_.begin(), parts_.end(),
                            [name](const auto& part) { return part.first == name; });
  return found != parts_.end() ? &found->second : nullptr;
}

const SecretBytes& KeyParts::at(std::string_view name) const {
  static const SecretBytes kNone;
  const SecretBytes* part = find(name);
  return part != nullptr ? *part : kNone;
}

bool KeyTypeRow::is_symmetric() const {
  return std::all_of(members.begin(), members.end(),
                     [](const KeyMember& member) { return member.secret; });
}

const KeyMember* KeyTypeRow::find(std::string_view name) const {
  auto found = std::find_if(members.begin(), members.end(),
                            [name](const KeyMember& member) { return member.name == name; });
  return found != members.end() ? &*found : nullptr;
}

const KeyTypeRow* find_key_type(std::string_view kty) {
  const auto* found = std::find_if(kTypes.begin(), kTypes.end(),
                                   [kty](const KeyTypeRow& row) { return row.kty == kty; });
  return found != kTypes.end() ? found : nullptr;
}

const KeyTypeRow& key_type_row(KeyType type) {
  return *std::find_if(kTypes.begin(), kTypes.end(),
                       [type](const KeyTypeRow& row) { return row.type == type; });
}

const KeyTypeRow* type_of_jwk(const Json& jwk) {
  const Json* kty = jwk.find("kty");
  const std::string* name = kty != nullptr ? kty->as_string() : nullptr;
  return name != nullptr ? find_key_type(*name) : nullptr;
}

bool is_agreement_curve(std::string_view crv) { return find_agreement_curve(crv) != nullptr; }

std::optional<std::size_t> curve_octets(const KeyTypeRow& type, std::string_view crv) {
  if (const CurveInfo* info = find_curve(crv)) {
    return type.type == info->kty ? std::optional(info->octets) : std::nullopt;
  }
  const AgreementCurve* agreement = find_agreement_curve(crv);
  bool has_it = agreement != nullptr && type.type == KeyType::okp;
  return has_it ? std::optional(agreement->octets) : std::nullopt;
}

bool is_blank(const Json& value) {
  const std::string* text = value.as_string();
  const Json::Array* list = value.as_array();
  return value.is_null() || (text != nullptr && text->empty()) ||
         (list != nullptr && list->empty());
}

bool is_private_member(std::string_view name) {
  return std::any_of(kTypes.begin(), kTypes.end(), [name](const KeyTypeRow& row) {
    const KeyMember* member = row.find(name);
    return member != nullptr && member->secret;
  });
}

const JsonMember* find_private_member(const Json& jwk) {
  const Json::Object* members = jwk.as_object();
  if (members == nullptr) return nullptr;
  auto found = std::find_if(members->begin(), members->end(), [](const JsonMember& member) {
    return is_private_member(member.name) && !is_blank(member.value);
  });
  return found != members->end() ? &*found : nullptr;
}

}  // namespace jwtctl
