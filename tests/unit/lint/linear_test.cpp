// SPDX-License-Identifier: Apache-2.0
// The time to judge a text is linear in its length, whatever it holds. Measured is processor time,
// and compared with that for a quarter of the same text.
#include <algorithm>
#include <ctime>
#include <functional>

#include "lib/codec/base64url.h"
#include "lib/lint/document.h"
#include "tests/catch.h"

namespace jwtctl {
namespace {

Report lint_text(std::string_view text) {
  Report report;
  const Expectations nothing;
  LintJob job{every_rule(), nothing};
  ReadMore read = [&text](std::span<char> space) -> Result<std::size_t> {
    std::size_t count = std::min(text.size(), space.size());
    std::copy_n(text.begin(), count, space.begin());
    text.remove_prefix(count);
    return count;
  };
  REQUIRE(lint_input({"a", read, std::nullopt, nullptr}, job, report));
  return report;
}

std::string repeated(std::string_view unit, std::size_t size) {
  std::string text = " ";
  while (text.size() < size) text += unit;
  return text;
}

double cost(std::string_view text) {
  std::clock_t best = 0;
  for (int round = 0; round < 3; ++round) {
    std::clock_t start = std::clock();
    lint_text(text);
    std::clock_t spent = std::clock() - start;
    best = round == 0 ? spent : std::min(best, spent);
  }
  return static_cast<double>(best) + 1;
}

TEST_CASE("no text makes a finder look ahead again and again", "[slow]") {
  constexpr std::size_t kSize = std::size_t{24} * 1024;
  const std::string kKey =
      "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n"
      "-----END PUBLIC KEY-----\n";
  for (const std::string& unit :
       {std::string("-----BEGIN PRIVATE KEY-----\n"), std::string("-----BEGIN "),
        std::string("-----END "), std::string("-----BEGIN A-----AAAA"), kKey, std::string("-"),
        std::string("{\"a{\"a"), to_base64url("{\"a{\"a"), to_base64url("{\"a{\"a") + ".",
        to_base64url("{\"a\":{\"a\":[") + ".", std::string("eyJhbGciOiJub25lIn0."),
        std::string("eyJhbGciOiJub25lIn0.\n"), std::string("eyJhbGciOiJub25lIn0.e30. "),
        std::string("eyJlbmMiOiIifQ."), std::string("eyeyeyeyeyeyeyey"), std::string("A"),
        std::string("A."), std::string("a\0", 2), std::string("\0", 1)}) {
    CAPTURE(unit);
    std::string text = repeated(unit, 4 * kSize);
    CHECK(cost(text) < 9 * cost(std::string_view(text).substr(0, kSize)) + 2000);
  }
}

TEST_CASE("a run of letters is decoded a few times at most, however many objects begin in it") {
  std::string nested;
  for (int i = 0; i < 30; ++i) nested += "{\"a\":";
  nested += "\"" + std::string(40'000, 'x') + "\"";
  std::string plain = "{\"a\":\"" + std::string(40'000, 'x') + "\"}";
  // Neither is whole: the text of the first begins thirty times, that of the second once.
  CHECK(cost(to_base64url(nested) + ". ") < 20 * cost(to_base64url(plain + "x") + ". ") + 2000);
}

TEST_CASE("what is found on a key does not have its document read again and again", "[slow]") {
  constexpr std::size_t kSize = std::size_t{24} * 1024;
  auto operations = [](std::size_t size) {
    return "{\"kty\":\"oct\",\"k\":\"AAAA\",\"key_ops\":[" + repeated("\"x\",", size) + "\"x\"]}";
  };
  auto distinct = [](std::size_t size) {
    std::string text = "{\"kty\":\"oct\",\"k\":\"AAAA\",\"key_ops\":[\"x\"";
    for (int i = 0; text.size() < size; ++i) text += fmt::format(",\"{}\",\"{}\"", i, i);
    return text + "]}";
  };
  auto nested = [](std::size_t size) {
    return repeated("{\"keys\":1,\"a\":", size) + "1" + repeated("}", size / 15);
  };
  for (const auto& made :
       {std::function<std::string(std::size_t)>(operations), {distinct}, {nested}}) {
    CHECK(cost(made(4 * kSize)) < 9 * cost(made(kSize)) + 2000);
  }
  CHECK(lint_text(operations(4 * kSize)).findings.size() < 10);
  CHECK(lint_text(distinct(4 * kSize)).findings.size() < 30);
}

TEST_CASE("findings are kept up to a limit for each level, and all of them counted") {
  std::string text;
  for (std::size_t i = 0; i < kMaxFindings + 5; ++i) text += "eyJhbGciOiJub25lIn0.e30. ";
  Report report = lint_text(text);
  Counts kept = report.kept();
  CHECK(kept.error == kMaxFindings);
  CHECK(report.counts().error >= kMaxFindings + 5);
  CHECK(kept.total() == report.findings.size());
  CHECK(worst(report) == Severity::error);
}

}  // namespace
}  // namespace jwtctl
