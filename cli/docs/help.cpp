// SPDX-License-Identifier: Apache-2.0
#include "cli/docs/help.h"

#include <algorithm>

#include "cli/docs/man.h"
#include "cli/docs/markup.h"
#include "lib/base/text.h"

namespace jwtctl::cli {
namespace {

std::string rows(const std::vector<std::pair<std::string, std::string>>& entries) {
  std::size_t width = 0;
  for (const auto& [label, text] : entries) width = std::max(width, columns(label));
  std::string out;
  for (const auto& [label, text] : entries) {
    out += fmt::format("  {}{:{}}  {}\n", label, "", width - columns(label), text);
  }
  return out;
}

std::string short_options(const Spec& spec) {
  std::vector<std::pair<std::string, std::string>> entries;
  for (const OptionDoc& option : spec.option_docs) {
    if (option.common) entries.emplace_back(option_label(option), option.summary);
  }
  return rows(entries);
}

std::string long_options(const Spec& spec) {
  std::string out;
  for (const std::string& group : option_groups(spec)) {
    out += fmt::format("\n{}:\n", group);
    for (const OptionDoc& option : spec.option_docs) {
      if (option.group != group) continue;
      out += fmt::format("  {}\n", option_label(option));
      out += markup_to_text(option.summary, 6);
      if (!option.choices.empty()) {
        out += markup_to_text(fmt::format("One of: {}.", join(option.choices, ", ")), 6);
      }
      if (!option.details.empty()) out += markup_to_text(option.details, 6);
    }
  }
  return out;
}

std::string example_lines(const Spec& spec, std::size_t most) {
  std::string out;
  for (const ExampleDoc& example : spec.examples) {
    if (most-- == 0) break;
    out += fmt::format("  {}\n      {}\n", example.command, example.what);
  }
  return out;
}

}  // namespace

std::string option_label(const OptionDoc& option) {
  std::vector<std::string> names = option.names;
  std::stable_sort(names.begin(), names.end(), [](const std::string& a, const std::string& b) {
    return a.size() == 2 && b.size() != 2;
  });
  std::string label = join(names, ", ");
  return option.is_switch() ? label : fmt::format("{} {}", label, option.metavar);
}

std::string synopsis(const CommandDoc& command) {
  return fmt::format("jwtctl {} {}", command.name, command.spec.synopsis_line);
}

std::vector<std::string> option_groups(const Spec& spec) {
  std::vector<std::string> groups;
  for (const OptionDoc& option : spec.option_docs) {
    if (std::find(groups.begin(), groups.end(), option.group) == groups.end()) {
      groups.push_back(option.group);
    }
  }
  return groups;
}

std::string command_help(const CommandDoc& command, bool whole) {
  const Spec& spec = command.spec;
  std::string out = fmt::format("{}\n\nusage: {}\n", command.summary, synopsis(command));
  if (!whole) {
    out += fmt::format("\n{}", short_options(spec));
    if (!spec.examples.empty()) out += fmt::format("\nexamples:\n{}", example_lines(spec, 2));
    out += fmt::format("\neverything: jwtctl {} --help\n", command.name);
    return out;
  }
  if (!spec.details_markup.empty())
    out += fmt::format("\n{}", markup_to_text(spec.details_markup, 0));
  std::string_view heading = spec.positional_docs.size() > 1 ? "Arguments" : "Argument";
  if (!spec.positional_docs.empty()) out += fmt::format("\n{}:\n", heading);
  for (const PositionalDoc& positional : spec.positional_docs) {
    out += fmt::format(
        "  {}\n{}", positional.metavar,
        markup_to_text(positional.details.empty() ? positional.summary : positional.details, 6));
  }
  out += long_options(spec);
  if (!spec.examples.empty()) {
    out += fmt::format("\nExamples:\n{}", example_lines(spec, spec.examples.size()));
  }
  out += fmt::format("\nExit status: see jwtctl --help, or man {}\n", man_page_name(command));
  return out;
}

std::string overview_help(const std::vector<CommandDoc>& commands, bool whole) {
  std::string out = "jwtctl answers questions about JSON Web Tokens\n\n";
  out += "usage: jwtctl COMMAND [OPTION…]\n\n";
  std::vector<std::pair<std::string, std::string>> entries;
  for (const CommandDoc& command : commands) entries.emplace_back(command.name, command.summary);
  out += rows(entries);
  if (!whole) {
    out += "\nstart with: pbpaste | jwtctl decode\nmore: jwtctl help COMMAND, jwtctl --help\n";
    return out;
  }
  out += "\nOptions of every command, before or after its name:\n";
  entries.clear();
  for (const OptionDoc& option : commands.front().spec.option_docs) {
    if (option.group == kGlobalGroup) {
      entries.emplace_back(option_label(option), option.summary);
    }
  }
  out += rows(entries);
  out += "\nExit status:\n";
  entries.clear();
  for (const ExitCodeInfo& row : exit_codes()) {
    entries.emplace_back(fmt::format("{:>3}  {}", static_cast<int>(row.code), row.name),
                         std::string(row.meaning));
  }
  out += rows(entries);
  return out;
}

}  // namespace jwtctl::cli
