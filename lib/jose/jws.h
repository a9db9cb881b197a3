// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/rule_id.h"
#include "lib/codec/json.h"
#include "lib/crypto/key.h"

namespace jwtctl {

/// Fault is one way in which a token departs from RFC 7515 section 7.1 and RFC 7519 section 7.2.
struct Fault {
  RuleId rule;
  std::size_t offset;  ///< into the token, in bytes
  std::string message;
  bool readable;  ///< the content could be told all the same
};

/// Segment is one part between the dots.
struct Segment {
  std::string_view name;   ///< "header", "payload", "signature"
  std::size_t offset = 0;  ///< of its first character in the token
  std::size_t length = 0;
  std::string octets;    ///< decoded, as far as that was possible
  bool readable = true;  ///< all of it was decoded, though its spelling may be wrong
};

/// token_offset returns where in the token the given octet of a decoded segment stands.
std::size_t token_offset(const Segment& segment, std::size_t octet);

enum class TokenKind { jws, jwe };

/// Jws is a token taken apart, well made or not. A verifier accepts it only when `faults` is
/// empty; a reader shows what could be told.
struct Jws {
  std::string text;
  TokenKind kind = TokenKind::jws;
  std::vector<Segment> segments;  ///< of a JWS: header, payload, signature
  std::optional<Json> header;     ///< when it is an object
  std::vector<Fault> faults;

  const Segment* segment(std::string_view name) const;
  /// signing_input is what the signature covers: the received bytes, never a re-encoding.
  std::string_view signing_input() const;
  /// octets returns the decoded payload or signature, empty when there is none.
  std::string_view octets(std::string_view name) const;

  /// header_text returns a header member when it is a string.
  std::optional<std::string> header_text(std::string_view name) const;
};

/// read_jws takes a compact serialization apart (RFC 7515 section 7.1; for a JWE of five segments
/// RFC 7516 section 7.1). It cannot fail: what is wrong is listed in `faults`. A text over
/// `max_bytes` has that one fault and no segments. The payload is not looked into.
Jws read_jws(std::string_view text, std::size_t max_bytes);

/// sign_jws makes a compact serialization (RFC 7515 section 7.1) of the UTF-8 text of a header,
/// whose `alg` the caller has set to the name of `algorithm`, and of a payload. Fails as
/// `make_signature` does.
Result<std::string> sign_jws(std::string_view header, std::string_view payload, const Key& key,
                             const Algorithm& algorithm,
                             KeyStrength strength = KeyStrength::required);

}  // namespace jwtctl
