// SPDX-License-Identifier: Apache-2.0
#include "lib/base/zone.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <iterator>
#include <limits>

#include "lib/base/file.h"
#include "lib/base/shown.h"
#include "lib/base/text.h"

namespace jwtctl {
namespace {

constexpr std::int64_t kEver = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kAlways = std::numeric_limits<std::int64_t>::min();
// Offsets lie between -25 and 26 hours (RFC 8536 section 3.2).
constexpr Seconds kLeastOffset = -25 * 3600 + 1;
constexpr Seconds kMostOffset = 26 * 3600 - 1;
// About the year 19,400: std::chrono::year ends at 32,767.
constexpr std::int64_t kLastOfCalendar = std::int64_t{1} << 39;
constexpr std::size_t kMaxFile = 256 * 1024;  // sixty times the largest
constexpr std::size_t kMaxName = 64;

constexpr std::array<const char*, 2> kFolders{"/usr/share/zoneinfo", "/etc/zoneinfo"};

/// Octets walks over a file that may end anywhere.
struct Octets {
  std::string_view rest;
  bool ok = true;

  std::string_view take(std::size_t count) {
    ok = ok && rest.size() >= count;
    if (!ok) return {};
    std::string_view taken = rest.substr(0, count);
    rest.remove_prefix(count);
    return taken;
  }

  /// number reads a signed number of so many octets, the highest first.
  std::int64_t number(std::size_t octets) {
    std::string_view taken = take(octets);
    std::uint64_t value = !taken.empty() && (taken[0] & 0x80) != 0 ? ~std::uint64_t{0} : 0;
    for (char c : taken) value = value << 8 | static_cast<std::uint8_t>(c);
    return static_cast<std::int64_t>(value);
  }
};

/// Header is that of one of a file's two blocks (RFC 8536 section 3.1).
struct Header {
  std::size_t ut_marks = 0, standard_marks = 0, leaps = 0, times = 0, types = 0, names = 0;

  /// size is that of what follows, with times of so many octets.
  std::size_t size(std::size_t octets) const {
    return times * (octets + 1) + types * 6 + names + leaps * (octets + 4) + standard_marks +
           ut_marks;
  }
};

std::optional<Header> read_header(Octets& at) {
  if (at.take(4) != "TZif") return std::nullopt;
  std::string_view version = at.take(1);
  at.take(15);
  Header header;
  for (std::size_t* count : {&header.ut_marks, &header.standard_marks, &header.leaps, &header.times,
                             &header.types, &header.names}) {
    std::int64_t value = at.number(4);
    if (value < 0 || static_cast<std::size_t>(value) > kMaxFile) return std::nullopt;
    *count = static_cast<std::size_t>(value);
  }
  if (!at.ok || version[0] < '2') return std::nullopt;
  return header;
}

/// day_of finds the day of a year as days since 1970.
std::int64_t day_of(const YearDay& day, std::chrono::year year) {
  namespace chrono = std::chrono;
  auto count = [](chrono::sys_days days) -> std::int64_t {
    return days.time_since_epoch().count();
  };
  std::int64_t first = count(year / 1 / 1);
  if (day.kind == YearDay::Kind::from_zero) return first + day.day;
  if (day.kind == YearDay::Kind::without_leap_day) {
    return first + day.day - 1 + (year.is_leap() && day.day > 59 ? 1 : 0);
  }
  chrono::year_month month = year / day.month;
  chrono::weekday weekday{static_cast<unsigned>(day.day)};
  return day.week == 5 ? count(month / weekday[chrono::last])
                       : count(month / weekday[static_cast<unsigned>(day.week)]);
}

/// rule_period finds the period of a rule.
Zone::Period rule_period(const ZoneRule& rule, std::int64_t seconds) {
  Zone::Period period{kAlways, kEver, rule.standard};
  if (!rule.summer || seconds < -kLastOfCalendar || seconds > kLastOfCalendar) return period;
  using Days = std::chrono::days;
  std::chrono::sys_seconds at{std::chrono::seconds{seconds + rule.standard}};
  auto year = std::chrono::year_month_day{std::chrono::floor<Days>(at)}.year();
  struct Change {
    std::int64_t at;
    Seconds offset;
  };
  std::array<Change, 6> changes{};
  for (int i = 0; i < 3; ++i) {
    auto of = year + std::chrono::years{i - 1};
    auto index = static_cast<std::size_t>(2 * i);
    const ZoneRule::Summer& summer = *rule.summer;
    changes[index] = {day_of(summer.end, of) * 86400 + summer.end.time - summer.offset,
                      rule.standard};
    changes[index + 1] = {day_of(summer.begin, of) * 86400 + summer.begin.time - rule.standard,
                          summer.offset};
  }
  // A summer that begins when another ends has no end: stable, with ends first.
  std::stable_sort(changes.begin(), changes.end(),
                   [](const Change& a, const Change& b) { return a.at < b.at; });
  for (const Change& change : changes) {
    if (change.at > seconds) {
      period.end = change.at;
      break;
    }
    period.begin = change.at;
    period.offset = change.offset;
  }
  return period;
}

/// is_zone_name keeps to names of the database: no way out of its folder, none of its files that
/// are no zones of civil time.
bool is_zone_name(std::string_view name) {
  auto belongs = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '+' || c == '-' || c == '/';
  };
  return !name.empty() && name.size() <= kMaxName && name.front() != '/' &&
         std::all_of(name.begin(), name.end(), belongs) && !name.starts_with("right/") &&
         !name.starts_with("posix/") && name != "localtime" && name != "posixrules";
}

}  // namespace

