// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The end of memory. A failed allocation, our own or that of a library, must not become the reason
/// of an answer: it ends the program with status 70 and one sentence, without allocating.
namespace jwtctl::cli {

/// leave_when_memory_ends installs that, also for OpenSSL, which must not have been used yet.
void leave_when_memory_ends();

/// expect_json says whether the one result on stdout is to be a JSON document: then the end of
/// memory is one too. To be called with false as soon as something has been written there.
void expect_json(bool json);

}  // namespace jwtctl::cli
