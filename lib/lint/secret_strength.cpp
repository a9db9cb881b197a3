// SPDX-License-Identifier: Apache-2.0
#include "lib/lint/secret_strength.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace jwtctl {
namespace {

/// without_repetitions returns the shortest beginning of which `secret` is a repetition; the last
/// one may be cut. Linear in the size, by the prefix function of Knuth, Morris and Pratt.
std::string_view without_repetitions(std::string_view secret) {
  std::vector<std::size_t> border(secret.size() + 1, 0);
  std::size_t k = 0;
  for (std::size_t i = 1; i < secret.size(); ++i) {
    while (k > 0 && secret[i] != secret[k]) k = border[k];
    if (secret[i] == secret[k]) ++k;
    border[i + 1] = k;
  }
  return secret.substr(0, secret.size() - border[secret.size()]);
}

/// kFreeSteps is how many equal steps in a row make a sequence. Four happen by chance once in 2^16
/// times in random hexadecimal text, so that it loses nothing.
constexpr std::size_t kFreeSteps = 4;

/// count_octets counts what does not continue a sequence.
std::size_t count_octets(std::string_view secret) {
  std::size_t count = 0;
  std::size_t equal_steps = 0;
  for (std::size_t i = 0; i < secret.size(); ++i) {
    bool continues = i >= 2 && secret[i] - secret[i - 1] == secret[i - 1] - secret[i - 2];
    equal_steps = continues ? equal_steps + 1 : 0;
    if (equal_steps < kFreeSteps) ++count;
  }
  return count;
}

/// alphabet_size returns how many octets there are of the kinds that `secret` has.
unsigned alphabet_size(std::string_view secret) {
  auto any = [secret](auto test) { return std::any_of(secret.begin(), secret.end(), test); };
  auto within = [](char first, char last) {
    return [first, last](char c) { return c >= first && c <= last; };
  };
  auto printable = within(' ', '~');
  if (any([&printable](char c) { return !printable(c); })) return 256;
  bool digits = any(within('0', '9'));
  bool lower = any(within('a', 'z'));
  bool upper = any(within('A', 'Z'));
  auto hexadecimal = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  };
  if (digits && lower != upper && std::all_of(secret.begin(), secret.end(), hexadecimal)) return 16;
  bool others = any([](char c) {
    return !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'));
  });
  return (digits ? 10U : 0U) + (lower ? 26U : 0U) + (upper ? 26U : 0U) + (others ? 33U : 0U);
}

}  // namespace

unsigned estimate_bits(std::string_view secret) {
  std::string_view once = without_repetitions(secret);
  if (once.empty()) return 0;
  double worth = std::log2(std::max(alphabet_size(secret), 2U));
  return static_cast<unsigned>(static_cast<double>(count_octets(once)) * worth);
}

}  // namespace jwtctl
