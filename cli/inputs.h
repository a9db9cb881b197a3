// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/io.h"
#include "cli/spec.h"
#include "lib/base/limits.h"
#include "lib/token/clean.h"

/// What several commands take in: tokens and SPECs.
namespace jwtctl::cli {

/// TokenInput is where a token comes from: literal, `-`, `@PATH`, `env:NAME`, or stdin.
struct TokenInput {
  std::optional<std::string> token;
  bool literal = false;  ///< it stood after `--`: whatever it looks like, it is the text itself
  std::size_t max_bytes = kMaxTokenBytes;
};

void declare_token(Spec& spec, TokenInput& input);

/// load_token reads and cleans the token. Fails with `usage` when none was given, with `input`
/// when what was given cannot be read or is empty. Oversized tokens are left to the form check.
Result<CleanedToken> load_token(const TokenInput& input, Io& io);

/// literal_hint explains a literal after `--` that looks like the name of a source; else empty.
std::string literal_hint(const TokenInput& input);

/// load_spec reads what a SPEC names: `PATH`, `-`, `fd:N`, `env:NAME`. `option` names it in
/// messages, which never repeat a SPEC that may be the secret itself. Over `limit` fails with
/// `key_refused`, a bad SPEC or an unset variable with `usage`, the rest with `input`.
Result<SecretBytes> load_spec(const std::string& spec, std::string_view option, std::size_t limit,
                              Io& io);

/// names_secret says that what an option of keys, secrets or headers names does not look like a
/// name, so that it may be the secret itself.
bool names_secret(const std::string& spec, std::string_view option);

/// is_file says that something has this name.
bool is_file(const std::string& path);

/// as_input turns an exceeded limit into a plain input error.
Error as_input(Error error);

}  // namespace jwtctl::cli
