// SPDX-License-Identifier: Apache-2.0
#include "lib/lint/archive.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace jwtctl {
namespace {

constexpr std::array<std::string_view, 14> kMagic{
    "!<arch>\n",        "!<thin>\n",          "070701",       "070702",   "070707", "\xC7\x71",
    "\xED\xAB\xEE\xDB", "7z\xBC\xAF\x27\x1C", "Rar!\x1A\x07", "\x1F\x8B", "BZh",    "\xFD\x37zXZ",
    "\x28\xB5\x2F\xFD", "SQLite format 3",
};

constexpr std::array<std::string_view, 2> kZip{"PK\x03\x04", "PK\x05\x06"};

/// is_tar checks the sum of a header's octets (POSIX pax, ustar header block): old ones have no
/// magic number.
bool is_tar(std::string_view bytes) {
  constexpr std::size_t kBlock = 512;
  constexpr std::size_t kSumAt = 148;
  constexpr std::size_t kSumSize = 8;
  if (bytes.size() < kBlock) return false;
  std::size_t sum = 0;
  for (std::size_t i = 0; i < kBlock; ++i) {
    bool own = i >= kSumAt && i < kSumAt + kSumSize;
    sum += own ? ' ' : static_cast<unsigned char>(bytes[i]);
  }
  std::size_t said = 0;
  bool digits = false;
  for (char c : bytes.substr(kSumAt, kSumSize)) {
    if (c >= '0' && c <= '7') {
      said = said * 8 + static_cast<std::size_t>(c - '0');
      digits = true;
    } else if (digits || c != ' ') {
      break;
    }
  }
  return digits && said == sum;
}

}  // namespace

bool is_archive(std::string_view bytes) {
  return std::any_of(kMagic.begin(), kMagic.end(),
                     [bytes](std::string_view magic) { return bytes.starts_with(magic); }) ||
         std::any_of(kZip.begin(), kZip.end(),
                     [bytes](std::string_view magic) {
                       return bytes.find(magic) != std::string_view::npos;
                     }) ||
         is_tar(bytes);
}

}  // namespace jwtctl
