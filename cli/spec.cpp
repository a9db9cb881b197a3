// SPDX-License-Identifier: Apache-2.0
#include "cli/spec.h"

#include <algorithm>

#include "lib/base/shown.h"
#include "lib/base/text.h"

namespace jwtctl::cli {
namespace {

Result<void> refuse_empty(std::string_view value) {
  if (!value.empty()) return {};
  return fail(ErrorCode::usage, "the value is empty").hint("is a variable unset?");
}

std::string article_free(const OptionDoc& option) {
  std::string name = option.names.front();
  return name.substr(name.find_first_not_of('-'));
}

}  // namespace

Result<void> choose(std::string_view value, const std::vector<std::string>& choices,
                    std::string_view what) {
  if (std::find(choices.begin(), choices.end(), value) != choices.end()) return {};
  std::vector<std::string_view> names(choices.begin(), choices.end());
  return fail(ErrorCode::usage, "unknown {} {}", what, quote_argument(value))
      .hint("{}", did_you_mean(value, names));
}

OptionBuilder& OptionBuilder::alias(std::string name) {
  option_.aliases.push_back(std::move(name));
  return *this;
}

OptionBuilder& OptionBuilder::details(std::string markup) {
  option_.details = std::move(markup);
  return *this;
}

OptionBuilder& OptionBuilder::choices(std::vector<std::string> values) {
  option_.choices = std::move(values);
  option_.complete = Complete::choices;
  Assign inner = std::move(option_.assign);
  option_.assign = [inner, what = article_free(option_),
                    allowed = option_.choices](const std::string& value) -> Result<void> {
    if (auto known = choose(value, allowed, what); !known) return known;
    return inner(value);
  };
  return *this;
}

OptionBuilder& OptionBuilder::offer(std::vector<std::string> values) {
  option_.offered = std::move(values);
  return *this;
}

OptionBuilder& OptionBuilder::comma_list() {
  option_.comma_list = true;
  return *this;
}

OptionBuilder& OptionBuilder::file() {
  option_.complete = Complete::file;
  return *this;
}

OptionBuilder& OptionBuilder::common() {
  option_.common = true;
  return *this;
}

OptionBuilder& OptionBuilder::sensitive() {
  option_.sensitive = true;
  return *this;
}

Spec& Spec::synopsis(std::string line) {
  synopsis_line = std::move(line);
  return *this;
}

Spec& Spec::details(std::string markup) {
  details_markup = std::move(markup);
  return *this;
}

Spec& Spec::formats(std::vector<Format> formats) {
  accepted_formats = std::move(formats);
  return *this;
}

Spec& Spec::example(std::string command, std::string what) {
  examples.push_back({std::move(command), std::move(what)});
  return *this;
}

Spec& Spec::run(Run function) {
  run_function = std::move(function);
  return *this;
}

Spec& Spec::group(std::string heading) {
  group_ = std::move(heading);
  return *this;
}

OptionDoc& Spec::add(std::string_view names, std::string metavar, std::string summary) {
  OptionDoc option;
  for (std::string_view name : split(names, ',')) option.names.emplace_back(name);
  option.metavar = std::move(metavar);
  option.summary = std::move(summary);
  option.group = group_;
  option_docs.push_back(std::move(option));
  return option_docs.back();
}

OptionBuilder Spec::flag(std::string_view names, bool& target, std::string summary) {
  OptionDoc& doc = add(names, "", std::move(summary));
  doc.repeatable = true;  // saying it twice means it once
  doc.assign = [&target](const std::string&) -> Result<void> {
    target = true;
    return {};
  };
  return OptionBuilder(doc);
}

OptionBuilder Spec::option(std::string_view names, std::string metavar, std::string summary,
                           Assign assign) {
  OptionDoc& doc = add(names, std::move(metavar), std::move(summary));
  doc.assign = [inner = std::move(assign)](const std::string& value) -> Result<void> {
    if (auto filled = refuse_empty(value); !filled) return filled;
    return inner(value);
  };
  return OptionBuilder(doc);
}

OptionBuilder Spec::option(std::string_view names, std::string metavar,
                           std::optional<std::string>& target, std::string summary) {
  return option(names, std::move(metavar), std::move(summary),
                [&target](const std::string& value) -> Result<void> {
                  target = value;
                  return {};
                });
}

OptionBuilder Spec::list(std::string_view names, std::string metavar,
                         std::vector<std::string>& target, std::string summary) {
  OptionBuilder builder = option(names, std::move(metavar), std::move(summary),
                                 [&target](const std::string& value) -> Result<void> {
                                   target.push_back(value);
                                   return {};
                                 });
  option_docs.back().repeatable = true;
  return builder;
}

OptionBuilder Spec::duration(std::string_view names, std::optional<Seconds>& target,
                             std::string summary) {
  return option(names, "DUR", std::move(summary),
                [&target](const std::string& value) -> Result<void> {
                  auto length = parse_duration(value);
                  if (!length) return fail(std::move(length).error());
                  target = *length;
                  return {};
                });
}

PositionalDoc& Spec::positional(std::string metavar, std::optional<std::string>& target,
                                std::string summary) {
  PositionalDoc doc;
  doc.metavar = std::move(metavar);
  doc.summary = std::move(summary);
  doc.assign = [&target](const std::string& value) -> Result<void> {
    target = value;
    return {};
  };
  positional_docs.push_back(std::move(doc));
  return positional_docs.back();
}

PositionalDoc& Spec::positionals(std::string metavar, std::vector<std::string>& target,
                                 std::string summary) {
  PositionalDoc doc;
  doc.metavar = std::move(metavar);
  doc.summary = std::move(summary);
  doc.repeatable = true;
  doc.assign = [&target](const std::string& value) -> Result<void> {
    target.push_back(value);
    return {};
  };
  positional_docs.push_back(std::move(doc));
  return positional_docs.back();
}

void declare_globals(Spec& spec, Globals& globals) {
  spec.group(std::string(kGlobalGroup));
  std::vector<std::string> formats;
  for (Format format : spec.accepted_formats) {
    formats.emplace_back(to_string(format));
  }
  spec.option("--format,-f", "FMT", "output format",
              [&globals](const std::string& value) {
                globals.format = find_format(value).value_or(Format::text);
                return Result<void>{};
              })
      .choices(formats)
      .common();
  spec.option("--output,-o", "PATH", "write the result there instead of to stdout",
              [&globals](const std::string& value) {
                globals.output = value;
                return Result<void>{};
              })
      .file()
      .details("A regular file is replaced atomically. `-` is stdout.");
  spec.flag("--quiet,-q", globals.quiet, "no report, the exit status says it")
      .details("Errors still go to stderr, and what `--print` asks for is still printed.")
      .common();
  spec.flag("--verbose,-v", globals.verbose, "say more");
  spec.option("--color", "WHEN", "when to use color",
              [&globals](const std::string& value) {
                globals.color = value == "always"  ? Color::always
                                : value == "never" ? Color::never
                                                   : Color::automatic;
                return Result<void>{};
              })
      .choices({"auto", "always", "never"})
      .details(
          "`auto` uses color on a terminal, unless `NO_COLOR` is set; `CLICOLOR_FORCE` or "
          "`FORCE_COLOR` force it.");
  spec.option("--now", "TIME", "judge as of this time instead of the clock",
              [&globals](const std::string& value) -> Result<void> {
                auto time = parse_time(value, Io::clock());
                if (!time) return fail(std::move(time).error());
                globals.now = value;
                return {};
              })
      .details(
          "RFC 3339 with an offset (`2026-11-23T14:28:00Z`) or epoch seconds, each with a fraction "
          "or without, `now`, or relative to now: `+15m`, `-2h`.");
  bool& local = globals.local;
  spec.flag("--local", local, "show times in the local time zone");
  spec.flag("--utc", local, "show times in UTC (the default)");
  spec.option_docs.back().assign = [&local](const std::string&) -> Result<void> {
    local = false;
    return {};
  };
  spec.flag("-h", globals.help_short, "short help").common();
  spec.flag("--help", globals.help_long, "the whole help").common();
  spec.flag("--version,-V", globals.version, "name the version");
}

}  // namespace jwtctl::cli
