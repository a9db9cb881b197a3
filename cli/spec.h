// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/exit_code.h"
#include "cli/io.h"
#include "lib/base/result.h"

/// One declaration per option feeds the parser, both helps, the manual and the completions.
namespace jwtctl::cli {

/// Complete says what a shell offers for a value.
enum class Complete { nothing, file, choices };

/// Assign stores one value; its error is `usage` and names what was expected.
using Assign = std::function<Result<void>(const std::string& value)>;

/// OptionDoc is one option: how it is parsed and how it is explained.
struct OptionDoc {
  std::vector<std::string> names;    ///< "--key", "-k"; the first is the one in messages
  std::vector<std::string> aliases;  ///< parsed but not shown
  std::string metavar;               ///< empty for a switch
  std::string summary;               ///< one line of at most 72 characters
  std::string details;               ///< markup for --help and man
  std::vector<std::string> choices;  ///< the closed set of values, if it is one
  std::vector<std::string> offered;  ///< what shells offer where the set is not closed
  Complete complete = Complete::nothing;
  bool comma_list = false;  ///< a value may hold several, separated by commas
  bool repeatable = false;
  bool sensitive = false;  ///< the value is overwritten in the argument list
  bool common = false;     ///< shown by -h
  std::string group;       ///< heading in the help
  Assign assign;

  bool is_switch() const { return metavar.empty(); }
};

/// PositionalDoc is one argument without a name; those that are required stand first.
struct PositionalDoc {
  std::string metavar;
  std::string summary;
  std::string details;
  std::vector<std::string> choices;
  std::vector<std::string> offered;  ///< what shells offer where the set is not closed
  bool required = false;
  bool repeatable = false;  ///< the last one alone
  bool sensitive = false;
  Complete complete = Complete::nothing;
  bool* literal = nullptr;  ///< set when the value stood after `--`: what it says is what it is
  Assign assign;
};

struct ExampleDoc {
  std::string command;
  std::string what;
};

/// OptionBuilder refines the option that Spec has just made.
class OptionBuilder {
 public:
  explicit OptionBuilder(OptionDoc& option) : option_(option) {}

  OptionBuilder& alias(std::string name);
  OptionBuilder& details(std::string markup);
  OptionBuilder& choices(std::vector<std::string> values);
  /// offer names values for the shells to complete; others are accepted too.
  OptionBuilder& offer(std::vector<std::string> values);
  /// comma_list lets one value hold several, separated by commas.
  OptionBuilder& comma_list();
  OptionBuilder& file();
  OptionBuilder& common();
  OptionBuilder& sensitive();

 private:
  OptionDoc& option_;
};

/// Spec describes one command.
class Spec {
 public:
  using Run = std::function<Result<ExitCode>(Io& io, const Globals& globals)>;

  /// options returns the struct that the command's options fill; the Spec owns it.
  template <class T>
  T& options() {
    auto owned = std::make_shared<T>();
    owned_.push_back(owned);
    return *owned;
  }

  Spec& synopsis(std::string line);
  Spec& details(std::string markup);
  Spec& formats(std::vector<Format> formats);
  Spec& example(std::string command, std::string what);
  Spec& run(Run function);
  /// group starts a heading under which the following options are shown.
  Spec& group(std::string heading);

  /// flag declares a switch; `names` is "--quiet,-q".
  OptionBuilder flag(std::string_view names, bool& target, std::string summary);
  /// option declares an option with one value, which must not be empty.
  OptionBuilder option(std::string_view names, std::string metavar,
                       std::optional<std::string>& target, std::string summary);
  OptionBuilder option(std::string_view names, std::string metavar, std::string summary,
                       Assign assign);
  /// list declares an option that is repeated for more values.
  OptionBuilder list(std::string_view names, std::string metavar, std::vector<std::string>& target,
                     std::string summary);
  OptionBuilder duration(std::string_view names, std::optional<Seconds>& target,
                         std::string summary);
  /// positional declares the next argument without a name; the reference is good until the next
  /// one.
  PositionalDoc& positional(std::string metavar, std::optional<std::string>& target,
                            std::string summary);
  /// positionals declares the last argument, which may be given any number of times.
  PositionalDoc& positionals(std::string metavar, std::vector<std::string>& target,
                             std::string summary);

  std::string synopsis_line;
  std::string details_markup;
  std::vector<Format> accepted_formats{Format::text};
  std::vector<OptionDoc> option_docs;
  std::vector<PositionalDoc> positional_docs;
  std::vector<ExampleDoc> examples;
  Run run_function;

 private:
  OptionDoc& add(std::string_view names, std::string metavar, std::string summary);

  std::string group_ = "Options";
  std::vector<std::shared_ptr<void>> owned_;
};

/// CommandDoc is a command with everything that is to be said about it.
struct CommandDoc {
  std::string name;
  std::string summary;
  Spec spec;
};

/// kGlobalGroup is the heading of the options that every command has.
inline constexpr std::string_view kGlobalGroup = "Global options";

/// declare_globals adds the options that every command has.
void declare_globals(Spec& spec, Globals& globals);

/// choose fails with `usage` and a "did you mean" unless `value` is one of `choices`. `what` names
/// the thing: "algorithm".
Result<void> choose(std::string_view value, const std::vector<std::string>& choices,
                    std::string_view what);

}  // namespace jwtctl::cli
