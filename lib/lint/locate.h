// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/codec/json_place.h"
#include "lib/lint/subject.h"
#include "lib/token/finding.h"

/// From the place of a finding in its subject to a place in a text.
namespace jwtctl {

/// TokenSpan is a part of a token, in characters from its beginning.
struct TokenSpan {
  std::size_t offset = 0;
  std::size_t length = 0;
};

/// token_span returns where in the token a finding lies: the byte at fault when it is known, else
/// the segment that its place names, else the whole token.
TokenSpan token_span(const Jws& jws, const Finding& finding);

/// without_token cuts out of a message what it quotes of the token's segments, should it do so.
std::string without_token(std::string message, const Jws& jws);

/// key_name names a key without saying anything about a secret: its thumbprint, else its kid, else
/// a digest of its members, of which private ones count by their lengths; "key" for one without.
std::string key_name(const KeySubject& key);

/// block_name names a PEM block that gives no key by its digest; "key" when it has too little for
/// that, so that what is in it could be guessed.
std::string block_name(std::string_view pem);

/// place_index returns N of "keys/N/…".
std::optional<std::size_t> place_index(std::string_view place);

/// below_key returns what stands behind "keys/N", without the slash.
std::string_view below_key(std::string_view place);

/// nearest_place returns the offset of a place in a JSON text, or of what it would lie in.
std::size_t nearest_place(std::string_view text, std::string_view place);

/// PositionIndex counts lines and columns of a text once, for many questions.
class PositionIndex {
 public:
  explicit PositionIndex(std::string_view text);
  /// at is `to_position`.
  TextPosition at(std::size_t offset) const;

 private:
  std::string_view text_;
  std::vector<TextPosition> marks_;  ///< at the beginning of every so many bytes
};

/// LineView is the line that an offset lies in, and the one above, as far as they are near.
struct LineView {
  std::string_view line;
  std::string_view above;
};
LineView lines_at(std::string_view text, std::size_t offset);

/// normalized_pem writes a PEM block as OpenSSL reads it, however it was found: indented, on one
/// line, in a string with `\n` for line breaks, quoted, commented out, without its END line.
std::string normalized_pem(std::string_view block);

}  // namespace jwtctl
