// SPDX-License-Identifier: Apache-2.0
// Rules of the terminal: results go to stdout and nothing else does; errors, warnings, notes and
// hints go to stderr as `jwtctl: error: …`, in lower case and without a full stop; whatever is
// untrusted is escaped on the way. A result is written whole, and whether it was written is
// checked.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "lib/base/result.h"
#include "lib/base/secret.h"
#include "lib/base/staged_file.h"
#include "lib/base/time.h"

namespace jwtctl::cli {

enum class Format {
  text,
  json,
  jwk,
  jwks,
  pem,
  markdown,
  ics,
  mermaid,
  metrics,
  concise,
  sarif,
  github,
  gitlab,
  junit,
};

/// is_json says that a format is a JSON document.
bool is_json(Format format);

/// to_string returns the name of `format` as `-f` takes it; find_format the format of a name.
std::string_view to_string(Format format);
std::optional<Format> find_format(std::string_view name);

enum class Color { automatic, always, never };

/// Globals are the options that every command has.
struct Globals {
  Format format = Format::text;
  std::string output = "-";
  bool quiet = false;
  bool verbose = false;
  Color color = Color::automatic;
  std::optional<When> now;
  bool local = false;
  bool help_short = false;
  bool help_long = false;
  bool version = false;
};

/// Io is the process as commands see it.
class Io {
 public:
  /// environment returns a variable, nothing when it is not set.
  static std::optional<std::string> environment(const std::string& name);

  static bool stdin_is_terminal();
  static bool stdout_is_terminal();
  static bool stderr_is_terminal();

  /// clock returns the real time.
  static Instant clock();

  /// use_color decides for stdout: flag, NO_COLOR, CLICOLOR_FORCE and FORCE_COLOR, terminal.
  static bool use_color(const Globals& globals);

  /// local_offset returns the seconds east of UTC of the local zone at `instant`.
  static Seconds local_offset(Instant instant);

  /// read_stdin reads all of stdin for `reader` (an option, or "TOKEN"). Only one reader may:
  /// the second fails with `usage`, naming both.
  Result<SecretBytes> read_stdin(std::string_view reader, std::size_t limit);

  /// write_result writes to `-o`: stdout for "-", else a file, atomically. A file that holds
  /// private keys is overwritten only where `private_keys` says so; else it fails with `output`.
  /// Whatever made the text, no line of it is a command to a CI log, but for the commands that the
  /// format `github` consists of. JSON is left alone: its strings are escaped where they are made.
  static Result<void> write_result(const Globals& globals, std::string_view bytes,
                                   Existing private_keys = Existing::refuse);

  /// write_exactly does so with bytes that must not be changed: those of a token's part.
  static Result<void> write_exactly(const Globals& globals, std::string_view bytes,
                                    Existing private_keys = Existing::refuse);

  /// write_x print one escaped line to stderr.
  static void write_error(const Error& error);
  static void write_warning(std::string_view message);
  static void write_note(std::string_view message);

  /// write_text prints finished text to stderr; the caller has escaped it. Commands to a CI log are
  /// broken as in results.
  static void write_text(std::string_view text);

 private:
  std::string stdin_reader_;
};

}  // namespace jwtctl::cli
