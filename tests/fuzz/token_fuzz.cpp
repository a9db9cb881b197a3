// SPDX-License-Identifier: Apache-2.0
// No input is valid under a secret that nobody signed with, and nothing unsafe is printed.
#include <cstdlib>

#include "cli/report/report.h"
#include "lib/base/text.h"
#include "lib/lint/token_findings.h"
#include "lib/token/verify.h"

namespace {

using namespace jwtctl;

Result<KeySet> fixed_key(const Jws&) {
  auto key = make_oct_key(SecretBytes(32, 0x5a));
  KeySet set;
  set.pinned = true;
  set.keys.push_back({0, Jwk{*std::move(key), {}, {}, {}, {}}});
  return set;
}

void check_printable(const std::string& text) {
  for (std::string_view line : split(text, '\n')) {
    if (has_unsafe_text(line) || trim(line).starts_with("::")) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  CleanedToken token = clean_token({reinterpret_cast<const char*>(data), size}, kMaxTokenBytes);
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
  if (verdict && verdict->valid()) std::abort();
  if (verdict) add_findings(token.text, policy, *verdict);
  if (verdict) check_printable(cli::to_text(cli::VerifyReport{token, *std::move(verdict)}, view));
  return 0;
}
