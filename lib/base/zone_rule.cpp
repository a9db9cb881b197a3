// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "lib/base/zone.h"

namespace jwtctl {
namespace {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// Reader walks over a rule; after the first fault `ok` is false and the rest means nothing.
struct Reader {
  std::string_view text;
  bool ok = true;

  bool accept(char c) {
    if (!text.starts_with(c)) return false;
    text.remove_prefix(1);
    return true;
  }

  void expect(char c) { ok = accept(c) && ok; }

  /// number reads one to three digits.
  int number(int least, int most) {
    int value = 0;
    std::size_t digits = 0;
    for (; digits < text.size() && digits < 3 && is_digit(text[digits]); ++digits) {
      value = value * 10 + (text[digits] - '0');
    }
    text.remove_prefix(digits);
    ok = ok && digits > 0 && value >= least && value <= most;
    return value;
  }

  /// name reads CET or <+0330>: three characters or more.
  void name() {
    bool quoted = accept('<');
    auto belongs = [quoted](char c) {
      return is_letter(c) || (quoted && (is_digit(c) || c == '+' || c == '-'));
    };
    auto length = static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), belongs) -
                                           text.begin());
    ok = ok && length >= 3;
    text.remove_prefix(length);
    if (quoted) expect('>');
  }

  /// clock reads [+-]h[hh][:mm[:ss]].
  Seconds clock(int most_hours) {
    bool negative = accept('-');
    if (!negative) accept('+');
    Seconds value = Seconds{number(0, most_hours)} * 3600;
    if (accept(':')) value += number(0, 59) * 60;
    if (accept(':')) value += number(0, 59);
    return negative ? -value : value;
  }

  YearDay year_day() {
    YearDay day;
    expect(',');
    if (accept('M')) {
      day.month = number(1, 12);
      expect('.');
      day.week = number(1, 5);
      expect('.');
      day.day = number(0, 6);
    } else if (accept('J')) {
      day.kind = YearDay::Kind::without_leap_day;
      day.day = number(1, 365);
    } else {
      day.kind = YearDay::Kind::from_zero;
      day.day = number(0, 365);
    }
    if (accept('/')) day.time = clock(167);
    return day;
  }
};

}  // namespace

std::optional<ZoneRule> parse_zone_rule(std::string_view text) {
  Reader at{text};
  ZoneRule rule;
  at.name();
  rule.standard = -at.clock(24);  // POSIX counts to the west
  if (at.ok && !at.text.empty()) {
    ZoneRule::Summer summer;
    at.name();
    bool says = !at.text.empty() && at.text[0] != ',';
    summer.offset = says ? -at.clock(24) : rule.standard + 3600;
    summer.begin = at.year_day();
    summer.end = at.year_day();
    rule.summer = summer;
  }
  if (!at.ok || !at.text.empty()) return std::nullopt;
  return rule;
}

}  // namespace jwtctl
