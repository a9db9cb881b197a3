// SPDX-License-Identifier: Apache-2.0
#include "lib/rotation/memory.h"

#include <charconv>

#include "lib/base/shown.h"
#include "lib/crypto/openssl.h"

namespace jwtctl {
namespace {

constexpr std::string_view kKeyMark = " #";

/// There is no number for what never ends.
constexpr std::int64_t kForeverMark = -1;

Json epoch(const std::optional<Instant>& instant) {
  return instant ? Json(instant->seconds) : Json();
}

Json length(const std::optional<Seconds>& seconds) { return seconds ? Json(*seconds) : Json(); }

std::int64_t whole_number(const Json& json, bool& good) {
  std::int64_t value = 0;
  const std::string digits = json.is_number() ? *json.as_number() : "";
  const char* end = digits.data() + digits.size();
  auto [at, error] = std::from_chars(digits.data(), end, value);
  good = good && error == std::errc{} && at == end;
  return value;
}

/// read_epoch reads a date or null; anything else says so.
std::optional<Instant> read_epoch(const Json& object, std::string_view name, bool& good) {
  const Json* member = object.find(name);
  if (member == nullptr || (!member->is_null() && !member->is_number())) {
    good = false;
    return std::nullopt;
  }
  if (member->is_null()) return std::nullopt;
  std::int64_t value = whole_number(*member, good);
  good = good && value >= kForeverMark && format_rfc3339({value, 0});
  return Instant{value, 0};
}

/// read_later reads what states of earlier versions do not have.
std::optional<Instant> read_later(const Json& object, std::string_view name, bool& good) {
  return object.find(name) == nullptr ? std::nullopt : read_epoch(object, name, good);
}

/// read_length reads a length that states of earlier versions do not have: at least `least`.
std::optional<Seconds> read_length(const Json& object, std::string_view name, Seconds least,
                                   bool& good) {
  const Json* member = object.find(name);
  if (member == nullptr || member->is_null()) return std::nullopt;
  Seconds value = whole_number(*member, good);
  good = good && value >= least && value <= kMaxDuration;
  return value;
}

/// read_flag reads a flag that states of earlier versions do not have.
bool read_flag(const Json& object, std::string_view name, bool& good) {
  const Json* member = object.find(name);
  if (member == nullptr) return false;
  const bool* value = member->as_bool();
  good = good && value != nullptr;
  return value != nullptr && *value;
}

std::string read_text(const Json& object, std::string_view name, bool& good) {
  const Json* member = object.find(name);
  const std::string* text = member != nullptr ? member->as_string() : nullptr;
  good = good && text != nullptr;
  return text != nullptr ? *text : "";
}

void read_places(const Json& document, CheckMemory& memory, bool& good) {
  const Json* places = document.find("places");
  const Json::Array* list = places != nullptr ? places->as_array() : nullptr;
  if (list == nullptr) {
    good = false;
    return;
  }
  for (const Json& place : *list) {
    std::string key = read_text(place, "url", good);
    // Files of 0.1.0 have whole URLs, and a URL has no blanks.
    if (key.find(kKeyMark) == std::string::npos) key = memory_key(key);
    PlaceMemory& entry = memory.places[key];
    entry.new_since = read_epoch(place, "new_since", good);
    entry.new_missing = read_epoch(place, "new_missing", good);
    entry.old_gone = read_epoch(place, "old_gone", good);
    entry.old_shown = read_later(place, "old_shown", good);
    entry.max_age = read_length(place, "max_age", 0, good).value_or(0);
    entry.on_error = read_length(place, "on_error", 0, good).value_or(0);
    entry.failed = read_flag(place, "failed", good);
    entry.last_good = read_later(place, "last_good", good);
    entry.failing_since = read_later(place, "failing_since", good);
    entry.new_skew = read_length(place, "new_skew", -kMaxDuration, good);
    entry.gone_skew = read_length(place, "gone_skew", -kMaxDuration, good);
    if (place.find("new_form") != nullptr) entry.new_form = read_text(place, "new_form", good);
    if (place.find("route") != nullptr) entry.route = read_text(place, "route", good);
    if (place.find("new_material") != nullptr) {
      entry.new_material = read_text(place, "new_material", good);
    }
  }
}

}  // namespace

std::string memory_key(const std::string& url) {
  std::string shown = masked_argument(url, ShownAs::url);
  if (shown == url) return url;
  constexpr std::size_t kOctets = 8;
  auto digest = sha256(url);
  if (!digest) return url;
  std::string key = fmt::format("{}{}", shown, kKeyMark);
  for (char octet : digest->substr(0, kOctets)) {
    key += fmt::format("{:02x}", static_cast<unsigned char>(octet));
  }
  return key;
}

std::string shown_place(const std::string& key) { return key.substr(0, key.find(kKeyMark)); }

Json memory_json(const CheckMemory& memory) {
  Json places = Json::Array{};
  for (const auto& [url, place] : memory.places) {
    places.push_back(Json::object({{"url", url},
                                   {"new_since", epoch(place.new_since)},
                                   {"new_missing", epoch(place.new_missing)},
                                   {"old_gone", epoch(place.old_gone)},
                                   {"old_shown", epoch(place.old_shown)},
                                   {"new_form", place.new_form},
                                   {"new_material", place.new_material},
                                   {"route", place.route.value_or("")},
                                   {"max_age", place.max_age},
                                   {"on_error", place.on_error},
                                   {"failed", place.failed},
                                   {"last_good", epoch(place.last_good)},
                                   {"failing_since", epoch(place.failing_since)},
                                   {"new_skew", length(place.new_skew)},
                                   {"gone_skew", length(place.gone_skew)}}));
  }
  Json life = !memory.longest_life               ? Json()
              : *memory.longest_life == kForever ? Json(kForeverMark)
                                                 : Json(*memory.longest_life);
  return Json::object({{"schema", "jwtctl.rotate-state/1"},
                       {"plan", memory.plan},
                       {"start", epoch(memory.start)},
                       {"pretended", memory.pretended},
                       {"new_thumbprint", memory.new_thumbprint},
                       {"checked", epoch(memory.checked)},
                       {"first_new_signature", epoch(memory.first_new_signature)},
                       {"signs_since", epoch(memory.signs_since)},
                       {"went_back", epoch(memory.went_back)},
                       {"withdrawn", memory.withdrawn},
                       {"last_old_signature", epoch(memory.last_old_signature)},
                       {"longest_life", life},
                       {"places", std::move(places)}});
}

Result<CheckMemory> parse_memory(std::string_view text, const RotationPlan& plan) {
  constexpr std::string_view kAnew = "remove it to begin anew; the clocks of the rotation then too";
  constexpr std::string_view kOwnState =
      "each plan has a state of its own: leave out --state, or name another file";
  auto document = parse_json(text, "the state");
  if (!document) {
    return fail(ErrorCode::input, "{}", document.error().message).hint("{}", kAnew);
  }
  bool good = document->is_object();
  CheckMemory memory;
  good = good && read_text(*document, "schema", good) == "jwtctl.rotate-state/1";
  if (good) {
    memory.plan = read_text(*document, "plan", good);
    memory.start = read_later(*document, "start", good);
    memory.pretended = read_flag(*document, "pretended", good);
    memory.withdrawn = read_flag(*document, "withdrawn", good);
    memory.new_thumbprint = read_text(*document, "new_thumbprint", good);
    memory.checked = read_epoch(*document, "checked", good);
    memory.first_new_signature = read_epoch(*document, "first_new_signature", good);
    memory.signs_since = read_later(*document, "signs_since", good);
    memory.went_back = read_later(*document, "went_back", good);
    memory.last_old_signature = read_epoch(*document, "last_old_signature", good);
    if (auto life = read_epoch(*document, "longest_life", good)) {
      memory.longest_life = life->seconds < 0 ? kForever : life->seconds;
    }
    read_places(*document, memory, good);
  }
  if (!good) {
    return fail(ErrorCode::input, "the state is not what this program writes").hint("{}", kAnew);
  }
  if (memory.plan != plan.id) {
    return fail(ErrorCode::input, "the state belongs to plan {}, not to {}",
                show_argument(memory.plan, ShownAs::text), show_argument(plan.id, ShownAs::text))
        .hint("{}", kOwnState);
  }
  if (memory.start && *memory.start != plan.inputs.start) {
    return fail(ErrorCode::input,
                "the state belongs to a plan of these keys that begins at {}, not at {}",
                format_rfc3339(*memory.start).value_or("?"),
                format_rfc3339(plan.inputs.start).value_or("?"))
        .hint("{}", kOwnState);
  }
  return memory;
}

}  // namespace jwtctl
