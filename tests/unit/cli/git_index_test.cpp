// SPDX-License-Identifier: Apache-2.0
#include "cli/git_index.h"

#include <algorithm>
#include <initializer_list>

#include "tests/catch.h"

namespace jwtctl::cli {
namespace {

std::string number(std::size_t value, std::size_t octets) {
  std::string out;
  for (std::size_t i = octets; i-- > 0;) out += static_cast<char>((value >> (8 * i)) & 0xFFU);
  return out;
}

constexpr std::size_t kFile = 0100644;

/// entry writes one entry of version 2 or 3.
std::string entry(std::string_view name, std::size_t mode, std::size_t hash,
                  bool extended = false) {
  std::string out(24, '\1');
  out += number(mode, 4) + std::string(12, '\1') + std::string(hash, '\2');
  out += number(std::min<std::size_t>(name.size(), 0xFFF) | (extended ? 0x4000U : 0U), 2);
  if (extended) out += number(0, 2);
  out += name;
  do out += '\0';
  while (out.size() % 8 != 0);
  return out;
}

std::string index(std::size_t version, std::initializer_list<std::string> entries, std::size_t hash,
                  std::string_view extensions = "") {
  std::string out = "DIRC" + number(version, 4) + number(entries.size(), 4);
  for (const std::string& one : entries) out += one;
  return out + std::string(extensions) + std::string(hash, '\3');
}

TEST_CASE("the files of an index, with names of both sizes") {
  for (std::size_t hash : {std::size_t{20}, std::size_t{32}}) {
    for (std::size_t length = 1; length < 20; ++length) {
      std::string name(length, 'n');
      std::string deep = "d/" + std::string(5000, 'x');
      auto parsed =
          parse_git_index(index(3,
                                {entry(name, kFile, hash), entry(deep, kFile, hash, true),
                                 entry("link", 0120000, hash), entry("module", 0160000, hash)},
                                hash));
      CAPTURE(hash, length);
      REQUIRE(parsed);
      CHECK(parsed->files == GitPaths{name, deep});
      CHECK(parsed->shared.empty());
    }
  }
}

TEST_CASE("a split index names the other half") {
  std::string link = "link" + number(20, 4) + std::string(20, '\xAB');
  auto parsed = parse_git_index(index(2, {entry("a", kFile, 20)}, 20, link));
  REQUIRE(parsed);
  CHECK(parsed->shared.size() == 40);
  CHECK(parsed->shared.starts_with("abab"));
}

TEST_CASE("what is no index, or cut anywhere, is none") {
  std::string whole = index(2, {entry("a", kFile, 20), entry("b/c", kFile, 20)}, 20);
  REQUIRE(parse_git_index(whole));
  for (std::size_t size = 0; size < whole.size() - 20; ++size) {
    CAPTURE(size);
    CHECK_FALSE(parse_git_index(whole.substr(0, size)));
  }
  CHECK_FALSE(parse_git_index("garbage"));
  CHECK_FALSE(parse_git_index(index(5, {}, 20)));
  CHECK_FALSE(
      parse_git_index("DIRC" + number(2, 4) + number(0xFFFFFFFF, 4) + std::string(40, 'x')));
}

}  // namespace
}  // namespace jwtctl::cli
