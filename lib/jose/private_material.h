// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "lib/codec/json.h"

/// Private keys where nobody looks for one: in base64, in members that nobody knows, cut, wrapped.
namespace jwtctl {

/// without_escapes returns JSON text with its escapes of ASCII (`\u006b`) spelled out and every
/// other backslash gone, so that names of members can be looked for. The caller cleanses it.
std::string without_escapes(std::string_view text);

/// holds_private_material says whether `text` is or holds a private key or a secret: the frame of a
/// private PEM, SSH or PGP block, private members of a JWK (RFC 7518 section 6), the beginning of a
/// private key in DER, or any of these in base64, wrapped or not, up to three times over. It judges
/// by shape, in linear time, so that what is cut or broken is found too.
bool holds_private_material(std::string_view text);

/// holds_private_value does the same for all strings of a JSON value, and for its objects that
/// have private members of a JWK.
bool holds_private_value(const Json& value);

/// gives_away says so of one member of a JWK.
bool gives_away(const Json& jwk, const JsonMember& member);

/// find_giveaway returns the first member of a JWK by which it gives away a private key or secret,
/// its own or one that lies in a member that we do not know; null for none.
const JsonMember* find_giveaway(const Json& jwk);

}  // namespace jwtctl
