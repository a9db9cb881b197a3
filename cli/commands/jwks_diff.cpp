// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.h"
#include "cli/commands/comparison.h"
#include "cli/key_inputs.h"

namespace jwtctl::cli {
namespace {

struct DiffOptions {
  std::optional<std::string> old_source;
  std::optional<std::string> new_source;
  std::optional<std::string> passphrase;
  NetworkInput network;
};

Result<ExitCode> run_diff(const DiffOptions& options, Io& io, const Globals& globals) {
  if (*options.old_source == "-" && *options.new_source == "-") {
    return fail(ErrorCode::usage, "OLD and NEW cannot both be stdin");
  }
  if (!is_url(*options.old_source) && !is_url(*options.new_source)) {
    if (auto unused = check_unused(options.network); !unused) {
      return fail(std::move(unused).error());
    }
  }
  if (auto one = check_one_server(options.network, *options.old_source, *options.new_source);
      !one) {
    return fail(std::move(one).error());
  }
  auto passphrase = load_passphrase(options.passphrase, io);
  if (!passphrase) return fail(std::move(passphrase).error());
  auto load = [&](const std::string& source, std::string_view name) {
    return load_or_fetch(source, name, options.network, *passphrase, io, globals);
  };
  auto old = load(*options.old_source, "OLD");
  if (!old) return fail(std::move(old).error());
  auto fresh = load(*options.new_source, "NEW");
  if (!fresh) return fail(std::move(fresh).error());
  return print_differences(*old, *fresh, globals);
}

void declare_side(Spec& spec, std::string metavar, std::optional<std::string>& target,
                  std::string summary) {
  PositionalDoc& side = spec.positional(std::move(metavar), target, std::move(summary));
  side.required = true;
  side.sensitive = true;
  side.complete = Complete::file;
  side.details =
      fmt::format("{}: a path, `-` for stdin, `fd:N`, `env:NAME` or a URL.", side.summary);
}

}  // namespace

void declare_jwks_diff(Spec& spec) {
  auto& options = spec.options<DiffOptions>();
  spec.synopsis("OLD NEW [OPTION...]");
  spec.details(
      "Compares two key sets as verifiers see them, whatever the order of their keys and members: "
      "`rekeyed` (another key under the same kid, which breaks every verifier that has cached the "
      "old one), `removed`, `added`, `renamed` (the same key under another kid) and `changed` "
      "(other members). PEM, DER and single JWKs are compared too; a private half makes no "
      "difference.\n\n"
      "The exit status is 0 when they are equal and 1 when they differ.");
  spec.formats({Format::text, Format::json});
  spec.group("Options");
  declare_side(spec, "OLD", options.old_source, "the keys as they were");
  declare_side(spec, "NEW", options.new_source, "the keys as they are now");
  declare_passphrase(spec, options.passphrase, "passphrase of encrypted private keys").common();
  declare_network(spec, options.network);
  spec.example("jwtctl jwks diff jwks.json https://id.example.com/jwks",
               "is this what is published");
  spec.example("jwtctl jwks diff published.json next.json", "what would verifiers notice");
  spec.run([&options](Io& io, const Globals& globals) { return run_diff(options, io, globals); });
}

}  // namespace jwtctl::cli
