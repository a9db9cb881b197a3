// SPDX-License-Identifier: Apache-2.0
#include "lib/lint/suppress.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "lib/base/text.h"

namespace jwtctl {
namespace {

using View = std::string_view;

constexpr View kReasonMark = "--";
constexpr std::size_t kMaxReason = 200;  // code points

struct BlockComment {
  View open;
  View close;
};
// Longer ones before those that they begin with.
constexpr std::array<BlockComment, 17> kBlocks{{{"<!--", "-->"},
                                                {"{{!--", "--}}"},
                                                {"{{!", "}}"},
                                                {"{{/*", "*/}}"},
                                                {"<%--", "--%>"},
                                                {"<%", "%>"},
                                                {"/*", "*/"},
                                                {"{#", "#}"},
                                                {"(*", "*)"},
                                                {"{-", "-}"},
                                                {"--[[", "]]"},
                                                {"<#", "#>"},
                                                {"#|", "|#"},
                                                {"#=", "=#"},
                                                {"@*", "*@"},
                                                {"\"\"\"", "\"\"\""},
                                                {"'''", "'''"}}};

bool is_word(char c) {
  auto octet = static_cast<unsigned char>(c);
  return std::isalnum(octet) != 0 || octet >= 0x80;
}

bool has_words(View text) { return std::any_of(text.begin(), text.end(), is_word); }

/// open_block returns the block comment that is open at the end of `before`, if one is.
const BlockComment* open_block(View before) {
  const BlockComment* open = nullptr;
  std::size_t last = 0;
  for (const BlockComment& block : kBlocks) {
    std::size_t at = before.rfind(block.open);
    if (at == View::npos || (open != nullptr && at <= last)) continue;
    if (before.find(block.close, at + block.open.size()) != View::npos) continue;
    open = &block;
    last = at;
  }
  return open;
}

/// is_line_comment says whether the comment that `before` leads up to ends with its line.
bool is_line_comment(View before) {
  View lead = trim(before);
  constexpr std::array<View, 7> kLines{"#", "//", "--", ";", "%", "!", "'"};
  return std::any_of(kLines.begin(), kLines.end(),
                     [lead](View mark) { return lead.ends_with(mark); });
}

/// in_string says whether a string of JSON, YAML or source is open at the end of `before`.
bool in_string(View before) { return std::count(before.begin(), before.end(), '"') % 2 == 1; }

/// comment_end returns where in `text`, which stands behind the mark, its comment ends.
std::size_t comment_end(View before, View text) {
  if (const BlockComment* block = open_block(before)) {
    return std::min(text.find(block->close), text.size());
  }
  if (in_string(before)) return std::min(text.find('"'), text.size());
  std::size_t end = text.size();
  if (is_line_comment(before)) return end;
  // It began on a line before.
  for (const BlockComment& block : kBlocks) end = std::min(text.find(block.close), end);
  return end;
}

/// is_lead says whether what stands in front of the mark belongs to the comment: signs, the words
/// that begin a comment, the name of a member of JSON, which has no comments.
bool is_lead(View before) {
  View lead = trim(before);
  if (equals_ignoring_case(lead, "rem") || lead == "dnl") return true;
  if (!has_words(lead)) return true;
  std::size_t colon = lead.rfind(':');
  if (!lead.starts_with('"') || !lead.ends_with('"') || colon == View::npos) return false;
  View name = trim(lead.substr(0, colon));
  View open = trim(lead.substr(colon + 1));
  return open == "\"" && name.size() >= 2 && name.ends_with('"') &&
         std::count(name.begin(), name.end(), '"') == 2;
}

bool names_rule(View list, RuleId rule) {
  for (View part : split(list, ',')) {
    for (View word : split(trim(part), ' ')) {
      if (equals_ignoring_case(word, rule.id) || word == rule.name) return true;
    }
  }
  return false;
}

}  // namespace

Suppression find_suppression(View line, RuleId rule) {
  std::size_t mark = line.find(kSuppressionMark);
  if (mark == View::npos) return {};
  View before = line.substr(0, mark);
  View rest = line.substr(mark + kSuppressionMark.size());
  std::size_t end = comment_end(before, rest);
  View comment = rest.substr(0, end);
  std::size_t dashes = comment.find(kReasonMark);
  if (!names_rule(comment.substr(0, dashes), rule)) return {};
  Suppression suppression{true, is_lead(before) && !has_words(rest.substr(end)), std::nullopt};
  if (dashes == View::npos) return suppression;
  View reason = trim(comment.substr(dashes + kReasonMark.size()));
  if (!reason.empty()) suppression.reason = shorten(reason, kMaxReason);
  return suppression;
}

Suppression suppression_at(View line, View above, RuleId rule) {
  Suppression here = find_suppression(line, rule);
  if (here.found && !here.alone) return here;
  Suppression there = find_suppression(above, rule);
  return there.found && there.alone ? there : Suppression{};
}

}  // namespace jwtctl
