// SPDX-License-Identifier: Apache-2.0
#include "lib/base/text.h"

#include <array>
#include <cstdint>
#include <random>

#include "tests/catch.h"

namespace jwtctl {
namespace {

constexpr std::array<std::string_view, 5> kCommands{"decode", "verify", "completion", "help",
                                                    "version"};

std::string suggested(std::string_view word) {
  return suggest(word, kCommands).value_or("nothing");
}

TEST_CASE("the shortest form of a code point is valid UTF-8") {
  struct Row {
    std::string_view bytes;
    std::uint32_t value;
  };
  constexpr std::array<Row, 11> kRows{{{"A", 0x41},
                                       {"\x7f", 0x7F},
                                       {"\xc2\x80", 0x80},
                                       {"\xdf\xbf", 0x7FF},
                                       {"\xe0\xa0\x80", 0x800},
                                       {"\xed\x9f\xbf", 0xD7FF},
                                       {"\xee\x80\x80", 0xE000},
                                       {"\xef\xbf\xbf", 0xFFFF},
                                       {"\xf0\x90\x80\x80", 0x10000},
                                       {"\xf3\xa0\x80\x81", 0xE0001},
                                       {"\xf4\x8f\xbf\xbf", 0x10FFFF}}};
  for (const Row& row : kRows) {
    CAPTURE(row.value);
    std::string text = std::string(row.bytes) + "x";
    CodePoint point = decode_utf8(text, 0);
    CHECK(point.valid);
    CHECK(static_cast<std::uint32_t>(point.value) == row.value);
    CHECK(point.length == row.bytes.size());
  }
}

TEST_CASE("what is not UTF-8 costs one byte and is not valid") {
  constexpr std::array<std::string_view, 17> kBroken{"\x80",              // a continuation alone
                                                     "\xbf",              //
                                                     "\xc0\x80",          // overlong NUL
                                                     "\xc1\xbf",          // overlong U+007F
                                                     "\xe0\x9f\xbf",      // overlong U+07FF
                                                     "\xf0\x8f\xbf\xbf",  // overlong U+FFFF
                                                     "\xed\xa0\x80",      // the first surrogate
                                                     "\xed\xbf\xbf",      // the last surrogate
                                                     "\xf4\x90\x80\x80",  // U+110000
                                                     "\xf5\x80\x80\x80",  //
                                                     "\xff",              //
                                                     "\xc2",              // truncated
                                                     "\xe2\x82",          //
                                                     "\xf0\x9f\x98",      //
                                                     "\xc2\x41",          // no continuation
                                                     "\xe2\x28\xa1",      //
                                                     "\xf0\x9f\x98\x28"};
  for (std::string_view bytes : kBroken) {
    CAPTURE(escape_text(bytes));
    CodePoint point = decode_utf8(bytes, 0);
    CHECK_FALSE(point.valid);
    CHECK(point.length == 1);
    CHECK(static_cast<std::uint32_t>(point.value) == static_cast<std::uint8_t>(bytes[0]));
  }
}

TEST_CASE("unsafe characters are escaped and their neighbours are not") {
  CHECK(escape_text("a\nb\rc\td") == "a\\nb\\rc\\td");
  CHECK(escape_text(std::string_view("\0\x1b[31m\x7f", 7)) == "\\x00\\x1b[31m\\x7f");
  CHECK(escape_text("\x1f ~") == "\\x1f ~");
  CHECK(escape_text("\xc2\x80\xc2\x9f\xc2\xa0") == "\\u0080\\u009f\xc2\xa0");  // C1 and NBSP
  CHECK(escape_text("\xc2\xad") == "\\u00ad");
  CHECK(escape_text("\xe2\x80\xae") == "\\u202e");  // right-to-left override
  CHECK(escape_text("\xe2\x81\xa6x\xe2\x81\xa9") == "\\u2066x\\u2069");
  CHECK(escape_text("\xe2\x80\xa8\xe2\x80\xa9") == "\\u2028\\u2029");
  CHECK(escape_text("\xe2\x80\x8a\xe2\x80\x8b") == "\xe2\x80\x8a\\u200b");  // hair, zero width
  CHECK(escape_text("\xef\xbb\xbf") == "\\ufeff");
  CHECK(escape_text("\xf3\xa0\x81\x81") == "\\U000e0041");  // a tag
  CHECK(escape_text("\xf0\x9f\x98\x80 \xc3\xa9") == "\xf0\x9f\x98\x80 \xc3\xa9");
  CHECK(escape_text("\xff\xc0\x80") == "\\xff\\xc0\\x80");
}

TEST_CASE("what a CI log takes for a command is broken") {
  CHECK(escape_text("::error::x") == "\\x3a:error::x");
  CHECK(escape_text("   ::error::x") == "   \\x3a:error::x");
  CHECK(escape_text("a ::error::x") == "a ::error::x");
  CHECK(escape_text(":x::y") == ":x::y");
  CHECK(escape_text("a\n::error::x") == "a\\n::error::x");  // the newline starts no line any more
  CHECK(escape_text("x##[error]y") == "x\\x23#[error]y");
  CHECK(escape_text("x##vso[task]y") == "x\\x23#vso[task]y");
  CHECK(escape_text("###[x") == "#\\x23#[x");
  CHECK(escape_text("## [x #[y ##vs[") == "## [x #[y ##vs[");
}

// The runner of GitHub trims every white space of Unicode before it looks for `::`.
TEST_CASE("white space that is not ASCII does not hide a leading ::") {
  for (std::string_view blank : {"\xc2\xa0", "\xe1\x9a\x80", "\xe2\x80\x83", "\xe3\x80\x80"}) {
    CAPTURE(blank);
    std::string text = std::string(blank) + "::add-mask::x";
    CHECK(escape_text(text) == std::string(blank) + "\\x3a:add-mask::x");
  }
}

TEST_CASE("escaped text is safe and escaping it again changes nothing") {
  std::mt19937 random(20261123);
  constexpr std::string_view kLetters = ":#[vso \n\x1b\xe2\x80\xae\xc2\x85\xf0\x9f\x98\x80z\xff";
  for (int round = 0; round < 2000; ++round) {
    std::string text;
    for (std::size_t i = random() % 24; i > 0; --i) text += kLetters[random() % kLetters.size()];
    std::string once = escape_text(text);
    CAPTURE(once);
    CHECK_FALSE(has_unsafe_text(once));
    CHECK(escape_text(once) == once);
    CHECK(once.find("##[") == std::string::npos);
    CHECK(once.find('\n') == std::string::npos);
  }
  CHECK(has_unsafe_text("a\x1b"));
  CHECK(has_unsafe_text("\xff"));
  CHECK_FALSE(has_unsafe_text("::error:: is ASCII"));
}

TEST_CASE("shorten counts code points and marks the cut") {
  CHECK(shorten("", 0) == "");
  CHECK(shorten("a", 0) == "\xe2\x80\xa6");
  CHECK(shorten("abcd", 4) == "abcd");
  CHECK(shorten("abcde", 4) == "abcd\xe2\x80\xa6");
  CHECK(shorten("\xc3\xa9\xc3\xa9", 2) == "\xc3\xa9\xc3\xa9");
  CHECK(shorten("\xc3\xa9\xc3\xa9\xc3\xa9", 2) == "\xc3\xa9\xc3\xa9\xe2\x80\xa6");
  CHECK(shorten("\xff\xff\xff", 2) == "\xff\xff\xe2\x80\xa6");
  CHECK(columns("a\xc3\xa9\xf0\x9f\x98\x80\xff") == 4);
  CHECK(columns("") == 0);
}

TEST_CASE("edit distance counts swaps of neighbours as one") {
  struct Row {
    std::string_view a, b;
    std::size_t distance;
  };
  constexpr std::array<Row, 10> kRows{{{"", "", 0},
                                       {"", "abc", 3},
                                       {"abc", "abc", 0},
                                       {"abc", "abd", 1},
                                       {"abc", "abcd", 1},
                                       {"ab", "ba", 1},
                                       {"ca", "abc", 3},  // no edit between swapped neighbours
                                       {"kitten", "sitting", 3},
                                       {"flaw", "lawn", 2},
                                       {"RS265", "RS256", 1}}};
  for (const Row& row : kRows) {
    CAPTURE(row.a, row.b);
    CHECK(edit_distance(row.a, row.b) == row.distance);
    CHECK(edit_distance(row.b, row.a) == row.distance);
  }
}

TEST_CASE("a typical typo finds the word that was meant") {
  CHECK(suggested("verfy") == "verify");
  CHECK(suggested("verifyy") == "verify");
  CHECK(suggested("vreify") == "verify");
  CHECK(suggested("decdoed") == "decode");
  CHECK(suggested("hlep") == "help");
  CHECK(suggested("DECODE") == "decode");
  CHECK(suggested("Versoin") == "version");
}

TEST_CASE("what is too far away finds nothing") {
  CHECK(suggested("") == "nothing");
  CHECK(suggested("sign") == "nothing");
  CHECK(suggested("hxxp") == "nothing");    // two edits are half of "help"
  CHECK(suggested("vxxxfy") == "nothing");  // three edits
}

TEST_CASE("words longer than 64 characters are not compared") {
  std::string longest(64, 'a');
  std::string longer(65, 'a');
  std::array<std::string_view, 2> candidates{longest, longer};
  CHECK(suggest(std::string(64, 'A'), candidates) == longest);
  CHECK(suggest(longer, candidates) == std::nullopt);
  CHECK(suggest(std::string(1'000'000, 'a'), candidates) == std::nullopt);
}

TEST_CASE("the nearest candidate wins and the list is the last resort") {
  constexpr std::array<std::string_view, 3> kNames{"RS256", "PS256", "ES256"};
  CHECK(did_you_mean("PS265", kNames) == "did you mean PS256?");
  CHECK(did_you_mean("es256", kNames) == "did you mean ES256?");
  CHECK(did_you_mean("blowfish", kNames) == "known are: RS256, PS256, ES256");
}

TEST_CASE("small helpers know ASCII alone") {
  CHECK(to_lower("AZaz09\xc3\x89") == "azaz09\xc3\x89");
  CHECK(equals_ignoring_case("NoNe", "none"));
  CHECK_FALSE(equals_ignoring_case("none", "nonee"));
  CHECK_FALSE(equals_ignoring_case("@", "`"));
  CHECK(trim(" \t\r\n\v\fa b\n ") == "a b");
  CHECK(trim(" \n") == "");
  CHECK(split("", '.') == std::vector<std::string_view>{""});
  CHECK(split(".a..", '.') == std::vector<std::string_view>{"", "a", "", ""});
  std::vector<std::string> parts{"a", "", "b"};
  CHECK(join(parts, ", ") == "a, , b");
  CHECK(join({}, ", ") == "");
}

TEST_CASE("commands to a CI log are broken in finished text, and nothing else is copied") {
  for (std::string_view harmless :
       {"", "a", "a::b", "a ::b\n", ":", "a\n:", "#[", "##", "##a", "# #["}) {
    CAPTURE(harmless);
    CHECK_FALSE(disarm_ci_commands(harmless).has_value());
  }
  CHECK(disarm_ci_commands("::error::") == "\\x3a:error::");
  CHECK(disarm_ci_commands("a\n \t::e\r::f\r\n ::g") == "a\n \t\\x3a:e\r\\x3a:f\r\n \\x3a:g");
  CHECK(disarm_ci_commands("\u00a0\u2003::e") == "\u00a0\u2003\\x3a:e");
  CHECK(disarm_ci_commands("a ##[e] b ##vso[x") == "a \\x23#[e] b \\x23#vso[x");
  CHECK(disarm_ci_commands("###[e") == "#\\x23#[e");
  CHECK(disarm_ci_commands(":::e") == "\\x3a::e");
  CHECK(disarm_ci_commands("\xff\n::e") == "\xff\n\\x3a:e");
}

TEST_CASE("a number is digits alone, within its limits") {
  CHECK(parse_number<int>("0") == 0);
  CHECK(parse_number<int>("007") == 7);
  CHECK(parse_number<std::uint64_t>("18446744073709551615") ==
        std::numeric_limits<std::uint64_t>::max());
  CHECK_FALSE(parse_number<std::uint64_t>("18446744073709551616"));
  CHECK(parse_number<std::int64_t>("9223372036854775807") ==
        std::numeric_limits<std::int64_t>::max());
  CHECK_FALSE(parse_number<std::int64_t>("9223372036854775808"));
  CHECK(parse_number<unsigned char>("255") == 255);
  CHECK_FALSE(parse_number<unsigned char>("256"));
  for (std::string_view text : {"", "-1", "-0", "+1", " 1", "1 ", "1.0", "0x1", "1e3", "x"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_number<std::int64_t>(text));
  }
  CHECK(parse_number("2", 2, 4) == 2);
  CHECK(parse_number("4", 2, 4) == 4);
  CHECK_FALSE(parse_number("1", 2, 4));
  CHECK_FALSE(parse_number("5", 2, 4));
}

}  // namespace
}  // namespace jwtctl
