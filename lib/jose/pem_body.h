// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

/// PEM as it lies around: quoted, commented out, escaped, in a diff, cut off.
namespace jwtctl {

/// PemLabel is what a BEGIN or END line names.
struct PemLabel {
  std::string name;      ///< "PRIVATE KEY", with plain spaces
  std::size_t size = 0;  ///< octets from behind BEGIN or END to behind the closing dashes
};

/// read_pem_label reads what stands behind "-----BEGIN" or "-----END": a space, however it is
/// written, the name and five dashes. Nothing when that is not there.
std::optional<PemLabel> read_pem_label(std::string_view text);

/// PemMaterial says what may be key material in a text.
struct PemMaterial {
  bool plausible = false;  ///< it is there, and no pattern, ellipsis or sentence about keys
  std::size_t end = 0;     ///< where the last of it ends
};

/// find_pem_material looks for base64 in the body of a private key's block, whatever stands in
/// front of its lines, between them or instead of line breaks. Without an END line, `finished` is
/// false, it must begin near the beginning, and ends where nothing like it follows. Linear time.
PemMaterial find_pem_material(std::string_view body, bool finished);

/// pem_base64 returns the base64 of a body without what stands around it.
std::string pem_base64(std::string_view body);

}  // namespace jwtctl
