// SPDX-License-Identifier: Apache-2.0
#include "lib/jose/jwk.h"

#include <algorithm>
#include <array>

#include "lib/base/shown.h"
#include "lib/base/text.h"
#include "lib/codec/base64url.h"
#include "lib/crypto/pem.h"

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

/// PartsReader collects members and keeps the first error.
class PartsReader {
 public:
  explicit PartsReader(const Json& json) : json_(json) {}

  SecretBytes required(std::string_view name) {
    auto octets = required_octets(json_, name);
    if (octets) return *std::move(octets);
    if (!error_) error_ = std::move(octets).error();
    return {};
  }
  SecretBytes optional(std::string_view name) {
    return json_.find(name) != nullptr ? required(name) : SecretBytes{};
  }
  bool has(std::string_view name) const { return json_.find(name) != nullptr; }
  bool failed() const { return error_.has_value(); }
  Failure failure() { return fail(*std::move(error_)); }

 private:
  const Json& json_;
  std::optional<Error> error_;
};

Result<Key> parse_rsa(PartsReader& parts) {
  RsaParts rsa;
  rsa.n = parts.required("n");
  rsa.e = parts.required("e");
  rsa.d = parts.optional("d");
  if (parts.has("oth")) return fail(ErrorCode::key_refused, "RSA keys of more than two primes");
  constexpr std::array<std::string_view, 5> kChineseRemainder{"p", "q", "dp", "dq", "qi"};
  if (std::any_of(kChineseRemainder.begin(), kChineseRemainder.end(),
                  [&parts](std::string_view name) { return parts.has(name); })) {
    rsa.p = parts.required("p");
    rsa.q = parts.required("q");
    rsa.dp = parts.required("dp");
    rsa.dq = parts.required("dq");
    rsa.qi = parts.required("qi");
    if (rsa.d.empty()) return fail(ErrorCode::key_refused, "\"d\" is missing beside \"p\"");
  }
  if (parts.failed()) return parts.failure();
  if (rsa.n.empty() || rsa.e.empty())
    return fail(ErrorCode::key_refused, "\"n\" or \"e\" is empty");
  return make_rsa_key(rsa);
}

Result<Key> parse_curve_key(const Json& json, PartsReader& parts, KeyType kty) {
  auto crv = optional_text(json, "crv");
  if (!crv) return fail(std::move(crv).error());
  if (!*crv) return fail(ErrorCode::key_refused, "\"crv\" is missing");
  const CurveInfo* info = find_curve(**crv);
  if (info == nullptr || info->kty != kty) {
    bool agreement = **crv == "X25519" || **crv == "X448";
    return fail(ErrorCode::key_refused, "curve {} {}", quote_argument(**crv, ShownAs::member),
                agreement ? "is for key agreement, not for signatures"
                          : fmt::format("is none of kty {}", to_string(kty)));
  }
  SecretBytes x = parts.required("x");
  SecretBytes y = kty == KeyType::ec ? parts.required("y") : SecretBytes{};
  SecretBytes d = parts.optional("d");
  if (parts.failed()) return parts.failure();
  const SecretBytes* secret = parts.has("d") ? &d : nullptr;
  if (kty == KeyType::okp) return make_okp_key(info->curve, x, secret);
  return make_ec_key(info->curve, x, y, secret);
}

Result<Key> parse_key_members(const Json& json) {
  auto kty = optional_text(json, "kty");
  if (!kty) return fail(std::move(kty).error());
  if (!*kty) return fail(ErrorCode::key_refused, "\"kty\" is missing");
  PartsReader parts(json);
  if (**kty == "RSA") return parse_rsa(parts);
  if (**kty == "EC") return parse_curve_key(json, parts, KeyType::ec);
  if (**kty == "OKP") return parse_curve_key(json, parts, KeyType::okp);
  if (**kty == "oct") {
    SecretBytes secret = parts.required("k");
    if (parts.failed()) return parts.failure();
    return make_oct_key(std::move(secret));
  }
  return fail(ErrorCode::key_refused, "key type {} is not one that we verify with",
              quote_argument(**kty, ShownAs::member));
}

std::string first_certificate(const Json& json) {
  const Json* x5c = json.find("x5c");
  const Json::Array* items = x5c != nullptr ? x5c->as_array() : nullptr;
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
  std::string first = to_base64url(parts->first);
  std::string_view kty = to_string(key.type());
  if (key.type() == KeyType::rsa) {
    return Json::object({{"e", to_base64url(parts->second)}, {"kty", kty}, {"n", first}});
  }
  std::string_view crv = curve_info(key.curve()).name;
  Json jwk = Json::object({{"crv", crv}, {"kty", kty}, {"x", first}});
  if (key.type() == KeyType::ec) jwk.set("y", to_base64url(parts->second));
  return jwk;
}

std::optional<std::string> thumbprint(const Key& key) {
  if (key.type() == KeyType::oct) return std::nullopt;
  auto jwk = public_jwk(key);
  if (!jwk) return std::nullopt;
  auto digest = sha256(jwk->dump());
  if (!digest) return std::nullopt;
  return to_base64url(*digest);
}

bool certifies_other_key(std::string_view certificate, const Key& key) {
  auto certified = parse_der_key(certificate, nullptr);
  // By thumbprint: a certificate may restrict an RSA key to PSS, it stays the same key.
  return certified && thumbprint(*certified) != thumbprint(key);
}

bool has_foreign_certificate(const Jwk& jwk) {
  if (jwk.certificate.empty()) return false;
  auto der = parse_base64(jwk.certificate);
  return der && certifies_other_key(as_text(*der), jwk.key);
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
  if (jwk.key.type() == KeyType::oct) return nullptr;
  // The table has the weakest hash of each type first, which is what the whole world expects.
  auto rows = signature_algorithms();
  auto found = std::find_if(rows.begin(), rows.end(),
                            [&jwk](const Algorithm& row) { return can_use(jwk.key, row); });
  return found != rows.end() ? &*found : nullptr;
}

}  // namespace jwtctl
