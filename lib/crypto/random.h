// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include "lib/base/result.h"
#include "lib/base/secret.h"

namespace jwtctl {

/// random_bytes returns `size` bytes of OpenSSL's generator for private values, or fails with
/// `crypto`.
Result<SecretBytes> random_bytes(std::size_t size);

/// random_uuid returns a random UUID (RFC 9562 section 5.4) in its text form.
Result<std::string> random_uuid();

}  // namespace jwtctl
