// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

/// What should not stand in a text that everybody can read. The answers name the kind of a value
/// and never the value. All of them are quiet rather than complete: a false alarm on the tokens of
/// an ordinary provider costs more than a miss.
namespace jwtctl {

/// secret_member says whether a member of this name with this string holds a secret: a password, or
/// a token that is one. Nothing when it does not.
std::optional<std::string_view> secret_member(std::string_view name, std::string_view value);

/// secret_in recognises the shape of a secret anywhere in a text: a private key in PEM, an access
/// key or token of a service that gives its own a recognisable form.
std::optional<std::string_view> secret_in(std::string_view text);

/// personal_number recognises a payment card number (ISO/IEC 7812-1, with its check digit), an IBAN
/// (ISO 13616, with its check digits) or a US social security number, when `text` is nothing else.
/// `name` is that of the member; identifiers are never taken for cards.
std::optional<std::string_view> personal_number(std::string_view name, std::string_view text);

}  // namespace jwtctl
