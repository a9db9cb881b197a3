// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "lib/lint/wording.h"
#include "lib/token/words.h"

namespace jwtctl::cli {

/// kOptionNames is what the members of a Policy are called on the command line.
inline constexpr OptionNames kOptionNames{
    .algorithms = "--alg",
    .kid = "--kid",
    .issuers = "--issuer",
    .audiences = "--audience",
    .any_audience = "--any-audience",
    .subject = "--subject",
    .typ = "--typ",
    .leeway = "--leeway",
    .max_age = "--max-age",
    .min_remaining = "--min-remaining",
    .revoked = "--revoked",
    .allow_no_exp = "--allow-no-exp",
    .try_all_keys = "--try-all-keys",
    .strict = "--strict",
};

/// kRuleNames is what rules call them, and what helps with what they find.
inline constexpr RuleNames kRuleNames{
    .algorithms = kOptionNames.algorithms,
    .audiences = kOptionNames.audiences,
    .issuers = kOptionNames.issuers,
    .required = "--require",
    .typ = kOptionNames.typ,
    .profile = "--profile",
    .max_age = kOptionNames.max_age,
    .max_ttl = "--max-ttl",
    .max_size = "--max-size",
    .strict = kOptionNames.strict,
    .stdin_name = "--stdin-filename",
    .make_secret = "jwtctl keygen --alg HS256",
    .make_private_file = "jwtctl keygen --out-private PATH",
    .make_public_set = "jwtctl keygen --out-jwks",
    .show_public = "jwtctl jwks show KEY --format jwk",
};

/// said is a text of a rule as it is printed.
inline std::string said(const Wording& text) { return text.with(kRuleNames); }

}  // namespace jwtctl::cli
