// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "lib/codec/json.h"

namespace jwtctl {

/// shown_value returns `value`, which came as an argument, as a report may hold it: strings, the
/// elements of arrays and whole objects that are or look like a secret are replaced by what they
/// are and how long (lib/base/shown.h); other strings stay whole up to 1,024 code points.
Json shown_value(const Json& value);

/// shown_member does the same for the value of a member, which may be a secret by its name alone:
/// `password`, `access_token` (lib/base/credential.h).
Json shown_member(std::string_view name, const Json& value);

}  // namespace jwtctl
