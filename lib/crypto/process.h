// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace jwtctl {

/// leave_memory_to_the_system tells OpenSSL that this process ends with its program, so that its
/// tables are not taken apart first. For programs; a library has no say in it. What is secret is
/// cleansed by those who hold it.
void leave_memory_to_the_system();

}  // namespace jwtctl