Result<Zone> Zone::parse(std::string_view file) {
  auto bad = [](std::string_view what) { return fail(ErrorCode::input, "no TZif: {}", what); };
  if (file.size() > kMaxFile) return bad("it is too large");
  Octets at{file};
  auto old = read_header(at);
  if (!old) return bad("the header is not one of version 2 or later");
  at.take(old->size(4));
  auto header = read_header(at);
  if (!header) return bad("the second header is missing");
  if (header->leaps != 0) return bad("it counts leap seconds");
  if (header->types == 0 || header->types > 256) return bad("it has no offsets, or too many");
  if (at.rest.size() < header->size(8)) return bad("it ends too early");

  Zone zone;
  for (std::size_t i = 0; i < header->times; ++i) {
    std::int64_t time = at.number(8);
    if (i > 0 && time <= zone.transitions_.back().at) return bad("times do not ascend");
    zone.transitions_.push_back({time, 0});
  }
  std::string_view indexes = at.take(header->times);
  std::vector<Seconds> offsets;
  for (std::size_t i = 0; i < header->types; ++i) {
    offsets.push_back(at.number(4));
    at.take(2);
    if (offsets.back() < kLeastOffset || offsets.back() > kMostOffset) return bad("a wrong offset");
  }
  zone.first_ = offsets[0];
  for (std::size_t i = 0; i < indexes.size(); ++i) {
    auto index = static_cast<std::uint8_t>(indexes[i]);
    if (index >= offsets.size()) return bad("an offset is missing");
    zone.transitions_[i].offset = offsets[index];
  }
  at.take(header->names + header->standard_marks + header->ut_marks);
  if (at.take(1) != "\n" || !at.rest.ends_with('\n')) return bad("the footer is missing");
  std::string_view footer = at.rest.substr(0, at.rest.size() - 1);
  if (!footer.empty()) {
    zone.rule_ = parse_zone_rule(footer);
    if (!zone.rule_) return bad("the footer is no rule");
  }
  return zone;
}

Result<Zone> Zone::load(const std::string& name) {
  std::error_code error;
  const auto* folder = std::find_if(kFolders.begin(), kFolders.end(), [&error](const char* path) {
    return std::filesystem::is_directory(path, error);
  });
  if (folder == kFolders.end()) {
    return fail(ErrorCode::input, "there is no data on time zones in {}", kFolders[0])
        .hint("install tzdata");
  }
  if (is_zone_name(name)) {
    auto file = load_file(fmt::format("{}/{}", *folder, name), kMaxFile);
    if (file) {
      auto zone = parse({reinterpret_cast<const char*>(file->data()), file->size()});
      if (zone) return zone;
    }
  }
  return fail(ErrorCode::usage, "there is no time zone {}", quote_argument(name))
      .hint("write a name of the IANA database: Europe/Berlin, America/New_York, UTC");
}

Zone::Period Zone::period(std::int64_t seconds) const {
  auto next = std::upper_bound(transitions_.begin(), transitions_.end(), seconds,
                               [](std::int64_t s, const Transition& t) { return s < t.at; });
  bool last = next == transitions_.end();
  Period period{kAlways, last ? kEver : next->at, first_};
  if (next != transitions_.begin()) {
    period.begin = std::prev(next)->at;
    period.offset = std::prev(next)->offset;
  }
  if (!last || !rule_) return period;
  Period later = rule_period(*rule_, seconds);
  later.begin = std::max(later.begin, period.begin);
  return later;
}

Zone::Local Zone::local(std::int64_t seconds) const {
  std::optional<Local> found;
  std::optional<Local> gap;
  // From the earliest instant that could be meant to the latest, one period after the other.
  for (Period p = period(seconds - kMostOffset);; p = period(p.end)) {
    std::int64_t at = seconds - p.offset;
    if (at >= p.begin && at < p.end) {
      found = Local{found ? Local::Kind::twice : Local::Kind::once, at, p.offset};
    } else if (!gap && at < p.begin) {
      gap = Local{Local::Kind::skipped, p.begin, p.offset};
    }
    if (p.end == kEver || p.end > seconds - kLeastOffset) return found ? *found : *gap;
  }
}

}  // namespace jwtctl
