// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>

#include "cli/commands.h"
#include "cli/commands/append_note.h"
#include "cli/key_inputs.h"
#include "cli/outputs.h"
#include "cli/report/report.h"
#include "lib/base/file.h"
#include "lib/base/limits.h"
#include "lib/base/shown.h"
#include "lib/base/staged_file.h"
#include "lib/base/text.h"
#include "lib/crypto/generate.h"
#include "lib/crypto/pem_write.h"
#include "lib/crypto/random.h"
#include "lib/jose/jwk_write.h"
#include "lib/jose/jwks_append.h"

namespace jwtctl::cli {
namespace {

constexpr std::size_t kMaxKidBytes = 256;

struct KeygenOptions {
  std::string alg = "ES256";
  std::optional<unsigned> bits;
  std::optional<std::string> kid;
  std::string use = "sig";
  std::string encoding = "jwk";
  std::optional<std::string> passphrase;
  std::optional<std::string> out_private;
  std::optional<std::string> out_public;
  std::optional<std::string> out_jwks;
  bool append = false;
  bool force = false;

  const Algorithm& algorithm() const { return *find_algorithm(alg); }
  Existing existing() const { return force ? Existing::replace : Existing::refuse; }
  /// to_stdout says that the private half is the result.
  bool to_stdout() const { return !out_private || is_stdout(*out_private); }
};

/// check_places refuses what would lose the private half, or show it to the wrong reader.
Result<void> check_places(const KeygenOptions& options, const Globals& globals) {
  bool half_way = options.out_public || options.out_jwks;
  if (half_way && !options.out_private) {
    return fail(ErrorCode::usage, "the private half would go nowhere")
        .hint("add --out-private PATH, or --out-private - to have it on stdout");
  }
  bool json = globals.format == Format::json;
  if (options.out_private && globals.output != "-" && !json) {
    return fail(ErrorCode::usage, "--output and --out-private both name a place for the key");
  }
  if (options.append && !options.out_jwks) {
    return fail(ErrorCode::usage, "--append without --out-jwks");
  }
  if (options.append && is_stdout(*options.out_jwks)) {
    return fail(ErrorCode::usage, "--append needs a file, not stdout");
  }
  if (json && options.to_stdout() && (options.passphrase || options.encoding != "jwk")) {
    return fail(ErrorCode::usage, "-f json shows the private half as a JWK without a passphrase")
        .hint("add --out-private PATH, or leave out -f json");
  }
  std::vector<std::string> places;
  if (json || options.to_stdout()) places.push_back(globals.output);
  for (const auto& path : {options.out_private, options.out_public, options.out_jwks}) {
    if (!path || (path == options.out_private && options.to_stdout())) continue;
    for (const std::string& other : places) {
      if (!same_place(*path, other)) continue;
      return fail(ErrorCode::usage, "two outputs go to {}",
                  is_stdout(other) ? "stdout" : show_argument(*path, ShownAs::path));
    }
    places.push_back(*path);
  }
  return check_private_place(options.to_stdout() ? globals.output : *options.out_private);
}

Result<void> check_options(const KeygenOptions& options, const Globals& globals) {
  const Algorithm& algorithm = options.algorithm();
  bool secret = algorithm.kty == KeyType::oct;
  if (options.bits && algorithm.kty != KeyType::rsa) {
    return fail(ErrorCode::usage, "--bits is for RSA; a key for {} has one size", options.alg);
  }
  if (secret && (options.out_public || options.out_jwks)) {
    return fail(ErrorCode::usage, "a secret for {} has no public half to publish", options.alg)
        .hint("for keys that others verify with choose ES256 or EdDSA");
  }
  if (secret && options.encoding != "jwk") {
    return fail(ErrorCode::usage, "a secret has no {} form", options.encoding)
        .hint("leave out --encoding: its standard form is a JWK of type oct");
  }
  if (secret && options.kid == "thumbprint") {
    return fail(ErrorCode::usage, "--kid thumbprint: a secret has no public thumbprint")
        .hint("it would let the secret be guessed offline; leave --kid out for a random one");
  }
  if (options.passphrase && options.encoding == "jwk") {
    return fail(ErrorCode::usage, "--passphrase needs --encoding pem or der")
        .hint("a JWK has no standard form with a passphrase that every tool reads");
  }
  return check_places(options, globals);
}

/// NewKey is what is written: the key in its JWK forms, and encoded as asked.
struct NewKey {
  Jwk jwk;
  SecretJson private_jwk;
  Json public_jwk;  ///< null for a secret
  SecretBytes private_text;
  SecretBytes public_text;
};

Result<std::string> choose_kid(const KeygenOptions& options, const Key& key) {
  bool secret = key.is_symmetric();
  std::string kind = options.kid.value_or(secret ? "uuid" : "thumbprint");
  if (kind == "uuid") return random_uuid();
  if (kind != "thumbprint") return kind;
  auto print = thumbprint(key);
  if (print) return *std::move(print);
  return fail(ErrorCode::crypto, "cannot compute the thumbprint of the key");
}

SecretBytes jwk_text(const Json& jwk) {
  std::string text = jwk.dump(2) + "\n";
  auto bytes = to_bytes<SecretBytes>(text);
  cleanse(text);
  return bytes;
}

Result<NewKey> make_key(const KeygenOptions& options, const SecretBytes* passphrase) {
  auto key = generate_key(options.algorithm(), options.bits.value_or(kDefaultRsaBits));
  if (!key) return fail(std::move(key).error());
  auto kid = choose_kid(options, *key);
  if (!kid) return fail(std::move(kid).error());
  NewKey made{Jwk{*std::move(key), *std::move(kid), options.alg, options.use, {}}, {}, {}, {}, {}};
  auto private_jwk = to_jwk(made.jwk, Half::private_half);
  if (!private_jwk) return fail(std::move(private_jwk).error());
  made.private_jwk.json = *std::move(private_jwk);
  if (!made.jwk.key.is_symmetric()) {
    auto public_half = to_jwk(made.jwk, Half::public_half);
    if (!public_half) return fail(std::move(public_half).error());
    made.public_jwk = *std::move(public_half);
  }
  if (options.encoding == "jwk") {
    made.private_text = jwk_text(made.private_jwk.json);
    if (!made.public_jwk.is_null()) made.public_text = jwk_text(made.public_jwk);
    return made;
  }
  Encoding encoding = options.encoding == "pem" ? Encoding::pem : Encoding::der;
  auto private_text = encode_private_key(made.jwk.key, encoding, passphrase);
  if (!private_text) return fail(std::move(private_text).error());
  auto public_text = encode_public_key(made.jwk.key, encoding);
  if (!public_text) return fail(std::move(public_text).error());
  made.private_text = *std::move(private_text);
  made.public_text = *std::move(public_text);
  return made;
}

/// commit_and_append puts `outputs` in their places and the public half into the set at `path`,
/// under the set's lock. The private half has its name first: a key that verifiers know and nobody
/// has is found out when it is to sign. When the set cannot be written, the other files are taken
/// back.
Result<void> commit_and_append(const std::string& path, const NewKey& made, AppendNote& note,
                               Outputs& outputs) {
  bool gives_away = false;
  Beside beside;
  beside.before = [&] {
    auto done = outputs.check_free();
    if (!done) return done;
    done = note.write();
    if (done) done = outputs.commit();
    if (!done) note.remove();
    return done;
  };
  beside.after = [&](bool placed) {
    if (placed || outputs.take_back()) note.remove();
  };
  auto update = [&](const std::optional<SecretBytes>& old) {
    note.report(old);
    gives_away = old && holds_private_key(*old);
    return append_to_jwks(old, made.public_jwk);
  };
  auto done = update_file(path, kMaxKeySetBytes, update, Readers::by_umask, &beside);
  if (done && gives_away) {
    Io::write_warning(fmt::format("{} holds private keys too: it must not be published",
                                  show_argument(path, ShownAs::path)));
  }
  if (done || done.error().code == ErrorCode::output) return done;
  return fail(with_source(std::move(done).error(), "--out-jwks", path));
}

/// check_append fails early for what `commit_and_append` would refuse, before anything is written.
Result<void> check_append(const std::string& path, const Json& jwk) {
  // What is no regular file `commit_and_append` refuses; reading a FIFO would wait for its writer.
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) return {};
  auto old = load_file(path, kMaxKeySetBytes);
  auto text = old ? append_to_jwks(*std::move(old), jwk) : fail(std::move(old).error());
  if (text) return {};
  return fail(with_source(std::move(text).error(), "--out-jwks", path));
}

/// render_result returns what goes to --output: the private half, a JSON document, or nothing.
SecretBytes render_result(const KeygenOptions& options, const NewKey& made, bool json) {
  if (!json) return options.to_stdout() ? made.private_text : SecretBytes{};
  KeyFiles files{options.to_stdout() ? std::nullopt : options.out_private, options.out_public,
                 options.out_jwks};
  const Json* shown = options.to_stdout() ? &made.private_jwk.json : nullptr;
  std::string text = generated_json(made.jwk, made.public_jwk, shown, files);
  auto bytes = to_bytes<SecretBytes>(text);
  cleanse(text);
  return bytes;
}

/// write_outputs writes everything, or changes no file. The private half gets its name first, so
/// that nothing published lacks it.
Result<void> write_outputs(const KeygenOptions& options, const NewKey& made,
                           const Globals& globals) {
  Outputs outputs(options.existing());
  Result<void> done;
  if (options.append) done = check_append(*options.out_jwks, made.public_jwk);
  if (done && !options.to_stdout()) {
    done = outputs.add(*options.out_private, as_text(made.private_text), Readers::owner);
  }
  if (done && options.out_public) {
    done = outputs.add(*options.out_public, as_text(made.public_text), Readers::by_umask);
  }
  std::string set;
  if (done && options.out_jwks && !options.append) {
    set = Json::object({{"keys", Json::Array{made.public_jwk}}}).dump(2) + "\n";
    done = outputs.add(*options.out_jwks, set, Readers::by_umask);
  }
  bool json = globals.format == Format::json;
  SecretBytes result = render_result(options, made, json);
  bool last = json && !options.to_stdout();  // a document about what has been done
  if (done && !last && !result.empty()) {
    done = outputs.add(globals.output, as_text(result), Readers::owner);
  }
  if (done) done = outputs.write_streams();
  if (done && options.append) {
    AppendNote note(*options.out_jwks, *made.jwk.kid,
                    options.to_stdout() ? std::nullopt : options.out_private);
    done = commit_and_append(*options.out_jwks, made, note, outputs);
  } else if (done) {
    done = outputs.commit();
  }
  if (done && last) done = Io::write_result(globals, as_text(result));
  return done;
}

std::string summary(const Jwk& jwk) {
  std::string kid = fmt::format("kid {}", show_argument(*jwk.kid, ShownAs::text));
  auto print = thumbprint(jwk.key);
  if (print == jwk.kid) kid += ", its thumbprint";
  if (print && print != jwk.kid) kid += fmt::format(", thumbprint {}", *print);
  return fmt::format("made {} for {}, {}", jwk.key.describe(), *jwk.alg, kid);
}

Result<ExitCode> run_keygen(const KeygenOptions& options, Io& io, const Globals& globals) {
  if (auto good = check_options(options, globals); !good) return fail(std::move(good).error());
  auto passphrase = load_passphrase(options.passphrase, io);
  if (!passphrase) return fail(std::move(passphrase).error());
  if (passphrase->bytes && passphrase->bytes->empty()) {
    return fail(ErrorCode::usage, "--passphrase: the passphrase is empty");
  }
  auto made = make_key(options, passphrase->pointer());
  if (!made) return fail(std::move(made).error());
  if (auto done = write_outputs(options, *made, globals); !done) {
    return fail(std::move(done).error());
  }
  if (!globals.quiet) Io::write_note(summary(made->jwk));
  return ExitCode::ok;
}

void declare_kind(Spec& spec, KeygenOptions& options) {
  spec.group("Key");
  spec.one_of("--alg,-a", "ALG", options.alg, signature_algorithm_names(),
              "algorithm that the key is for (default {default})")
      .common()
      .details("`EdDSA` means Ed25519.");
  spec.number("--bits", "N", options.bits,
              {.least = kMinRsaBits,
               .most = kMaxRsaBits,
               .fallback = kDefaultRsaBits,
               .noun = "size",
               .unit = " bits",
               .too_small = "verifiers refuse smaller RSA keys (RFC 7518 section 3.3)"},
              "size of an RSA key (default {default}, at least {least})");
  spec.option("--kid", "KID", "key id: `thumbprint`, `uuid` or text",
              [&options](const std::string& value) -> Result<void> {
                if (value.size() > kMaxKidBytes || !is_utf8(value)) {
                  return fail(ErrorCode::usage, "it is not UTF-8 of at most {} bytes",
                              kMaxKidBytes);
                }
                options.kid = value;
                return {};
              })
      .common()
      .details(
          "Without it the RFC 7638 thumbprint; for a secret a UUID, because a thumbprint would let "
          "it be guessed.");
  spec.one_of("--use", "USE", options.use, {"sig"}, "use of the key (default {default})");
  spec.one_of("--encoding", "ENC", options.encoding, {"jwk", "pem", "der"},
              "form of the key (default {default})")
      .details("`pem` and `der` are PKCS#8 for the private half and SPKI for the public one.");
  declare_passphrase(spec, options.passphrase, "encrypt the private key (with pem and der)");
}

void declare_files(Spec& spec, KeygenOptions& options) {
  spec.group("Files");
  spec.option("--out-private", "PATH", options.out_private, "where the private half goes")
      .file()
      .common()
      .details("Created with mode 0600 whatever the umask. `-` is stdout.");
  spec.option("--out-public", "PATH", options.out_public, "where the public half goes").file();
  spec.option("--out-jwks", "PATH", options.out_jwks, "key set that the public half goes to")
      .file()
      .common();
  spec.flag("--append", options.append, "add to the key set of --out-jwks")
      .common()
      .details(
          "Locks the file, refuses a kid that it has, keeps what is in it, and replaces it in one "
          "step: several processes may append at once. While both halves are written, a note "
          "beside "
          "the set (`.NAME.pending`) names the key and the file of its private half; when a run "
          "was "
          "interrupted, the next one says what became of its key.");
  spec.flag("--force", options.force, "overwrite files; what they hold is lost");
}

}  // namespace

void declare_keygen(Spec& spec) {
  auto& options = spec.options<KeygenOptions>();
  spec.synopsis("[--alg ALG] [--out-private PATH] [--out-jwks PATH [--append]] [OPTION...]");
  spec.details(
      "Makes a key. The private half goes to `--out-private`, else to stdout; the public half to "
      "`--out-public` and to a key set. No file is overwritten, private files are for their owner "
      "alone, and a key set never gets private or symmetric members. A line about the key goes to "
      "stderr.");
  spec.formats({Format::text, Format::json});
  declare_kind(spec, options);
  declare_files(spec, options);
  spec.example("jwtctl keygen -a ES256 --out-private k.jwk --out-jwks jwks.json --append",
               "a new signing key, and its public half in the set that you publish");
  spec.example("jwtctl keygen -a RS256 --encoding pem --out-private k.pem --out-public k.pub",
               "for tools that read PEM");
  spec.example("jwtctl keygen -a HS256 --out-private secret.jwk", "a shared secret");
  spec.run([&options](Io& io, const Globals& globals) { return run_keygen(options, io, globals); });
}

}  // namespace jwtctl::cli
