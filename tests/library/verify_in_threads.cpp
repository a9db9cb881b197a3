// SPDX-License-Identifier: Apache-2.0
// Verifies the tokens on stdin, one a line, from four threads that share keys and policy:
//   verify_in_threads JWKS ISSUER AUDIENCE <tokens
#include <atomic>
#include <ctime>
#include <fstream>
#include <iostream>
#include <sstream>
#include <thread>

#include "lib/token/verifier.h"

int main(int argc, char** argv) {
  using namespace jwtctl;
  if (argc != 4) return std::cerr << "usage: verify_in_threads JWKS ISSUER AUDIENCE <tokens\n", 2;
  std::stringstream text;
  text << std::ifstream(argv[1]).rdbuf();
  auto json = parse_json(text.str(), argv[1]);
  auto keys = json ? make_ring(parse_jwks(*json)) : fail(json.error());
  if (!keys) return std::cerr << keys.error().message << "\n", 3;

  Policy policy{.now = {std::time(nullptr), 0}, .issuers = {argv[2]}, .audiences = {argv[3]}};
  const Verifier verifier(policy, *keys);
  std::vector<std::string> tokens;
  for (std::string line; std::getline(std::cin, line);) tokens.push_back(line);

  std::atomic<std::size_t> next = 0, good = 0;
  auto work = [&] {
    for (std::size_t i = next++; i < tokens.size(); i = next++) {
      Jws jws = read_jws(tokens[i], policy.max_token_bytes);
      auto judgement = verifier.judge(jws, read_payload(jws));
      if (judgement && judgement->outcomes.valid()) ++good;
    }
  };
  std::vector<std::thread> threads;
  for (int n = 0; n < 4; ++n) threads.emplace_back(work);
  for (std::thread& thread : threads) thread.join();
  std::cout << good << " of " << tokens.size() << " tokens are good\n";
  return good == tokens.size() ? 0 : 1;
}
