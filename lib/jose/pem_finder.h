// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace jwtctl {

inline constexpr std::string_view kPemBegin = "-----BEGIN";

/// find_pem_begin returns where the next BEGIN line begins at or behind `from`, `npos` for nowhere.
std::size_t find_pem_begin(std::string_view text, std::size_t from);

/// PemFinder looks for PEM blocks in one text, from its beginning to its end: what it has found
/// ahead it need not look for again.
class PemFinder {
 public:
  explicit PemFinder(std::string_view text) : text_(text) {}

  /// end_of returns the end of the PEM block that begins at `begin`, if it is one of at most
  /// `kMaxKeyFileBytes`. A BEGIN line before its END line makes it none; it may be one from that
  /// line on. A private key is one too when its lines are quoted, commented out or escaped, and
  /// when it has no END line: then it ends where its key material does. `begin` must not go back.
  std::optional<std::size_t> end_of(std::size_t begin);

 private:
  std::size_t next_end(std::size_t from);

  std::string_view text_;
  std::size_t end_ = 0;  ///< of the last END line that was found, `npos` for none
};

}  // namespace jwtctl
