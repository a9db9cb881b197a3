// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "cli/io.h"
#include "cli/spec.h"
#include "lib/jose/key_document.h"
#include "lib/jose/key_material.h"

/// The keys that commands take in.
namespace jwtctl::cli {

/// KeyInput is where the keys of a command come from, and what they are for.
struct KeyInput {
  KeyOperation operation = KeyOperation::verify;
  std::optional<std::string> key;
  std::optional<std::string> secret;
  std::optional<std::string> jwks;
  std::optional<std::string> passphrase;
  bool discover = false;  ///< the issuer is asked where its keys are
  SecretEncoding secret_encoding = SecretEncoding::raw;
};

/// declare_keys declares the sources that suit `input.operation`; a set is none to sign with.
void declare_keys(Spec& spec, KeyInput& input);

/// check_one_key_source fails with `usage` unless exactly one source is named.
Result<void> check_one_key_source(const KeyInput& input);

/// load_keys reads the one source that is named. `key_refused` means that it was read and must not
/// be used.
Result<KeySet> load_keys(const KeyInput& input, Io& io);

/// Passphrase is a passphrase, or none.
struct Passphrase {
  std::optional<SecretBytes> bytes;
  const SecretBytes* pointer() const { return bytes ? &*bytes : nullptr; }
};

OptionBuilder declare_passphrase(Spec& spec, std::optional<std::string>& passphrase,
                                 std::string summary);

/// load_passphrase reads what `spec` names, if it names anything.
Result<Passphrase> load_passphrase(const std::optional<std::string>& spec, Io& io);

/// source_name is what reports call a SPEC.
std::string source_name(const std::string& spec);

/// with_source prefixes an error with where the material came from.
Error with_source(Error error, std::string_view option, std::string_view source);

/// load_key_document reads a whole key file for showing or comparing; `name` is what messages call
/// the argument.
Result<KeyDocument> load_key_document(const std::string& spec, std::string_view name,
                                      const Passphrase& passphrase, Io& io);

}  // namespace jwtctl::cli
