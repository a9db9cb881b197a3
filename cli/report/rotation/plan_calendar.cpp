// SPDX-License-Identifier: Apache-2.0
// Calendars and charts of a plan. They hold no key material.
#include <algorithm>

#include "cli/report/rotation/rotation.h"
#include "lib/base/text.h"

namespace jwtctl::cli {
namespace {

/// compact renders the form of RFC 5545 section 3.3.5 in UTC: 20260302T090000Z.
std::string compact(Instant instant) {
  std::string text = format_rfc3339(instant).value_or("");
  std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
  return text;
}

/// ics_text escapes what has a meaning in TEXT values (RFC 5545 section 3.3.11).
std::string ics_text(std::string_view text) {
  std::string out;
  for (char c : escape_text(text)) {
    if (c == ',' || c == ';' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

/// begins_command: what a CI log would take for a command, were it in front of a line.
bool begins_command(std::string_view rest) {
  return disarm_ci_commands(rest.substr(0, rest.find("::") + 2)).has_value();
}

/// Calendar folds lines at 75 octets (RFC 5545 section 3.1), never inside a code point, and not
/// where the next line would begin like a command.
class Calendar {
 public:
  void line(std::string_view text) {
    constexpr std::size_t kMost = 75;
    constexpr std::size_t kEscape = 5;  // what a colon gains when the output disarms it
    std::size_t room = kMost;
    while (text.size() > room) {
      std::size_t cut = room;
      auto is_inside = [&] { return (static_cast<unsigned char>(text[cut]) & 0xC0U) == 0x80U; };
      while (cut > 1 && is_inside()) --cut;
      std::size_t latest = cut;
      while (cut > 1 && (is_inside() || begins_command(text.substr(cut)))) --cut;
      bool stuck = cut == 1;  // nothing but blanks and colons in front of it
      if (stuck) cut = latest;
      out_ += fmt::format("{}\r\n ", text.substr(0, cut));
      text.remove_prefix(cut);
      room = kMost - 1 - (stuck ? kEscape : 0);
    }
    out_ += fmt::format("{}\r\n", text);
  }
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

void add_event(const RotationPlan& plan, const Phase& phase, Calendar& calendar) {
  calendar.line("BEGIN:VEVENT");
  calendar.line(fmt::format("UID:{}-{}@jwtctl", plan.id, to_string(phase.id)));
  calendar.line(fmt::format("DTSTAMP:{}", compact(plan.created)));
  // A plan that is made again replaces the events of the one before.
  calendar.line(
      fmt::format("SEQUENCE:{}", std::clamp<std::int64_t>(plan.created.seconds, 0, 2'147'483'647)));
  calendar.line(fmt::format("DTSTART:{}", compact(*phase.at)));
  calendar.line(phase.manual ? "DURATION:PT30M" : "DURATION:PT0S");
  calendar.line(fmt::format("SUMMARY:{}",
                            ics_text(fmt::format("{}: {}", to_string(phase.id), phase.action))));
  std::string description =
      fmt::format("{}\\nwhy: {}", ics_text(plan_heading(plan)), ics_text(phase.reason));
  if (phase.rollback) description += fmt::format("\\nback: {}", ics_text(phase.rollback->action));
  calendar.line(fmt::format("DESCRIPTION:{}", description));
  calendar.line("TRANSP:TRANSPARENT");
  if (phase.manual) {
    calendar.line("BEGIN:VALARM");
    calendar.line("ACTION:DISPLAY");
    calendar.line("TRIGGER:-PT30M");
    calendar.line(fmt::format("DESCRIPTION:{}", ics_text(phase.action)));
    calendar.line("END:VALARM");
  }
  calendar.line("END:VEVENT");
}

/// mermaid_text leaves out what ends a task, a line or a comment, and what begins a directive or a
/// tag.
std::string mermaid_text(std::string_view text) {
  std::string out = escape_text(text);
  constexpr std::string_view kMarks = ":;#,%{}<>&";
  std::replace_if(
      out.begin(), out.end(), [kMarks](char c) { return kMarks.find(c) != kMarks.npos; }, ' ');
  return out;
}

}  // namespace

std::string plan_ics(const RotationPlan& plan) {
  Calendar calendar;
  calendar.line("BEGIN:VCALENDAR");
  calendar.line("VERSION:2.0");
  calendar.line("PRODID:-//jwtctl//rotate-plan//EN");
  calendar.line("METHOD:PUBLISH");
  calendar.line(fmt::format("X-WR-CALNAME:{}", ics_text(plan_heading(plan))));
  for (const Phase& phase : plan.phases) {
    if (phase.at) add_event(plan, phase, calendar);
  }
  calendar.line("END:VCALENDAR");
  return calendar.take();
}

std::string plan_mermaid(const RotationPlan& plan) {
  auto date = [](Instant instant) {
    std::string text = format_rfc3339(instant).value_or("");
    return fmt::format("{}+00:00", text.substr(0, text.size() - 1));
  };
  std::string out = fmt::format("gantt\n    title {}\n", mermaid_text(plan_heading(plan)));
  out += "    dateFormat YYYY-MM-DDTHH:mm:ssZ\n    axisFormat %m-%d %H:%M\n";
  const Schedule& s = plan.schedule;
  auto bar = [&](std::string_view name, std::string_view id, Instant from, Instant to) {
    if (from < to) out += fmt::format("    {} :{}, {}, {}\n", name, id, date(from), date(to));
  };
  bool first = plan.inputs.variant == Variant::first_key;
  out += "    section new key\n";
  bar("listed, not signing", "lead", s.publish, s.activate);
  if (!first) bar("signing, more and more", "switching", s.activate, s.last);
  if (!first) {
    out += "    section old key\n";
    bar("signing", "signing", s.publish, s.last);
    bar("its tokens expire", "draining", s.last, s.drained);
    bar("margin", "margin", s.drained, s.retire);
    if (s.untrusted) bar("still in caches", "untrusting", s.retire, *s.untrusted);
  }
  out += "    section steps\n";
  for (const Phase& phase : plan.phases) {
    if (!phase.at) continue;
    out += fmt::format("    {} :milestone, m{}, {}, 0d\n", mermaid_text(to_string(phase.id)),
                       static_cast<int>(phase.id), date(*phase.at));
  }
  return out;
}

}  // namespace jwtctl::cli
