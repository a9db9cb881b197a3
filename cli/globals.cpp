// SPDX-License-Identifier: Apache-2.0
// The options that every command has.
#include "cli/spec.h"

namespace jwtctl::cli {

void declare_globals(Spec& spec, Globals& globals) {
  spec.group(std::string(kGlobalGroup));
  std::vector<Choice<Format>> formats;
  for (Format format : spec.accepted_formats) formats.push_back({to_string(format), format});
  spec.choice("--format,-f", "FMT", globals.format, std::move(formats), "output format").common();
  spec.option("--output,-o", "PATH", globals.output, "write the result there instead of to stdout")
      .file()
      .details("A regular file is replaced atomically. `-` is stdout.");
  spec.flag("--quiet,-q", globals.quiet, "no report, the exit status says it")
      .details("Errors still go to stderr, and what `--print` asks for is still printed.")
      .common();
  spec.flag("--verbose,-v", globals.verbose, "say more");
  spec.choice("--color", "WHEN", globals.color,
              {{"auto", Color::automatic}, {"always", Color::always}, {"never", Color::never}},
              "when to use color")
      .details(
          "`auto` uses color on a terminal, unless `NO_COLOR` is set; `CLICOLOR_FORCE` or "
          "`FORCE_COLOR` force it.");
  spec.time("--now", globals.now, "judge as of this time instead of the clock")
      .details(
          "RFC 3339 with an offset (`2026-11-23T14:28:00Z`) or epoch seconds, each with a fraction "
          "or without, `now`, or relative to now: `+15m`, `-2h`.");
  spec.flag("--local", globals.local, "show times in the local time zone");
  spec.flag("--utc", globals.local, "show times in UTC (the default)", false);
  spec.flag("-h", globals.help_short, "short help").common();
  spec.flag("--help", globals.help_long, "the whole help").common();
  spec.flag("--version,-V", globals.version, "name the version");
}

}  // namespace jwtctl::cli
