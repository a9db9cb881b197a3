// SPDX-License-Identifier: Apache-2.0
#include "cli/inputs.h"

#include <sys/stat.h>

#include <algorithm>

#include "lib/base/file.h"
#include "lib/base/shown.h"
#include "lib/base/text.h"

namespace jwtctl::cli {
namespace {

/// What surrounds a token may be larger than the token: a JSON document, a header dump.
constexpr std::size_t kMaxTokenInput = std::size_t{4} * 1024 * 1024;

Failure no_token() {
  return fail(ErrorCode::usage, "no token given")
      .hint("give it as argument, @PATH, env:NAME, or pipe it in: pbpaste | jwtctl decode");
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
              show_argument(name));
}

/// has_ending: a file's name ends as those of keys and certificates do (.pem, .jwks, .p8), which a
/// password with a full stop in it hardly does.
bool has_ending(std::string_view name) {
  constexpr std::size_t kLongestEnding = 5;
  std::string_view ending = name.substr(std::min(name.rfind('.'), name.size()));
  if (!ending.empty()) ending.remove_prefix(1);
  bool letter = !ending.empty() && ending[0] >= 'a' && ending[0] <= 'z';
  return letter && ending.size() <= kLongestEnding &&
         ending.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789") == std::string::npos;
}

/// looks_like_path: of what names no file, it says so or lies in a folder that is there, or has the
/// ending of one. Anything else may as well be a password, with a / or not.
bool looks_like_path(const std::string& spec) {
  for (std::string_view start : {"./", "../", "~/", "https://", "http://"}) {
    if (spec.starts_with(start)) return true;
  }
  if (has_ending(spec)) return true;
  std::size_t slash = spec.find('/', 1);
  return slash != std::string::npos && is_file(spec.substr(0, slash));
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
    return fail(ErrorCode::input, "{}: what it names is no file: {}", option,
                show_argument(spec, ShownAs::secret))
        .hint("{}", kGrammar);
  }
  if (spec.starts_with("https://") || spec.starts_with("http://")) {
    return fail(ErrorCode::usage, "{} takes no URL", option)
        .hint("jwtctl jwks fetch URL -f jwks -o PATH saves a key set");
  }
  return fail(ErrorCode::input, "{}: there is no file {}", option,
              show_argument(spec, ShownAs::path));
}

}  // namespace

bool names_secret(const std::string& spec, std::string_view option) {
  if (option == "--secret" || option == "--passphrase") return true;
  return spec.size() > 120 || spec.find_first_of("{\n") != std::string::npos ||
         looks_like_token(spec) || !looks_like_path(spec);
}

bool is_file(const std::string& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0;
}

Error as_input(Error error) {
  if (error.code == ErrorCode::key_refused) error.code = ErrorCode::input;
  return error;
}

void declare_token(Spec& spec, TokenInput& input) {
  PositionalDoc& token = spec.positional("TOKEN", input.token, "the token, -, @PATH or env:NAME");
  token.sensitive = true;
  token.literal = &input.literal;
  token.details =
      "A literal token, `-` for stdin, `@PATH` for a file, or `env:NAME`. After `--` it is a "
      "literal, always: a script writes `-- \"$TOKEN\"`, so that nobody who sends a token chooses "
      "what is read. Without it stdin is read when that is not a terminal. What pasting adds "
      "around a token (`Bearer`, quotes, a "
      "header name, line breaks, a JSON document) is removed and reported. A token given as "
      "argument is overwritten in the process list.";
  spec.number("--max-token-size", "BYTES", input.max_bytes,
              {.least = 1, .most = kMaxTokenInput, .noun = "size", .unit = " bytes"},
              "refuse larger tokens (default {default})");
}

Result<CleanedToken> load_token(const TokenInput& input, Io& io) {
  std::string text;
  std::string source = "the token";
  TokenOrigin origin = TokenOrigin::document;
  if (input.token && input.literal) {
    text = *input.token;
    origin = TokenOrigin::literal;
  } else if (!input.token || *input.token == "-") {
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
    origin = TokenOrigin::literal;
    if (!looks_like_token(clean_token(text, kMaxTokenInput).text) && is_file(text)) {
      return fail(ErrorCode::usage, "{} is a file, not a token",
                  quote_argument(text, ShownAs::path))
          .hint("to read the token from it write @{}", show_argument(text, ShownAs::path));
    }
  }
  if (trim(text).empty()) {
    return fail(ErrorCode::input, "{} is empty, there is no token in it",
                show_argument(source, ShownAs::path));
  }
  return clean_token(text, kMaxTokenInput, origin);
}

std::string literal_hint(const TokenInput& input) {
  if (!input.literal || !input.token) return {};
  bool source = *input.token == "-" || input.token->starts_with('@') ||
                input.token->starts_with("env:") || is_file(*input.token);
  return source ? "after -- the token is the text itself; -, @PATH and env:NAME stand before it"
                : "";
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
    return fail(ErrorCode::key_refused, "{}: {} is larger than the limit of {} bytes", option,
                show_argument(spec, ShownAs::path), limit);
  }
  if (spec.starts_with("fd:")) {
    auto fd = parse_number<int>(std::string_view(spec).substr(3));
    if (!fd || *fd == 1 || *fd == 2) {
      return fail(ErrorCode::usage, "{}: {} is not a file descriptor to read from", option,
                  show_argument(spec, ShownAs::path));
    }
    if (*fd == 0) return io.read_stdin(option, limit);
    return read_fd(*fd, limit, spec);
  }
  return load_named_file(spec, option, limit);
}

}  // namespace jwtctl::cli
