// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// Rules speak of settings and commands, and do not know what those are called: their texts have
/// placeholders, and whoever prints them has the names.
namespace jwtctl {

/// RuleNames is what the caller's users call settings and commands, such as names of options. The
/// words that stand here are for callers without any.
struct RuleNames {
  std::string_view algorithms = "allowed algorithms";
  std::string_view audiences = "expected audience";
  std::string_view issuers = "expected issuer";
  std::string_view required = "required claims";
  std::string_view typ = "expected typ";
  std::string_view profile = "profile";
  std::string_view max_age = "largest age";
  std::string_view max_ttl = "longest lifetime";
  std::string_view max_size = "largest size";
  std::string_view strict = "strictly";
  std::string_view stdin_name = "a name for standard input";
  // Whole commands: what makes a secret, a private key in a file or a set of public keys, and what
  // shows the public half of a key.
  std::string_view make_secret = "a generator of secrets";
  std::string_view make_private_file = "a generator of keys";
  std::string_view make_public_set = "a generator of key sets";
  std::string_view show_public = "the public key of it";
};

/// Placeholder is how a text names a member of RuleNames.
struct Placeholder {
  std::string_view text;
  std::string_view RuleNames::*member;
};

inline constexpr Placeholder kPlaceholders[] = {
    {"{algorithms}", &RuleNames::algorithms},
    {"{audiences}", &RuleNames::audiences},
    {"{issuers}", &RuleNames::issuers},
    {"{required}", &RuleNames::required},
    {"{typ}", &RuleNames::typ},
    {"{profile}", &RuleNames::profile},
    {"{max_age}", &RuleNames::max_age},
    {"{max_ttl}", &RuleNames::max_ttl},
    {"{max_size}", &RuleNames::max_size},
    {"{strict}", &RuleNames::strict},
    {"{make_secret}", &RuleNames::make_secret},
    {"{make_private_file}", &RuleNames::make_private_file},
    {"{make_public_set}", &RuleNames::make_public_set},
    {"{show_public}", &RuleNames::show_public},
};

/// find_placeholder returns the one that `text` begins with, else null.
constexpr const Placeholder* find_placeholder(std::string_view text) {
  for (const Placeholder& placeholder : kPlaceholders) {
    if (text.starts_with(placeholder.text)) return &placeholder;
  }
  return nullptr;
}

void placeholder_without_a_name();  // not defined: a text that would call it does not compile

/// Wording is a text of ours with placeholders. It cannot be read without the names, so none of
/// them is ever printed; one that has no name does not compile.
class Wording {
 public:
  constexpr Wording() = default;
  consteval Wording(const char* text) : text_(text) {  // NOLINT(google-explicit-constructor)
    for (std::size_t i = 0; i < text_.size(); ++i) {
      if (text_[i] == '{' && find_placeholder(text_.substr(i)) == nullptr) {
        placeholder_without_a_name();
      }
    }
  }

  constexpr bool empty() const { return text_.empty(); }
  /// with is the text with names for its placeholders.
  std::string with(const RuleNames& names) const;

 private:
  std::string_view text_;
};

}  // namespace jwtctl
