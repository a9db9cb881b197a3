// SPDX-License-Identifier: Apache-2.0
#include "cli/docs/messages.h"

#include <algorithm>

#include "lib/base/text.h"
#include "lib/lint/catalogue.h"
#include "tests/catch.h"

namespace jwtctl::cli {
namespace {

TEST_CASE("every message is found by its own text, and its rules exist") {
  for (const ForeignMessage& message : foreign_messages()) {
    CAPTURE(message.text);
    auto found = find_foreign_messages(message.text);
    CHECK(std::find(found.begin(), found.end(), &message) != found.end());
    CHECK(message.meaning.ends_with('.'));
    for (std::string_view mark : message.marks) CHECK(mark == to_lower(mark));
    for (std::string_view rule : message.rules) {
      CAPTURE(rule);
      CHECK(find_rule(rule) != nullptr);
    }
  }
}

TEST_CASE("a message is found within a line of a log, and by a part of it") {
  CHECK(find_foreign_messages("[error] JWT EXPIRED at 12:00").size() == 1);
  CHECK(find_foreign_messages("doesn't have key to match kid").size() == 1);
  CHECK(find_foreign_messages("jwt").empty());  // too little to tell
  CHECK(find_foreign_messages("").empty());
  CHECK(find_foreign_messages("JOSE header typ (type) x").empty());  // half of the marks
}

}  // namespace
}  // namespace jwtctl::cli
