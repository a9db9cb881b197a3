// SPDX-License-Identifier: Apache-2.0
#include "lib/rotation/entry_faults.h"

#include <algorithm>
#include <array>

#include "lib/base/shown.h"
#include "lib/base/text.h"
#include "lib/codec/base64url.h"
#include "lib/crypto/certificate.h"
#include "lib/jose/key_type.h"
#include "lib/lint/key_faults.h"
#include "lib/rotation/key_sets.h"

namespace jwtctl {
namespace {

using Kind = SetFaultKind;

/// RFC 7517 section 4.3.
constexpr std::array<std::string_view, 8> kOperations{
    "sign", "verify", "encrypt", "decrypt", "wrapKey", "unwrapKey", "deriveKey", "deriveBits"};
/// The curves of the registry "JSON Web Key Elliptic Curve", which libraries know.
constexpr std::array<std::string_view, 8> kCurves{"P-256",   "P-384", "P-521",  "secp256k1",
                                                  "Ed25519", "Ed448", "X25519", "X448"};
constexpr std::array<std::string_view, 4> kTypes{"RSA", "EC", "OKP", "oct"};

template <std::size_t N>
bool holds(const std::array<std::string_view, N>& list, std::string_view text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

/// bad_certificate says which item of x5c is no certificate; line breaks are overlooked, as many
/// readers do. Empty: all are.
std::string bad_certificate(const Json& x5c) {
  const Json::Array* items = x5c.as_array();
  if (items == nullptr) return "its x5c is no array of certificates";
  for (std::size_t i = 0; i < items->size(); ++i) {
    const std::string* text = (*items)[i].as_string();
    std::string base64 = text != nullptr ? *text : "";
    std::erase_if(base64, [](char c) { return c == '\r' || c == '\n'; });
    auto der = parse_base64(base64);
    if (der && parse_certificate(as_text(*der))) continue;
    return fmt::format("its x5c/{} is no certificate", i);
  }
  return "";
}

/// EntryInspector goes through one entry that is an object.
class EntryInspector {
 public:
  explicit EntryInspector(const KeySubject& key)
      : key_(key), kty_(key.text("kty").value_or("")), crv_(key.text("crv").value_or("")) {}

  std::vector<EntryFault> run() {
    inspect_types();
    inspect_operations();
    inspect_certificates();
    inspect_numbers();
    return std::move(out_);
  }

 private:
  /// present returns a member that is there and not null, which most readers take for absent.
  const Json* present(std::string_view name) const {
    const Json* member = key_.member(name);
    return member != nullptr && !member->is_null() ? member : nullptr;
  }
  void add(Kind kind, std::string text) { out_.push_back({kind, std::move(text)}); }
  void add(Kind kind, std::string_view name, std::string_view what) {
    add(kind, fmt::format("its {} {}", name, what));
  }

  void inspect_types() {
    for (std::string_view name : {"kty", "kid", "alg", "use"}) {
      const Json* member = present(name);
      if (member == nullptr || member->is_string()) continue;
      add(Kind::malformed, name, fmt::format("is {}, not a string", member->kind_name()));
    }
    for (std::string_view name : {"iat", "nbf", "exp"}) {
      const Json* member = present(name);
      if (member != nullptr && !member->is_number()) add(Kind::date, name, "is no number");
    }
    if (present("kty") == nullptr) return add(Kind::untyped, "it has no kty");
    if (kty_.empty()) return;
    if (!holds(kTypes, kty_)) {
      add(Kind::unknown_type, fmt::format("its kty is {}", quote_argument(kty_, ShownAs::member)));
    } else if ((kty_ == "EC" || kty_ == "OKP") && !crv_.empty() && !holds(kCurves, crv_)) {
      add(Kind::unknown_curve,
          fmt::format("its curve is {}", quote_argument(crv_, ShownAs::member)));
    }
  }

  void inspect_operations() {
    const Json* member = present("key_ops");
    if (member == nullptr) return;
    const Json::Array* items = member->as_array();
    bool texts = items != nullptr && std::all_of(items->begin(), items->end(),
                                                 [](const Json& i) { return i.is_string(); });
    if (!texts) return add(Kind::operations_type, "key_ops", "is no array of strings");
    auto only = [items](std::initializer_list<std::string_view> allowed) {
      return std::all_of(items->begin(), items->end(), [&](const Json& item) {
        return std::find(allowed.begin(), allowed.end(), *item.as_string()) != allowed.end();
      });
    };
    for (const Json& item : *items) {
      if (holds(kOperations, *item.as_string())) continue;
      add(Kind::unknown_operation,
          fmt::format("its key_ops has {}", quote_argument(*item.as_string(), ShownAs::member)));
      break;
    }
    std::string_view use = key_.text("use").value_or("");
    bool against = (use == "sig" && !only({"sign", "verify"})) ||
                   (use == "enc" && !only({"encrypt", "decrypt", "wrapKey", "unwrapKey",
                                           "deriveKey", "deriveBits"}));
    if (against) add(Kind::contradiction, "key_ops", fmt::format("contradicts its use {}", use));
    if (items->size() > 1 || !only({"verify"})) {
      add(Kind::other_operations, "key_ops", "is not \"verify\" alone");
    }
  }

  void inspect_certificates() {
    constexpr std::size_t kSha1 = 20;
    constexpr std::size_t kSha256 = 32;
    // Some write the hexadecimal digits of it.
    for (auto [name, size] : {std::pair{"x5t", kSha1}, std::pair{"x5t#S256", kSha256}}) {
      const Json* member = present(name);
      if (member == nullptr) continue;
      const std::string* text = member->as_string();
      auto octets = parse_base64url(text != nullptr ? *text : "?");
      bool good = octets && (octets->size() == size || octets->size() == 2 * size);
      if (!good) add(Kind::certificate_hash, name, "is no hash of that length in base64url");
    }
    if (const Json* member = present("x5u")) {
      const std::string* text = member->as_string();
      std::string url = text != nullptr ? to_lower(*text) : "";
      std::size_t colon = std::min(url.find(':'), url.size());
      bool scheme = colon > 0 && colon < url.size() && url[0] >= 'a' && url[0] <= 'z' &&
                    url.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789+-.") == colon;
      if (!scheme) {
        add(Kind::certificate_url, "x5u", "is no URL");
      } else if (!url.starts_with("https:")) {
        add(Kind::certificate_plain, "x5u", "is no https URL");
      }
    }
    const Json* x5c = is_signing() ? present("x5c") : nullptr;
    std::string bad = x5c != nullptr ? bad_certificate(*x5c) : "";
    if (!bad.empty()) return add(Kind::malformed, std::move(bad));
    if (key_.jwk && has_foreign_certificate(*key_.jwk)) {
      add(Kind::foreign_certificate, "its x5c is for another key");
    }
  }

  /// is_signing: RSA, a curve of NIST, or an OKP; of others nothing but the type is read.
  bool is_signing() const {
    bool nist = crv_ == "P-256" || crv_ == "P-384" || crv_ == "P-521";
    return kty_ == "RSA" || kty_ == "OKP" || (kty_ == "EC" && nist);
  }

  void inspect_numbers() {
    bool read = is_signing() && (kty_ != "OKP" || crv_ == "Ed25519");
    if (key_.jwk || !read) return;
    bool spelled = true;
    for (std::string_view name : {"n", "e", "x", "y"}) {
      auto text = key_.text(name);
      if (!text || type_of_jwk(key_.json())->find(name) == nullptr) continue;
      Base64Text decoded = decode_base64url(*text);
      if (!decoded.fault || decoded.fault == Base64Fault::trailing_bits) continue;
      spelled = false;
      bool standard = text->find_first_of("+/") != std::string_view::npos;
      Kind kind = !decoded.readable() ? Kind::malformed : standard ? Kind::alphabet : Kind::padding;
      add(kind, fmt::format("\"{}\" is not base64url without padding", name));
    }
    if (spelled) inspect_shape();
  }

  void inspect_shape() {
    constexpr std::array<std::string_view, 5> kPublic{"", "n", "e", "x", "y"};
    for (KeyFault& fault : key_faults(key_)) {
      if (!holds(kPublic, fault.place)) continue;
      // A size that we do not take is no shape that others refuse.
      bool missing = kty_ != "RSA" || key_.text("n").value_or("").empty() ||
                     key_.text("e").value_or("").empty();
      if (fault.kind == KeyFaultKind::point) return add(Kind::point, std::move(fault.message));
      if (fault.kind == KeyFaultKind::shape && missing) {
        return add(Kind::malformed, std::move(fault.message));
      }
      if (fault.kind != KeyFaultKind::length) continue;
      if (kty_ == "OKP") return add(Kind::octets, std::move(fault.message));
      // With its zeros it may be a point.
      if (material_of(key_.json()).empty()) add(Kind::point, "it is no point of its curve");
      return add(Kind::length, std::move(fault.message));
    }
  }

  const KeySubject& key_;
  std::string kty_, crv_;
  std::vector<EntryFault> out_;
};

}  // namespace

std::vector<EntryFault> entry_faults(const KeySubject& key) {
  if (key.json().is_object()) return EntryInspector(key).run();
  return {{Kind::malformed, fmt::format("it is no object, but {}", key.json().kind_name())}};
}

}  // namespace jwtctl
