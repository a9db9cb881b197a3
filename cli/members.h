// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "lib/base/result.h"
#include "lib/codec/json.h"

/// Claims and header members as arguments.
namespace jwtctl::cli {

/// parse_member reads NAME=VALUE (a string) or NAME:=JSON; neither part may be empty. `what` is
/// what the member is called in messages: "claim". Fails with `usage`.
Result<JsonMember> parse_member(const std::string& text, std::string_view what);

}  // namespace jwtctl::cli
