// SPDX-License-Identifier: Apache-2.0
// What libFuzzer calls. JWTCTL_FUZZ_TARGET is the one target that this binary holds: libFuzzer
// looks at every counter of a binary after every run, so that small binaries run faster.
#include "tests/fuzz/targets.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  jwtctl::fuzz::JWTCTL_FUZZ_TARGET({reinterpret_cast<const char*>(data), size});
  return 0;
}
