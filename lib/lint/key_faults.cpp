// SPDX-License-Identifier: Apache-2.0
#include "lib/lint/key_faults.h"

#include <algorithm>
#include <array>
#include <bit>
#include <set>

#include "lib/base/shown.h"
#include "lib/codec/base64url.h"
#include "lib/crypto/key_pair.h"
#include "lib/jose/jwk_write.h"
#include "lib/jose/key_type.h"

namespace jwtctl {
namespace {

std::string_view describe(Base64Fault fault) {
  switch (fault) {
    case Base64Fault::illegal_character: return "has a character that base64url does not have";
    case Base64Fault::standard_alphabet: return "is in the standard alphabet, not base64url";
    case Base64Fault::padding: return "is padded";
    case Base64Fault::length: return "has a length that base64url never has";
    case Base64Fault::trailing_bits: return "ends in bits that must be zero";
  }
  return "is not base64url";
}

class Inspector {
 public:
  explicit Inspector(const KeySubject& key) : key_(key) {}

  std::vector<KeyFault> run() {
    if (key_.form == KeyForm::pem || key_.form == KeyForm::der) {
      inspect_structure();
    } else if (!key_.json().is_object()) {
      add(KeyFaultKind::shape, "", "a key must be an object, not {}", key_.json().kind_name());
    } else {
      inspect_common();
      if (const KeyTypeRow* type = find_type()) inspect_members(*type);
    }
    return std::move(faults_);
  }

 private:
  template <class... Args>
  void add(KeyFaultKind kind, std::string_view place, fmt::format_string<Args...> text,
           Args&&... args) {
    faults_.push_back({kind, std::string(place), fmt::format(text, std::forward<Args>(args)...)});
  }

  void inspect_structure() {
    if (key_.refusal == ErrorCode::input) {
      add(KeyFaultKind::shape, "", "{}", key_.problem);
    } else if (key_.jwk) {
      inspect_pair();
    }
  }

  void inspect_common() {
    std::set<std::string_view> seen;
    for (const JsonMember& member : *key_.json().as_object()) {
      if (seen.insert(member.name).second) continue;
      add(KeyFaultKind::shape, member.name, "{} stands twice",
          quote_argument(member.name, ShownAs::member));
    }
    for (std::string_view name : {"kid", "alg", "use"}) {
      const Json* member = key_.member(name);
      if (member == nullptr || member->is_string()) continue;
      add(KeyFaultKind::shape, name, "\"{}\" must be a string, not {}", name, member->kind_name());
    }
    const Json* ops = key_.member("key_ops");
    const Json::Array* items = ops != nullptr ? ops->as_array() : nullptr;
    bool texts = items != nullptr && std::all_of(items->begin(), items->end(),
                                                 [](const Json& i) { return i.is_string(); });
    if (ops != nullptr && !texts) {
      add(KeyFaultKind::shape, "key_ops", "\"key_ops\" must be an array of strings");
    }
  }

  const KeyTypeRow* find_type() {
    const Json* kty = key_.member("kty");
    const std::string* name = kty != nullptr ? kty->as_string() : nullptr;
    if (name == nullptr) {
      add(KeyFaultKind::shape, kty != nullptr ? "kty" : "", "\"kty\" is missing or no string");
      return nullptr;
    }
    if (const KeyTypeRow* type = find_key_type(*name)) return type;
    add(KeyFaultKind::shape, "kty", "there is no key type {}",
        quote_argument(*name, ShownAs::member));
    return nullptr;
  }

  void inspect_members(const KeyTypeRow& type) {
    bool curved = type.find("crv") != nullptr;
    auto crv = curved ? key_.text("crv") : std::nullopt;
    octets_ = crv ? curve_octets(type, *crv) : std::nullopt;
    if (crv && !octets_) {
      add(KeyFaultKind::shape, "crv", "curve {} is none of kty {}",
          quote_argument(*crv, ShownAs::member), type.kty);
    }
    for (const KeyMember& member : type.members) inspect_member(member);
    if (!faults_.empty()) return;
    bool for_agreement = crv && is_agreement_curve(*crv);
    if (key_.jwk) {
      inspect_pair();
    } else if (type.type && !for_agreement) {
      explain_problem(type, curved);
    }
  }

