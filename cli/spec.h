// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "cli/exit_code.h"
#include "cli/io.h"
#include "lib/base/result.h"
#include "lib/base/time.h"

/// One declaration per option feeds the parser, both helps, the manual and the completions.
namespace jwtctl::cli {

/// Complete says what a shell offers for a value.
enum class Complete { nothing, file, choices };

/// Assign stores one value; its error is `usage` and names what was expected.
using Assign = std::function<Result<void>(const std::string& value)>;

/// Laying keeps further values of a list in front of those that it has.
using Laying = std::function<void(const std::vector<std::string>& values)>;

/// SettingRules is what a settings file does differently with the values of an option.
struct SettingRules {
  std::string_view
      noun{};           ///< of a choice: what its message calls it, by default the option's name
  bool joined = false;  ///< a table instead of an array; its `a = "b"` is `a=b` in front of others
  Assign check{};       ///< of each value, where the option itself is checked later
};

/// SettingDoc is one key of a settings file; it follows from the option that it is.
struct SettingDoc {
  enum class Form { value, list, table };

  std::string key;  ///< the option's name without its dashes
  Form form = Form::value;
  bool path = false;  ///< the value names a file
  /// Finds what is wrong with one value, whatever the command line says; the message lacks nothing
  /// but where the value stands.
  Assign check;
  /// Puts values that were found good where those of the option go, unless it was given.
  std::function<Result<void>(const std::vector<std::string>& values)> lay;
};

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
  std::string fallback;    ///< what it is when it is not given, as summaries say it
  Assign assign;

  std::optional<SettingRules> setting;  ///< a settings file may say it too
  Assign check;                         ///< `assign` without an effect, in the words of the file
  Assign store;                         ///< `assign` without what is refused on a command line only
  Laying lay_first;                     ///< of lists
  std::shared_ptr<bool> given;          ///< of settings: the command line says it

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
  /// knows shows a closed set of values that the option itself holds them against.
  OptionBuilder& knows(const std::vector<std::string_view>& values);
  /// offer names values for the shells to complete; others are accepted too.
  OptionBuilder& offer(std::vector<std::string> values);
  /// comma_list lets one value hold several, separated by commas.
  OptionBuilder& comma_list();
  OptionBuilder& repeatable();
  OptionBuilder& file();
  OptionBuilder& common();
  OptionBuilder& sensitive();
  /// then does something more whenever a value was taken.
  OptionBuilder& then(std::function<void()> done);
  /// setting lets a settings file say it too, under the option's name; what the command line says
  /// goes before it. Never for what chooses whom or what to trust, what is asked over the network,
  /// or where anything is written: the file comes from whom is judged.
  OptionBuilder& setting(SettingRules rules = {});

 private:
  OptionDoc& option_;
};

/// Numbers is what a number may be, and how it is spoken of. Without limits a message says only
/// that the value is none.
struct Numbers {
  std::uint64_t least = 0;
  std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
  std::optional<std::uint64_t> fallback{};  ///< where the target has none
  std::string_view noun = "number";
  std::string_view unit{};       ///< " bytes"
  std::string_view too_small{};  ///< the hint for a number below `least`
};

/// parse_in reads such a number; fails with `usage`.
Result<std::uint64_t> parse_in(const Numbers& numbers, const std::string& text);

/// Lengths is what a length of time may be.
struct Lengths {
  std::optional<Error> zero{};  ///< why it must not be zero, if it must not
};

/// not_zero refuses a length of nothing.
Lengths not_zero();

/// Choice is one value of a closed set: as it is written, and as it is kept.
template <class T>
struct Choice {
  std::string_view name;
  T value;
};

