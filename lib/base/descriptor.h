// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>

namespace jwtctl {

/// Descriptor closes the file descriptor that it holds; a negative one is none.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor();

  int get() const { return fd_; }

  /// close reports what the system says: a full disk may show only here.
  bool close();

 private:
  int fd_;
};

/// system_message returns the system's words for `error`, a value of errno.
std::string system_message(int error);

}  // namespace jwtctl
