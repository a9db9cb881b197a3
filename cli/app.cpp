// SPDX-License-Identifier: Apache-2.0
#include "cli/app.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Version.hpp>
#include <algorithm>
#include <map>

#include "cli/docs/help.h"
#include "cli/out_of_memory.h"
#include "cli/report/report.h"
#include "cli/words.h"
#include "lib/base/shown.h"
#include "lib/base/text.h"
#include "version.h"

namespace jwtctl::cli {
namespace {

const Command* find_command(std::string_view name) {
  const auto* found = std::find_if(std::begin(kCommands), std::end(kCommands),
                                   [name](const Command& command) { return command.name == name; });
  return found != std::end(kCommands) ? found : nullptr;
}

Failure unknown_option(const Spec& spec, std::string_view name) {
  std::vector<std::string_view> names;
  for (const OptionDoc& option : spec.option_docs) {
    names.insert(names.end(), option.names.begin(), option.names.end());
  }
  // Behind a short option its value may follow at once, and that may be a secret.
  bool is_long = name.starts_with("--");
  std::string_view given = is_long ? name.substr(0, name.find('=')) : name.substr(0, 2);
  auto near = suggest(given, names);
  return fail(ErrorCode::usage, "unknown option {}", show_argument(given))
      .hint("{}", near ? fmt::format("did you mean {}?", *near) : "see --help");
}

/// Located is where in the arguments the command stands; npos when there is none.
struct Located {
  const Command* command = nullptr;
  Arguments rest;  ///< the arguments without the command
};

/// misplaced_option explains an option in front of the command that is none of jwtctl's own.
Failure misplaced_option(const Spec& globals, const std::string& argument) {
  for (const Command& command : kCommands) {
    Globals scratch;
    if (command.hidden || find_option(describe(command, scratch).spec, argument) == nullptr)
      continue;
    return fail(ErrorCode::usage, "{} stands before the command", argument)
        .hint("write it after the command: jwtctl {} {} …", command.name, argument);
  }
  return unknown_option(globals, argument);
}

/// incomplete_command explains the first word of commands that have two.
std::optional<Failure> incomplete_command(const std::string& word) {
  std::vector<std::string> whole;
  for (const std::string& name : command_names()) {
    if (name.starts_with(word + " ")) whole.push_back(fmt::format("jwtctl {}", name));
  }
  if (whole.empty()) return std::nullopt;
  return fail(ErrorCode::usage, "\"{}\" is not the whole command", word)
      .hint("write {}", join(whole, " or "));
}

Result<Located> locate_command(const Arguments& arguments, const Spec& globals) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    if (argument == "--") break;
    if (is_option(argument)) {
      Word word = read_word(globals, argument);
      if (word.option == nullptr) return misplaced_option(globals, argument);
      if (word.takes_next()) ++i;
      continue;
    }
    const Command* command = find_command(argument);
    std::size_t words = 1;
    if (i + 1 < arguments.size()) {
      const Command* two = find_command(fmt::format("{} {}", argument, arguments[i + 1]));
      if (two != nullptr) {
        command = two;
        words = 2;
      }
    }
    if (command == nullptr) {
      if (auto group = incomplete_command(argument)) return *std::move(group);
      std::vector<std::string> names = command_names();
      std::vector<std::string_view> views(names.begin(), names.end());
      return fail(ErrorCode::usage, "unknown command {}", quote_argument(argument))
          .hint("{}", did_you_mean(argument, views));
    }
    Located located{command, arguments};
    auto first = located.rest.begin() + static_cast<std::ptrdiff_t>(i);
    located.rest.erase(first, first + static_cast<std::ptrdiff_t>(words));
    return located;
  }
  return Located{nullptr, arguments};
}

