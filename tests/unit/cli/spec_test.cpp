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
