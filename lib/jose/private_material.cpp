// SPDX-License-Identifier: Apache-2.0
#include "lib/jose/private_material.h"

#include <algorithm>

#include "lib/base/secret.h"
#include "lib/base/text.h"
#include "lib/codec/base64url.h"
#include "lib/jose/key_type.h"

namespace jwtctl {
namespace {

constexpr std::size_t kShortestSecret = 16;  // characters; shorter ones may be a word
constexpr int kMaxLayers = 3;                // of base64

bool is_secret_text(std::string_view text) {
  return text.size() >= kShortestSecret && std::all_of(text.begin(), text.end(), [](char c) {
           return base64_value(c) >= 0 || c == '=';
         });
}

bool holds_private_frame(std::string_view text) {
  return text.find("PRIVATE KEY") != std::string_view::npos &&
         text.find("-----") != std::string_view::npos;
}

/// holds_private_jwk looks for private members by their names in quotation marks: what is cut is no
/// JSON. Without a kty the value must look like a key, because the names are short.
bool holds_private_jwk(std::string_view text) {
  if (text.find('"') == std::string_view::npos) return false;
  std::string plain = without_escapes(text);
  std::string_view rest = plain;
  bool kty = rest.find("\"kty\"") != std::string_view::npos;
  bool found = false;
  for (std::size_t at = rest.find('"'); !found && at != std::string_view::npos;
       at = rest.find('"')) {
    rest.remove_prefix(at + 1);
    constexpr std::size_t kLongestName = 4;  // priv
    std::size_t end = rest.substr(0, kLongestName + 1).find('"');
    if (end == std::string_view::npos) continue;
    std::string_view name = rest.substr(0, end);
    if (!is_private_member(name)) continue;
    std::string_view value = trim(rest.substr(name.size() + 1));
    if (!value.starts_with(':')) continue;
    value = trim(value.substr(1));
    bool list = value.starts_with('[');
    if (!list && !value.starts_with('"')) continue;
    value.remove_prefix(1);
    found = kty || is_secret_text(value.substr(0, std::min(value.find('"'), kShortestSecret)));
  }
  cleanse(plain);
  return found;
}

/// begins_private_der recognises what private keys begin with: PKCS#1, SEC 1, PKCS#8 and PKCS#12
/// with their version, an encrypted PKCS#8 (RFC 5958 section 3) with PBES2 or a scheme of PKCS#12.
bool begins_private_der(std::string_view octets) {
  auto header = [&octets] {
    if (octets.size() < 2 || octets[0] != '\x30') return false;
    auto length = static_cast<unsigned char>(octets[1]);
    std::size_t more = length > 0x80 && length <= 0x84 ? length - 0x80U : 0;
    bool good = length < 0x80 || more > 0;
    octets.remove_prefix(std::min(octets.size(), 2 + more));
    return good;
  };
  if (!header()) return false;
  constexpr std::size_t kVersion = 3;
  if (octets.starts_with("\x02\x01") && octets.size() > kVersion) {
    char next = octets[kVersion];
    return octets[2] >= 0 && octets[2] <= 3 && (next == '\x30' || next == '\x02' || next == '\x04');
  }
  constexpr std::string_view kPkcs5 = "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x05";
  constexpr std::string_view kPkcs12 = "\x06\x0a\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x01";
  return header() && (octets.starts_with(kPkcs5) || octets.starts_with(kPkcs12));
}

bool holds_material(std::string_view text, int layers) {
  if (holds_private_frame(text) || begins_private_der(text) || holds_private_jwk(text)) return true;
  if (layers == 0) return false;
  std::string packed;
  for (char c : text) {
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '=') continue;
    if (base64_value(c) < 0) break;
    packed += c;
  }
  if (packed.size() < kShortestSecret) return false;
  packed.resize(packed.size() - (packed.size() % 4 == 1 ? 1 : 0));  // it was cut there
  Base64Text decoded = decode_base64url(packed);
  bool found = holds_material(decoded.octets, layers - 1);
  cleanse(packed);
  cleanse(decoded.octets);
  return found;
}

}  // namespace

std::string without_escapes(std::string_view text) {
  std::string plain;
  plain.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto octet = text.substr(i, 4) == "\\u00" ? parse_hex(text.substr(i + 4, 2))
                                              : Result<SecretBytes>(SecretBytes{});
    if (octet && octet->size() == 1) {
      plain += static_cast<char>(octet->front());
      i += 5;
    } else if (text[i] != '\\') {
      plain += text[i];
    }
  }
  return plain;
}

bool holds_private_material(std::string_view text) { return holds_material(text, kMaxLayers); }

bool holds_private_value(const Json& value) {
  if (const std::string* text = value.as_string()) return holds_private_material(*text);
  if (const Json::Array* items = value.as_array()) {
    return std::any_of(items->begin(), items->end(), holds_private_value);
  }
  const Json::Object* members = value.as_object();
  if (members == nullptr) return false;
  bool kty = value.find("kty") != nullptr;
  return std::any_of(members->begin(), members->end(), [kty](const JsonMember& member) {
    const std::string* text = member.value.as_string();
    bool secret =
        is_private_member(member.name) && (kty || (text != nullptr && is_secret_text(*text)));
    return secret || holds_private_material(member.name) || holds_private_value(member.value);
  });
}

bool gives_away(const Json& jwk, const JsonMember& member) {
  if (is_private_member(member.name)) return !is_blank(member.value);
  // The numbers of a public key may look like anything.
  const KeyTypeRow* type = type_of_jwk(jwk);
  if (type != nullptr && type->find(member.name) != nullptr) return false;
  return holds_private_material(member.name) || holds_private_value(member.value);
}

const JsonMember* find_giveaway(const Json& jwk) {
  const Json::Object* members = jwk.as_object();
  if (members == nullptr) return nullptr;
  auto found = std::find_if(members->begin(), members->end(),
                            [&jwk](const JsonMember& member) { return gives_away(jwk, member); });
  return found != members->end() ? &*found : nullptr;
}

}  // namespace jwtctl
