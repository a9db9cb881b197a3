// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace jwtctl {

/// holds_credential says that `text` holds what is known to be a credential by how it is written: a
/// key with the prefix of who issued it (`ghp_…`, `AKIA…`), a header or its value (`Cookie: a=b`,
/// `Basic dXNlcjpwYXNz`, RFC 9110 section 11.4), or a secret with its name (`password=…`,
/// `{"client_secret": …}`). A thumbprint, a UUID and other names of keys are none.
bool holds_credential(std::string_view text);

}  // namespace jwtctl
