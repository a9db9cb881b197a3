// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/io.h"
#include "cli/spec.h"
#include "lib/base/limits.h"
#include "lib/jose/key_material.h"
#include "lib/token/clean.h"

/// What several commands take in: tokens, keys, SPECs.
namespace jwtctl::cli {

/// TokenInput is where a token comes from: literal, `-`, `@PATH`, `env:NAME`, or stdin.
struct TokenInput {
  std::optional<std::string> token;
  std::size_t max_bytes = kMaxTokenBytes;
};

void declare_token(Spec& spec, TokenInput& input);

/// load_token reads and cleans the token. Fails with `usage` when none was given, with `input`
/// when what was given cannot be read or is empty. Oversized tokens are left to the form check.
Result<CleanedToken> load_token(const TokenInput& input, Io& io);

/// load_spec reads what a SPEC names: `PATH`, `-`, `fd:N`, `env:NAME`. `option` names it in
/// messages, which never repeat a SPEC that may be the secret itself. Over `limit` fails with
/// `key_refused`, a bad SPEC or an unset variable with `usage`, the rest with `input`.
Result<SecretBytes> load_spec(const std::string& spec, std::string_view option, std::size_t limit,
                              Io& io);

/// KeyInput is where the keys of a verification come from.
struct KeyInput {
  std::optional<std::string> key;
  std::optional<std::string> secret;
  std::optional<std::string> jwks;
  std::optional<std::string> passphrase;
  SecretEncoding secret_encoding = SecretEncoding::raw;
};

void declare_keys(Spec& spec, KeyInput& input);

/// check_one_key_source fails with `usage` unless exactly one source is named.
Result<void> check_one_key_source(const KeyInput& input);

/// load_keys reads the one source that is named. `key_refused` means that it was read and must not
/// be used.
Result<KeySet> load_keys(const KeyInput& input, Io& io);

}  // namespace jwtctl::cli
