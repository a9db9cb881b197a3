// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/rotate_evidence.h"

#include <algorithm>

#include "cli/inputs.h"
#include "lib/base/limits.h"
#include "lib/token/clean.h"

namespace jwtctl::cli {

Result<std::vector<std::string>> load_tokens(const std::vector<std::string>& specs, Io& io) {
  std::vector<std::string> out;
  for (const std::string& spec : specs) {
    auto bytes = load_spec(spec, "--token", kMaxTokenBytes, io);
    if (!bytes) return fail(as_input(std::move(bytes).error()));
    out.push_back(clean_token(std::string(as_text(*bytes)), kMaxTokenBytes).text);
  }
  return out;
}

bool can_reread(const std::vector<std::string>& specs) {
  return std::none_of(specs.begin(), specs.end(), [](const std::string& spec) {
    return spec == "-" || spec.starts_with("fd:");
  });
}

Result<std::vector<SignerEvidence>> read_tokens(const std::vector<std::string>& texts,
                                                const std::vector<Sample>& samples,
                                                std::set<std::string>& known) {
  std::vector<SignerEvidence> out;
  for (const std::string& text : texts) {
    auto evidence = read_evidence(text, samples);
    if (!evidence) {
      Error error = std::move(evidence).error();
      error.message = fmt::format("--token: {}", error.message);
      return fail(std::move(error));
    }
    out.push_back(*std::move(evidence));
  }
  for (SignerEvidence& evidence : out) evidence.repeated = known.count(evidence.id) > 0;
  for (const SignerEvidence& evidence : out) known.insert(evidence.id);
  return out;
}

}  // namespace jwtctl::cli
