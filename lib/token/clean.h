// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace jwtctl {

/// CleanedToken is a token without what pasting added, and the names of what was removed:
/// `whitespace line-wrap quotes prompt header bearer cookie punctuation percent-encoding
/// json-member`.
struct CleanedToken {
  std::string text;
  std::vector<std::string> cleanings;
};

/// clean_token frees a token of what pasting adds. One newline at the end is how files and pipes
/// end, and no cleaning. A text in which no token is found comes back with what could be removed.
/// Texts over `max_bytes` are returned as they are: the form check refuses them.
CleanedToken clean_token(std::string_view text, std::size_t max_bytes);

/// looks_like_token says whether `text` has the shape of a compact JWS or JWE: two or four dots
/// and a header that decodes to the beginning of a JSON object.
bool looks_like_token(std::string_view text);

}  // namespace jwtctl
