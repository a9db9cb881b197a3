// SPDX-License-Identifier: Apache-2.0
#include "cli/docs/markup.h"

#include <random>

#include "lib/base/text.h"
#include "tests/catch.h"

namespace jwtctl::cli {
namespace {

TEST_CASE("lines of one paragraph are joined and paragraphs are parted") {
  CHECK(markup_to_text("one\ntwo\n\nthree", 0) == "one two\n\nthree\n");
  CHECK(markup_to_text("one\n\n\n\ntwo\n", 2) == "  one\n\n  two\n");
  CHECK(markup_to_text("", 4) == "");
  CHECK(markup_to_text(" \n\n ", 4) == "");
}

TEST_CASE("code loses its backticks in text and is bold in the manual") {
  CHECK(markup_to_text("give `--key` a path", 0) == "give --key a path\n");
  CHECK(markup_to_roff("give `--key` a path") == ".PP\ngive \\fB\\-\\-key\\fR a path\n");
  CHECK(markup_to_roff("`a``b`") == ".PP\n\\fBa\\fR\\fBb\\fR\n");
}

TEST_CASE("items stand together with a hanging indent") {
  CHECK(markup_to_text("Either\n\n- one\n- two", 0) == "Either\n\n- one\n- two\n");
  CHECK(markup_to_text("- one\n  more of it\n- two\n\nAfter", 2) ==
        "  - one more of it\n  - two\n\n  After\n");
  std::string wrapped = markup_to_text("- " + std::string(60, 'a') + " " + std::string(40, 'b'), 4);
  CHECK(wrapped == "    - " + std::string(60, 'a') + "\n      " + std::string(40, 'b') + "\n");
  CHECK(markup_to_roff("- one\n- two") == ".IP \\(bu 2\none\n.IP \\(bu 2\ntwo\n");
}

TEST_CASE("blocks are kept as they are") {
  CHECK(markup_to_text("See:\n\n    a  `b`\n      c\n\nDone", 2) ==
        "  See:\n\n    a  `b`\n      c\n\n  Done\n");
  CHECK(markup_to_roff("    a  b\n    .c") == ".PP\n.RS 4\n.nf\na  b\n\\&.c\n.fi\n.RE\n");
  std::string wide(120, 'x');
  CHECK(markup_to_text("    " + wide, 0) == "  " + wide + "\n");  // never wrapped
}

TEST_CASE("text wraps at 80 columns") {
  std::string word(39, 'a');
  CHECK(markup_to_text(word + " " + word, 1) == " " + word + " " + word + "\n");  // exactly 80
  CHECK(markup_to_text(word + " " + word, 2) == "  " + word + "\n  " + word + "\n");
  std::string long_word(200, 'w');
  CHECK(markup_to_text("a " + long_word + " b", 0) == "a\n" + long_word + "\nb\n");
  std::string accents;
  for (int i = 0; i < 39; ++i) accents += "\xc3\xa9";
  CHECK(markup_to_text(accents + " " + accents, 1) == " " + accents + " " + accents + "\n");
}

TEST_CASE("wrapping keeps every word and never exceeds the width") {
  std::mt19937 random(20261123);
  for (int round = 0; round < 300; ++round) {
    std::string text;
    std::string flat;
    for (std::size_t words = random() % 60; words > 0; --words) {
      std::string word(1 + random() % 14, static_cast<char>('a' + random() % 26));
      text += word + (random() % 5 == 0 ? "\n" : random() % 3 == 0 ? "  " : " ");
      flat += word + " ";
    }
    std::size_t indent = random() % 8;
    std::string wrapped = markup_to_text("x" + text, indent);
    std::string again;
    for (std::string_view line : split(wrapped, '\n')) {
      CHECK(columns(line) <= kHelpWidth);
      if (!line.empty()) again += std::string(trim(line)) + " ";
    }
    std::string expected = text.empty() ? "x " : "x" + flat;
    CHECK(again == expected);
  }
}

TEST_CASE("the manual's own syntax is escaped") {
  CHECK(roff_text("a-b") == "a\\-b");
  CHECK(roff_text("back\\slash") == "back\\eslash");
  CHECK(roff_text("it's `x`") == "it\\(aqs \\(gax\\(ga");
  CHECK(roff_text(".TH is a request") == "\\&.TH is a request");
  CHECK(roff_text("'so is this") == "\\&\\(aqso is this");
  CHECK(roff_text("a\n.b\nc.d") == "a\n\\&.b\nc.d");
  CHECK(roff_text("") == "");
}

TEST_CASE("no line of a rendered paragraph is taken for a request") {
  for (std::string_view markup : {".dot", "`.dot`", "- .dot", "a `'b`", "    .dot\n    'dot"}) {
    CAPTURE(markup);
    std::string page = markup_to_roff(markup);
    for (std::string_view line : split(page, '\n')) {
      bool request = line.starts_with('.') || line.starts_with('\'');
      bool ours = line == ".PP" || line == ".IP \\(bu 2" || line == ".RS 4" || line == ".nf" ||
                  line == ".fi" || line == ".RE";
      CHECK((!request || ours));
    }
  }
}

}  // namespace
}  // namespace jwtctl::cli
