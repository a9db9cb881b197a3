// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "cli/commands.h"
#include "cli/commands/view.h"
#include "cli/inputs.h"
#include "cli/key_inputs.h"
#include "cli/outputs.h"
#include "cli/report/keys.h"
#include "lib/base/limits.h"
#include "lib/base/text.h"
#include "lib/crypto/pem_write.h"

namespace jwtctl::cli {
namespace {

struct ShowOptions {
  std::optional<std::string> source;
  std::optional<std::string> kid;
  std::optional<std::string> passphrase;
  bool private_halves = false;
  bool force = false;
};

Result<void> check_options(const ShowOptions& options, const Globals& globals) {
  bool table = globals.format == Format::text || globals.format == Format::json;
  if (options.private_halves && table) {
    return fail(ErrorCode::usage, "--private needs -f jwk, jwks or pem");
  }
  if (options.force && table) {
    return fail(ErrorCode::usage, "--force needs -f jwk, jwks or pem");
  }
  return options.private_halves ? check_private_place(globals.output) : Result<void>{};
}

/// choose_entries drops all but the keys with the kid that was asked for.
Result<void> choose_entries(KeyDocument& document, const ShowOptions& options) {
  if (!options.kid) return {};
  auto& entries = document.entries;
  std::vector<std::string> kids;
  for (const KeyEntry& entry : entries) kids.push_back(entry.kid().value_or("(none)"));
  std::erase_if(entries, [&options](KeyEntry& entry) {
    bool other = entry.kid() != options.kid;
    if (other) entry.members.wipe();
    return other;
  });
  if (!entries.empty()) return {};
  return fail(ErrorCode::input, "no key has the kid \"{}\"", *options.kid)
      .hint("there is: {}", join(kids, ", "));
}

/// convert collects the JWKs of one half. What has none is left out of a set and said.
Result<SecretJson> convert(KeyDocument& document, Half half) {
  SecretJson keys(Json::Array{});
  std::optional<Error> first;
  bool secret = false;
  bool single = document.entries.size() == 1;
  std::erase_if(document.entries, [&](KeyEntry& entry) {
    auto jwk = convert_entry(entry, half);
    if (jwk) {
      keys.json.push_back(*std::move(jwk));
      return false;
    }
    if (!first) first = jwk.error();
    secret = secret || (half == Half::public_half && has_half(entry, Half::private_half));
    if (!single) {
      std::string kid = entry.kid() ? fmt::format(" (kid {})", *entry.kid()) : "";
      Io::write_warning(
          fmt::format("key {}{} is left out: {}", entry.index + 1, kid, jwk.error().message));
    }
    entry.members.wipe();
    return true;
  });
  if (!document.entries.empty()) return keys;
  if (secret) first->hint = "to convert the secret itself add --private";
  return fail(*std::move(first));
}

Result<SecretBytes> to_pem(const KeyDocument& document, Half half) {
  SecretBytes text;
  for (const KeyEntry& entry : document.entries) {
    auto pem = half == Half::private_half
                   ? encode_private_key(entry.jwk->key, Encoding::pem, nullptr)
                   : encode_public_key(entry.jwk->key, Encoding::pem);
    if (!pem) return pem;
    text.insert(text.end(), pem->begin(), pem->end());
  }
  return text;
}

/// render converts the document; what cannot be converted goes from it.
Result<SecretBytes> render(KeyDocument& document, Half half, Format format) {
  auto keys = convert(document, half);
  if (!keys) return fail(std::move(keys).error());
  std::size_t count = document.entries.size();
  if (format == Format::jwk && count > 1) {
    return fail(ErrorCode::usage, "these are {} keys, a JWK is one", count)
        .hint("choose one with --kid, or write a set with -f jwks");
  }
  if (format == Format::pem) return to_pem(document, half);
  SecretJson whole(format == Format::jwk ? keys->json.as_array()->front()
                                         : Json::object({{"keys", keys->json}}));
  std::string text = whole.json.dump(2) + "\n";
  auto bytes = to_bytes<SecretBytes>(text);
  cleanse(text);
  return bytes;
}

Result<ExitCode> run_show(const ShowOptions& options, Io& io, const Globals& globals) {
  if (auto good = check_options(options, globals); !good) return fail(std::move(good).error());
  auto passphrase = load_passphrase(options.passphrase, io);
  if (!passphrase) return fail(std::move(passphrase).error());
  auto document = load_key_document(*options.source, "SPEC", *passphrase, io);
  if (!document) return fail(std::move(document).error());
  if (auto chosen = choose_entries(*document, options); !chosen) {
    return fail(std::move(chosen).error());
  }
  if (globals.format == Format::text || globals.format == Format::json) {
    KeysReport report{source_name(*options.source), std::move(*document)};
    View view = make_view(globals);
    if (globals.quiet) return ExitCode::ok;
    auto written = Io::write_result(
        globals, globals.format == Format::json ? to_json(report, view) : to_text(report, view));
    if (!written) return fail(std::move(written).error());
    return ExitCode::ok;
  }
  Half half = options.private_halves ? Half::private_half : Half::public_half;
  auto bytes = render(*document, half, globals.format);
  if (!bytes) return fail(std::move(bytes).error());
  Existing existing = options.force ? Existing::replace : Existing::refuse;
  auto written = options.private_halves ? write_private(globals.output, as_text(*bytes), existing)
                                        : Io::write_result(globals, as_text(*bytes), existing);
  if (!written) return fail(std::move(written).error());
  return ExitCode::ok;
}

}  // namespace

void declare_jwks_show(Spec& spec) {
  auto& options = spec.options<ShowOptions>();
  spec.synopsis("SPEC [-f text|json|jwk|jwks|pem] [OPTION...]");
  spec.details(
      "Shows every key of a file with its kid, type, algorithm, use, size and thumbprint, the "
      "dates "
      "of its certificate, and why a verifier could not use it. PEM, DER, JWK, key sets and "
      "certificates are recognised by content.\n\n"
      "With `-f jwk`, `jwks` or `pem` it converts: public halves, unless `--private` is given. "
      "Members that jwtctl does not know are kept in JSON; PEM has no place for kid, alg and use.");
  spec.formats({Format::text, Format::json, Format::jwk, Format::jwks, Format::pem});
  spec.group("Options");
  PositionalDoc& source = spec.positional("SPEC", options.source, "where the keys are");
  source.required = true;
  source.complete = Complete::file;
  source.sensitive = true;
  source.details = "A path, `-` for stdin, `fd:N` or `env:NAME`.";
  spec.option("--kid", "KID", options.kid, "only the key with this kid").common();
  spec.flag("--private", options.private_halves, "convert private halves, and secrets")
      .common()
      .details(
          "A file that `--output` names is created for its owner alone (0600) and not overwritten; "
          "a terminal is refused.");
  spec.flag("--force", options.force, "overwrite private keys in the file of --output");
  declare_passphrase(spec, options.passphrase, "passphrase of an encrypted private key");
  spec.example("jwtctl jwks show jwks.json", "which keys are published, and are they good");
  spec.example("jwtctl jwks show k.pem -f jwks -o jwks.json", "the key set of a private PEM key");
  spec.run([&options](Io& io, const Globals& globals) { return run_show(options, io, globals); });
}

}  // namespace jwtctl::cli
