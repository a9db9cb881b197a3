// SPDX-License-Identifier: Apache-2.0
#include "cli/exit_code.h"

#include <algorithm>
#include <array>

namespace jwtctl::cli {
namespace {

constexpr std::array<ExitCodeInfo, 23> kCodes{{
    {ExitCode::ok, "ok", "done; for verify: every requested check passed"},
    {ExitCode::negative, "negative",
     "lint: findings at or above --fail-on; jwks diff and --diff: the sets differ; --expect-kid: "
     "the "
     "key is not there"},
    {ExitCode::usage, "usage",
     "unknown option or value, conflicting options, a missing expectation"},
    {ExitCode::input, "input",
     "a file cannot be read or is not what it must be (for decode: not a token)"},
    {ExitCode::network, "network",
     "fetching failed: DNS, connection, TLS, timeout, status, size, or no copy with --offline; "
     "nothing is known about the token"},
    {ExitCode::output, "output", "the result could not be written"},
    {ExitCode::crypto, "crypto",
     "key generation or signing failed, algorithm not available, wrong passphrase"},
    {ExitCode::malformed, "malformed", "verify: not a compact JWS"},
    {ExitCode::header, "header",
     "the header is refused: algorithm not allowed, none, unknown crit, wrong typ"},
    {ExitCode::key, "key",
     "no usable key: unknown kid, ambiguous, wrong type, use or key_ops, weak"},
    {ExitCode::signature, "signature", "the signature does not match"},
    {ExitCode::issuer, "issuer", "signature good, iss differs or is absent"},
    {ExitCode::audience, "audience", "signature good, aud differs, is absent, or was not expected"},
    {ExitCode::claim, "claim",
     "signature good, another claim fails: missing, wrong type or value, revoked"},
    {ExitCode::not_yet_valid, "not-yet-valid",
     "all of the above good, nbf or iat lies in the future"},
    {ExitCode::expired, "expired", "everything else good, only the age is wrong"},
    {ExitCode::wait, "wait", "rotate-plan check: not yet"},
    {ExitCode::unsafe, "unsafe", "rotate-plan check: no"},
    {ExitCode::unknown, "unknown", "rotate-plan check: cannot tell"},
    {ExitCode::internal, "internal", "a bug of jwtctl, or no memory left"},
    {ExitCode::interrupted, "signal", "SIGINT"},
    {ExitCode::broken_pipe, "signal", "nobody reads the output any more"},
    {ExitCode::terminated, "signal", "SIGTERM"},
}};

}  // namespace

std::span<const ExitCodeInfo> exit_codes() { return kCodes; }

std::string_view to_string(ExitCode code) {
  return std::find_if(kCodes.begin(), kCodes.end(),
                      [code](const ExitCodeInfo& row) { return row.code == code; })
      ->name;
}

ExitCode to_exit_code(ErrorCode code) {
  switch (code) {
    case ErrorCode::usage: return ExitCode::usage;
    case ErrorCode::input: return ExitCode::input;
    case ErrorCode::key_refused: return ExitCode::input;
    case ErrorCode::output: return ExitCode::output;
    case ErrorCode::broken_pipe: return ExitCode::broken_pipe;
    case ErrorCode::network_dns:
    case ErrorCode::network_connect:
    case ErrorCode::network_refused:
    case ErrorCode::network_tls:
    case ErrorCode::network_timeout:
    case ErrorCode::network_status:
    case ErrorCode::network_body:
    case ErrorCode::network_offline: return ExitCode::network;
    case ErrorCode::crypto: return ExitCode::crypto;
    case ErrorCode::internal: return ExitCode::internal;
  }
  return ExitCode::internal;
}

ExitCode to_exit_code(VerdictCode code) {
  switch (code) {
    case VerdictCode::ok: return ExitCode::ok;
    case VerdictCode::malformed: return ExitCode::malformed;
    case VerdictCode::header: return ExitCode::header;
    case VerdictCode::key: return ExitCode::key;
    case VerdictCode::signature: return ExitCode::signature;
    case VerdictCode::issuer: return ExitCode::issuer;
    case VerdictCode::audience: return ExitCode::audience;
    case VerdictCode::claim: return ExitCode::claim;
    case VerdictCode::not_yet_valid: return ExitCode::not_yet_valid;
    case VerdictCode::expired: return ExitCode::expired;
    case VerdictCode::incomplete: return ExitCode::internal;
  }
  return ExitCode::internal;
}

}  // namespace jwtctl::cli
