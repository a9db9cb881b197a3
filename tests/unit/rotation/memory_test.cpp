// SPDX-License-Identifier: Apache-2.0
#include "lib/rotation/memory.h"

#include "tests/unit/rotation/world.h"

namespace jwtctl {
namespace {

using namespace testing;

constexpr const char* kSecretUrl = "https://id.test/jwks?api_key=hunter2";

TEST_CASE("a place is remembered by its URL, without the values of the query") {
  CHECK(memory_key("https://id.test/jwks") == "https://id.test/jwks");
  CHECK(shown_place("https://id.test/jwks") == "https://id.test/jwks");
  // printf %s "$kSecretUrl" | sha256sum
  CHECK(memory_key(kSecretUrl) == "https://id.test/jwks?api_key=*** #73600be0229e3393");
  CHECK(shown_place(memory_key(kSecretUrl)) == "https://id.test/jwks?api_key=***");
  CHECK(memory_key(kSecretUrl) != memory_key("https://id.test/jwks?api_key=hunter3"));
}

TEST_CASE("a state file has no value of a query, and older ones that do are read") {
  World w;
  Sample sample = shows({"old", "new"}, kSecretUrl);
  (void)w.look({sample});
  std::string state = memory_json(w.memory).dump();
  CHECK(state.find("hunter2") == std::string::npos);
  auto read = parse_memory(state, w.plan);
  REQUIRE(read.has_value());
  CHECK(read->places == w.memory.places);
  CHECK(read->places.count(memory_key(kSecretUrl)) == 1);

  std::string key = memory_key(kSecretUrl);
  state.replace(state.find(key), key.size(), kSecretUrl);
  auto older = parse_memory(state, w.plan);
  REQUIRE(older.has_value());
  CHECK(older->places == w.memory.places);
}

TEST_CASE("two places that differ in the query alone are two, and neither query is said") {
  World w;
  const char* other = "https://id.test/jwks?api_key=hunter3";
  (void)w.look({shows({"old", "new"}, kSecretUrl), shows({"old"}, other)});
  CHECK(w.memory.places.size() == 2);
  CHECK(w.memory.places[memory_key(kSecretUrl)].new_since.has_value());
  CHECK_FALSE(w.memory.places[memory_key(other)].new_since.has_value());
  w.pass(5);
  CheckResult result = w.look({shows({"old", "new"}, kSecretUrl)});
  CHECK(result.answer == Answer::unknown);
  REQUIRE_FALSE(result.reasons.empty());
  CHECK(result.reasons.front() ==
        "https://id.test/jwks?api_key=*** was looked at before and lacked the new key \"new\", and "
        "was not now");
}

TEST_CASE("a state belongs to one plan, not to a later one of the same keys") {
  World w = switched_world();
  std::string state = memory_json(w.memory).dump();
  REQUIRE(parse_memory(state, w.plan).has_value());
  CHECK(*parse_memory(state, w.plan) == w.memory);
  RotationInputs in = w.plan.inputs;
  in.start = shift(in.start, 1);
  World later(in);
  REQUIRE(later.plan.id == w.plan.id);
  auto refused = parse_memory(state, later.plan);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().message ==
        "the state belongs to a plan of these keys that begins at 2026-03-02T09:00:00Z, not at "
        "2026-03-02T09:00:01Z");
  CHECK(refused.error().hint.find("--state") != std::string::npos);
}

}  // namespace
}  // namespace jwtctl
