// SPDX-License-Identifier: Apache-2.0
// No token is valid under a secret that nobody signed with, and whatever it holds, nothing unsafe
// is printed.
#include "cli/report/report.h"

#include "lib/base/text.h"
#include "lib/lint/token_findings.h"
#include "tests/fuzz/targets.h"
#include "tests/judging.h"

namespace jwtctl::fuzz {
namespace {

Result<std::shared_ptr<const KeyRing>> fixed_key(const Jws&) {
  auto key = make_oct_key(SecretBytes(32, 0x5a));
  KeySet set;
  set.pinned = true;
  set.keys.push_back({0, Jwk{*std::move(key), {}, {}, {}, {}}});
  return make_ring(std::move(set));
}

void check_printable(const std::string& text) {
  for (std::string_view line : split(text, '\n')) {
    must(!has_unsafe_text(line), "a line can be shown on a terminal");
    must(!trim(line).starts_with("::"), "a line is no command of a CI system");
  }
}

}  // namespace

void report(std::string_view input) {
  CleanedToken token = clean_token(input, kMaxTokenBytes);
  cli::View view;
  view.now = {1'000'000'000, 0};
  Decoded decoded = decode(token, kMaxTokenBytes);
  auto findings = token_findings(decoded.jws, decoded.payload, view.now);
  check_printable(cli::to_text(cli::DecodeReport{decoded, std::move(findings)}, view));

  Policy policy;
  policy.now = view.now;
  policy.any_audience = true;
  policy.allow_no_exp = true;
  auto verdict = verify(token, policy, fixed_key);
  if (!verdict) return;
  must(!verdict->valid(), "what nobody signed is not valid");
  add_findings(token.text, policy, *verdict);
  check_printable(cli::to_text(cli::VerifyReport{token, *std::move(verdict)}, view));
}

}  // namespace jwtctl::fuzz
