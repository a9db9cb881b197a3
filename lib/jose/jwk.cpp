// SPDX-License-Identifier: Apache-2.0
#include "lib/jose/jwk.h"

#include <algorithm>
#include <array>

#include "lib/base/shown.h"
#include "lib/base/text.h"
#include "lib/codec/base64url.h"
#include "lib/crypto/certificate.h"
#include "lib/crypto/pem.h"
#include "lib/jose/key_type.h"

namespace jwtctl {
namespace {

Result<std::optional<std::string>> optional_text(const Json& json, std::string_view name) {
  const Json* member = json.find(name);
  if (member == nullptr) return std::optional<std::string>{};
  const std::string* text = member->as_string();
  if (text == nullptr) {
    return fail(ErrorCode::key_refused, "\"{}\" must be a string, not {}", name,
                member->kind_name());
  }
  return std::optional(*text);
}

Result<std::optional<std::vector<std::string>>> optional_texts(const Json& json,
                                                               std::string_view name) {
  using Texts = std::vector<std::string>;
  const Json* member = json.find(name);
  if (member == nullptr) return std::optional<Texts>{};
  const Json::Array* items = member->as_array();
  bool all_text = items != nullptr && std::all_of(items->begin(), items->end(),
                                                  [](const Json& i) { return i.is_string(); });
  if (!all_text) return fail(ErrorCode::key_refused, "\"{}\" must be an array of strings", name);
  Texts texts;
  for (const Json& item : *items) texts.push_back(*item.as_string());
  return std::optional(texts);
}

/// required_octets decodes a base64url member; `name` is the only thing that a message shows.
Result<SecretBytes> required_octets(const Json& json, std::string_view name) {
  const Json* member = json.find(name);
  const std::string* text = member != nullptr ? member->as_string() : nullptr;
  if (text == nullptr) return fail(ErrorCode::key_refused, "\"{}\" is missing or no string", name);
  auto octets = parse_base64url(*text);
  if (!octets) {
    return fail(ErrorCode::key_refused, "\"{}\" is {}", name, octets.error().message);
  }
  return octets;
}

/// read_curve reads what a member of `type` names: a curve that signs.
Result<Curve> read_curve(const Json& json, const KeyTypeRow& type, std::string_view name) {
  auto text = optional_text(json, name);
  if (!text) return fail(std::move(text).error());
  if (!*text) return fail(ErrorCode::key_refused, "\"{}\" is missing", name);
  const CurveInfo* info = find_curve(**text);
  if (info != nullptr && info->kty == type.type) return info->curve;
  return fail(ErrorCode::key_refused, "curve {} {}", quote_argument(**text, ShownAs::member),
              is_agreement_curve(**text) ? "is for key agreement, not for signatures"
                                         : fmt::format("is none of kty {}", type.kty));
}

/// read_parts reads the members that `type` has.
Result<KeyParts> read_parts(const Json& json, const KeyTypeRow& type) {
  bool together = false;
  auto has = [&json](const KeyMember& member) {
    const Json* value = json.find(member.name);
    bool optional = member.secret && member.presence != MemberPresence::required;
    return value != nullptr && !(optional && is_blank(*value));
  };
  for (const KeyMember& member : type.members) {
    bool there = has(member);
    if (there && member.kind == MemberKind::refused) {
      return fail(ErrorCode::key_refused, "{} {}", type.kty, member.refusal);
    }
    together = together || (there && member.presence == MemberPresence::together);
  }
  KeyParts parts;
  for (const KeyMember& member : type.members) {
    if (member.kind == MemberKind::text) {
      auto curve = read_curve(json, type, member.name);
      if (!curve) return fail(std::move(curve).error());
      parts.curve = *curve;
      continue;
    }
    bool needed = member.presence == MemberPresence::required ||
                  (member.presence == MemberPresence::together && together) || has(member);
    if (!needed) continue;
    auto octets = required_octets(json, member.name);
    if (!octets) return fail(std::move(octets).error());
    parts.add(member.name, *std::move(octets));
  }
  return parts;
}

Result<Key> parse_key_members(const Json& json) {
  auto kty = optional_text(json, "kty");
  if (!kty) return fail(std::move(kty).error());
  if (!*kty) return fail(ErrorCode::key_refused, "\"kty\" is missing");
  const KeyTypeRow* type = find_key_type(**kty);
  if (type == nullptr || !type->type) {
    return fail(ErrorCode::key_refused, "key type {} is not one that we verify with",
                quote_argument(**kty, ShownAs::member));
  }
  auto parts = read_parts(json, *type);
  if (!parts) return fail(std::move(parts).error());
  return type->make(*parts);
}

/// x5c_items returns what stands in `x5c`, else null.
const Json::Array* x5c_items(const Json& json) {
  const Json* x5c = json.find("x5c");
  return x5c != nullptr ? x5c->as_array() : nullptr;
}

std::optional<std::string> first_certificate(const Json& json) {
  if (json.find("x5c") == nullptr) return std::nullopt;
  const Json::Array* items = x5c_items(json);
  bool any = items != nullptr && !items->empty() && items->front().is_string();
  return any ? *items->front().as_string() : std::string();
}

}  // namespace

Result<Jwk> parse_jwk(const Json& json) {
  if (!json.is_object()) {
    return fail(ErrorCode::key_refused, "a key must be an object, not {}", json.kind_name());
  }
  auto kid = optional_text(json, "kid");
  auto alg = optional_text(json, "alg");
  auto use = optional_text(json, "use");
  for (auto* member : {&kid, &alg, &use}) {
    if (!*member) return fail(std::move(*member).error());
  }
  auto key_ops = optional_texts(json, "key_ops");
  if (!key_ops) return fail(std::move(key_ops).error());
  auto key = parse_key_members(json);
  if (!key) return fail(std::move(key).error());
  return Jwk{*std::move(key), *std::move(kid),     *std::move(alg),
             *std::move(use), *std::move(key_ops), first_certificate(json)};
}

Result<Json> public_jwk(const Key& key) {
  auto parts = public_parts(key);
  if (!parts) return fail(std::move(parts).error());
  const KeyTypeRow& type = key_type_row(key.type());
  std::vector<JsonMember> members{{"kty", type.kty}};
  std::array<const std::string*, 2> octets{&parts->first, &parts->second};
  std::size_t next = 0;
  for (const KeyMember& member : type.members) {
    if (member.secret) continue;
    Json value = member.kind == MemberKind::text ? Json(curve_info(key.curve()).name)
                                                 : Json(to_base64url(*octets.at(next++)));
    members.push_back({std::string(member.name), std::move(value)});
  }
  std::sort(members.begin(), members.end(),
            [](const JsonMember& a, const JsonMember& b) { return a.name < b.name; });
  Json jwk = Json::object({});
  for (JsonMember& member : members) jwk.set(member.name, std::move(member.value));
  return jwk;
}

std::optional<std::string> thumbprint(const Key& key) {
  if (key.is_symmetric()) return std::nullopt;
  auto jwk = public_jwk(key);
  if (!jwk) return std::nullopt;
  auto digest = sha256(jwk->dump());
  if (!digest) return std::nullopt;
  return to_base64url(*digest);
}

std::vector<std::string> x5c_chain(const Json& jwk) {
  std::vector<std::string> chain;
  const Json::Array* items = x5c_items(jwk);
  if (items == nullptr) return chain;
  for (const Json& item : *items) {
    const std::string* text = item.as_string();
    if (text == nullptr) break;
    auto der = parse_base64(*text);
    if (!der) break;
    chain.emplace_back(as_text(*der));
  }
  return chain;
}

bool certifies_other_key(std::string_view certificate, const Key& key) {
  auto certified = parse_der_key(certificate, nullptr);
  // By thumbprint: a certificate may restrict an RSA key to PSS, it stays the same key.
  return certified && thumbprint(*certified) != thumbprint(key);
}

bool has_foreign_certificate(const Jwk& jwk) {
  if (!jwk.certificate) return false;
  auto der = parse_base64(*jwk.certificate);
  return der && certifies_other_key(as_text(*der), jwk.key);
}

std::optional<std::string_view> certificate_problem(const Jwk& jwk) {
  if (!jwk.certificate) return std::nullopt;
  auto der = parse_base64(*jwk.certificate);
  if (!der || !parse_certificate(as_text(*der))) {
    return "its x5c holds no certificate that can be read (RFC 7517 section 4.7)";
  }
  if (!certifies_other_key(as_text(*der), jwk.key)) return std::nullopt;
  return "its x5c holds the certificate of another key (RFC 7517 section 4.7)";
}

std::vector<std::string> allowed_algorithms(const Jwk& jwk) {
  std::vector<std::string> names;
  for (const Algorithm& row : signature_algorithms()) {
    bool named = !jwk.alg || same_algorithm(*jwk.alg, row.name, jwk.key.curve());
    if (named && can_use(jwk.key, row)) names.emplace_back(row.name);
  }
  return names;
}

Result<void> check_usable_for(const Jwk& jwk, const Algorithm& algorithm, KeyOperation operation) {
  if (!can_use(jwk.key, algorithm)) {
    return fail(ErrorCode::key_refused, "it is {}, which cannot do {}", jwk.key.describe(),
                algorithm.name);
  }
  if (jwk.alg && !same_algorithm(*jwk.alg, algorithm.name, jwk.key.curve())) {
    return fail(ErrorCode::key_refused, "its alg is {}, not {}",
                quote_argument(*jwk.alg, ShownAs::member), algorithm.name);
  }
  // "jwt-svid" is how SPIFFE marks the keys of its JWTs (JWT-SVID section 6.1).
  if (jwk.use && *jwk.use != "sig" && *jwk.use != "jwt-svid") {
    return fail(ErrorCode::key_refused, "its use is {}, not \"sig\"",
                quote_argument(*jwk.use, ShownAs::member));
  }
  std::string_view wanted = operation == KeyOperation::sign ? "sign" : "verify";
  if (jwk.key_ops &&
      std::find(jwk.key_ops->begin(), jwk.key_ops->end(), wanted) == jwk.key_ops->end()) {
    return fail(ErrorCode::key_refused, "its key_ops [{}] do not include \"{}\"",
                show_argument(join(*jwk.key_ops, ", "), ShownAs::member), wanted);
  }
  return {};
}

const Algorithm* default_algorithm(const Jwk& jwk) {
  if (jwk.alg) return find_algorithm(*jwk.alg);
  if (jwk.key.is_symmetric()) return nullptr;
  // The table has the weakest hash of each type first, which is what the whole world expects.
  auto rows = signature_algorithms();
  auto found = std::find_if(rows.begin(), rows.end(),
                            [&jwk](const Algorithm& row) { return can_use(jwk.key, row); });
  return found != rows.end() ? &*found : nullptr;
}

}  // namespace jwtctl
