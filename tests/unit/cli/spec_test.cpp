// SPDX-License-Identifier: Apache-2.0
// The table of options itself: what every command promises to its readers.
#include "cli/spec.h"

#include <algorithm>
#include <set>

#include "cli/app.h"
#include "lib/base/text.h"
#include "tests/catch.h"

namespace jwtctl::cli {
namespace {

constexpr std::string_view kLower = "abcdefghijklmnopqrstuvwxyz";
constexpr std::string_view kWord = "abcdefghijklmnopqrstuvwxyz0123456789-";
constexpr std::string_view kUpper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

std::vector<CommandDoc> all_commands() {
  static Globals globals;
  return describe_all(globals);
}

/// for_each_option calls `look` with every option of every command.
template <class Look>
void for_each_option(Look look) {
  for (CommandDoc& command : all_commands()) {
    for (OptionDoc& option : command.spec.option_docs) {
      CAPTURE(command.name, option.names.front());
      look(option);
    }
  }
}

std::vector<std::string> all_names(const OptionDoc& option) {
  std::vector<std::string> names = option.names;
  names.insert(names.end(), option.aliases.begin(), option.aliases.end());
  return names;
}

bool is_option_name(std::string_view name) {
  if (name.size() == 2) return name[0] == '-' && to_lower(name).find_first_of(kLower, 1) == 1;
  bool word = name.substr(2).find_first_not_of(kWord) == std::string_view::npos;
  return name.size() > 3 && name.starts_with("--") && name[2] != '-' && word &&
         !name.ends_with('-');
}

void check_summary(std::string_view summary) {
  CAPTURE(summary);
  REQUIRE_FALSE(summary.empty());
  CHECK(columns(summary) <= 72);
  bool acronym = summary.size() > 1 && kUpper.find(summary[1]) != std::string_view::npos;
  CHECK((kUpper.find(summary[0]) == std::string_view::npos || acronym));
  CHECK_FALSE(summary.ends_with('.'));
  CHECK(trim(summary) == summary);
  CHECK(summary.find('\n') == std::string_view::npos);
}

void check_metavar(std::string_view metavar) {
  CAPTURE(metavar);
  REQUIRE_FALSE(metavar.empty());
  // @FILE is the form of its values.
  CHECK(kUpper.find(metavar[metavar.starts_with("@") ? 1 : 0]) != std::string_view::npos);
  CHECK(metavar.find_first_of(kLower) == std::string_view::npos);
  CHECK(metavar.find(' ') == std::string_view::npos);
}

/// spoken_default returns what a summary says in "(default …": up to the end, a comma or a colon.
std::optional<std::string> spoken_default(const std::string& summary) {
  constexpr std::string_view kStart = "(default ";
  std::size_t at = summary.find(kStart);
  if (at == std::string::npos) return std::nullopt;
  std::size_t end = summary.find_first_of("),:", at);
  return summary.substr(at + kStart.size(), end - at - kStart.size());
}

const CommandDoc& command_named(const std::vector<CommandDoc>& commands, std::string_view name) {
  auto found = std::find_if(commands.begin(), commands.end(),
                            [name](const CommandDoc& command) { return command.name == name; });
  REQUIRE(found != commands.end());
  return *found;
}

/// Typed has an option of each type.
struct Typed {
  Spec spec;
  std::size_t size = 3;
  std::optional<unsigned> bits;
  Seconds length = 300;
  std::vector<Seconds> lengths;
  std::optional<When> when;
  std::optional<int> choice;
  std::string word = "a";

  Typed() {
    spec.number("--size", "N", size, {1, 9}, "{default} of {least} to {most}");
    spec.number(
        "--bits", "N", bits,
        {.least = 2, .most = 4, .fallback = 3, .noun = "size", .unit = " b", .too_small = "larger"},
        "default {default}");
    spec.duration("--length", length, "{default}, {default}", not_zero());
    spec.durations("--lengths", lengths, "lengths");
    spec.time("--when", when, "when");
    spec.choice("--choice", "X", choice, {{"one", 1}, {"two", 2}}, "choice");
    spec.one_of("--word", "X", word, {"a", "b"}, "{default}");
  }

