// SPDX-License-Identifier: Apache-2.0
#include "lib/base/zone.h"

#include <limits>

#include "tests/catch.h"

namespace jwtctl {
namespace {

using Kind = Zone::Local::Kind;

std::string octets(std::int64_t value, int count) {
  std::string out;
  for (int i = count - 1; i >= 0; --i) out += static_cast<char>(value >> (8 * i));
  return out;
}

/// Tzif is a file of one block; what a test makes wrong is a member.
struct Tzif {
  std::string magic = "TZif";
  char version = '2';
  std::vector<std::pair<std::int64_t, int>> transitions{{0, 1}, {1000, 0}};
  std::vector<std::int64_t> offsets{3600, 7200};
  std::string footer = "\nCET-1CEST,M3.5.0,M10.5.0/3\n";

  std::string header(bool empty) const {
    std::string out = magic + version + std::string(15, '\0') + std::string(12, '\0');
    if (empty) return out + std::string(12, '\0');
    return out + octets(static_cast<std::int64_t>(transitions.size()), 4) +
           octets(static_cast<std::int64_t>(offsets.size()), 4) + octets(4, 4);
  }

  std::string text() const {
    std::string out = header(true) + header(false);
    for (const auto& [at, type] : transitions) out += octets(at, 8);
    for (const auto& [at, type] : transitions) out += static_cast<char>(type);
    for (std::int64_t offset : offsets) out += octets(offset, 4) + std::string(2, '\0');
    return out + std::string("CET\0", 4) + footer;
  }
};

Zone parsed(const Tzif& file) {
  auto zone = Zone::parse(file.text());
  INFO((zone ? "" : zone.error().message));
  REQUIRE(zone.has_value());
  return *zone;
}

Seconds at(const Zone& zone, std::string_view time) {
  return zone.period(parse_time(time, {})->seconds).offset;
}

TEST_CASE("a zone's transitions, then its rule") {
  Zone zone = parsed({});
  CHECK(zone.period(-1).offset == 3600);
  CHECK(zone.period(-1).end == 0);
  CHECK(zone.period(0).offset == 7200);
  CHECK(zone.period(999).offset == 7200);
  CHECK(zone.period(999).end == 1000);
  CHECK(zone.period(1000).offset == 3600);
  CHECK(zone.period(1000).begin == 1000);
  CHECK(at(zone, "2026-03-29T00:59:59Z") == 3600);
  CHECK(at(zone, "2026-03-29T01:00:00Z") == 7200);
  CHECK(at(zone, "2026-10-25T00:59:59Z") == 7200);
  CHECK(at(zone, "2026-10-25T01:00:00Z") == 3600);
  CHECK(at(zone, "9999-07-01T00:00:00Z") == 7200);
  // Nothing overflows where no calendar goes.
  CHECK(zone.period(std::numeric_limits<std::int64_t>::max() - 1).offset == 3600);
  CHECK(zone.period(std::numeric_limits<std::int64_t>::min()).offset == 3600);

  CHECK(parsed({.footer = "\n\n"}).period(2'000'000'000).offset == 3600);
  CHECK(parsed({.transitions = {}, .footer = "\n\n"}).period(-2'000'000'000).offset == 3600);
  CHECK(parsed({.transitions = {}}).period(-2'000'000'000).offset == 7200);  // in August
}

TEST_CASE("local times of a zone: once, skipped, twice") {
  Zone zone = parsed({});
  auto look = [&zone](std::int64_t seconds) { return zone.local(seconds); };
  CHECK(look(3599).kind == Kind::once);
  CHECK(look(3599).seconds == -1);
  // Clocks go from 01:00:00 to 02:00:00, and 1,000 s later back.
  CHECK(look(3600).kind == Kind::skipped);
  CHECK(look(4599).kind == Kind::skipped);
  CHECK(look(4599).seconds == 0);
  CHECK(look(4599).offset == 7200);
  CHECK(look(7200).kind == Kind::twice);
  CHECK(look(7200).seconds == 3600);
  CHECK(look(4600).kind == Kind::once);
  CHECK(look(4600).seconds == 1000);
  CHECK(look(8199).kind == Kind::twice);
  CHECK(look(8200).kind == Kind::once);
  CHECK(look(8200).seconds == 4600);
}

TEST_CASE("rules of zones") {
  auto offset = [](std::string_view rule, std::string_view time) -> Seconds {
    INFO(rule);
    REQUIRE(parse_zone_rule(rule).has_value());
    return at(parsed({.transitions = {}, .footer = "\n" + std::string(rule) + "\n"}), time);
  };
  CHECK(offset("UTC0", "2026-07-01T00:00:00Z") == 0);
  CHECK(offset("<+0545>-5:45", "2026-07-01T00:00:00Z") == 20'700);
  CHECK(offset("<-00>0", "2026-07-01T00:00:00Z") == 0);
  CHECK(offset("XXX-1:02:03", "2026-07-01T00:00:00Z") == 3723);
  // The south, where summer passes the end of the year.
  CHECK(offset("NZST-12NZDT,M9.5.0,M4.1.0/3", "2026-01-01T00:00:00Z") == 46'800);
  CHECK(offset("NZST-12NZDT,M9.5.0,M4.1.0/3", "2026-07-01T00:00:00Z") == 43'200);
  CHECK(offset("NZST-12NZDT,M9.5.0,M4.1.0/3", "2026-12-31T23:59:59Z") == 46'800);
  // Ireland's standard time is that of its summer.
  CHECK(offset("IST-1GMT0,M10.5.0,M3.5.0/1", "2026-01-01T00:00:00Z") == 0);
  CHECK(offset("IST-1GMT0,M10.5.0,M3.5.0/1", "2026-07-01T00:00:00Z") == 3600);
  // Times before midnight and after a day.
  CHECK(offset("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-29T00:59:59Z") == -7200);
  CHECK(offset("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-29T01:00:00Z") == -3600);
  CHECK(offset("EET-2EEST,M3.4.4/50,M10.4.4/50", "2026-03-27T23:59:59Z") == 7200);
  CHECK(offset("EET-2EEST,M3.4.4/50,M10.4.4/50", "2026-03-28T00:00:00Z") == 10'800);
  // Days of the year: J60 is the 1st of March in each, 59 the 29th of February in leap years.
  CHECK(offset("AAA0BBB,J60/0,J365", "2028-02-29T23:59:59Z") == 0);
  CHECK(offset("AAA0BBB,J60/0,J365", "2028-03-01T00:00:00Z") == 3600);
  CHECK(offset("AAA0BBB,59/0,364", "2028-02-28T23:59:59Z") == 0);
  CHECK(offset("AAA0BBB,59/0,364", "2028-02-29T00:00:00Z") == 3600);
  // Summer without an end (RFC 8536 section 3.3.1).
  CHECK(offset("XXX3EDT4,0/0,J365/23", "2026-01-01T03:00:00Z") == -14'400);
  CHECK(offset("XXX3EDT4,0/0,J365/23", "2026-07-01T00:00:00Z") == -14'400);
}

TEST_CASE("what is no rule of a zone") {
  for (std::string_view rule : {"",
                                "CET",
                                "CE-1",
                                "-1",
                                "CET-",
                                "CET-25",
                                "CET-1:60",
                                "CET-1:00:60",
                                "<CET-1",
                                "<+1>-1",
                                "CET-1 ",
                                "CET-1CEST",
                                "CET-1CEST,M3.5.0",
                                "CET-1CEST,M0.5.0,M10.5.0",
                                "CET-1CEST,M13.5.0,M10.5.0",
                                "CET-1CEST,M3.0.0,M10.5.0",
                                "CET-1CEST,M3.6.0,M10.5.0",
                                "CET-1CEST,M3.5.7,M10.5.0",
                                "CET-1CEST,J0,J365",
                                "CET-1CEST,J1,J366",
                                "CET-1CEST,0,366",
                                "CET-1CEST,M3.5.0/168,M10.5.0",
                                "CET-1CEST,M3.5.0/-168,M10.5.0",
                                "CET-1CEST,M3.5.0,M10.5.0/3x",
                                "CET-1CEST,M3.5.0,M10.5.0,",
                                "CET-1CEST-0x2,M3.5.0,M10.5.0",
                                "CET-0001"}) {
    INFO(rule);
    CHECK_FALSE(parse_zone_rule(rule).has_value());
  }
  CHECK(parse_zone_rule("CET-24CEST,M3.5.0/167,M10.5.0/-167").has_value());
}

TEST_CASE("what is no file of a zone") {
  auto refused = [](const Tzif& file) {
    auto zone = Zone::parse(file.text());
    return zone ? "" : zone.error().message;
  };
  CHECK(refused({}).empty());
  CHECK(refused({.magic = "tzif"}) == "no TZif: the header is not one of version 2 or later");
  CHECK(refused({.version = '\0'}) == "no TZif: the header is not one of version 2 or later");
  CHECK(refused({.version = '4'}).empty());
  CHECK(refused({.transitions = {{5, 0}, {5, 1}}}) == "no TZif: times do not ascend");
  CHECK(refused({.transitions = {{5, 2}}}) == "no TZif: an offset is missing");
  CHECK(refused({.transitions = {{5, 255}}}) == "no TZif: an offset is missing");
  CHECK(refused({.offsets = {}}) == "no TZif: it has no offsets, or too many");
  CHECK(refused({.offsets = {0, 93'599}}).empty());
  CHECK(refused({.offsets = {0, 93'600}}) == "no TZif: a wrong offset");
  CHECK(refused({.offsets = {0, -89'999}}).empty());
  CHECK(refused({.offsets = {0, -90'000}}) == "no TZif: a wrong offset");
  CHECK(refused({.footer = ""}) == "no TZif: the footer is missing");
  CHECK(refused({.footer = "\nCET-1"}) == "no TZif: the footer is missing");
  CHECK(refused({.footer = "\nCET\n"}) == "no TZif: the footer is no rule");
  CHECK(refused({.footer = std::string(300'000, '\n')}) == "no TZif: it is too large");
  // Cut anywhere it is refused, and never read beyond its end.
  std::string whole = Tzif{}.text();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    INFO(size);
    CHECK_FALSE(Zone::parse(std::string(whole, 0, size)).has_value());
  }
  // Counts that no file could hold.
  for (std::size_t count = 20; count < 44; count += 4) {
    std::string liar = whole;
    liar.replace(44 + count, 4, "\x7f\xff\xff\xff");
    CHECK_FALSE(Zone::parse(liar).has_value());
    liar.replace(44 + count, 4, std::string("\0\3\xff\xff", 4));
    CHECK_FALSE(Zone::parse(liar).has_value());
  }
}

TEST_CASE("leap seconds are refused") {
  std::string whole = Tzif{}.text();
  whole[44 + 31] = 1;
  auto zone = Zone::parse(whole);
  REQUIRE_FALSE(zone.has_value());
  CHECK(zone.error().message == "no TZif: it counts leap seconds");
}

TEST_CASE("zones of this machine are found by their names and by nothing else") {
  for (const char* name : {"UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+12",
                           "America/Port-au-Prince"}) {
    INFO(name);
    CHECK(Zone::load(name).has_value());
  }
  for (const std::string& name :
       {std::string(), std::string("Europe"), std::string("Europe/"), std::string("/UTC"),
        std::string("/usr/share/zoneinfo/UTC"), std::string("../zoneinfo/UTC"),
        std::string("Europe/../UTC"), std::string("./UTC"), std::string("right/UTC"),
        std::string("posix/UTC"), std::string("localtime"), std::string("posixrules"),
        std::string("zone.tab"), std::string("leapseconds"), std::string("UTC\0", 4),
        std::string(65, 'a'), std::string("Nowhere/Here")}) {
    INFO(name);
    auto zone = Zone::load(name);
    REQUIRE_FALSE(zone.has_value());
    CHECK(zone.error().code == ErrorCode::usage);
  }
}

TEST_CASE("each instant of a zone is among the local times that its clock shows") {
  std::uint64_t seed = 20261126;
  for (const char* name : {"Europe/Berlin", "America/New_York", "Pacific/Chatham", "Asia/Gaza",
                           "Africa/Casablanca", "Australia/Lord_Howe", "Pacific/Apia"}) {
    Zone zone = *Zone::load(name);
    for (int i = 0; i < 2000; ++i) {
      seed = seed * 6364136223846793005U + 1442695040888963407U;
      auto now = static_cast<std::int64_t>(seed >> 31U) - 3'000'000'000;
      Zone::Period period = zone.period(now);
      Zone::Local local = zone.local(now + period.offset);
      INFO(name << " " << now);
      REQUIRE(now >= period.begin);
      REQUIRE(now < period.end);
      REQUIRE((local.kind == Kind::twice ? local.seconds >= now : local.seconds == now));
      REQUIRE(local.kind != Kind::skipped);
    }
  }
}

}  // namespace
}  // namespace jwtctl
