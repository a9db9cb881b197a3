// SPDX-License-Identifier: Apache-2.0
// Runs files through a target, without libFuzzer: replay TARGET FOLDER...
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "tests/fuzz/targets.h"

namespace {

using namespace jwtctl;

struct Target {
  std::string_view name;
  void (*run)(std::string_view input);
};

constexpr Target kTargets[] = {
    {"cache_entry", fuzz::cache_entry},
    {"extract", fuzz::extract},
    {"freshness", fuzz::freshness},
    {"json", fuzz::json},
    {"key", fuzz::key},
    {"key_body", fuzz::key_body},
    {"lint", fuzz::lint},
    {"plan", fuzz::plan},
    {"report", fuzz::report},
    {"settings", fuzz::settings},
    {"time", fuzz::time},
    {"token", fuzz::token},
};

/// read_input returns the file in a block of its own size, so that reading behind it is seen.
std::vector<char> read_input(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::vector<char> bytes{std::istreambuf_iterator<char>(file), {}};
  bytes.shrink_to_fit();
  return bytes;
}

}  // namespace

int main(int argc, char** argv) {
  const auto* target =
      std::find_if(std::begin(kTargets), std::end(kTargets),
                   [&](const Target& one) { return argc > 2 && one.name == argv[1]; });
  if (target == std::end(kTargets)) {
    std::fprintf(stderr, "usage: %s TARGET FOLDER...\n", argv[0]);
    return 2;
  }
  target->run({});
  std::size_t count = 0;
  for (int i = 2; i < argc; ++i) {
    if (!std::filesystem::exists(argv[i])) continue;  // no fault was ever found
    for (const auto& file : std::filesystem::directory_iterator(argv[i])) {
      // Told before, because a fault ends the process.
      std::printf("%s\n", file.path().c_str());
      std::fflush(stdout);
      std::vector<char> input = read_input(file.path());
      target->run({input.data(), input.size()});
      ++count;
    }
  }
  std::printf("%zu files\n", count);
  return count > 0 ? 0 : 1;
}
