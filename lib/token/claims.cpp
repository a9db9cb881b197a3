// SPDX-License-Identifier: Apache-2.0
#include "lib/token/claims.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <limits>

#include "lib/base/text.h"
#include "lib/codec/json_shown.h"
#include "lib/crypto/algorithm.h"

namespace jwtctl {
namespace {

constexpr std::int64_t kYear9999End = 253402300799;
constexpr std::int64_t kYear1990 = 631152000;
constexpr std::int64_t kYear2100 = 4102444800;
constexpr std::int64_t kSmallestWrongUnit = 100'000'000'000;  // seconds: the year 5138

struct Unit {
  std::string_view name;
  std::int64_t per_second;
};
constexpr std::array<Unit, 3> kUnits{
    {{"milliseconds", 1000}, {"microseconds", 1'000'000}, {"nanoseconds", 1'000'000'000}}};

std::string without_application(std::string_view type) {
  std::string lower = to_lower(type);
  constexpr std::string_view kPrefix = "application/";
  bool plain = lower.starts_with(kPrefix) && lower.find('/', kPrefix.size()) == std::string::npos;
  return plain ? lower.substr(kPrefix.size()) : lower;
}

bool looks_like_uri(std::string_view text) {
  std::size_t colon = text.find(':');
  if (colon == 0 || !std::isalpha(static_cast<unsigned char>(text[0]))) return false;
  bool scheme = std::all_of(
      text.begin(), text.begin() + static_cast<std::ptrdiff_t>(colon),
      [](unsigned char c) { return std::isalnum(c) != 0 || c == '+' || c == '-' || c == '.'; });
  bool no_space = text.find_first_of(" \t\r\n<>\"") == std::string_view::npos;
  return scheme && no_space;
}

std::optional<HeaderProblem> problem(RuleId rule, std::string message) {
  return HeaderProblem{rule, std::move(message)};
}

}  // namespace

Payload read_payload(const Jws& jws) {
  Payload payload;
  const Segment* segment = jws.segment("payload");
  if (segment == nullptr || !segment->readable) return payload;
  if (segment->length == 0) {
    payload.faults.push_back({rules::segment_count, segment->offset,
                              "the payload segment is empty (detached content is no JWT)", false});
    return payload;
  }
  JsonReading reading = read_json(segment->octets);
  if (reading.fault) {
    payload.faults.push_back({reading.fault->rule, token_offset(*segment, reading.fault->offset),
                              fmt::format("the payload is not acceptable JSON: {} at its byte {}",
                                          reading.fault->message, reading.fault->offset),
                              reading.value.has_value()});
  } else if (!reading.value->is_object()) {
    payload.faults.push_back(
        {rules::json_invalid, segment->offset,
         fmt::format("the payload is {}, not an object", reading.value->kind_name()), true});
  }
  payload.claims = std::move(reading.value);
  return payload;
}

DateClaim read_date(const Json& claims, std::string_view name) {
  DateClaim date;
  const Json* claim = claims.find(name);
  if (claim == nullptr) return date;
  date.present = true;
  const std::string* text = claim->as_number();
  if (text == nullptr) {
    date.fault = rules::date_wrong_type;
    return date;
  }
  NumericDate parsed = parse_numeric_date(*text);
  date.value = parsed.value;
  std::int64_t seconds = parsed.value.seconds;
  if (parsed.in_range && seconds >= kSmallestWrongUnit) {
    for (const Unit& unit : kUnits) {
      std::int64_t meant = seconds / unit.per_second;
      if (meant < kYear1990 || meant >= kYear2100) continue;
      date.fault = rules::date_unit;
      date.unit = unit.name;
      date.corrected = {meant, 0};
      return date;
    }
  }
  // Zero is a date like any other (issuers write it for "no nbf"), except as the end of a token.
  bool low = seconds < 0 || (name == "exp" && seconds == 0);
  if (!parsed.in_range || low || seconds > kYear9999End) date.fault = rules::date_out_of_range;
  return date;
}

std::string as_others_read(std::string_view name, const DateClaim& date) {
  bool late = date.fault == rules::date_unit ||
              (date.fault == rules::date_out_of_range && date.value.seconds > kYear9999End);
  std::string_view answer = name == "exp"   ? "they would accept it"
                            : name == "nbf" ? "to them it is not valid before"
                            : name == "iat" ? "those that look at iat refuse it"
                                            : "";
  if (!late || answer.empty()) return {};
  if (date.value.seconds == std::numeric_limits<std::int64_t>::max()) {
    return fmt::format(
        "other verifiers take it as a time beyond any calendar, unless it overflows "
        "there: {}",
        answer);
  }
  return fmt::format("other verifiers take it as the year {}: {}", year_of(date.value), answer);
}

bool is_expired(Instant exp, Instant now, Seconds leeway) { return now >= shift(exp, leeway); }

bool is_not_yet_valid(Instant nbf, Instant now, Seconds leeway) {
  return now < shift(nbf, -leeway);
}

bool is_from_future(Instant iat, Instant now, Seconds leeway) { return iat > shift(now, leeway); }

bool is_stale(Instant iat, Instant now, Seconds max_age, Seconds leeway) {
  return now > shift(shift(iat, max_age), leeway);
}

bool has_impossible_window(Instant start, Instant exp) { return start >= exp; }

bool is_malformed_issuer(const Json& iss) {
  const std::string* text = iss.as_string();
  return text == nullptr || text->empty();
}

bool is_malformed_uri(std::string_view text) {
  return text.find(':') != std::string_view::npos && !looks_like_uri(text);
}

std::optional<std::string> audience_problem(const Json& aud) {
  if (const std::string* text = aud.as_string()) {
    return text->empty() ? std::optional<std::string>("aud is empty") : std::nullopt;
  }
  const Json::Array* items = aud.as_array();
  if (items == nullptr) {
    return fmt::format("aud must be a string or an array of strings, it is {}", aud.kind_name());
  }
  if (items->empty()) return "aud is an empty array";
  for (std::size_t i = 0; i < items->size(); ++i) {
    if ((*items)[i].is_string()) continue;
    return fmt::format("entry {} of aud is {}, not a string", i, (*items)[i].kind_name());
  }
  if (empty_audiences(aud).size() < items->size()) return std::nullopt;
  return "every entry of aud is empty";
}

std::optional<std::vector<std::string>> audiences(const Json& aud) {
  if (audience_problem(aud)) return std::nullopt;
  if (const std::string* text = aud.as_string()) return std::vector<std::string>{*text};
  std::vector<std::string> values;
  for (const Json& item : *aud.as_array()) {
    if (!item.as_string()->empty()) values.push_back(*item.as_string());
  }
  return values;
}

bool names_audience(const Json& aud, std::span<const std::string> expected) {
  auto named = [&expected](const Json& value) {
    const std::string* text = value.as_string();
    return text != nullptr && !text->empty() && matches_any(*text, expected);
  };
  const Json::Array* items = aud.as_array();
  return items != nullptr ? std::any_of(items->begin(), items->end(), named) : named(aud);
}

std::vector<std::size_t> empty_audiences(const Json& aud) {
  std::vector<std::size_t> entries;
  const Json::Array* items = aud.as_array();
  for (std::size_t i = 0; items != nullptr && i < items->size(); ++i) {
    const std::string* text = (*items)[i].as_string();
    if (text != nullptr && text->empty()) entries.push_back(i);
  }
  return entries;
}

bool matches_any(std::string_view actual, std::span<const std::string> expected) {
  return std::find(expected.begin(), expected.end(), actual) != expected.end();
}

bool same_media_type(std::string_view a, std::string_view b) {
  return without_application(a) == without_application(b);
}

std::optional<HeaderProblem> crit_problem(const Json& header) {
  const Json* crit = header.find("crit");
  const Json* b64 = header.find("b64");
  if (b64 != nullptr) {
    const bool* value = b64->as_bool();
    if (value == nullptr || !*value) {
      return problem(rules::unencoded_payload,
                     "a JWT must not have b64 other than true (RFC 7797 section 7)");
    }
  }
  if (crit == nullptr) return std::nullopt;
  const Json::Array* names = crit->as_array();
  bool texts = names != nullptr && !names->empty() &&
               std::all_of(names->begin(), names->end(),
                           [](const Json& n) { return n.is_string() && !n.as_string()->empty(); });
  if (!texts) {
    return problem(rules::crit_violation, "crit must be a non-empty array of header names");
  }
  return problem(rules::crit_violation,
                 fmt::format("the extensions that crit demands are not implemented: {}",
                             shorten(shown_value(*crit).dump(), 80)));
}

std::optional<HeaderProblem> alg_problem(const Json& header) {
  const Json* alg = header.find("alg");
  if (alg == nullptr) return problem(rules::alg_unregistered, "the header has no alg");
  const std::string* name = alg->as_string();
  if (name == nullptr || trim(*name).empty()) {
    return problem(rules::alg_none_variant, fmt::format("alg must name an algorithm, it is {}",
                                                        shorten(shown_value(*alg).dump(), 40)));
  }
  if (*name == "none") {
    return problem(rules::alg_none, "alg none means that nobody signed; it never verifies");
  }
  if (is_none(*name)) {
    return problem(rules::alg_none_variant,
                   fmt::format("alg \"{}\" is none in disguise; it never verifies", *name));
  }
  if (find_algorithm(*name) != nullptr) return std::nullopt;
  if (find_other_algorithm(*name) != nullptr) {
    return problem(rules::alg_unregistered,
                   fmt::format("alg \"{}\" is not one that jwtctl verifies", *name));
  }
  std::string shown = shorten(*name, 40);
  auto near = suggest(*name, signature_algorithm_names());
  return problem(rules::alg_unregistered,
                 near ? fmt::format("alg \"{}\" does not exist; {} does", shown, *near)
                      : fmt::format("alg \"{}\" does not exist", shown));
}

}  // namespace jwtctl
