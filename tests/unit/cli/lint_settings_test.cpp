// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/lint_settings.h"

#include "lib/base/text.h"
#include "tests/catch.h"

namespace jwtctl::cli {
namespace {

/// Settings has an option of each kind, and what it is set to.
struct Settings {
  Spec spec;
  std::vector<std::string> globs;
  std::vector<std::string> levels;
  std::optional<std::string> baseline;
  std::optional<std::size_t> size;
  Seconds leeway = 7;
  int fail_on = 1;

  Settings() {
    spec.list("--exclude", "GLOB", globs, "globs").comma_list().setting();
    spec.list("--rule", "RULE=LEVEL", levels, "levels")
        .setting({.joined = true, .check = [](const std::string& value) -> Result<void> {
                    if (!value.ends_with("=loud")) return {};
                    return fail(ErrorCode::usage, "too loud");
                  }});
    spec.option("--baseline", "PATH", baseline, "baseline").setting().file();
    spec.number("--max-size", "BYTES", size, {}, "size").setting();
    spec.duration("--leeway", leeway, "leeway").setting();
    spec.choice("--fail-on", "LEVEL", fail_on, {{"error", 1}, {"never", 2}}, "level")
        .setting({.noun = "level"});
    spec.option("--output,-o", "PATH", secret, "output");
  }

  Result<void> read(std::string_view lines, const std::string& path = "jwtctl.toml") {
    return read_settings(fmt::format("[lint]\n{}\n", lines), path, spec.settings());
  }
  /// give is the command line.
  void give(std::string_view name, const std::string& value) {
    for (OptionDoc& option : spec.option_docs) {
      if (option.names.front() == name) REQUIRE(option.assign(value));
    }
  }

  std::optional<std::string> secret;
};

TEST_CASE("keys of a settings file are the options that are declared as settings") {
  Settings settings;
  REQUIRE(
      settings.read("exclude = ['a,b', 'c']\nrule = { A = 'off', B = 'note' }\n"
                    "baseline = 'x'\nmax-size = 3\nleeway = '1m'\nfail-on = 'never'"));
  CHECK(settings.globs == std::vector<std::string>{"a,b", "c"});
  CHECK(settings.levels == std::vector<std::string>{"A=off", "B=note"});
  CHECK(settings.baseline == "x");
  CHECK(settings.size == std::size_t{3});
  CHECK(settings.leeway == 60);
  CHECK(settings.fail_on == 2);
  for (std::string_view key : {"output", "o", "-o", "--exclude", "Exclude", ""}) {
    CAPTURE(key);
    auto read = settings.read(fmt::format("'{}' = 'x'", key));
    REQUIRE_FALSE(read);
    CHECK(read.error().code == ErrorCode::input);
    CHECK(read.error().message.find("jwtctl.toml:2: unknown key") == 0);
  }
  CHECK_FALSE(settings.secret);
  CHECK(settings.read("fail-onn = 'never'").error().hint == "did you mean fail-on?");
}

TEST_CASE("the command line goes before a settings file, and levels are joined") {
  Settings settings;
  settings.give("--exclude", "mine");
  settings.give("--rule", "A=error");
  settings.give("--baseline", "mine");
  settings.give("--max-size", "1");
  settings.give("--leeway", "7");  // what it is anyway, but said
  settings.give("--fail-on", "error");
  REQUIRE(
      settings.read("exclude = ['a']\nrule = { A = 'off', B = 'note' }\n"
                    "baseline = 'x'\nmax-size = 3\nleeway = '1m'\nfail-on = 'never'"));
  CHECK(settings.globs == std::vector<std::string>{"mine"});
  CHECK(settings.levels == std::vector<std::string>{"A=off", "B=note", "A=error"});
  CHECK(settings.baseline == "mine");
  CHECK(settings.size == std::size_t{1});
  CHECK(settings.leeway == 7);
  CHECK(settings.fail_on == 1);
}

TEST_CASE("a wrong value of a settings file is refused, given on the command line or not") {
  struct Case {
    std::string_view line;
    ErrorCode code;
    std::string_view message;
  };
  for (const Case& wrong : {
           Case{"max-size = 'x'", ErrorCode::usage, "max-size: \"x\" is not a number"},
           Case{"max-size = -1", ErrorCode::usage, "max-size: \"-1\" is not a number"},
           Case{"max-size = ''", ErrorCode::usage, "max-size: \"\" is not a number"},
           Case{"max-size = [1]", ErrorCode::input, "\"max-size\" must be a string or a number"},
           Case{"leeway = 'soon'", ErrorCode::input, "\"leeway\": \"soon\" is not a duration"},
           Case{"fail-on = 'x'", ErrorCode::usage, "unknown level \"x\""},
           Case{"exclude = 'x'", ErrorCode::input, "\"exclude\" must be an array of strings"},
           Case{"rule = ['x']", ErrorCode::input, "\"rule\" must be a table of levels"},
           Case{"rule = { A = 1 }", ErrorCode::input, "a level must be a string"},
           Case{"rule = { A = 'loud' }", ErrorCode::usage, "too loud"},
       }) {
    CAPTURE(wrong.line);
    for (bool given : {false, true}) {
      Settings settings;
      if (given) {
        for (const char* name : {"--max-size", "--leeway"}) settings.give(name, "1");
        settings.give("--fail-on", "never");
      }
      auto read = settings.read(wrong.line);
      REQUIRE_FALSE(read);
      CHECK(read.error().code == wrong.code);
      CHECK(read.error().message == fmt::format("jwtctl.toml:2: {}", wrong.message));
    }
  }
}

TEST_CASE("the line of a wrong item is named, not that of its list") {
  Settings settings;
  auto read = settings.read("rule = { A = 'off', B = 'loud' }\nexclude = [\n'a',\n1]");
  REQUIRE_FALSE(read);
  CHECK(read.error().message == "jwtctl.toml:3: \"exclude\" must be an array of strings");
}

TEST_CASE("a path in a settings file is meant from the file, other values as they stand") {
  Settings settings;
  REQUIRE(settings.read("baseline = 'x'\nexclude = ['y']", "../sub/jwtctl.toml"));
  CHECK(settings.baseline == "../sub/x");
  CHECK(settings.globs == std::vector<std::string>{"y"});
  REQUIRE(settings.read("baseline = '/x'", "../sub/jwtctl.toml"));
  CHECK(settings.baseline == "/x");
}

TEST_CASE("a control character anywhere in jwtctl.toml is refused with its line") {
  for (int c = 0; c < 128; ++c) {
    if ((c >= ' ' && c != 0x7f) || c == '\t' || c == '\n') continue;
    std::string control(1, static_cast<char>(c));
    for (std::string_view frame :
         {"[lint]\n{}", "[lint]\n[{}x]", "[lint]\n# {}", "[lint]\nfail{}on = 1",
          "[lint]\nprofile = \"a{}\"", "[lint]\nissuer = [{}]", "[lint]\nprofile = '''{}'''"}) {
      INFO("character " << c << " in " << frame);
      auto read = read_settings(fmt::format(fmt::runtime(frame), control), "jwtctl.toml", {});
      REQUIRE_FALSE(read);
      CHECK(read.error().code == ErrorCode::input);
      CHECK(read.error().message == "jwtctl.toml:2: a control character");
    }
  }
}

TEST_CASE("tabs and both kinds of line breaks are no control characters") {
  Settings settings;
  REQUIRE(settings.read("\r\n\tbaseline = \"\u00e9\"\t# x\r"));
  CHECK(settings.baseline == "\u00e9");
}

}  // namespace
}  // namespace jwtctl::cli
