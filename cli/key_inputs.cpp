// SPDX-License-Identifier: Apache-2.0
#include "cli/key_inputs.h"

#include "cli/inputs.h"
#include "lib/base/limits.h"
#include "lib/base/shown.h"

namespace jwtctl::cli {
namespace {

Result<KeySet> load_secret(const KeyInput& input, Io& io) {
  auto bytes = load_spec(*input.secret, "--secret", kMaxKeyFileBytes, io);
  if (!bytes) return fail(std::move(bytes).error());
  bool raw_newline =
      input.secret_encoding == SecretEncoding::raw && as_text(*bytes).ends_with('\n');
  auto jwk = parse_secret(*bytes, input.secret_encoding);
  if (!jwk) {
    Error error = std::move(jwk).error();
    error.message = fmt::format("--secret: {}", error.message);
    return fail(std::move(error));
  }
  if (raw_newline) Io::write_note("the secret ends in a newline, which counts as part of it");
  KeySet set;
  set.pinned = true;
  set.source = "--secret";
  set.keys.push_back({0, *std::move(jwk)});
  return set;
}

}  // namespace

Error with_source(Error error, std::string_view option, std::string_view source) {
  error.message = fmt::format("{} {}: {}", option, source, error.message);
  return error;
}

std::string source_name(const std::string& spec) {
  return spec == "-" ? "stdin" : show_argument(spec, ShownAs::path);
}

Result<Passphrase> load_passphrase(const std::optional<std::string>& spec, Io& io) {
  if (!spec) return Passphrase{};
  auto bytes = load_spec(*spec, "--passphrase", kMaxPassphraseBytes, io);
  if (!bytes) return fail(as_input(std::move(bytes).error()));
  // Editors and echo end a line; a passphrase is the line.
  if (!bytes->empty() && bytes->back() == '\n') bytes->pop_back();
  if (!bytes->empty() && bytes->back() == '\r') bytes->pop_back();
  return Passphrase{*std::move(bytes)};
}

OptionBuilder declare_passphrase(Spec& spec, std::optional<std::string>& passphrase,
                                 std::string summary) {
  return spec.option("--passphrase", "SPEC", passphrase, std::move(summary))
      .file()
      .sensitive()
      .details("Where it is, never the passphrase itself. A newline at its end does not count.");
}

void declare_keys(Spec& spec, KeyInput& input) {
  bool verifies = input.operation == KeyOperation::verify;
  spec.group("Key source (exactly one)");
  spec.option(
          "--key,-k", "SPEC", input.key,
          verifies ? "public key, certificate or JWK to verify with" : "private key to sign with")
      .file()
      .sensitive()
      .common()
      .details(verifies
                   ? "PEM, DER or JWK, recognised by content. `SPEC` is a path, `-` for stdin, "
                     "`fd:N` or `env:NAME`. The key is tried even when its kid differs from the "
                     "token's."
                   : "PEM, DER or JWK, recognised by content. `SPEC` is a path, `-` for stdin, "
                     "`fd:N` or `env:NAME`.");
  if (verifies) {
    spec.option("--jwks", "SPEC|URL", input.jwks, "key set to choose the key from")
        .file()
        .common()
        .details(
            "A JWK Set; the key with the token's kid is used. A URL is fetched, and a copy kept as "
            "long as the server allows; a kid that the copy lacks, or a signature that its key "
            "does "
            "not match, makes jwtctl ask again.");
    spec.flag("--discover", input.discover, "ask the --issuer where its key set is")
        .common()
        .details(
            "By OpenID Connect Discovery or RFC 8414. The document must name exactly the issuer "
            "that you gave. Nothing in a token is ever fetched.");
  }
  spec.option("--secret", "SPEC", input.secret, "shared secret of an HMAC algorithm")
      .file()
      .sensitive()
      .common()
      .details(
          "Where the secret is, never the secret itself. Its exact bytes count, a newline at "
          "the end too. A public key or certificate is refused.");
  spec.choice("--secret-encoding", "ENC", input.secret_encoding,
              {{"raw", SecretEncoding::raw},
               {"base64", SecretEncoding::base64},
               {"base64url", SecretEncoding::base64url},
               {"hex", SecretEncoding::hex}},
              "how the secret is spelled (default {default})");
  declare_passphrase(spec, input.passphrase, "passphrase of an encrypted private key");
}

Result<void> check_one_key_source(const KeyInput& input) {
  int sources = (input.key ? 1 : 0) + (input.secret ? 1 : 0) + (input.jwks ? 1 : 0) +
                (input.discover ? 1 : 0);
  bool verifies = input.operation == KeyOperation::verify;
  std::string_view list = verifies ? "give exactly one of --key, --secret, --jwks, --discover"
                                   : "give exactly one of --key, --secret";
  if (sources == 0) {
    return fail(ErrorCode::usage, "no key to {} with", verifies ? "verify" : "sign")
        .hint("{}", list);
  }
  if (sources > 1) return fail(ErrorCode::usage, "more than one key source").hint("{}", list);
  if (input.secret && input.passphrase) {
    return fail(ErrorCode::usage, "--passphrase is for encrypted keys, a secret has none");
  }
  if (input.secret_encoding != SecretEncoding::raw && !input.secret) {
    return fail(ErrorCode::usage, "--secret-encoding without --secret");
  }
  return {};
}

Result<KeySet> load_keys(const KeyInput& input, Io& io) {
  if (input.secret) return load_secret(input, io);
  auto passphrase = load_passphrase(input.passphrase, io);
  if (!passphrase) return fail(std::move(passphrase).error());
  std::string_view option = input.key ? "--key" : "--jwks";
  const std::string& spec = input.key ? *input.key : *input.jwks;
  auto bytes = load_spec(spec, option, input.key ? kMaxKeyFileBytes : kMaxKeySetBytes, io);
  if (!bytes) return fail(std::move(bytes).error());
  std::string source = source_name(spec);
  auto material = parse_key_material(*bytes, passphrase->pointer());
  if (!material) return fail(with_source(std::move(material).error(), option, source));

  KeySet& set = material->set;
  bool is_set = material->form == KeyForm::jwks;
  if (input.key && is_set && set.keys.size() + set.skipped.size() > 1) {
    return fail(ErrorCode::usage, "--key {} is a set of {} keys", source,
                set.keys.size() + set.skipped.size())
        .hint("{}", input.operation == KeyOperation::verify
                        ? "choose from a set with --jwks"
                        : "take one out: jwtctl jwks show SET --kid KID --private -f jwk -o KEY");
  }
  if (input.jwks && (material->form == KeyForm::pem || material->form == KeyForm::der)) {
    return fail(ErrorCode::input, "--jwks {} is a single key, not a key set", source)
        .hint("give it with --key");
  }
  set.pinned = input.key.has_value();
  set.source = std::move(source);
  return std::move(set);
}

Result<KeyDocument> load_key_document(const std::string& spec, std::string_view name,
                                      const Passphrase& passphrase, Io& io) {
  auto bytes = load_spec(spec, name, kMaxKeySetBytes, io);
  if (!bytes) return fail(std::move(bytes).error());
  auto document = parse_key_document(*bytes, passphrase.pointer());
  if (!document) return fail(with_source(std::move(document).error(), name, source_name(spec)));
  return document;
}

}  // namespace jwtctl::cli
