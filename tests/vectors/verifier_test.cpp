// SPDX-License-Identifier: Apache-2.0
// One verifier for many tokens and many threads says what a fresh one says of each.
#include "lib/token/verifier.h"

#include <atomic>
#include <thread>

#include "lib/crypto/generate.h"
#include "tests/catch.h"
#include "tests/judging.h"
#include "tests/vectors/signer.h"

namespace jwtctl {
namespace {

const char* const kNames[] = {"HS256", "RS256", "PS384", "ES256", "ES256K", "Ed25519", "Ed448"};

/// Keys has a key for each of kNames, under its name as kid, and one for another RSA algorithm.
struct Keys {
  Keys() {
    for (std::string_view name : kNames) {
      keys.push_back(vectors::make_key(*find_algorithm(name)));
    }
  }

  std::shared_ptr<const KeyRing> ring(std::size_t but = 99) const {
    KeySet set;
    for (std::size_t i = 0; i < keys.size(); ++i) {
      if (i == but) continue;
      set.keys.push_back({i, Jwk{vectors::share_key(keys[i]), kNames[i], {}, {}, {}}});
    }
    return std::make_shared<const KeyRing>(std::move(set));
  }

  std::string token(std::size_t by, std::string_view kid, std::string_view claims) const {
    std::string header = fmt::format(R"({{"alg":"{}","kid":"{}"}})", kNames[by], kid);
    return vectors::make_token(keys[by], *find_algorithm(kNames[by]), header, claims);
  }

  std::vector<Key> keys;
};

const Keys& keys() {
  static const Keys made;
  return made;
}

Policy policy() {
  Policy made;
  made.now = {1'700'000'000, 0};
  made.issuers = {"i"};
  return made;
}

/// tokens are good, forged, expired, of another issuer, and under kids that nobody has.
std::vector<std::string> tokens() {
  std::vector<std::string> list;
  for (std::size_t i = 0; i < std::size(kNames); ++i) {
    list.push_back(keys().token(i, kNames[i], R"({"iss":"i","exp":1700000060})"));
    list.push_back(keys().token(i, kNames[i], R"({"iss":"i","exp":1600000000})"));
    list.push_back(keys().token(i, kNames[i], R"({"iss":"j","exp":1700000060})"));
    list.push_back(keys().token(i, "gone", R"({"iss":"i","exp":1700000060})"));
    list.push_back(keys().token(i, kNames[(i + 1) % std::size(kNames)], R"({"iss":"i"})"));
    std::string forged = list[list.size() - 5];
    char& last = forged[forged.rfind('.') + 5];
    last = last == 'A' ? 'B' : 'A';
    list.push_back(forged);
  }
  return list;
}

VerdictCode judged(const Verifier& verifier, const std::string& token) {
  Jws jws = read_jws(token, kMaxTokenBytes);
  auto judgement = verifier.judge(jws, read_payload(jws));
  return judgement ? judgement->outcomes.code() : VerdictCode::incomplete;
}

TEST_CASE("a shared verifier answers each token as a fresh one, in any order and again") {
  const Verifier shared(policy(), keys().ring());
  std::size_t good = 0;
  for (int round = 0; round < 2; ++round) {
    for (const std::string& token : tokens()) {
      CAPTURE(token);
      VerdictCode code = judged(shared, token);
      CHECK(code == judged(Verifier(policy(), keys().ring()), token));
      good += code == VerdictCode::ok ? 1U : 0U;
    }
  }
  CHECK(good == 2 * std::size(kNames));
}

TEST_CASE("threads that share a verifier get the answers of one alone") {
  const std::vector<std::string> list = tokens();
  const Verifier alone(policy(), keys().ring());
  std::vector<VerdictCode> expected;
  for (const std::string& token : list) expected.push_back(judged(alone, token));
  const Verifier shared(policy(), keys().ring());
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (std::size_t n = 0; n < 4; ++n) {
    threads.emplace_back([&, n] {
      for (std::size_t i = 0; i < 3 * list.size(); ++i) {
        std::size_t at = (i + n * 11) % list.size();
        if (judged(shared, list[at]) != expected[at]) ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(wrong == 0);
}

TEST_CASE("a ring that lost a key says so, and the ring that others hold still has it") {
  std::shared_ptr<const KeyRing> before = keys().ring();
  const Verifier old(policy(), before);
  const Verifier now(policy(), keys().ring(1));
  std::string token = keys().token(1, kNames[1], R"({"iss":"i","exp":1700000060})");
  CHECK(judged(old, token) == VerdictCode::ok);
  CHECK(judged(now, token) == VerdictCode::key);
  CHECK(judged(old, token) == VerdictCode::ok);
}

}  // namespace
}  // namespace jwtctl