/// check_words walks over the arguments as CLI11 will, and refuses what it would misread: an
/// option as the value of another, "--name=" as "take the next argument", a value for a switch.
/// It notes a request for help, which never is the value of an option.
Result<void> check_words(const Spec& spec, const Arguments& arguments, Globals& globals) {
  for (std::size_t i = 0; i < arguments.size() && arguments[i] != "--"; ++i) {
    if (!is_option(arguments[i])) continue;
    Word word = read_word(spec, arguments[i]);
    globals.help_short = globals.help_short || word.help_short;
    globals.help_long = globals.help_long || word.help_long;
    if (word.option == nullptr) continue;
    const std::string& name = word.option->names.front();
    if (word.option->is_switch()) {
      if (word.attached) return fail(ErrorCode::usage, "{} takes no value", name);
      continue;
    }
    if (word.attached && word.attached->empty()) {
      return fail(ErrorCode::usage, "{}: the value is empty", name).hint("is a variable unset?");
    }
    if (word.attached) continue;
    if (i + 1 == arguments.size()) return fail(ErrorCode::usage, "{} needs a value", name);
    const std::string& next = arguments[++i];
    std::string next_name = next.substr(0, next.find('='));
    if (is_option(next) && (next == "--" || find_option(spec, next_name) != nullptr)) {
      return fail(ErrorCode::usage, "{} needs a value, but {} follows", name, next_name)
          .hint("if {} is the value, write {}={}", next_name, name, next_name);
    }
  }
  return {};
}

/// has_work says whether there is more than options that every command has.
bool has_work(const Spec& spec, const Arguments& arguments) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (!is_option(arguments[i])) return true;
    Word word = read_word(spec, arguments[i]);
    if (word.option == nullptr || word.option->group != kGlobalGroup) return true;
    if (word.takes_next()) ++i;
  }
  return false;
}

/// Collected is what CLI11 made of the arguments, before any value is looked at.
struct Collected {
  std::vector<std::pair<const OptionDoc*, std::vector<std::string>>> options;
  Arguments positionals;
  std::size_t first_literal = 0;  ///< from here on the positionals stood after `--`
  bool nothing_after = false;     ///< `--` stands, and nothing behind it
};

std::string parser_names(const OptionDoc& option) {
  Arguments names = option.names;
  names.insert(names.end(), option.aliases.begin(), option.aliases.end());
  return join(names, ",");
}

/// may_stand_in says whether one of the arguments may be this option: it looks at long names whole,
/// and at short ones wherever a bundle has the letter.
bool may_stand_in(const Arguments& arguments, const OptionDoc& option) {
  auto is_named = [&arguments](std::string_view name) {
    return std::any_of(arguments.begin(), arguments.end(), [name](std::string_view argument) {
      if (name.starts_with("--")) return argument.substr(0, argument.find('=')) == name;
      return argument.starts_with('-') && argument.find(name.back()) != std::string_view::npos;
    });
  };
  return std::any_of(option.names.begin(), option.names.end(), is_named) ||
         std::any_of(option.aliases.begin(), option.aliases.end(), is_named);
}