  OptionDoc& option(std::string_view name) {
    auto& docs = spec.option_docs;
    return *std::find_if(docs.begin(), docs.end(),
                         [name](const OptionDoc& doc) { return doc.names.front() == name; });
  }
  std::string refusal(std::string_view name, const std::string& value) {
    auto done = option(name).assign(value);
    if (done) return "";
    return fmt::format("{}|{}", done.error().message, done.error().hint);
  }
};

/// words splits at blanks as a shell does, and drops the quotes.
std::vector<std::string> words(std::string_view line) {
  std::vector<std::string> out;
  std::string word;
  char quote = '\0';
  bool any = false;
  for (char c : line) {
    if (quote != '\0' ? c == quote : (c == '\'' || c == '"')) {
      quote = quote == '\0' ? c : '\0';
      any = true;
    } else if (c == ' ' && quote == '\0') {
      if (any) out.push_back(word);
      word.clear();
      any = false;
    } else {
      word += c;
      any = true;
    }
  }
  if (any) out.push_back(word);
  return out;
}

/// own_commands returns the arguments of every jwtctl in a line of shell.
std::vector<std::vector<std::string>> own_commands(std::string_view line) {
  constexpr std::string_view kName = "jwtctl ";
  std::vector<std::vector<std::string>> found;
  for (std::size_t at = 0; (at = line.find(kName, at)) != std::string_view::npos;) {
    std::size_t start = at + kName.size();
    std::size_t end = std::min(line.find_first_of("|;)>", start), line.size());
    found.push_back(words(line.substr(start, end - start)));
    at = end;
  }
  return found;
}

/// long_options returns every `--word` that a text mentions.
std::vector<std::string> long_options(std::string_view text) {
  std::vector<std::string> found;
  for (std::size_t at = 0; (at = text.find("--", at)) != std::string_view::npos;) {
    std::size_t end = std::min(text.find_first_not_of(kWord, at), text.size());
    std::string name(text.substr(at, end - at));
    while (name.ends_with('-')) name.pop_back();
    if (!name.empty()) found.push_back(name);
    at = end;
  }
  return found;
}

TEST_CASE("commands have names of their own") {
  std::set<std::string_view> names;
  for (const Command& command : kCommands) {
    CAPTURE(command.name);
    CHECK(names.insert(command.name).second);
    CHECK(command.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz- ") == std::string_view::npos);
  }
}

TEST_CASE("option names are unique within a command, aliases included") {
  for (const CommandDoc& command : all_commands()) {
    std::set<std::string> seen;
    for (const OptionDoc& option : command.spec.option_docs) {
      for (const std::string& name : all_names(option)) {
        CAPTURE(command.name, name);
        CHECK(seen.insert(name).second);
        CHECK(is_option_name(name));
      }
    }
  }
}

TEST_CASE("summaries are short, in lower case and without a full stop") {
  for (const CommandDoc& command : all_commands()) {
    CAPTURE(command.name);
    check_summary(command.summary);
    for (const PositionalDoc& doc : command.spec.positional_docs) check_summary(doc.summary);
    for (const ExampleDoc& example : command.spec.examples) check_summary(example.what);
  }
  for_each_option([](const OptionDoc& option) { check_summary(option.summary); });
}

TEST_CASE("values have a name in capitals") {
  for_each_option([](const OptionDoc& option) {
    if (!option.is_switch()) check_metavar(option.metavar);
    CHECK_FALSE(option.group.empty());
  });
  for (const CommandDoc& command : all_commands()) {
    for (const PositionalDoc& doc : command.spec.positional_docs) check_metavar(doc.metavar);
  }
}

TEST_CASE("every command can be run, explained and shown by example") {
  for (const CommandDoc& command : all_commands()) {
    CAPTURE(command.name);
    CHECK(command.spec.run_function);
    CHECK_FALSE(command.spec.details_markup.empty());
    CHECK_FALSE(command.spec.examples.empty());
    CHECK(std::count(command.spec.details_markup.begin(), command.spec.details_markup.end(), '`') %
              2 ==
          0);
    for (const char* name :
         {"--format", "-f", "--output", "-o", "--quiet", "--now", "-h", "--help"}) {
      CAPTURE(name);
      const auto& options = command.spec.option_docs;
      CHECK(std::any_of(options.begin(), options.end(), [name](const OptionDoc& option) {
        return std::find(option.names.begin(), option.names.end(), name) != option.names.end();
      }));
    }
  }
}

TEST_CASE("an empty value is refused by every option") {
  for_each_option([](OptionDoc& option) {
    if (option.is_switch()) return;
    auto assigned = option.assign("");
    REQUIRE_FALSE(assigned.has_value());
    CHECK(assigned.error().code == ErrorCode::usage);
  });
}

TEST_CASE("an option takes its choices and nothing else") {
  for_each_option([](OptionDoc& option) {
    CHECK((option.complete == Complete::choices) == !option.choices.empty());
    CHECK((option.repeatable || !option.comma_list));
    if (option.choices.empty()) return;
    for (const std::string& choice : option.choices) CHECK(option.assign(choice).has_value());
    auto unknown = option.assign("nonsense");
    REQUIRE_FALSE(unknown.has_value());
    CHECK(unknown.error().code == ErrorCode::usage);
    CHECK(unknown.error().message.find("\"nonsense\"") != std::string::npos);
    CHECK(unknown.error().hint.find(option.choices.front()) != std::string::npos);
    auto near = option.assign(option.choices.front() + "x");
    REQUIRE_FALSE(near.has_value());
    CHECK(near.error().hint == fmt::format("did you mean {}?", option.choices.front()));
  });
}

TEST_CASE("every example is a command line that parses") {
  for (const CommandDoc& command : all_commands()) {
    for (const ExampleDoc& example : command.spec.examples) {
      CAPTURE(example.command);
      auto commands = own_commands(example.command);
      CHECK_FALSE(commands.empty());
      for (const std::vector<std::string>& arguments : commands) {
        auto line = parse_command_line(arguments);
        INFO((line ? "" : line.error().message));
        REQUIRE(line.has_value());
        REQUIRE(line->command != nullptr);
        CHECK(line->command->name == command.name);
      }
    }
  }
}

TEST_CASE("options that a text mentions exist") {
  std::set<std::string> known;
  std::string texts;
  for (const CommandDoc& command : all_commands()) {
    texts += fmt::format("{}\n{}\n{}\n", command.summary, command.spec.details_markup,
                         command.spec.synopsis_line);
    for (const PositionalDoc& doc : command.spec.positional_docs) texts += doc.details + "\n";
    for (const ExampleDoc& example : command.spec.examples) texts += example.command + "\n";
  }
  for_each_option([&](const OptionDoc& option) {
    for (const std::string& name : all_names(option)) known.insert(name);
    texts += fmt::format("{}\n{}\n", option.summary, option.details);
  });
  for (const std::string& name : long_options(texts)) {
    CAPTURE(name);
    CHECK(known.count(name) == 1);
  }
}

TEST_CASE("a default that a summary names is the one that counts") {
  // Words for what no value says, and one that is printed in seconds where it is declared.
  const std::set<std::string> prose{"now", "JWT", "10%", "60", "and most 1048576"};
  for_each_option([&](const OptionDoc& option) {
    CAPTURE(option.summary);
    CHECK(option.summary.find_first_of("{}") == std::string::npos);
    CHECK(option.details.find('{') == std::string::npos);
    auto said = spoken_default(option.summary);
    if (!said || prose.count(*said) == 1) return;
    CHECK(*said == option.fallback);
  });
}

TEST_CASE("what a summary says of a value is printed from it") {
  Typed typed;
  CHECK(typed.option("--size").summary == "3 of 1 to 9");
  CHECK(typed.option("--bits").summary == "default 3");
  CHECK(typed.option("--length").summary == "5m, 5m");
  CHECK(typed.option("--word").summary == "a");
  CHECK(typed.option("--choice").fallback.empty());
}

TEST_CASE("typed options keep what they read, and nothing of what they refuse") {
  Typed typed;
  CHECK(typed.refusal("--size", "9").empty());
  CHECK(typed.refusal("--size", "10") == "\"10\" is not a number from 1 to 9|");
  CHECK(typed.refusal("--size", "0") == "\"0\" is not a number from 1 to 9|");
  CHECK(typed.refusal("--size", "x") == "\"x\" is not a number from 1 to 9|");
  CHECK(typed.refusal("--size", "") == "the value is empty|is a variable unset?");
  CHECK(typed.size == 9);
  CHECK(typed.refusal("--bits", "1") == "\"1\" is not a size from 2 to 4 b|larger");
  CHECK(typed.refusal("--bits", "5") == "\"5\" is not a size from 2 to 4 b|");
  CHECK_FALSE(typed.bits);
  CHECK(typed.refusal("--bits", "2").empty());
  CHECK(typed.bits == 2U);
  CHECK(typed.refusal("--length", "0s") == "it must be longer than zero|");
  CHECK(typed.refusal("--length", "1h").empty());
  CHECK(typed.length == 3600);
  CHECK(typed.refusal("--lengths", "0").empty());
  CHECK(typed.refusal("--lengths", "1m").empty());
  CHECK_FALSE(typed.refusal("--lengths", "1x").empty());
  CHECK(typed.lengths == std::vector<Seconds>{0, 60});
  CHECK_FALSE(typed.refusal("--when", "soon").empty());
  CHECK_FALSE(typed.when);
  CHECK(typed.refusal("--when", "-2h").empty());
  REQUIRE(typed.when);
  CHECK(typed.when->seen_from({10'000, 5}) == Instant{2'800, 5});
  CHECK(typed.refusal("--choice", "two").empty());
  CHECK(typed.choice == 2);
  CHECK(typed.refusal("--choice", "tw") == "unknown choice \"tw\"|did you mean two?");
  CHECK(typed.choice == 2);
  CHECK(typed.refusal("--word", "b").empty());
  CHECK(typed.word == "b");
}

TEST_CASE("a repository may set these options of lint, and no command has others") {
  const std::vector<std::string> allowed{"--exclude", "--select",   "--ignore",   "--rule",
                                         "--profile", "--issuer",   "--audience", "--leeway",
                                         "--max-ttl", "--max-size", "--fail-on",  "--max-warnings",
                                         "--baseline"};
  auto commands = all_commands();
  std::vector<std::string> settable;
  for (const OptionDoc& option : command_named(commands, "lint").spec.option_docs) {
    if (option.setting) settable.push_back(option.names.front());
    // What trusts, writes, asks the network or chooses the file itself is the user's alone.
    bool theirs = option.group != kGlobalGroup && option.group != "Network" && !option.sensitive &&
                  !option.is_switch();
    CHECK((theirs || !option.setting));
  }
  CHECK(settable == allowed);
  for (const CommandDoc& command : commands) {
    CAPTURE(command.name);
    CHECK((command.name == "lint" || command.spec.settings().empty()));
  }
}

TEST_CASE("secrets and tokens are overwritten in the argument list") {
  for_each_option([](const OptionDoc& option) {
    bool secret = option.names.front() == "--secret" || option.names.front() == "--passphrase";
    CHECK((option.sensitive || !secret));
  });
  for (const CommandDoc& command : all_commands()) {
    for (const PositionalDoc& positional : command.spec.positional_docs) {
      if (positional.metavar == "TOKEN") CHECK(positional.sensitive);
    }
  }
}

}  // namespace
}  // namespace jwtctl::cli
