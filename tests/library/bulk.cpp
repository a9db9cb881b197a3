// SPDX-License-Identifier: Apache-2.0
// What a token costs with a verifier that is kept, beside OpenSSL alone with a prepared key: one
// line for each algorithm, both measured in turns in this one run.
//   bulk [ROUNDS]
#include <openssl/evp.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <iostream>

#include "lib/crypto/generate.h"
#include "lib/crypto/verifying_key.h"
#include "lib/token/verifier.h"

namespace {

using namespace jwtctl;

constexpr int kTokens = 400;

/// microseconds of the processor that `work` takes for each of kTokens.
template <class Work>
double cost(Work work) {
  std::clock_t begin = std::clock();
  for (int i = 0; i < kTokens; ++i) work();
  return static_cast<double>(std::clock() - begin) * 1e6 / CLOCKS_PER_SEC / kTokens;
}

void must(bool good, const char* what) {
  if (good) return;
  std::cerr << "bulk: " << what << "\n";
  std::exit(1);
}

void measure(const char* name, int rounds) {
  const Algorithm& algorithm = *find_algorithm(name);
  auto key = generate_key(algorithm, 2048);
  must(key.has_value(), "no key");
  std::string header = std::string(R"({"alg":")") + name + R"(","kid":"k","typ":"JWT"})";
  auto token = sign_jws(header,
                        R"({"iss":"https://issuer.example","sub":"user-1","aud":"api.example",)"
                        R"("iat":1767225540,"exp":1767229140,"scope":"read write"})",
                        *key, algorithm);
  must(token.has_value(), "no token");
  Jws parts = read_jws(*token, kMaxTokenBytes);
  std::string input(parts.signing_input());
  std::string signature(parts.octets("signature"));
  auto raw_key = VerifyingKey::make(*key, algorithm);
  must(raw_key.has_value(), "no raw key");

  KeySet set;
  set.keys.push_back({0, Jwk{*std::move(key), "k", {}, {}, {}}});
  Policy policy{
      .now = {1767225600, 0}, .issuers = {"https://issuer.example"}, .audiences = {"api.example"}};
  const Verifier verifier(policy, std::make_shared<const KeyRing>(std::move(set)));
  double whole = 1e9, raw = 1e9;
  for (int round = 0; round < rounds; ++round) {
    whole = std::min(whole, cost([&] {
                       Jws jws = read_jws(*token, kMaxTokenBytes);
                       auto judgement = verifier.judge(jws, read_payload(jws));
                       must(judgement && judgement->outcomes.valid(), "a good token is none");
                     }));
    raw = std::min(raw, cost([&] {
                     auto good = raw_key->check(input, signature);
                     must(good && *good, "a good signature is none");
                   }));
  }
  std::cout << name << ": " << whole << " us a token, " << raw << " us the signature alone, ratio "
            << whole / raw << "\n";
}

}  // namespace

int main(int argc, char** argv) {
  int rounds = argc > 1 ? std::atoi(argv[1]) : 20;
  for (const char* name : {"HS256", "RS256", "PS256", "ES256", "EdDSA"}) measure(name, rounds);
}
