// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

/// A coarse look at text, as fast as memory: most of it holds nothing of interest.
namespace jwtctl {

inline constexpr std::size_t kFilterBlock = 512;
inline constexpr std::size_t kFilterBefore = 16;  ///< octets in front of a block that are read too

/// Interest is what a block may hold. A block without interest holds neither the dot behind the
/// header of a token nor the end of five dashes.
struct Interest {
  bool token;
  bool pem;
};

/// filter_block looks at the `kFilterBlock` octets from `block` on and at `kFilterBefore` in front
/// of them. A token is possible where twelve characters of base64url, the shortest header that
/// `extract_all` accepts, stand in front of a dot.
Interest filter_block(const char* block);

}  // namespace jwtctl
