// SPDX-License-Identifier: Apache-2.0
#include "cli/inputs.h"

#include <sys/stat.h>

#include <charconv>

#include "lib/base/file.h"
#include "lib/base/text.h"

namespace jwtctl::cli {
namespace {

/// What surrounds a token may be larger than the token: a JSON document, a header dump.
constexpr std::size_t kMaxTokenInput = std::size_t{4} * 1024 * 1024;

bool is_file(const std::string& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0;
}

Failure no_token() {
  return fail(ErrorCode::usage, "no token given")
      .hint("give it as argument, @PATH, env:NAME, or pipe it in: pbpaste | jwtctl decode");
}

/// as_input turns an exceeded limit into a plain input error.
Error as_input(Error error) {
  if (error.code == ErrorCode::key_refused) error.code = ErrorCode::input;
  return error;
}

Result<std::string> load_variable(const std::string& name, std::string_view option) {
  constexpr std::string_view kNameCharacters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";
  if (name.empty() || name.find_first_not_of(kNameCharacters) != std::string::npos) {
    return fail(ErrorCode::usage, "{}: what follows env: is not the name of a variable", option);
  }
  auto value = Io::environment(name);
  if (value) return *std::move(value);
  return fail(ErrorCode::usage, "{}: the environment variable {} is not set", option,
              shorten(name, 40));
}

/// names_secret says that a SPEC does not look like a name, so it may be the secret itself.
bool names_secret(const std::string& spec, std::string_view option) {
  if (option != "--jwks" && option != "--key") return true;
  bool like_a_path = spec.size() <= 120 && spec.find_first_of("./") != std::string::npos &&
                     spec.find_first_of("{\n") == std::string::npos;
  return !like_a_path || looks_like_token(spec);
}

Result<SecretBytes> load_named_file(const std::string& spec, std::string_view option,
                                    std::size_t limit) {
  auto bytes = load_file(spec, limit);
  if (bytes) return bytes;
  if (is_file(spec)) {
    Error error = std::move(bytes).error();
    error.message = fmt::format("{}: {}", option, error.message);
    return fail(std::move(error));
  }
  constexpr std::string_view kGrammar = "it takes PATH, -, fd:N or env:NAME, never the key itself";
  if (names_secret(spec, option)) {
    return fail(ErrorCode::input, "{}: what it names is no file", option).hint("{}", kGrammar);
  }
  if (spec.starts_with("https://") || spec.starts_with("http://")) {
    return fail(ErrorCode::usage, "{}: this version does not fetch from the network", option)
        .hint("save the key set to a file first");
  }
  return fail(ErrorCode::input, "{}: there is no file {}", option, spec);
}

/// with_source prefixes an error with where the material came from.
Error with_source(Error error, std::string_view option, std::string_view source) {
  error.message = fmt::format("{} {}: {}", option, source, error.message);
  return error;
}

/// source_name is what reports call a SPEC.
std::string source_name(const std::string& spec) { return spec == "-" ? "stdin" : spec; }

Result<SecretBytes> load_passphrase(const std::string& spec, Io& io) {
  auto bytes = load_spec(spec, "--passphrase", kMaxPassphraseBytes, io);
  if (!bytes) return fail(as_input(std::move(bytes).error()));
  // Editors and echo end a line; a passphrase is the line.
  if (!bytes->empty() && bytes->back() == '\n') bytes->pop_back();
  if (!bytes->empty() && bytes->back() == '\r') bytes->pop_back();
  return bytes;
}

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

void declare_token(Spec& spec, TokenInput& input) {
  PositionalDoc& token = spec.positional("TOKEN", input.token, "the token, -, @PATH or env:NAME");
  token.sensitive = true;
  token.details =
      "A literal token, `-` for stdin, `@PATH` for a file, or `env:NAME`. Without it stdin is "
      "read when that is not a terminal. What pasting adds around a token (`Bearer`, quotes, a "
      "header name, line breaks, a JSON document) is removed and reported. A token given as "
      "argument is overwritten in the process list.";
  spec.option("--max-token-size", "BYTES", "refuse larger tokens (default 65536)",
              [&input](const std::string& value) -> Result<void> {
                std::size_t bytes = 0;
                const char* end = value.data() + value.size();
                auto [at, error] = std::from_chars(value.data(), end, bytes);
                if (error != std::errc{} || at != end || bytes == 0 || bytes > kMaxTokenInput) {
                  return fail(ErrorCode::usage, "\"{}\" is not a size from 1 to {} bytes",
                              brief(value), kMaxTokenInput);
                }
                input.max_bytes = bytes;
                return {};
              });
}

Result<CleanedToken> load_token(const TokenInput& input, Io& io) {
  std::string text;
  std::string source = "the token";
  if (!input.token || *input.token == "-") {
    if (!input.token && Io::stdin_is_terminal()) return no_token();
    auto bytes = io.read_stdin("TOKEN", kMaxTokenInput);
    if (!bytes) return fail(as_input(std::move(bytes).error()));
    text = as_text(*bytes);
    source = "stdin";
  } else if (input.token->starts_with('@')) {
    source = input.token->substr(1);
    if (looks_like_token(source)) {
      return fail(ErrorCode::usage, "what follows @ is a token, not the name of a file")
          .hint("leave out the @");
    }
    auto bytes = load_file(source, kMaxTokenInput);
    if (!bytes) return fail(as_input(std::move(bytes).error()));
    text = as_text(*bytes);
  } else if (input.token->starts_with("env:")) {
    source = *input.token;
    auto value = load_variable(input.token->substr(4), "TOKEN");
    if (!value) return fail(std::move(value).error());
    text = *std::move(value);
  } else {
    text = *input.token;
    if (!looks_like_token(clean_token(text, kMaxTokenInput).text) && is_file(text)) {
      return fail(ErrorCode::usage, "\"{}\" is a file, not a token", text)
          .hint("to read the token from it write @{}", text);
    }
  }
  if (trim(text).empty()) {
    return fail(ErrorCode::input, "{} is empty, there is no token in it", source);
  }
  return clean_token(text, kMaxTokenInput);
}

Result<SecretBytes> load_spec(const std::string& spec, std::string_view option, std::size_t limit,
                              Io& io) {
  if (spec == "-") return io.read_stdin(option, limit);
  if (spec.starts_with("env:")) {
    auto value = load_variable(spec.substr(4), option);
    if (!value) return fail(std::move(value).error());
    auto bytes = to_bytes<SecretBytes>(*value);
    cleanse(*value);
    if (bytes.size() <= limit) return bytes;
    return fail(ErrorCode::key_refused, "{}: {} is larger than the limit of {} bytes", option, spec,
                limit);
  }
  if (spec.starts_with("fd:")) {
    int fd = -1;
    const char* end = spec.data() + spec.size();
    auto [at, error] = std::from_chars(spec.data() + 3, end, fd);
    bool good = error == std::errc{} && at == end && (fd == 0 || fd > 2);
    if (!good) {
      return fail(ErrorCode::usage, "{}: {} is not a file descriptor to read from", option,
                  shorten(spec, 16));
    }
    if (fd == 0) return io.read_stdin(option, limit);
    return read_fd(fd, limit, spec);
  }
  return load_named_file(spec, option, limit);
}

void declare_keys(Spec& spec, KeyInput& input) {
  spec.group("Key source (exactly one)");
  spec.option("--key,-k", "SPEC", input.key, "public key, certificate or JWK to verify with")
      .file()
      .sensitive()
      .common()
      .details(
          "PEM, DER or JWK, recognised by content. `SPEC` is a path, `-` for stdin, `fd:N` or "
          "`env:NAME`. The key is tried even when its kid differs from the token's.");
  spec.option("--jwks", "SPEC", input.jwks, "key set to choose the key from")
      .file()
      .common()
      .details("A JWK Set; the key with the token's kid is used.");
  spec.option("--secret", "SPEC", input.secret, "shared secret of an HMAC algorithm")
      .file()
      .sensitive()
      .common()
      .details(
          "Where the secret is, never the secret itself. Its exact bytes count, a newline at "
          "the end too. A public key or certificate is refused.");
  spec.option("--secret-encoding", "ENC", "how the secret is spelled (default raw)",
              [&input](const std::string& value) {
                input.secret_encoding = value == "base64"      ? SecretEncoding::base64
                                        : value == "base64url" ? SecretEncoding::base64url
                                        : value == "hex"       ? SecretEncoding::hex
                                                               : SecretEncoding::raw;
                return Result<void>{};
              })
      .choices({"raw", "base64", "base64url", "hex"});
  spec.option("--passphrase", "SPEC", input.passphrase, "passphrase of an encrypted private key")
      .file()
      .sensitive();
}

Result<void> check_one_key_source(const KeyInput& input) {
  int sources = (input.key ? 1 : 0) + (input.secret ? 1 : 0) + (input.jwks ? 1 : 0);
  constexpr std::string_view kList = "give exactly one of --key, --secret, --jwks";
  if (sources == 0) return fail(ErrorCode::usage, "no key to verify with").hint("{}", kList);
  if (sources > 1) return fail(ErrorCode::usage, "more than one key source").hint("{}", kList);
  if (input.secret_encoding != SecretEncoding::raw && !input.secret) {
    return fail(ErrorCode::usage, "--secret-encoding without --secret");
  }
  return {};
}

Result<KeySet> load_keys(const KeyInput& input, Io& io) {
  if (input.secret) return load_secret(input, io);
  std::optional<SecretBytes> passphrase;
  if (input.passphrase) {
    auto bytes = load_passphrase(*input.passphrase, io);
    if (!bytes) return fail(std::move(bytes).error());
    passphrase = *std::move(bytes);
  }
  std::string_view option = input.key ? "--key" : "--jwks";
  const std::string& spec = input.key ? *input.key : *input.jwks;
  auto bytes = load_spec(spec, option, input.key ? kMaxKeyFileBytes : kMaxKeySetBytes, io);
  if (!bytes) return fail(std::move(bytes).error());
  std::string source = source_name(spec);
  auto material = parse_key_material(*bytes, passphrase ? &*passphrase : nullptr);
  if (!material) return fail(with_source(std::move(material).error(), option, source));

  KeySet& set = material->set;
  bool is_set = material->form == KeyForm::jwks;
  if (input.key && is_set && set.keys.size() + set.skipped.size() > 1) {
    return fail(ErrorCode::usage, "--key {} is a set of {} keys", source,
                set.keys.size() + set.skipped.size())
        .hint("choose from a set with --jwks");
  }
  if (input.jwks && (material->form == KeyForm::pem || material->form == KeyForm::der)) {
    return fail(ErrorCode::input, "--jwks {} is a single key, not a key set", source)
        .hint("give it with --key");
  }
  set.pinned = input.key.has_value();
  set.source = std::move(source);
  return std::move(set);
}

}  // namespace jwtctl::cli
