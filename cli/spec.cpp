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

/// bare_name is the option's name without its dashes: "max-size".
std::string bare_name(const OptionDoc& option) {
  const std::string& name = option.names.front();
  return name.substr(name.find_first_not_of('-'));
}

/// put replaces every `{name}` of a summary.
void put(std::string& summary, std::string_view name, std::string_view value) {
  for (std::size_t at = 0; (at = summary.find(name, at)) != std::string::npos;) {
    summary.replace(at, name.size(), value);
    at += value.size();
  }
}

void put_fallback(OptionDoc& option, std::string fallback) {
  option.fallback = std::move(fallback);
  if (!option.fallback.empty()) put(option.summary, "{default}", option.fallback);
}

Result<Seconds> parse_length(const Lengths& lengths, const std::string& text) {
  auto length = parse_duration(text);
  if (length && *length == 0 && lengths.zero) return fail(*lengths.zero);
  return length;
}

Result<std::string> as_it_is(const std::string& text) { return text; }

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

OptionBuilder& OptionBuilder::knows(const std::vector<std::string_view>& values) {
  option_.choices.assign(values.begin(), values.end());
  option_.complete = Complete::choices;
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

OptionBuilder& OptionBuilder::repeatable() {
  option_.repeatable = true;
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

OptionBuilder& OptionBuilder::then(std::function<void()> done) {
  option_.assign = [inner = std::move(option_.assign),
                    done = std::move(done)](const std::string& value) {
    auto assigned = inner(value);
    if (assigned) done();
    return assigned;
  };
  return *this;
}

OptionBuilder& OptionBuilder::setting(SettingRules rules) {
  option_.setting = std::move(rules);
  option_.given = std::make_shared<bool>(false);
  option_.assign = [inner = std::move(option_.assign),
                    given = option_.given](const std::string& value) {
    *given = true;
    return inner(value);
  };
  return *this;
}

Result<std::uint64_t> parse_in(const Numbers& numbers, const std::string& text) {
  auto number = parse_number<std::uint64_t>(text, numbers.least, numbers.most);
  if (number) return *number;
  if (numbers.most == std::numeric_limits<std::uint64_t>::max()) {
    return fail(ErrorCode::usage, "{} is not a {}", quote_argument(text), numbers.noun);
  }
  Failure failure = fail(ErrorCode::usage, "{} is not a {} from {} to {}{}", quote_argument(text),
                         numbers.noun, numbers.least, numbers.most, numbers.unit);
  bool small = !numbers.too_small.empty() && parse_number<std::uint64_t>(text, 0, numbers.least);
  if (small) return std::move(failure).hint("{}", numbers.too_small);
  return failure;
}

Lengths not_zero() { return {Error{ErrorCode::usage, "it must be longer than zero", {}}}; }

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

template <class T>
OptionDoc& Spec::typed(std::string_view names, std::string metavar, std::string summary,
                       std::function<Result<T>(const std::string&)> parse,
                       std::function<void(T)> keep) {
  OptionDoc& doc = add(names, std::move(metavar), std::move(summary));
  doc.check = [parse](const std::string& value) -> Result<void> {
    auto parsed = parse(value);
    if (!parsed) return fail(std::move(parsed).error());
    return {};
  };
  doc.store = [parse = std::move(parse),
               keep = std::move(keep)](const std::string& value) -> Result<void> {
    auto parsed = parse(value);
    if (!parsed) return fail(std::move(parsed).error());
    keep(*std::move(parsed));
    return {};
  };
  doc.assign = [store = doc.store](const std::string& value) -> Result<void> {
    if (auto filled = refuse_empty(value); !filled) return filled;
    return store(value);
  };
  return doc;
}

OptionBuilder Spec::flag(std::string_view names, bool& target, std::string summary, bool value) {
  OptionDoc& doc = add(names, "", std::move(summary));
  doc.repeatable = true;  // saying it twice means it once
  doc.assign = [&target, value](const std::string&) -> Result<void> {
    target = value;
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
  return OptionBuilder(
      typed<std::string>(names, std::move(metavar), std::move(summary), as_it_is,
                         [&target](std::string value) { target = std::move(value); }));
}

OptionBuilder Spec::option(std::string_view names, std::string metavar, std::string& target,
                           std::string summary) {
  OptionDoc& doc = typed<std::string>(names, std::move(metavar), std::move(summary), as_it_is,
                                      [&target](std::string value) { target = std::move(value); });
  put_fallback(doc, target);
  return OptionBuilder(doc);
}

OptionBuilder Spec::list(std::string_view names, std::string metavar,
                         std::vector<std::string>& target, std::string summary) {
  OptionDoc& doc =
      typed<std::string>(names, std::move(metavar), std::move(summary), as_it_is,
                         [&target](std::string value) { target.push_back(std::move(value)); });
  doc.lay_first = [&target](const std::vector<std::string>& values) {
    target.insert(target.begin(), values.begin(), values.end());
  };
  return OptionBuilder(doc).repeatable();
}

OptionBuilder Spec::number_of(std::string_view names, std::string metavar, const Numbers& numbers,
                              std::string summary, std::function<void(std::uint64_t)> keep) {
  OptionDoc& doc = typed<std::uint64_t>(
      names, std::move(metavar), std::move(summary),
      [numbers](const std::string& value) { return parse_in(numbers, value); }, std::move(keep));
  put(doc.summary, "{least}", fmt::to_string(numbers.least));
  put(doc.summary, "{most}", fmt::to_string(numbers.most));
  if (numbers.fallback) put_fallback(doc, fmt::to_string(*numbers.fallback));
  doc.check = [numbers, key = bare_name(doc)](const std::string& value) -> Result<void> {
    auto number = parse_in(numbers, value);
    if (number) return {};
    Error error = std::move(number).error();
    error.message = fmt::format("{}: {}", key, error.message);
    return fail(std::move(error));
  };
  return OptionBuilder(doc);
}

OptionDoc& Spec::duration_of(std::string_view names, std::string summary, Lengths lengths,
                             std::function<void(Seconds)> keep) {
  OptionDoc& doc = typed<Seconds>(
      names, "DUR", std::move(summary),
      [lengths](const std::string& value) { return parse_length(lengths, value); },
      std::move(keep));
  doc.check = [lengths, key = bare_name(doc)](const std::string& value) -> Result<void> {
    auto length = parse_length(lengths, value);
    if (length) return {};
    return fail(ErrorCode::input, "\"{}\": {}", key, length.error().message);
  };
  return doc;
}

OptionBuilder Spec::duration(std::string_view names, Seconds& target, std::string summary,
                             Lengths lengths) {
  OptionDoc& doc = duration_of(names, std::move(summary), std::move(lengths),
                               [&target](Seconds length) { target = length; });
  put_fallback(doc, plain_duration(target));
  return OptionBuilder(doc);
}

OptionBuilder Spec::duration(std::string_view names, std::optional<Seconds>& target,
                             std::string summary, Lengths lengths) {
  return OptionBuilder(duration_of(names, std::move(summary), std::move(lengths),
                                   [&target](Seconds length) { target = length; }));
}

OptionBuilder Spec::durations(std::string_view names, std::vector<Seconds>& target,
                              std::string summary) {
  return OptionBuilder(duration_of(names, std::move(summary), {},
                                   [&target](Seconds length) { target.push_back(length); }))
      .repeatable();
}

OptionBuilder Spec::time(std::string_view names, std::optional<When>& target, std::string summary) {
  return OptionBuilder(typed<When>(
      names, "TIME", std::move(summary), [](const std::string& value) { return parse_when(value); },
      [&target](const When& when) { target = when; }));
}

OptionBuilder Spec::choice_of(std::string_view names, std::string metavar,
                              const std::vector<std::string_view>& known, std::string fallback,
                              std::string summary, std::function<void(std::size_t)> keep) {
  OptionDoc& doc = add(names, std::move(metavar), std::move(summary));
  OptionBuilder builder(doc);
  builder.knows(known);
  put_fallback(doc, std::move(fallback));
  doc.store = [noun = bare_name(doc), known = doc.choices,
               keep = std::move(keep)](const std::string& value) -> Result<void> {
    if (auto good = choose(value, known, noun); !good) return good;
    keep(static_cast<std::size_t>(std::find(known.begin(), known.end(), value) - known.begin()));
    return {};
  };
  doc.assign = doc.store;
  return builder;
}

OptionBuilder Spec::one_of(std::string_view names, std::string metavar, std::string& target,
                           const std::vector<std::string_view>& choices, std::string summary) {
  return choice_of(names, std::move(metavar), choices, target, std::move(summary),
                   [&target, choices](std::size_t which) { target = choices[which]; });
}

std::vector<SettingDoc> Spec::settings() const {
  std::vector<SettingDoc> out;
  for (const OptionDoc& option : option_docs) {
    if (!option.setting) continue;
    const SettingRules& rules = *option.setting;
    SettingDoc& doc = out.emplace_back();
    doc.key = bare_name(option);
    doc.path = option.complete == Complete::file;
    doc.check = rules.check ? rules.check : option.check;
    if (!option.choices.empty()) {
      doc.check = [known = option.choices,
                   noun = rules.noun.empty() ? doc.key : std::string(rules.noun)](
                      const std::string& value) { return choose(value, known, noun); };
    }
    if (option.repeatable) {
      doc.form = rules.joined ? SettingDoc::Form::table : SettingDoc::Form::list;
    }
    if (rules.joined) {
      doc.lay = [lay = option.lay_first](const std::vector<std::string>& values) -> Result<void> {
        lay(values);
        return {};
      };
      continue;
    }
    doc.lay = [store = option.store,
               given = option.given](const std::vector<std::string>& values) -> Result<void> {
      Result<void> done;
      for (std::size_t i = 0; i < values.size() && done && !*given; ++i) done = store(values[i]);
      return done;
    };
  }
  return out;
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

}  // namespace jwtctl::cli
