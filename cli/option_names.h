// SPDX-License-Identifier: Apache-2.0
#pragma once

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

}  // namespace jwtctl::cli