Result<Collected> collect(const Spec& spec, Arguments arguments) {
  Collected collected;
  auto end_of_options = std::find(arguments.begin(), arguments.end(), "--");
  Arguments after(end_of_options == arguments.end() ? end_of_options : end_of_options + 1,
                  arguments.end());
  bool marked = end_of_options != arguments.end();
  arguments.erase(end_of_options, arguments.end());

  CLI::App parser;
  parser.set_help_flag();
  parser.allow_extras();
  // Only what is there is declared to CLI11: each option is compared with all before it, which
  // would take longer than all the rest of a short run.
  std::vector<CLI::Option*> parsed(spec.option_docs.size(), nullptr);
  std::vector<Arguments> values(spec.option_docs.size());
  for (std::size_t i = 0; i < spec.option_docs.size(); ++i) {
    const OptionDoc& option = spec.option_docs[i];
    if (!may_stand_in(arguments, option)) continue;
    if (option.is_switch()) {
      parsed[i] = parser.add_flag(parser_names(option))->disable_flag_override();
    } else {
      // CLI11's vectors are greedy and unpack "[a,b]"; neither is wanted.
      parsed[i] = parser.add_option(parser_names(option), values[i])->allow_extra_args(false);
    }
  }
  try {
    std::reverse(arguments.begin(), arguments.end());  // CLI11 takes them from the back
    parser.parse(arguments);
  } catch (const CLI::ParseError& error) {
    std::string_view what = error.what();
    std::string name(what.substr(0, what.find_first_of(": ")));
    const OptionDoc* option = find_option(spec, name);
    if (option != nullptr) return fail(ErrorCode::usage, "{} needs a value", name);
    return fail(ErrorCode::usage, "cannot understand the options: {}", show_argument(what));
  }
  for (std::size_t i = 0; i < spec.option_docs.size(); ++i) {
    const OptionDoc& option = spec.option_docs[i];
    if (parsed[i] == nullptr || parsed[i]->count() == 0) continue;
    collected.options.emplace_back(&option, option.is_switch() ? Arguments{""} : values[i]);
  }
  for (const std::string& argument : parser.remaining()) {
    if (is_option(argument)) return unknown_option(spec, argument);
    collected.positionals.push_back(argument);
  }
  collected.first_literal = collected.positionals.size();
  collected.nothing_after = marked && after.empty();
  collected.positionals.insert(collected.positionals.end(), after.begin(), after.end());
  return collected;
}

Result<void> assign_option(const OptionDoc& option, const Arguments& values) {
  const std::string& name = option.names.front();
  if (values.size() > 1 && !option.repeatable) {
    return fail(ErrorCode::usage, "{} is given {} times", name, values.size())
        .hint("it takes one value");
  }
  for (const std::string& value : values) {
    std::vector<std::string_view> parts{value};
    if (option.comma_list) parts = split(value, ',');
    for (std::string_view part : parts) {
      auto assigned = option.assign(std::string(part));
      if (assigned) continue;
      Error error = std::move(assigned).error();
      error.message = fmt::format("{}: {}", name, error.message);
      return fail(std::move(error));
    }
  }
  return {};
}

Result<void> assign_positionals(const Spec& spec, const Collected& collected) {
  const auto& docs = spec.positional_docs;
  const Arguments& values = collected.positionals;
  bool open = !docs.empty() && docs.back().repeatable;
  if (values.size() > docs.size() && !open) {
    return fail(ErrorCode::usage, "unexpected argument {}", quote_argument(values[docs.size()]))
        .hint("quote values that hold blanks; see --help");
  }
  for (std::size_t i = 0; i < docs.size(); ++i) {
    const PositionalDoc& positional = docs[i];
    if (i >= values.size()) {
      // A script's unquoted and unset variable must not become "read what stdin has".
      if (positional.literal != nullptr && collected.nothing_after) {
        return fail(ErrorCode::usage, "{} is missing after --", positional.metavar)
            .hint("is a variable unset? without -- it may be left out");
      }
      if (!positional.required) continue;
      return fail(ErrorCode::usage, "{} is missing", positional.metavar).hint("see --help");
    }
    if (!positional.choices.empty()) {
      auto known = choose(values[i], positional.choices, to_lower(positional.metavar));
      if (!known) return known;
    }
    if (positional.required && values[i].empty()) {
      return fail(ErrorCode::usage, "{} is empty", positional.metavar).hint("is a variable unset?");
    }
    if (positional.literal != nullptr) *positional.literal = i >= collected.first_literal;
    if (auto done = positional.assign(values[i]); !done) return done;
  }
  for (std::size_t i = docs.size(); i < values.size(); ++i) {
    if (auto done = docs.back().assign(values[i]); !done) return done;
  }
  return {};
}

