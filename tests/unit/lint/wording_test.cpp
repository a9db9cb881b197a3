// SPDX-License-Identifier: Apache-2.0
#include "lib/lint/wording.h"

#include <set>
#include <string>

#include "cli/option_names.h"
#include "lib/lint/catalogue.h"
#include "tests/catch.h"

namespace jwtctl {
namespace {

/// texts_of lists the texts of a rule that may have placeholders.
std::vector<const Wording*> texts_of(const Rule& rule) {
  std::vector<const Wording*> texts{&rule.why, &rule.fix, &rule.good.options};
  for (const Example* example : rule.bad_examples()) texts.push_back(&example->options);
  return texts;
}

TEST_CASE("a placeholder is replaced wherever it stands") {
  RuleNames names;
  names.max_age = "--max-age";
  names.typ = "--typ";
  CHECK(Wording("{max_age}").with(names) == "--max-age");
  CHECK(Wording("{max_age}{typ} and {typ}.").with(names) == "--max-age--typ and --typ.");
  CHECK(Wording("nothing to do").with(names) == "nothing to do");
  CHECK(Wording().empty());
  CHECK(Wording().with(names).empty());
}

TEST_CASE("a name is never taken for a placeholder") {
  RuleNames names;
  names.max_age = "{typ}";
  CHECK(Wording("{max_age}").with(names) == "{typ}");
}

TEST_CASE("every placeholder has its own member, and a name on the command line") {
  std::set<std::string_view> texts;
  std::set<std::string_view> names;
  for (const Placeholder& placeholder : kPlaceholders) {
    CAPTURE(placeholder.text);
    CHECK(texts.insert(placeholder.text).second);
    CHECK(find_placeholder(placeholder.text) == &placeholder);
    std::string_view name = cli::kRuleNames.*placeholder.member;
    CHECK(names.insert(name).second);
    CHECK((name.starts_with("--") || name.starts_with("jwtctl ")));
    CHECK(name != RuleNames{}.*placeholder.member);
  }
  CHECK(cli::kRuleNames.stdin_name == "--stdin-filename");
}

TEST_CASE("every placeholder is used, and no rule is printed with one") {
  std::set<std::string_view> used;
  RuleNames marked;
  for (const Placeholder& placeholder : kPlaceholders)
    marked.*placeholder.member = placeholder.text;
  for (const Rule* rule : catalogue()) {
    for (const Wording* text : texts_of(*rule)) {
      CAPTURE(rule->id.id, text->with(marked));
      CHECK(cli::said(*text).find_first_of("{}") == std::string::npos);
      // No rule names an option by itself.
      CHECK(text->with(RuleNames{}).find("--") == std::string::npos);
      for (const Placeholder& placeholder : kPlaceholders) {
        if (text->with(marked).find(placeholder.text) != std::string::npos) {
          used.insert(placeholder.text);
        }
      }
    }
  }
  CHECK(used.size() == std::size(kPlaceholders));
}

}  // namespace
}  // namespace jwtctl
