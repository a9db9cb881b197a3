// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The tokens that a JSON document or a header of cookies holds: who takes one of them for the
/// token must know of the others, also of those that are dressed.
namespace jwtctl {

/// HeldToken is something like a token inside a document.
struct HeldToken {
  std::string place;  ///< "data[0].access_token", "the cookie session"; fit to be shown
  /// Nothing for a token in a JSON serialization, which equals no other.
  std::optional<std::string> text;
  /// The value of which it is all, but for white space and the quotes of a cookie: it may be taken.
  std::optional<std::string> value = {};
};

/// held_tokens lists what is like a token in every value and name of a JSON document, of JSON text
/// within it, or of a Cookie or Set-Cookie header line: bare, behind a prefix, in a URL or prose,
/// quoted, percent-encoded, wrapped, or in cookies that are parts of one (`session.0`,
/// `session.1`). What lies in a token of a JSON serialization (RFC 7515 section 7.2) is a part of
/// it. Empty for any other text and for JSON with a fault. The time is linear in the length.
std::vector<HeldToken> held_tokens(std::string_view text);

/// only_bare returns the bare token when all that is held is that one, however often.
std::optional<std::string> only_bare(const std::vector<HeldToken>& held);

/// places_of_several names where tokens are held, when they are not all the same one.
std::vector<std::string> places_of_several(const std::vector<HeldToken>& held);

/// cookies_of returns what stands behind `Cookie:` or `Set-Cookie:`, nothing without them.
std::optional<std::string_view> cookies_of(std::string_view text);

}  // namespace jwtctl
