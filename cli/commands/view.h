// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/io.h"
#include "cli/report/report.h"

namespace jwtctl::cli {

/// make_view reads from the global options how a report is to be shown, and as of when.
View make_view(const Globals& globals);

}  // namespace jwtctl::cli
