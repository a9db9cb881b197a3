// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "cli/commands.h"
#include "cli/commands/comparison.h"
#include "cli/commands/conversion.h"
#include "cli/commands/view.h"
#include "cli/report/keys.h"
#include "lib/base/shown.h"
#include "lib/base/text.h"
#include "lib/jose/fitness.h"

namespace jwtctl::cli {
namespace {

struct FetchOptions {
  std::optional<std::string> url;
  std::optional<std::string> issuer;
  std::optional<std::string> kid;
  std::vector<std::string> expected_kids;
  std::optional<std::string> diff;
  NetworkInput network;
};

Result<void> check_options(const FetchOptions& options, const Globals& globals) {
  if (options.url && options.issuer) {
    return fail(ErrorCode::usage, "the URL of the set and --issuer are both given")
        .hint("the issuer is asked for the URL");
  }
  if (!options.url && !options.issuer) {
    return fail(ErrorCode::usage, "nothing says what to fetch")
        .hint("give the URL of a key set, or --issuer URL");
  }
  if (options.url && !is_url(*options.url)) {
    return fail(ErrorCode::usage, "this is not a URL: it begins with neither https:// nor http://")
        .hint("to look at a file: jwtctl jwks show");
  }
  if (options.diff && globals.format != Format::text && globals.format != Format::json) {
    return fail(ErrorCode::usage, "--diff needs -f text or json");
  }
  if (!options.diff) return {};
  if (options.kid) {
    return fail(ErrorCode::usage, "--kid chooses what is shown, and --diff compares whole sets");
  }
  return check_one_server(options.network, options.issuer ? *options.issuer : *options.url,
                          *options.diff);
}

/// fault_of says why no verifier would use a key with this kid; nothing when one would.
std::optional<std::string> fault_of(const KeyBody& set, const std::string& kid) {
  std::optional<std::string> reason;
  for (const SetKey& key : set.keys.keys) {
    if (key.jwk.kid != kid) continue;
    auto usable = check_any_use(key.jwk);
    if (usable) return std::nullopt;
    reason = usable.error().message;
  }
  for (const SkippedKey& key : set.keys.skipped) {
    if (!reason && key.kid == kid) reason = key.reason;
  }
  std::string shown = quote_argument(kid, ShownAs::text);
  if (!reason) return fmt::format("the set has no key with the kid {}", shown);
  return fmt::format("the key with the kid {} cannot be used: {}", shown, *reason);
}

/// faults_of lists what is wrong with the kids that must be there.
std::vector<std::string> faults_of(const KeyBody& set, const FetchOptions& options) {
  std::vector<std::string> faults;
  for (const std::string& kid : options.expected_kids) {
    if (auto fault = fault_of(set, kid)) faults.push_back(*std::move(fault));
  }
  return faults;
}

/// fetch gets the set, and asks the server again when a copy lacks a key that the user named.
Result<RemoteKeys> fetch(const FetchOptions& options, const Globals& globals) {
  const std::string& address = options.issuer ? *options.issuer : *options.url;
  auto source = open_source(options.network, address, options.issuer.has_value());
  if (!source) return fail(std::move(source).error());
  auto keys = source->source.get();
  bool lacks = keys && keys->origin.from_cache &&
               (!faults_of(keys->set, options).empty() ||
                (options.kid && fault_of(keys->set, *options.kid)));
  if (lacks) {
    if (auto again = source->source.get_again()) {
      keys = *std::move(again);
    } else {
      keys->warnings.emplace_back(why_not_asked(*source->remote));
    }
  }
  if (keys) say_warnings(*keys, globals);
  return keys;
}

Result<ExitCode> run_fetch(const FetchOptions& options, Io& io, const Globals& globals) {
  if (auto good = check_options(options, globals); !good) return fail(std::move(good).error());
  auto keys = fetch(options, globals);
  if (!keys) return fail(std::move(keys).error());
  std::vector<std::string> faults = faults_of(keys->set, options);
  for (const std::string& fault : faults) {
    if (!globals.quiet) Io::write_warning(fault);
  }
  KeyDocument document = to_key_document(*keys);
  ExitCode code = faults.empty() ? ExitCode::ok : ExitCode::negative;
  if (options.diff) {
    auto mine = load_or_fetch(*options.diff, "--diff", options.network, {}, io, globals);
    if (!mine) return fail(std::move(mine).error());
    auto different = print_differences(*mine, document, globals);
    return different && *different == ExitCode::ok ? code : different;
  }
  if (options.kid) {
    if (auto chosen = choose_entries(document, *options.kid); !chosen) {
      return fail(std::move(chosen).error());
    }
  }
  bool table = globals.format == Format::text || globals.format == Format::json;
  if (table && globals.quiet) return code;
  Result<SecretBytes> bytes = SecretBytes{};
  if (table) {
    KeysReport report{keys->origin.url, std::move(document), keys->origin};
    View view = make_view(globals);
    bytes = to_bytes<SecretBytes>(globals.format == Format::json ? to_json(report, view)
                                                                 : to_text(report, view));
  } else {
    bytes = convert_document(document, Half::public_half, globals.format);
  }
  if (!bytes) return fail(std::move(bytes).error());
  if (auto written = Io::write_result(globals, as_text(*bytes)); !written) {
    return fail(std::move(written).error());
  }
  return code;
}

}  // namespace

void declare_jwks_fetch(Spec& spec) {
  auto& options = spec.options<FetchOptions>();
  spec.synopsis("URL | --issuer URL [-f text|json|jwk|jwks|pem] [OPTION...]");
  spec.details(
      "Fetches a key set, from its URL or from where an issuer says that it is, and shows or "
      "converts it as `jwks show` does. A copy is kept for as long as the server allows, and later "
      "runs use it.\n\n"
      "Only https is spoken, and http to this machine. At most 1 MiB and 1000 keys are taken. What "
      "the answer is is told from its content: a key set, a JWK, PEM, or a map of kids to "
      "certificates. A set that gives away private or symmetric keys is refused.");
  spec.formats({Format::text, Format::json, Format::jwk, Format::jwks, Format::pem});
  spec.group("Options");
  spec.positional("URL", options.url, "where the key set is");
  spec.option("--issuer", "URL", options.issuer, "issuer to ask where its key set is")
      .alias("--iss")
      .common();
  spec.option("--kid", "KID", options.kid, "show only the key with this kid").common();
  spec.list("--expect-kid", "KID", options.expected_kids,
            "a kid whose key must be there and usable, else status 1")
      .common();
  spec.option("--diff", "SPEC|URL", options.diff, "compare with these keys instead, as jwks diff")
      .file();
  declare_network(spec, options.network);
  spec.example("jwtctl jwks fetch --issuer https://id.example.com", "which keys does it publish");
  spec.example("jwtctl jwks fetch https://id.example.com/jwks -f jwks -o jwks.json",
               "save the set");
  spec.example("jwtctl jwks fetch https://id.example.com/jwks --refresh --expect-kid 2026-11",
               "is the new key out");
  spec.run([&options](Io& io, const Globals& globals) { return run_fetch(options, io, globals); });
}

}  // namespace jwtctl::cli
