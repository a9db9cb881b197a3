// SPDX-License-Identifier: Apache-2.0
// The input is the header lines of an answer. Whatever they say, a copy is fresh within our limits,
// never when the server says no; a date that is read is that date to the C library too.
#include "lib/remote/freshness.h"

#include <algorithm>
#include <ctime>

#include "lib/base/text.h"
#include "lib/remote/http_date.h"
#include "tests/fuzz/targets.h"

namespace jwtctl::fuzz {
namespace {

constexpr Instant kNow{1'795'000'000, 0};

void check_date(std::string_view text) {
  auto date = parse_http_date(text, kNow);
  // The obsolete forms are written otherwise.
  if (!date || text.size() != 29 || !text.ends_with(" GMT")) return;
  std::time_t seconds = date->seconds;
  std::tm parts{};
  char again[40];
  must(::gmtime_r(&seconds, &parts) != nullptr, "a date has parts");
  std::size_t length = std::strftime(again, sizeof again, "%d %b %Y %H:%M:%S GMT", &parts);
  // The name of the day is not looked at, and a leap second is the second behind it.
  bool leap = text.substr(23, 2) == "60";
  must(leap || text.substr(5) == std::string_view(again, length) || parts.tm_year < -900,
       "a date is written as it was read");
}

}  // namespace

void freshness(std::string_view input) {
  HttpResponse response;
  HttpResponse parted;  // the same with a header of its own for each directive
  bool no_store = false;
  for (std::string_view line : split(input, '\n')) {
    std::size_t colon = std::min(line.find(':'), line.size());
    std::string name = to_lower(trim(line.substr(0, colon)));
    std::string value(trim(line.substr(std::min(colon + 1, line.size()))));
    check_date(value);
    response.headers.emplace_back(name, value);
    for (std::string_view part : split(value, ',')) {
      if (name != "cache-control") break;
      no_store = no_store || equals_ignoring_case(trim(part), "no-store");
      parted.headers.emplace_back(name, std::string(part));
    }
    if (name != "cache-control") parted.headers.emplace_back(name, value);
  }
  Freshness fresh = read_freshness(response, kNow);
  bool sane =
      fresh.lifetime == 0 || (fresh.lifetime >= kMinFreshness && fresh.lifetime <= kMaxFreshness);
  must(sane, "a copy is fresh within the limits");
  must(fresh.stale_if_error >= 0 && fresh.stale_if_error <= kMaxFreshness, "and stale within them");
  // Between quotes a comma parts nothing (RFC 9110 section 5.6.4).
  bool quoted = input.find('"') != std::string_view::npos;
  must(quoted || !no_store || fresh.no_store, "no-store is heard");
  must(says_freshness(response) || fresh.lifetime == kDefaultFreshness, "silence is the default");
  if (quoted) return;
  Freshness same = read_freshness(parted, kNow);
  must(same.lifetime == fresh.lifetime && same.stale_if_error == fresh.stale_if_error &&
           same.no_store == fresh.no_store,
       "it does not matter how directives are spread over headers");
}

}  // namespace jwtctl::fuzz
