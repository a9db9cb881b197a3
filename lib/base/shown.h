// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

/// How an argument, the name of a file, a URL or other text from outside is shown in a message. No
/// other code puts one there: what came to the wrong place may be a secret.
namespace jwtctl {

/// ShownAs is what a text is taken for, which says how much of it is shown.
enum class ShownAs {
  word,    ///< the value of an option, or one that is none: at most 64 code points
  path,    ///< the name of a file: whole, up to 1,024 code points
  url,     ///< whole, up to 1,024 code points, unless it may hold user information
  text,    ///< what a check expects, a reason, a name: whole, up to 1,024 code points
  member,  ///< a member of a key (kty, crv, use): at most 64 code points, never taken for a secret
  secret,  ///< what names or is a secret, a key, a token, a header or a proxy: never
};

/// secret_kind names what `text` looks like or holds: "a token", "a PEM block", "a JWK", "base64 of
/// a key". Null when it looks like none of them. Judged by shape alone and on the safe side.
std::optional<std::string_view> secret_kind(std::string_view text);

/// show_argument returns `text` escaped and cut as `kind` says; of what is or looks like a secret,
/// and of URLs that may hold user information (RFC 3986 section 3.2.1), only what it is and how
/// long: "a token of 412 characters".
std::string show_argument(std::string_view text, ShownAs kind = ShownAs::word);

/// quote_argument does the same, with quotation marks around what is shown as it stands.
std::string quote_argument(std::string_view text, ShownAs kind = ShownAs::word);

/// hidden_argument returns what stands for `text` where show_argument would not show it, and null
/// where it would: for members of JSON, whose other values stay what they are.
std::optional<std::string> hidden_argument(std::string_view text, ShownAs kind);

/// masked_argument is hidden_argument, or else `text` up to 1,024 code points, not escaped.
std::string masked_argument(std::string_view text, ShownAs kind);

}  // namespace jwtctl