  void inspect_member(const KeyMember& member) {
    const Json* value = key_.member(member.name);
    if (value == nullptr && member.presence != MemberPresence::required) return;
    if (member.kind == MemberKind::refused) {
      add(KeyFaultKind::pair, member.name, "{} are not supported", member.refusal);
      return;
    }
    const std::string* text = value != nullptr ? value->as_string() : nullptr;
    if (text == nullptr) {
      add(KeyFaultKind::shape, value != nullptr ? member.name : "",
          "\"{}\" is missing or no string", member.name);
      return;
    }
    if (member.kind == MemberKind::text) return;
    if (octets_ && text->size() == 2 * *octets_ && parse_hex(*text)) {
      add(KeyFaultKind::encoding, member.name, "\"{}\" is hexadecimal, not base64url", member.name);
      return;
    }
    Base64Text decoded = decode_base64url(*text);
    std::size_t size = decoded.octets.size();
    bool zero_first = size > 1 && decoded.octets.front() == '\0';
    cleanse(decoded.octets);
    if (decoded.fault) {
      add(KeyFaultKind::encoding, member.name, "\"{}\" {} (offset {})", member.name,
          describe(*decoded.fault), decoded.offset);
    }
    if (!decoded.readable()) return;
    if (size == 0) {
      add(member.secret && member.presence == MemberPresence::required ? KeyFaultKind::empty
                                                                       : KeyFaultKind::shape,
          member.name, "\"{}\" is empty", member.name);
    } else if (member.kind == MemberKind::number && zero_first) {
      add(KeyFaultKind::encoding, member.name, "\"{}\" begins with an octet of zero", member.name);
    } else if (member.kind == MemberKind::coordinate && octets_ && size != *octets_) {
      add(KeyFaultKind::length, member.name, "\"{}\" has {} octets, on {} it must have {}",
          member.name, size, key_.text("crv").value_or(""), *octets_);
    }
  }

  void inspect_pair() {
    const Key& key = key_.jwk->key;
    // Arithmetic for RSA, because a signature with a large key takes seconds.
    auto good = key.type() == KeyType::rsa ? check_rsa_numbers(key) : check_key_pair(key);
    if (!good) add(KeyFaultKind::pair, "", "{}", good.error().message);
  }

  /// explain_problem: what has a good public half has a bad private one.
  void explain_problem(const KeyTypeRow& type, bool curved) {
    SecretJson half(without_private(key_.json()));
    if (!type.is_symmetric() && parse_jwk(half.json)) {
      add(KeyFaultKind::pair, "", "{}", key_.problem);
    } else {
      add(curved ? KeyFaultKind::point : KeyFaultKind::shape, "", "{}", key_.problem);
    }
  }

  const KeySubject& key_;
  std::optional<std::size_t> octets_;  // of a coordinate
  std::vector<KeyFault> faults_;
};

}  // namespace

std::vector<KeyFault> key_faults(const KeySubject& key) { return Inspector(key).run(); }

std::optional<std::string> member_number(const KeySubject& key, std::string_view name) {
  auto text = key.text(name);
  if (!text) return std::nullopt;
  Base64Text decoded = decode_base64url(*text);
  if (!decoded.readable()) return std::nullopt;
  return decoded.octets.erase(0, decoded.octets.find_first_not_of('\0'));
}

std::optional<std::string> modulus_of(const KeySubject& key) {
  auto n = type_of_jwk(key.json()) == &key_type_row(KeyType::rsa) ? member_number(key, "n")
                                                                  : std::nullopt;
  return n && !n->empty() ? n : std::nullopt;
}

std::size_t number_bits(std::string_view octets) {
  if (octets.empty()) return 0;
  auto first = static_cast<unsigned char>(octets.front());
  return (octets.size() - 1) * 8 + static_cast<std::size_t>(std::bit_width(first));
}

}  // namespace jwtctl
