// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "lib/base/rule_id.h"
#include "lib/lint/subject.h"
#include "lib/lint/wording.h"
#include "lib/token/finding.h"

/// A rule is one literal and one pure function, side by side in a themed file.
namespace jwtctl {

/// Remark is what a check says: where in its subject, and what is wrong there.
struct Remark {
  /// Of a token "header", "payload", "signature" or "token", with the member behind a slash:
  /// "header/jku", "payload/aud/0". Of a key the member: "n", "x5c/0"; of a key set too:
  /// "keys/0/kid". Empty for the whole. Made by `member_place` when the name is untrusted.
  std::string place;
  std::string message;  ///< one line, lower case, no full stop; may hold untrusted text
  /// The byte of the token at fault, when it is known better than by the member.
  std::optional<std::size_t> offset = std::nullopt;
  /// A level for this case alone, where the standard or an expectation makes it weigh more or less
  /// than the rule does in general. `--rule ID=LEVEL` overrides it.
  std::optional<Severity> level = std::nullopt;
};
using Remarks = std::vector<Remark>;

/// member_place returns `parent/name`, with the escapes of JSON Pointer (RFC 6901 section 3).
std::string member_place(std::string_view parent, std::string_view name);
std::string member_place(std::string_view parent, std::size_t index);

using TokenCheck = Remarks (*)(const TokenSubject&);
using KeyCheck = Remarks (*)(const KeySubject&, const KeyContext&);
using KeySetCheck = Remarks (*)(const KeySetSubject&, const KeyContext&);

/// Needs is what a rule cannot do without. The engine leaves a rule out where its clock or its
/// file is missing; the others look into the expectations by themselves.
struct Needs {
  bool clock = false;        ///< its answer changes with time
  bool file = false;         ///< it judges that something lies in a file
  bool key = false;          ///< a key for the tokens
  bool expectation = false;  ///< an option that says what is expected
};

/// Example shows a rule at work, in the manual and in the test that runs them all. A token is given
/// by its header and payload; what is empty is taken from an ordinary token (`example.h`).
struct Example {
  std::string_view header = {};     ///< JSON text
  std::string_view payload = {};    ///< JSON text
  std::string_view signature = {};  ///< base64url; "-" for none at all
  std::string_view text = {};       ///< the whole subject instead: a token, PEM, JWK or JWKS
  Wording options = {};             ///< "{audiences} api": what makes the rule apply
  std::string_view keys = {};       ///< a JWKS: the keys that are expected to have signed
  std::string_view also = {};       ///< ids of other rules that fire, with blanks between
  /// The token is made this long, in octets, by a claim "groups" at the end of its payload.
  std::size_t bytes = 0;

  constexpr bool empty() const {
    return header.empty() && payload.empty() && signature.empty() && text.empty() &&
           options.empty() && keys.empty() && bytes == 0;
  }
};

/// Examples is one to three of them.
struct Examples {
  Example first;
  Example second = {};
  Example third = {};
};

/// Rule is everything that is known of a rule; `explain`, the manual and SARIF print it.
struct Rule {
  RuleId id;
  Severity level;
  Needs needs = {};
  std::string_view summary;  ///< what is wrong, at most 72 characters: "the token is not signed"
  Wording why;               ///< why that hurts: whole sentences
  std::string_view source;   ///< who says so: "RFC 7518 section 3.6; CVE-2022-23540"
  Wording fix;               ///< what to do: whole sentences
  Examples bad;
  Example good;
  std::variant<TokenCheck, KeyCheck, KeySetCheck> check;

  /// subject returns "token", "key" or "key set".
  std::string_view subject() const;
  std::vector<const Example*> bad_examples() const;
};

}  // namespace jwtctl
