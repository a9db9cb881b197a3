// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// Where in a text JWKs and key sets may stand, be it JSON or not.
namespace jwtctl {

/// KeyNames says which names a text has that keys (RFC 7517 section 4.1) or key sets (section 5)
/// must have: in double quotes, also with letters written as `\u` escapes.
struct KeyNames {
  bool kty = false;
  bool keys = false;
};

/// KeyNameWatch looks for them in a text that comes in parts, in linear time.
class KeyNameWatch {
 public:
  void see(std::string_view part);
  KeyNames names() const { return names_; }

 private:
  KeyNames names_;
  std::string tail_;  ///< the end of the last part, which a name may begin in
};

KeyNames find_key_names(std::string_view text);

/// KeyObject is an object with a member "kty" or "keys", as far as brackets and quotes tell.
struct KeyObject {
  std::size_t begin = 0;
  std::size_t end = 0;  ///< behind its brace; of one that has none the end of the text
  bool ended = false;
  bool nested = false;  ///< it lies within an object or array
  bool secret = false;  ///< it names a private member, whose value is a string
};

/// find_key_objects lists them in the order in which they begin, the outer one first. What is no
/// JSON may stand around and within them. One pass, linear time.
std::vector<KeyObject> find_key_objects(std::string_view text);

}  // namespace jwtctl
