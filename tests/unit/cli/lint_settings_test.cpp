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

}  // namespace
}  // namespace jwtctl::cli
