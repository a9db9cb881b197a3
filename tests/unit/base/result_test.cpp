// SPDX-License-Identifier: Apache-2.0
#include "lib/base/result.h"

#include <array>
#include <memory>
#include <set>
#include <string>

#include "tests/catch.h"

namespace jwtctl {
namespace {

Result<int> half(int number) {
  if (number % 2 == 0) return number / 2;
  return fail(ErrorCode::input, "{} is odd", number).hint("add {}", 1);
}

Result<void> check_even(int number) {
  auto result = half(number);
  if (!result) return fail(std::move(result).error());
  return {};
}

TEST_CASE("a result holds a value") {
  Result<int> result = half(8);
  CHECK(result.has_value());
  CHECK(static_cast<bool>(result));
  CHECK(*result == 4);
  *result = 5;
  CHECK(*std::as_const(result) == 5);
  Result<std::string> text = std::string("abc");
  CHECK(text->size() == 3);
}

TEST_CASE("a result holds an error with its hint") {
  Result<int> result = half(7);
  CHECK_FALSE(result.has_value());
  CHECK_FALSE(static_cast<bool>(result));
  CHECK(result.error().code == ErrorCode::input);
  CHECK(result.error().message == "7 is odd");
  CHECK(result.error().hint == "add 1");
}

TEST_CASE("an error passes through another result unchanged") {
  CHECK(check_even(2).has_value());
  Result<void> result = check_even(3);
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().code == ErrorCode::input);
  CHECK(result.error().message == "3 is odd");
  CHECK(result.error().hint == "add 1");
}

TEST_CASE("a value that can only be moved comes out") {
  Result<std::unique_ptr<int>> result = std::make_unique<int>(3);
  std::unique_ptr<int> owned = *std::move(result);
  REQUIRE(owned);
  CHECK(*owned == 3);
}

TEST_CASE("a result of an error's own type stays a value") {
  Result<Error> result = Error{ErrorCode::usage, "m", "h"};
  REQUIRE(result.has_value());
  CHECK(result->message == "m");
}

TEST_CASE("braces in an argument are text") {
  Result<int> result = fail(ErrorCode::usage, "got {}", "{}{0}");
  CHECK(result.error().message == "got {}{0}");
  CHECK(result.error().hint.empty());
}

TEST_CASE("error codes have the names that JSON documents carry") {
  CHECK(to_string(ErrorCode::usage) == "usage");
  CHECK(to_string(ErrorCode::input) == "input");
  CHECK(to_string(ErrorCode::key_refused) == "input");
  CHECK(to_string(ErrorCode::output) == "output");
  CHECK(to_string(ErrorCode::broken_pipe) == "output");
  CHECK(to_string(ErrorCode::crypto) == "crypto");
  CHECK(to_string(ErrorCode::internal) == "internal");
}

}  // namespace
}  // namespace jwtctl
