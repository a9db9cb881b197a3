// SPDX-License-Identifier: Apache-2.0
#include "cli/words.h"

#include <fmt/format.h>

#include <algorithm>

namespace jwtctl::cli {

bool is_option(std::string_view argument) { return argument.size() > 1 && argument.front() == '-'; }

const OptionDoc* find_option(const Spec& spec, std::string_view name) {
  for (const OptionDoc& option : spec.option_docs) {
    for (const auto* names : {&option.names, &option.aliases}) {
      if (std::find(names->begin(), names->end(), name) != names->end()) return &option;
    }
  }
  return nullptr;
}

Asked read_asked(const Arguments& arguments) {
  Asked asked;
  auto read_format = [&asked](std::string_view value) {
    asked.format = find_format(value).value_or(Format::text);
  };
  for (std::size_t i = 0; i < arguments.size() && arguments[i] != "--"; ++i) {
    std::string_view argument = arguments[i];
    std::string_view next = i + 1 < arguments.size() ? std::string_view(arguments[i + 1]) : "";
    constexpr std::string_view kAttached = "--format=";
    if (argument == "--quiet") asked.quiet = true;
    if (argument == "--format") read_format(next);
    if (argument.starts_with(kAttached)) read_format(argument.substr(kAttached.size()));
    if (!is_option(argument) || argument[1] == '-') continue;
    // A bundle: switches, and at its end perhaps -f with or without its value.
    std::size_t end = argument.find_first_not_of("qvVh", 1);
    asked.quiet = asked.quiet || argument.substr(0, end).find('q') != std::string_view::npos;
    if (end == std::string_view::npos || argument[end] != 'f') continue;
    std::string_view attached = argument.substr(end + 1);
    read_format(attached.empty() ? next : attached);
  }
  return asked;
}

Word read_word(const Spec& spec, const std::string& argument) {
  Word word;
  if (argument.starts_with("--")) {
    std::size_t equals = argument.find('=');
    word.option = find_option(spec, argument.substr(0, equals));
    if (equals != std::string::npos) word.attached = argument.substr(equals + 1);
    word.help_long = argument == "--help";
    return word;
  }
  for (std::size_t i = 1; i < argument.size(); ++i) {
    word.option = find_option(spec, fmt::format("-{}", argument[i]));
    if (word.option == nullptr) return word;
    word.help_short = word.help_short || argument[i] == 'h';
    if (word.option->is_switch()) continue;
    if (i + 1 < argument.size()) word.attached = argument.substr(i + 1);
    return word;
  }
  return word;
}

}  // namespace jwtctl::cli
