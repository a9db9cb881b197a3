// SPDX-License-Identifier: Apache-2.0
#include "lib/lint/suppress.h"

#include "lib/base/text.h"

namespace jwtctl {
namespace {

constexpr std::string_view kMark = "jwtctl:ignore";
constexpr std::string_view kReasonMark = "--";
constexpr std::size_t kMaxReason = 200;  // code points

/// without_closing removes what ends a comment in XML, HTML, C and CSS.
std::string_view without_closing(std::string_view text) {
  text = trim(text);
  for (std::string_view end : {"-->", "*/"}) {
    if (text.ends_with(end)) text = trim(text.substr(0, text.size() - end.size()));
  }
  return text;
}

bool names_rule(std::string_view list, RuleId rule) {
  for (std::string_view part : split(list, ',')) {
    for (std::string_view word : split(trim(part), ' ')) {
      if (equals_ignoring_case(word, rule.id) || word == rule.name) return true;
    }
  }
  return false;
}

}  // namespace

Suppression find_suppression(std::string_view line, RuleId rule) {
  std::size_t mark = line.find(kMark);
  if (mark == std::string_view::npos) return {};
  std::string_view rest = without_closing(line.substr(mark + kMark.size()));
  std::size_t dashes = rest.find(kReasonMark);
  if (!names_rule(rest.substr(0, dashes), rule)) return {};
  Suppression suppression{true, std::nullopt};
  if (dashes == std::string_view::npos) return suppression;
  std::string_view reason = trim(rest.substr(dashes + kReasonMark.size()));
  if (!reason.empty()) suppression.reason = shorten(reason, kMaxReason);
  return suppression;
}

}  // namespace jwtctl
