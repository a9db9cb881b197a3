// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lib/jose/jws.h"

namespace jwtctl {

/// CleanedToken is a token without what pasting added, and the names of what was removed:
/// `whitespace line-wrap quotes prompt header bearer cookie punctuation percent-encoding
/// json-member`.
struct CleanedToken {
  std::string text;
  std::vector<std::string> cleanings;
  /// Those of them that no verifier forgives, in the words of a report: quotes, percent-encoding,
  /// line-wrap, punctuation, a second Bearer. The others belong to where a token stands (a
  /// header, a cookie, a document).
  std::vector<std::string> faults = {};
  /// Where the tokens are, when the text is a JSON document or a header of cookies that holds more
  /// than one: none of them is taken.
  std::vector<std::string> several = {};
};

/// faults_note says what was removed that no verifier forgives: "quotes removed; sent like that it
/// is refused". Empty when there was nothing.
std::string faults_note(const CleanedToken& token);

/// TokenOrigin is where the text of a token stands: as a literal it is all that was meant; a
/// document (a file, a pipe, a variable) ends in a newline.
enum class TokenOrigin { literal, document };

/// clean_token frees a token of what pasting adds. One newline at the end is how documents end, and
/// no cleaning there. A text in which no token is found comes back with what could be removed.
/// Texts over `max_bytes` are returned as they are: the form check refuses them.
CleanedToken clean_token(std::string_view text, std::size_t max_bytes,
                         TokenOrigin origin = TokenOrigin::document);

/// read_token takes what was cleaned apart as `read_jws` does; of several tokens it says where they
/// are.
Jws read_token(const CleanedToken& token, std::size_t max_bytes);

/// looks_like_token says whether `text` has the shape of a compact JWS or JWE: two or four dots
/// and a header that decodes to the beginning of a JSON object.
bool looks_like_token(std::string_view text);

}  // namespace jwtctl
