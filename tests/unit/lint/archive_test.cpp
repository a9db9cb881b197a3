// SPDX-License-Identifier: Apache-2.0
#include "lib/lint/archive.h"

#include <fmt/format.h>

#include <string>

#include "tests/catch.h"

namespace jwtctl {
namespace {

/// tar_header has the sum that it says, or one that is `off` more.
std::string tar_header(std::size_t off = 0) {
  std::string block(512, '\0');
  block.replace(0, 5, "a.txt");
  block.replace(148, 8, "        ");
  std::size_t sum = off;
  for (char c : block) sum += static_cast<unsigned char>(c);
  block.replace(148, 8, fmt::format("{:06o}", sum) + std::string("\0 ", 2));
  return block;
}

TEST_CASE("archives are known by their first octets, tar by its sum") {
  CHECK(is_archive(tar_header()));
  CHECK(is_archive(tar_header() + "more"));
  CHECK_FALSE(is_archive(tar_header(1)));
  CHECK_FALSE(is_archive(tar_header().substr(0, 511)));
  CHECK(is_archive("PK\x03\x04"));
  CHECK(is_archive("#!/bin/sh\nPK\x05\x06"));
  CHECK(is_archive("!<arch>\na"));
  CHECK(is_archive("070701"));
  CHECK(is_archive("\x1F\x8B\x08"));
  CHECK(is_archive("SQLite format 3"));
  CHECK_FALSE(is_archive(""));
  CHECK_FALSE(is_archive("From: a@example.com"));
  CHECK_FALSE(is_archive(" !<arch>\n"));
  CHECK_FALSE(is_archive("PK"));
  CHECK_FALSE(is_archive(std::string(512, ' ')));
  CHECK_FALSE(is_archive(std::string(600, '0')));
}

}  // namespace
}  // namespace jwtctl
