// SPDX-License-Identifier: Apache-2.0
#include "lib/base/descriptor.h"

#include <unistd.h>

#include <system_error>

namespace jwtctl {

Descriptor::~Descriptor() {
  if (fd_ >= 0) ::close(fd_);
}

bool Descriptor::close() { return ::close(std::exchange(fd_, -1)) == 0; }

std::string system_message(int error) { return std::generic_category().message(error); }

}  // namespace jwtctl
