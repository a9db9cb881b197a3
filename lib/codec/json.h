// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "lib/base/result.h"
#include "lib/base/rule_id.h"

namespace jwtctl {

struct JsonMember;

/// Json is one JSON value (RFC 8259). Unlike a map it keeps the order of members and the text of
/// numbers, so that what a token says can be judged and shown exactly as it says it.
class Json {
 public:
  struct Number {
    std::string text;
  };
  using Array = std::vector<Json>;
  using Object = std::vector<JsonMember>;

  // Defined in the source: JsonMember must be complete for them.
  Json();
  Json(std::nullptr_t);
  Json(bool value);
  Json(std::int64_t value);
  Json(int value);
  Json(std::size_t value);
  Json(Number number);
  Json(std::string value);
  Json(std::string_view value);
  Json(const char* value);
  Json(Array items);
  Json(const Json& other);
  Json(Json&& other) noexcept;
  Json& operator=(const Json& other);
  Json& operator=(Json&& other) noexcept;
  ~Json();

  /// object builds an object; `Json::object({})` is the empty one.
  static Json object(std::initializer_list<JsonMember> members);
  /// strings builds an array of strings.
  static Json strings(const std::vector<std::string>& items);

  bool is_null() const;
  bool is_string() const { return as_string() != nullptr; }
  bool is_number() const { return as_number() != nullptr; }
  bool is_array() const { return as_array() != nullptr; }
  bool is_object() const { return as_object() != nullptr; }

  /// as_x returns the content when the kind fits, else null.
  const bool* as_bool() const;
  const std::string* as_string() const;
  const std::string* as_number() const;  ///< the number's text
  const Array* as_array() const;
  const Object* as_object() const;

  /// kind_name returns "a string", "an object", … for messages.
  std::string_view kind_name() const;

  /// find returns the member of an object (the last one of that name), else null.
  const Json* find(std::string_view name) const;

  /// set appends a member, or replaces the value of the one that has the name.
  void set(std::string_view name, Json value);
  /// append adds a member to an object even when it has one of that name.
  void append(std::string name, Json value);
  void push_back(Json value);

  /// dump renders JSON text: compact, or indented by `indent` spaces a level. Control and bidi
  /// characters and what a CI log would take for a command are written as `\u` escapes, which
  /// changes the text but not the value.
  std::string dump(int indent = -1) const;

  /// same_value compares as JSON values: the order of members does not matter, and numbers are
  /// equal when they denote the same decimal number.
  bool same_value(const Json& other) const;

  /// wipe overwrites every string in this value; for documents that hold private keys.
  void wipe();

 private:
  std::variant<std::monostate, bool, Number, std::string, Array, Object> value_;
};

/// SecretJson wipes the value that it holds when it goes.
struct SecretJson {
  Json json;

  SecretJson() = default;
  explicit SecretJson(Json value) : json(std::move(value)) {}
  SecretJson(SecretJson&&) = default;
  SecretJson& operator=(SecretJson&&) = default;
  ~SecretJson() { json.wipe(); }
};

struct JsonMember {
  std::string name;
  Json value;
};

/// JsonFault says where and how a text is not the JSON that we accept.
struct JsonFault {
  RuleId rule;  ///< json_invalid, duplicate_member, json_limits or date_out_of_range
  std::size_t offset = 0;
  std::string message;
};

/// JsonReading is a text read as JSON: the value, unless nothing could be made of it, and the
/// first fault. A text with duplicate members alone has both.
struct JsonReading {
  std::optional<Json> value;
  std::optional<JsonFault> fault;
};

/// read_json parses one JSON text in UTF-8 (RFC 8259), without BOM, NUL, duplicate members
/// (RFC 7515 section 4, RFC 7519 section 4) and within the limits of `limits.h`.
JsonReading read_json(std::string_view text);

/// parse_json is `read_json` for callers that accept no fault: `input`, or `key_refused` when
/// only a limit is exceeded. `what` names the document in the message.
Result<Json> parse_json(std::string_view text, std::string_view what);

/// json_library_version names the parser behind `read_json`.
std::string json_library_version();

}  // namespace jwtctl
