// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
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
  url,     ///< up to 1,024 code points without the values of its query; user information never
  text,    ///< a reason, a name: up to 1,024 code points without the values of URLs' queries
  value,   ///< what a check expects: whole, up to 1,024 code points
  member,  ///< a member of a key (kty, crv, use): at most 64 code points, never taken for a secret
  secret,  ///< what names or is a secret, a key, a token, a header or a proxy: never
};

/// kHiddenValue stands where a value of a query, or a fragment, is not shown.
inline constexpr std::string_view kHiddenValue = "***";

/// kShownKid: how many code points of a kid are shown where people tell keys apart by it.
inline constexpr std::size_t kShownKid = 256;

/// secret_kind names what `text` looks like or holds: "a token", "a PEM block", "a JWK", "an
/// encoded key", "a credential" (lib/base/credential.h). Null when it looks like none of them.
/// Judged by shape alone and on the safe side.
std::optional<std::string_view> secret_kind(std::string_view text);

/// show_argument returns `text` escaped and cut as `kind` says; of what is or looks like a secret,
/// and of URLs that may hold user information (RFC 3986 section 3.2.1), only what it is and how
/// long: "a token of 412 characters". Of a URL's query (section 3.4) the names are shown, of a
/// fragment that there is one: `https://id.example/jwks?api_key=***#***`, for words and paths too.
std::string show_argument(std::string_view text, ShownAs kind = ShownAs::word);

/// quote_argument does the same, with quotation marks around what is shown as it stands.
std::string quote_argument(std::string_view text, ShownAs kind = ShownAs::word);

/// hidden_argument returns what stands for `text` where show_argument would not show it, and null
/// where it would: for members of JSON, whose other values stay what they are.
std::optional<std::string> hidden_argument(std::string_view text, ShownAs kind);

/// masked_argument is what show_argument shows, up to 1,024 code points and not escaped.
std::string masked_argument(std::string_view text, ShownAs kind);

/// shown_kid returns a kid up to kShownKid code points, not escaped.
std::string shown_kid(std::string_view kid);

}  // namespace jwtctl
