// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.h"
#include "cli/commands/conversion.h"
#include "cli/commands/view.h"
#include "cli/key_inputs.h"
#include "cli/outputs.h"
#include "cli/report/keys.h"

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

Result<ExitCode> run_show(const ShowOptions& options, Io& io, const Globals& globals) {
  if (auto good = check_options(options, globals); !good) return fail(std::move(good).error());
  auto passphrase = load_passphrase(options.passphrase, io);
  if (!passphrase) return fail(std::move(passphrase).error());
  auto document = load_key_document(*options.source, "SPEC", *passphrase, io);
  if (!document) return fail(std::move(document).error());
  if (options.kid) {
    if (auto chosen = choose_entries(*document, *options.kid); !chosen) {
      return fail(std::move(chosen).error());
    }
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
  auto bytes = convert_document(*document, half, globals.format);
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