/// Spec describes one command. In the summary of an option `{default}` becomes what its target
/// holds when it is declared, and `{least}` and `{most}` what its number may be.
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

  /// flag declares a switch that sets its target to `value`; `names` is "--quiet,-q".
  OptionBuilder flag(std::string_view names, bool& target, std::string summary, bool value = true);
  /// option declares an option with one value, which must not be empty.
  OptionBuilder option(std::string_view names, std::string metavar,
                       std::optional<std::string>& target, std::string summary);
  OptionBuilder option(std::string_view names, std::string metavar, std::string& target,
                       std::string summary);
  /// This one is for what only one option is made of.
  OptionBuilder option(std::string_view names, std::string metavar, std::string summary,
                       Assign assign);
  /// list declares an option that is repeated for more values.
  OptionBuilder list(std::string_view names, std::string metavar, std::vector<std::string>& target,
                     std::string summary);

  /// number declares an option with a number that is not negative; `target` must hold `most`.
  template <std::integral T>
  OptionBuilder number(std::string_view names, std::string metavar, T& target, Numbers numbers,
                       std::string summary) {
    if (!numbers.fallback) numbers.fallback = static_cast<std::uint64_t>(target);
    return number_of(names, std::move(metavar), numbers, std::move(summary),
                     [&target](std::uint64_t value) { target = static_cast<T>(value); });
  }
  template <std::integral T>
  OptionBuilder number(std::string_view names, std::string metavar, std::optional<T>& target,
                       Numbers numbers, std::string summary) {
    return number_of(names, std::move(metavar), numbers, std::move(summary),
                     [&target](std::uint64_t value) { target = static_cast<T>(value); });
  }

  /// duration declares an option with a length of time.
  OptionBuilder duration(std::string_view names, Seconds& target, std::string summary,
                         Lengths lengths = {});
  OptionBuilder duration(std::string_view names, std::optional<Seconds>& target,
                         std::string summary, Lengths lengths = {});
  /// durations declares an option that is repeated for more lengths.
  OptionBuilder durations(std::string_view names, std::vector<Seconds>& target,
                          std::string summary);
  /// time declares an option with an instant, or one seen from now.
  OptionBuilder time(std::string_view names, std::optional<When>& target, std::string summary);

  /// choice declares an option whose value is one of a closed set.
  template <class T>
  OptionBuilder choice(std::string_view names, std::string metavar, T& target,
                       std::vector<Choice<std::type_identity_t<T>>> choices, std::string summary) {
    std::vector<std::string_view> known;
    std::string fallback;
    for (const auto& choice : choices) {
      known.push_back(choice.name);
      if (choice.value == target) fallback = choice.name;
    }
    return choice_of(names, std::move(metavar), known, std::move(fallback), std::move(summary),
                     [&target, choices = std::move(choices)](std::size_t which) {
                       target = choices[which].value;
                     });
  }
  /// one_of is a choice that is kept as it is written.
  OptionBuilder one_of(std::string_view names, std::string metavar, std::string& target,
                       const std::vector<std::string_view>& choices, std::string summary);

  /// positional declares the next argument without a name; the reference is good until the next
  /// one.
  PositionalDoc& positional(std::string metavar, std::optional<std::string>& target,
                            std::string summary);
  /// positionals declares the last argument, which may be given any number of times.
  PositionalDoc& positionals(std::string metavar, std::vector<std::string>& target,
                             std::string summary);

  /// settings returns the keys that a settings file may have, in the order of the options.
  std::vector<SettingDoc> settings() const;

  std::string synopsis_line;
  std::string details_markup;
  std::vector<Format> accepted_formats{Format::text};
  std::vector<OptionDoc> option_docs;
  std::vector<PositionalDoc> positional_docs;
  std::vector<ExampleDoc> examples;
  Run run_function;

 private:
  OptionDoc& add(std::string_view names, std::string metavar, std::string summary);
  template <class T>
  OptionDoc& typed(std::string_view names, std::string metavar, std::string summary,
                   std::function<Result<T>(const std::string&)> parse, std::function<void(T)> keep);
  OptionBuilder number_of(std::string_view names, std::string metavar, const Numbers& numbers,
                          std::string summary, std::function<void(std::uint64_t)> keep);
  OptionDoc& duration_of(std::string_view names, std::string summary, Lengths lengths,
                         std::function<void(Seconds)> keep);
  OptionBuilder choice_of(std::string_view names, std::string metavar,
                          const std::vector<std::string_view>& known, std::string fallback,
                          std::string summary, std::function<void(std::size_t)> keep);

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
