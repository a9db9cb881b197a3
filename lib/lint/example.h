// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "lib/lint/rule.h"

/// Examples of rules, made into what the rules look at.
namespace jwtctl {

/// The moment at which examples are judged: 2026-01-01T00:00:00Z.
inline constexpr Instant kExampleNow{1767225600, 0};

/// What an example leaves empty: an ordinary token, 1 minute old, that lives for an hour.
inline constexpr std::string_view kExampleHeader = R"({"alg":"ES256","typ":"JWT","kid":"2026-a"})";
inline constexpr std::string_view kExamplePayload =
    R"({"iss":"https://issuer.example","sub":"user-1","aud":"api.example",)"
    R"("iat":1767225540,"exp":1767229140,"jti":"4f7c9a"})";

/// example_text returns the subject of an example: its `text`, or the token of its parts. Without a
/// signature of its own the token has one of the length that its alg makes, of octets 0x55.
std::string example_text(const Example& example);

/// run_example judges an example of `rule` by the whole catalogue at `kExampleNow`, as lying in a
/// file when the rule needs one. Fails with `usage` when its options cannot be read.
Result<std::vector<Finding>> run_example(const Rule& rule, const Example& example);

}  // namespace jwtctl
