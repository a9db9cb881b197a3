// SPDX-License-Identifier: Apache-2.0
#include "lib/base/secret.h"

#include <algorithm>
#include <array>
#include <utility>

#include "tests/catch.h"

namespace jwtctl {
namespace {

TEST_CASE("cleanse overwrites exactly what it is given") {
  std::array<unsigned char, 6> memory{1, 2, 3, 4, 5, 6};
  cleanse(memory.data() + 1, 4);
  CHECK(memory == std::array<unsigned char, 6>{1, 0, 0, 0, 0, 6});
  cleanse(memory.data(), 0);
  CHECK(memory.front() == 1);
}

TEST_CASE("a cleansed string is empty and its memory is zero") {
  for (std::size_t size : {std::size_t{7}, std::size_t{100}}) {  // inside the object, and outside
    std::string text(size, 's');
    const char* memory = text.data();
    cleanse(text);
    CHECK(text.empty());
    CHECK(text.data() == memory);  // the memory is still the string's, so it may be looked at
    CHECK(std::count(memory, memory + size, '\0') == static_cast<std::ptrdiff_t>(size));
  }
}

TEST_CASE("secret bytes behave like a vector") {
  auto bytes = to_bytes<SecretBytes>("se\xffret");
  CHECK(bytes.size() == 6);
  CHECK(bytes[2] == 0xFF);
  SecretBytes copy = bytes;
  copy.push_back(0);
  CHECK(copy != bytes);
  CHECK(as_text(copy) == std::string_view("se\xffret\0", 7));
  bytes.reserve(4096);  // the old memory is given back on the way
  CHECK(as_text(bytes) == "se\xffret");
}

TEST_CASE("text and bytes convert without loss") {
  std::string all;
  for (int value = 0; value < 256; ++value) all += static_cast<char>(value);
  CHECK(as_text(to_bytes(all)) == all);
  CHECK(as_text(to_bytes<SecretBytes>(all)) == all);
  CHECK(as_text(SecretBytes{}) == "");
  CHECK(to_bytes("").empty());
}

TEST_CASE("memory of one allocator may be given back by another") {
  CHECK(CleansingAllocator<int>{} == CleansingAllocator<int>(CleansingAllocator<char>{}));
  SecretBytes first(100, 1);
  SecretBytes second = std::move(first);
  CHECK(std::count(second.begin(), second.end(), 1) == 100);
  first = {2, 3};
  std::swap(first, second);
  CHECK(first.size() == 100);
  CHECK(second == SecretBytes{2, 3});
}

}  // namespace
}  // namespace jwtctl
