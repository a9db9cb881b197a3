// SPDX-License-Identifier: Apache-2.0
// What parses is written and parsed again as the same value.
#include <cstdlib>

#include "lib/codec/json.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace jwtctl;
  JsonReading first = read_json({reinterpret_cast<const char*>(data), size});
  if (!first.value || first.fault) return 0;
  JsonReading again = read_json(first.value->dump(2));
  if (!again.value || again.fault || !again.value->same_value(*first.value)) std::abort();
  return 0;
}
