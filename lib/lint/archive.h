// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace jwtctl {

/// is_archive says by its first octets whether a file is one that holds others, or a database:
/// tar, zip and what is made of it (jar, docx), ar, cpio, rpm, 7z, RAR, SQLite, and what is
/// compressed. A zip counts wherever it begins, since programs may stand in front.
bool is_archive(std::string_view bytes);

}  // namespace jwtctl
