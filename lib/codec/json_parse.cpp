// SPDX-License-Identifier: Apache-2.0
// The one file that includes nlohmann/json: its SAX interface feeds our own value type, because
// its DOM keeps one of two duplicate members silently and turns large numbers into doubles.
#include <fmt/format.h>

#include <iterator>
#include <nlohmann/json.hpp>
#include <set>

#include "lib/base/limits.h"
#include "lib/base/shown.h"
#include "lib/codec/json.h"

namespace jwtctl {
namespace {

constexpr int kOutOfRange = 406;  // nlohmann's id for a number beyond double

/// Builder receives SAX events and grows a Json; it stops at the first fault but duplicates.
class Builder {
 public:
  std::optional<Json> root;
  std::optional<JsonFault> fault;

  /// consumed is advanced by the input iterator, so events know where they are.
  std::size_t consumed = 0;

  bool null() { return add(Json()); }
  bool boolean(bool value) { return add(Json(value)); }
  bool number_integer(std::int64_t value) {
    // Only numbers with a minus sign come here; that of "-0" is lost on the way.
    return add(value != 0 ? Json(value) : Json(Json::Number{"-0"}));
  }
  bool number_unsigned(std::uint64_t value) {
    return add(Json(Json::Number{std::to_string(value)}));
  }
  bool number_float(double /*value*/, const std::string& text) {
    if (text.size() > kMaxJsonNumberDigits) {
      return refuse(rules::json_limits, "a number of {} characters is over the limit of {}",
                    text.size(), kMaxJsonNumberDigits);
    }
    return add(Json(Json::Number{text}));
  }
  bool string(std::string& text) { return add(Json(std::move(text))); }
  bool binary(std::vector<std::uint8_t>& /*bytes*/) { return false; }

  bool start_object(std::size_t /*size*/) { return open(Json::object({})); }
  bool start_array(std::size_t /*size*/) { return open(Json(Json::Array{})); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }

  bool key(std::string& name) {
    Level& level = levels_.back();
    if (level.has(name)) {
      if (!fault)
        note(rules::duplicate_member, "member {} stands twice",
             quote_argument(name, ShownAs::text));
    }
    if (++level.members > kMaxJsonMembers) {
      return refuse(rules::json_limits, "an object has more than {} members", kMaxJsonMembers);
    }
    level.name = std::move(name);
    return true;
  }

  bool parse_error(std::size_t position, const std::string& /*token*/,
                   const nlohmann::detail::exception& error) {
    consumed = position > 0 ? position - 1 : 0;
    if (error.id == kOutOfRange)
      return refuse(rules::date_out_of_range, "a number is out of range");
    return refuse(rules::json_invalid, "{}", reason(error.what()));
  }

 private:
  struct Level {
    Json value;
    std::string name;             ///< of the member whose value comes next
    std::set<std::string> names;  ///< seen in this object, once there are many
    std::size_t members = 0;      ///< read in this object, duplicates too

    /// has says whether `member` was seen in this object, and notes it.
    bool has(const std::string& member) {
      constexpr std::size_t kFew = 16;  // up to here looking at each is faster
      if (members < kFew) return value.find(member) != nullptr;
      if (names.empty()) {
        for (const JsonMember& seen : *value.as_object()) names.insert(seen.name);
      }
      return !names.insert(member).second;
    }
  };

  /// reason cuts nlohmann's prefix ("[json.exception.parse_error.101] parse error at …: ") and
  /// what follows the cause, which may quote the input.
  static std::string reason(std::string_view what) {
    std::size_t start = what.find(" - ");
    if (start == std::string_view::npos) return "syntax error";
    std::string_view cause = what.substr(start + 3);
    return std::string(cause.substr(0, cause.find("; last read")));
  }

  template <class... Args>
  void note(RuleId rule, fmt::format_string<Args...> text, Args&&... args) {
    fault = JsonFault{rule, consumed, fmt::format(text, std::forward<Args>(args)...)};
  }

  template <class... Args>
  bool refuse(RuleId rule, fmt::format_string<Args...> text, Args&&... args) {
    note(rule, text, std::forward<Args>(args)...);
    root.reset();
    return false;
  }

  bool open(Json container) {
    if (levels_.size() == kMaxJsonDepth) {
      return refuse(rules::json_limits, "nesting is deeper than {}", kMaxJsonDepth);
    }
    levels_.push_back({std::move(container), {}, {}, 0});
    return true;
  }

  bool close() {
    Json done = std::move(levels_.back().value);
    levels_.pop_back();
    return add(std::move(done));
  }

  bool add(Json value) {
    if (levels_.empty()) {
      root = std::move(value);
    } else if (Json& parent = levels_.back().value; parent.is_array()) {
      parent.push_back(std::move(value));
    } else {
      parent.append(std::move(levels_.back().name), std::move(value));
    }
    return true;
  }

  std::vector<Level> levels_;
};

/// CountingIterator tells the builder how far the lexer has read.
struct CountingIterator {
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  const char* at;
  std::size_t* consumed;

  reference operator*() const { return *at; }
  CountingIterator& operator++() {
    ++at;
    ++*consumed;
    return *this;
  }
  friend bool operator==(const CountingIterator& a, const CountingIterator& b) {
    return a.at == b.at;
  }
};

}  // namespace

JsonReading read_json(std::string_view text) {
  auto refuse = [](std::size_t offset, std::string_view message) {
    return JsonReading{{}, JsonFault{rules::json_invalid, offset, std::string(message)}};
  };
  // nlohmann takes a NUL as the end of input and skips a BOM.
  if (text.starts_with("\xEF\xBB\xBF")) return refuse(0, "a byte order mark stands in front");
  if (std::size_t nul = text.find('\0'); nul != std::string_view::npos) {
    return refuse(nul, "a NUL byte");
  }
  if (text.empty()) return refuse(0, "empty");

  Builder builder;
  CountingIterator first{text.data(), &builder.consumed};
  CountingIterator last{text.data() + text.size(), &builder.consumed};
  bool complete = nlohmann::json::sax_parse(first, last, &builder);
  if (!complete) builder.root.reset();
  return {std::move(builder.root), std::move(builder.fault)};
}

Result<Json> parse_json(std::string_view text, std::string_view what) {
  JsonReading reading = read_json(text);
  if (!reading.fault) return *std::move(reading.value);
  bool over_limit = reading.fault->rule == rules::json_limits;
  return fail(over_limit ? ErrorCode::key_refused : ErrorCode::input,
              "{} is not acceptable JSON: {} at offset {}", what, reading.fault->message,
              reading.fault->offset);
}

std::string json_library_version() {
  return fmt::format("{}.{}.{}", NLOHMANN_JSON_VERSION_MAJOR, NLOHMANN_JSON_VERSION_MINOR,
                     NLOHMANN_JSON_VERSION_PATCH);
}

}  // namespace jwtctl
