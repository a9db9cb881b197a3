// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/lint_settings.h"

#include "tests/catch.h"

namespace jwtctl::cli {
namespace {

TEST_CASE("a control character anywhere in jwtctl.toml is refused with its line") {
  for (int c = 0; c < 128; ++c) {
    if ((c >= ' ' && c != 0x7f) || c == '\t' || c == '\n') continue;
    std::string control(1, static_cast<char>(c));
    for (std::string_view frame :
         {"[lint]\n{}", "[lint]\n[{}x]", "[lint]\n# {}", "[lint]\nfail{}on = 1",
          "[lint]\nprofile = \"a{}\"", "[lint]\nissuer = [{}]", "[lint]\nprofile = '''{}'''"}) {
      INFO("character " << c << " in " << frame);
      auto read = parse_lint_settings(fmt::format(fmt::runtime(frame), control), "jwtctl.toml");
      REQUIRE_FALSE(read);
      CHECK(read.error().code == ErrorCode::input);
      CHECK(read.error().message == "jwtctl.toml:2: a control character");
    }
  }
}

TEST_CASE("tabs and both kinds of line breaks are no control characters") {
  auto read = parse_lint_settings("[lint]\r\n\tbaseline = \"\u00e9\"\t# x\r\n", "jwtctl.toml");
  REQUIRE(read);
  CHECK(read->baseline == "\u00e9");
}

TEST_CASE("letters beyond ASCII stand in strings and comments alone") {
  for (std::string_view inside :
       {"[lint]\nissuer = [\"\u00e9\", '\u00e9'] # \u00e9", "[lint]\nbaseline = \"\\\"\u00e9\"",
        "[lint]\nbaseline = \"\"\"\n\u00e9\"\u00e9\"\"\"\"\"",
        "\xEF\xBB\xBF[lint]\nbaseline = '\\\u00e9'",
        "[lint]\nbaseline = \"\"\nprofile = 'at+jwt' # \"\u00e9"}) {
    INFO(inside);
    CHECK(parse_lint_settings(inside, "jwtctl.toml"));
  }
  for (std::string_view outside :
       {"[lint]\nissuer = [\u00e9]", "[lint]\nmax-size = \u00e9", "[lint]\n\u00e9 = 1",
        "[lint]\n[\u00e9]", "[lint]\nissuer = [\"\"\"a\"\"\"\", \u00e9]",
        "[lint]\nissuer = ['''a''''', \u00e9]", "[lint]\nissuer = [\"\\\\\", \u00e9]",
        "[lint]\nissuer = ['\\', \u00e9]", "[lint]\nissuer = [\"\", '', \u00e9]"}) {
    INFO(outside);
    auto read = parse_lint_settings(outside, "jwtctl.toml");
    REQUIRE_FALSE(read);
    CHECK(read.error().message == "jwtctl.toml:2: a character beyond ASCII outside of a string");
  }
}

}  // namespace
}  // namespace jwtctl::cli
