// SPDX-License-Identifier: Apache-2.0
#include "cli/io.h"

#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>

#include "cli/out_of_memory.h"
#include "cli/places.h"
#include "lib/base/file.h"
#include "lib/base/limits.h"
#include "lib/base/shown.h"
#include "lib/base/text.h"
#include "lib/jose/key_document.h"

namespace jwtctl::cli {
namespace {

struct FormatName {
  Format format;
  std::string_view name;
};

constexpr std::array<FormatName, 14> kFormats{{{Format::text, "text"},
                                               {Format::json, "json"},
                                               {Format::jwk, "jwk"},
                                               {Format::jwks, "jwks"},
                                               {Format::pem, "pem"},
                                               {Format::markdown, "markdown"},
                                               {Format::ics, "ics"},
                                               {Format::mermaid, "mermaid"},
                                               {Format::metrics, "metrics"},
                                               {Format::concise, "concise"},
                                               {Format::sarif, "sarif"},
                                               {Format::github, "github"},
                                               {Format::gitlab, "gitlab"},
                                               {Format::junit, "junit"}}};

void write_line(std::string_view kind, std::string_view message) {
  Io::write_text(fmt::format("jwtctl: {}: {}\n", kind, escape_text(message)));
}

bool is_private_file(const std::string& path) {
  if (is_stream(path)) return false;
  auto old = load_file(path, kMaxKeySetBytes);
  return old && holds_private_key(*old);
}

bool is_set(const char* name) {
  const char* value = ::getenv(name);
  return value != nullptr && *value != '\0';
}

bool is_forced(const char* name) { return is_set(name) && std::string_view(::getenv(name)) != "0"; }

}  // namespace

bool is_json(Format format) {
  switch (format) {
    case Format::json:
    case Format::jwk:
    case Format::jwks:
    case Format::sarif:
    case Format::gitlab: return true;
    case Format::text:
    case Format::pem:
    case Format::markdown:
    case Format::ics:
    case Format::mermaid:
    case Format::metrics:
    case Format::concise:
    case Format::github:
    case Format::junit: return false;
  }
  return false;
}

std::string_view to_string(Format format) {
  return std::find_if(kFormats.begin(), kFormats.end(),
                      [format](const FormatName& row) { return row.format == format; })
      ->name;
}

std::optional<Format> find_format(std::string_view name) {
  const auto* found = std::find_if(kFormats.begin(), kFormats.end(),
                                   [name](const FormatName& row) { return row.name == name; });
  return found != kFormats.end() ? std::optional(found->format) : std::nullopt;
}

std::optional<std::string> Io::environment(const std::string& name) {
  const char* value = ::getenv(name.c_str());
  return value != nullptr ? std::optional<std::string>(value) : std::nullopt;
}

bool Io::stdin_is_terminal() { return ::isatty(STDIN_FILENO) == 1; }
bool Io::stdout_is_terminal() { return ::isatty(STDOUT_FILENO) == 1; }
bool Io::stderr_is_terminal() { return ::isatty(STDERR_FILENO) == 1; }

Instant Io::clock() {
  auto since = std::chrono::system_clock::now().time_since_epoch();
  auto seconds = std::chrono::floor<std::chrono::seconds>(since);
  auto nanos = std::chrono::duration_cast<std::chrono::nanoseconds>(since - seconds);
  return {seconds.count(), static_cast<std::int32_t>(nanos.count())};
}

bool Io::use_color(const Globals& globals) {
  if (globals.color != Color::automatic) return globals.color == Color::always;
  if (globals.output != "-" || is_set(variable::kNoColor)) return false;
  if (is_forced(variable::kCliColorForce) || is_forced(variable::kForceColor)) return true;
  bool dumb = environment(variable::kTerminal) == "dumb";
  return stdout_is_terminal() && !dumb;
}

Seconds Io::local_offset(Instant instant) {
  auto seconds = static_cast<time_t>(instant.seconds);
  struct tm fields {};
  return ::localtime_r(&seconds, &fields) != nullptr ? Seconds{fields.tm_gmtoff} : Seconds{0};
}

Result<SecretBytes> Io::read_stdin(std::string_view reader, std::size_t limit) {
  if (!stdin_reader_.empty()) {
    return fail(ErrorCode::usage, "both {} and {} want to read stdin", stdin_reader_, reader)
        .hint("give one of them as a file, fd:N or env:NAME");
  }
  stdin_reader_ = reader;
  return read_fd(STDIN_FILENO, limit, "stdin");
}

Result<void> Io::write_result(const Globals& globals, std::string_view bytes,
                              Existing private_keys) {
  if (is_json(globals.format) || globals.format == Format::github) {
    return write_exactly(globals, bytes, private_keys);
  }
  auto disarmed = disarm_ci_commands(bytes);
  return write_exactly(globals, disarmed ? *disarmed : bytes, private_keys);
}

Result<void> Io::write_exactly(const Globals& globals, std::string_view bytes,
                               Existing private_keys) {
  if (globals.output == "-") {
    expect_json(false);
    return write_fd(STDOUT_FILENO, bytes, "stdout");
  }
  if (private_keys == Existing::refuse && is_private_file(globals.output)) {
    return fail(ErrorCode::output, "{} holds a private key, which is not overwritten",
                show_argument(globals.output, ShownAs::path))
        .hint("choose another name, or remove the file first; keygen and jwks show have --force");
  }
  return write_file(globals.output, bytes);
}

void Io::write_error(const Error& error) {
  write_line("error", error.message);
  if (!error.hint.empty()) write_line("hint", error.hint);
}

void Io::write_warning(std::string_view message) { write_line("warning", message); }
void Io::write_note(std::string_view message) { write_line("note", message); }

void Io::write_text(std::string_view text) {
  // When stderr cannot be written there is nobody left to tell.
  auto disarmed = disarm_ci_commands(text);
  (void)write_fd(STDERR_FILENO, disarmed ? *disarmed : text, "stderr");
}

}  // namespace jwtctl::cli
