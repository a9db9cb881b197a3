// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "lib/lint/rule.h"

/// What is said about a rule: for `explain`, the manual and SARIF, from one text.
namespace jwtctl::cli {

/// rule_help is plain text of a few paragraphs, rule_markdown the same in Markdown.
std::string rule_help(const Rule& rule);
std::string rule_markdown(const Rule& rule);

/// rule_page is everything, wrapped for a terminal.
std::string rule_page(const Rule& rule);

/// rules_man renders jwtctl-rules(7).
std::string rules_man(std::string_view version);

}  // namespace jwtctl::cli