/// overwrite hides sensitive values from /proc/PID/cmdline and ps.
void overwrite(std::span<char*> arguments, const std::vector<std::string>& values) {
  for (char* argument : arguments) {
    for (const std::string& value : values) {
      std::string_view text = argument;
      if (value.empty() || !text.ends_with(value)) continue;
      std::fill_n(argument + (text.size() - value.size()), value.size(), '*');
    }
  }
}

ExitCode report_error(const Error& error, const Asked& asked) {
  ExitCode code = to_exit_code(error.code);
  if (code == ExitCode::broken_pipe) return code;  // nobody is there to read
  if (asked.format == Format::json && !asked.quiet) {
    (void)Io::write_result({}, error_to_json(error, code, Json()));
  }
  Io::write_error(error);
  return code;
}

std::string version_line() { return fmt::format("jwtctl {}\n", kVersion); }

Result<ExitCode> run_command_line(const CommandLine& line) {
  const Globals& globals = *line.globals;
  auto print = [&globals](std::string_view text) -> Result<ExitCode> {
    auto written = Io::write_result(globals, text);
    if (!written) return fail(std::move(written).error());
    return ExitCode::ok;
  };
  bool help = globals.help_short || globals.help_long;
  if (line.command == nullptr) {
    if (globals.version && !help) return print(version_line());
    Globals scratch;
    if (help) return print(overview_help(describe_all(scratch), globals.help_long));
    Io::write_text(overview_help(describe_all(scratch), false));
    return ExitCode::usage;
  }
  if (help || globals.version) {
    auto printed = print(help ? command_help(line.doc, globals.help_long) : version_line());
    if (!printed || !line.crowded) return printed;
    return fail(ErrorCode::usage,
                "nothing was done but to explain: a help or version option was given")
        .hint("put -- in front of a value that may look like an option");
  }
  Io io;
  return line.doc.spec.run_function(io, globals);
}

}  // namespace

Result<CommandLine> parse_command_line(const std::vector<std::string>& arguments) {
  CommandLine line;
  line.globals = std::make_shared<Globals>();
  Spec global_options;
  global_options.formats({Format::text, Format::json});
  declare_globals(global_options, *line.globals);

  auto located = locate_command(arguments, global_options);
  if (!located) return fail(std::move(located).error());
  line.command = located->command;
  if (line.command != nullptr) {
    line.doc = describe(*line.command, *line.globals);
  } else {
    line.doc.spec = std::move(global_options);
  }
  const Spec& spec = line.doc.spec;
  if (auto good = check_words(spec, located->rest, *line.globals); !good) {
    return fail(std::move(good).error());
  }
  line.crowded = has_work(spec, located->rest);
  // Whoever asks for help is not told what else is wrong.
  if (line.globals->help_short || line.globals->help_long) return line;
  auto collected = collect(spec, located->rest);
  if (!collected) return fail(std::move(collected).error());
  for (const auto& [option, values] : collected->options) {
    if (option->sensitive) {
      line.sensitive.insert(line.sensitive.end(), values.begin(), values.end());
    }
    if (auto done = assign_option(*option, values); !done) {
      return fail(std::move(done).error());
    }
  }
  for (std::size_t i = 0; i < std::min(spec.positional_docs.size(), collected->positionals.size());
       ++i) {
    if (spec.positional_docs[i].sensitive) line.sensitive.push_back(collected->positionals[i]);
  }
  if (!line.globals->version) {
    if (auto done = assign_positionals(spec, *collected); !done) {
      return fail(std::move(done).error());
    }
  }
  return line;
}

ExitCode run_app(std::span<char*> arguments) {
  Arguments copies(arguments.begin(), arguments.end());
  Asked asked = read_asked(copies);
  expect_json(asked.format == Format::json && !asked.quiet);
  auto line = parse_command_line(copies);
  if (!line) return report_error(line.error(), asked);
  overwrite(arguments, line->sensitive);
  auto code = run_command_line(*line);
  if (!code) return report_error(code.error(), asked);
  return *code;
}

std::string parser_library_version() { return CLI11_VERSION; }

}  // namespace jwtctl::cli
