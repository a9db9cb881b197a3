// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "lib/jose/object_scan.h"

namespace jwtctl {

inline constexpr std::size_t kNear = 4096;  ///< how far a line around what is found is looked at

/// is_base64url says whether a letter is of the alphabet of tokens (RFC 4648 section 5).
bool is_base64url(char c);

/// TokenFinder looks for tokens in one window; `more` says that the text goes on behind it.
class TokenFinder {
 public:
  TokenFinder(std::string_view text, bool more) : text_(text), more_(more) {}

  /// next returns the first token whose first dot stands in [from, to), and moves `from` behind it.
  /// A token that the window may not hold whole is left: then `from` stays at its dot, below `to`.
  std::optional<std::string_view> next(std::size_t& from, std::size_t to);

  /// untried counts runs of letters in front of a dot in which a header may be that was not found.
  std::size_t untried() const { return untried_; }

 private:
  /// Header is what the segment in front of a dot turned out to be.
  struct Header {
    std::size_t start;
    bool encrypted;
  };

  bool run_at(std::size_t at) const { return at < text_.size() && is_base64url(text_[at]); }
  bool dot_at(std::size_t at) const { return at < text_.size() && text_[at] == '.'; }

  /// header_before finds the header that ends in front of a dot. What stands before it may be of
  /// the same alphabet (the n of an escaped line break, a name), so every place where an object
  /// might begin is tried.
  std::optional<Header> header_before(std::size_t dot);
  std::optional<Header> try_starts(std::size_t start, std::size_t end);
  /// read_header says whether a text that may be a JSON object is the header of a token.
  static std::optional<Header> read_header(std::string_view text, std::size_t start,
                                           const ObjectScan& scan);
  /// run_end returns the end of the base64url that begins at `at`; standard base64 is taken along
  /// when `wide`.
  std::size_t run_end(std::size_t at, bool wide = false) const;
  /// token_end returns where the token ends whose header ends at `dot`, nothing when what follows
  /// makes none.
  std::optional<std::size_t> token_end(const Header& header, std::size_t dot) const;

  std::string_view text_;
  bool more_;
  std::size_t last_end_ = 0;
  std::size_t untried_ = 0;
  std::string_view known_header_;  ///< the last one that was found
  std::string_view known_none_;    ///< the last letters in front of a dot that are no header
  bool known_encrypted_ = false;
};

}  // namespace jwtctl
