// SPDX-License-Identifier: Apache-2.0
#include "cli/exit_code.h"

#include <array>
#include <set>

#include "tests/catch.h"

namespace jwtctl::cli {
namespace {

struct Row {
  int number;
  std::string_view name;
};

// The promise to scripts: these numbers are never changed and never reused.
constexpr std::array<Row, 23> kPromised{
    {{0, "ok"},         {1, "negative"}, {2, "usage"},      {3, "input"},    {4, "network"},
     {5, "output"},     {6, "crypto"},   {10, "malformed"}, {11, "header"},  {12, "key"},
     {13, "signature"}, {14, "issuer"},  {15, "audience"},  {16, "claim"},   {17, "not-yet-valid"},
     {18, "expired"},   {20, "wait"},    {21, "unsafe"},    {22, "unknown"}, {70, "internal"},
     {130, "signal"},   {141, "signal"}, {143, "signal"}}};

TEST_CASE("the table holds the promised numbers and names in order") {
  REQUIRE(exit_codes().size() == kPromised.size());
  for (std::size_t i = 0; i < kPromised.size(); ++i) {
    CAPTURE(kPromised[i].name);
    CHECK(static_cast<int>(exit_codes()[i].code) == kPromised[i].number);
    CHECK(exit_codes()[i].name == kPromised[i].name);
    CHECK(to_string(exit_codes()[i].code) == kPromised[i].name);
  }
}

TEST_CASE("numbers are unique, and names but for the signals") {
  std::set<int> numbers;
  std::set<std::string_view> names;
  for (const ExitCodeInfo& row : exit_codes()) {
    CAPTURE(row.name);
    CHECK(numbers.insert(static_cast<int>(row.code)).second);
    CHECK((names.insert(row.name).second || row.name == "signal"));
  }
}

TEST_CASE("every row says what it means, in lower case and without a full stop") {
  for (const ExitCodeInfo& row : exit_codes()) {
    CAPTURE(row.name, row.meaning);
    REQUIRE_FALSE(row.meaning.empty());
    bool signal = row.name == "signal";
    CHECK((signal || (row.meaning[0] >= 'a' && row.meaning[0] <= 'z')));
    CHECK_FALSE(row.meaning.ends_with('.'));
    CHECK(row.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz-") == std::string_view::npos);
  }
}

TEST_CASE("every error has its status") {
  CHECK(to_exit_code(ErrorCode::usage) == ExitCode::usage);
  CHECK(to_exit_code(ErrorCode::input) == ExitCode::input);
  CHECK(to_exit_code(ErrorCode::key_refused) == ExitCode::input);
  CHECK(to_exit_code(ErrorCode::output) == ExitCode::output);
  CHECK(to_exit_code(ErrorCode::broken_pipe) == ExitCode::broken_pipe);
  CHECK(to_exit_code(ErrorCode::crypto) == ExitCode::crypto);
  CHECK(to_exit_code(ErrorCode::internal) == ExitCode::internal);
  // No error looks like a verdict.
  for (int code = 0; code <= static_cast<int>(ErrorCode::internal); ++code) {
    int status = static_cast<int>(to_exit_code(static_cast<ErrorCode>(code)));
    CHECK((status >= 2 && (status < 10 || status > 22)));
  }
}

TEST_CASE("every verdict has its status, in the order in which a verifier checks") {
  CHECK(static_cast<int>(to_exit_code(VerdictCode::ok)) == 0);
  CHECK(static_cast<int>(to_exit_code(VerdictCode::malformed)) == 10);
  CHECK(static_cast<int>(to_exit_code(VerdictCode::header)) == 11);
  CHECK(static_cast<int>(to_exit_code(VerdictCode::key)) == 12);
  CHECK(static_cast<int>(to_exit_code(VerdictCode::signature)) == 13);
  CHECK(static_cast<int>(to_exit_code(VerdictCode::issuer)) == 14);
  CHECK(static_cast<int>(to_exit_code(VerdictCode::audience)) == 15);
  CHECK(static_cast<int>(to_exit_code(VerdictCode::claim)) == 16);
  CHECK(static_cast<int>(to_exit_code(VerdictCode::not_yet_valid)) == 17);
  CHECK(static_cast<int>(to_exit_code(VerdictCode::expired)) == 18);
  for (int code = 1; code <= static_cast<int>(VerdictCode::expired); ++code) {
    CHECK(static_cast<int>(to_exit_code(static_cast<VerdictCode>(code))) == code + 9);
  }
}

}  // namespace
}  // namespace jwtctl::cli
