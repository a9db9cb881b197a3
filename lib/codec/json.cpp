// SPDX-License-Identifier: Apache-2.0
#include "lib/codec/json.h"

#include <algorithm>
#include <iterator>

#include "lib/base/secret.h"
#include "lib/base/text.h"

namespace jwtctl {

namespace {

/// is_plain: letters, digits and most of ASCII stand for themselves, wherever they stand.
constexpr bool is_plain(char c) {
  return c >= ' ' && c <= '~' && c != '"' && c != '\\' && c != '#';
}

void append_string(std::string& out, std::string_view text) {
  auto escape = [&out](std::uint32_t value) {
    if (value < 0x10000) {
      out += fmt::format("\\u{:04x}", value);
    } else {
      std::uint32_t rest = value - 0x10000;
      out += fmt::format("\\u{:04x}\\u{:04x}", 0xD800 + (rest >> 10U), 0xDC00 + (rest & 0x3FFU));
    }
  };
  out += '"';
  for (std::size_t pos = 0; pos < text.size();) {
    char first = text[pos];
    if (is_plain(first)) {
      out += first;
      ++pos;
      continue;
    }
    CodePoint point = decode_utf8(text, pos);
    std::string_view rest = text.substr(pos);
    if (!point.valid) {
      out += "\\ufffd";
    } else if (first == '"' || first == '\\') {
      out += '\\';
      out += first;
    } else if (first == '\n') {
      out += "\\n";
    } else if (first == '\t') {
      out += "\\t";
    } else if (first == '\r') {
      out += "\\r";
    } else if (is_unsafe(point.value) || rest.starts_with("##[") || rest.starts_with("##vso[")) {
      escape(static_cast<std::uint32_t>(point.value));
    } else {
      out.append(text, pos, point.length);
    }
    pos += point.length;
  }
  out += '"';
}

class Writer {
 public:
  Writer(std::string& out, int indent) : out_(out), indent_(indent) {}

  void write(const Json& json, int level) {
    if (const auto* array = json.as_array()) {
      write_items('[', ']', *array, level, [&](const Json& item) { write(item, level + 1); });
    } else if (const auto* object = json.as_object()) {
      write_items('{', '}', *object, level, [&](const JsonMember& member) {
        append_string(out_, member.name);
        out_ += indent_ < 0 ? ":" : ": ";
        write(member.value, level + 1);
      });
    } else if (const auto* text = json.as_string()) {
      append_string(out_, *text);
    } else if (const auto* number = json.as_number()) {
      out_ += *number;
    } else if (const auto* flag = json.as_bool()) {
      out_ += *flag ? "true" : "false";
    } else {
      out_ += "null";
    }
  }

 private:
  template <class Items, class Write>
  void write_items(char open, char close, const Items& items, int level, Write write_one) {
    out_ += open;
    bool first = true;
    for (const auto& item : items) {
      if (!first) out_ += ',';
      first = false;
      new_line(level + 1);
      write_one(item);
    }
    if (!first) new_line(level);
    out_ += close;
  }

  void new_line(int level) {
    if (indent_ < 0) return;
    out_ += '\n';
    out_.append(static_cast<std::size_t>(level * indent_), ' ');
  }

  std::string& out_;
  int indent_;
};

/// Decimal is a JSON number in normal form: 0.d1d2d3… times ten to the exponent, no zeros around.
struct Decimal {
  bool negative = false;
  std::string digits;
  std::int64_t exponent = 0;
  friend bool operator==(const Decimal&, const Decimal&) = default;
};

Decimal to_decimal(std::string_view text) {
  Decimal result;
  result.negative = text.starts_with('-');
  std::size_t e = std::min(text.find_first_of("eE"), text.size());
  std::string_view mantissa = text.substr(0, e);
  std::int64_t point = -1;
  for (char c : mantissa) {
    if (c == '.') point = static_cast<std::int64_t>(result.digits.size());
    if (c >= '0' && c <= '9') result.digits += c;
  }
  result.exponent = point >= 0 ? point : static_cast<std::int64_t>(result.digits.size());
  if (e < text.size()) {
    bool down = text.substr(e + 1).starts_with('-');
    std::int64_t shift = 0;
    for (char c : text.substr(e + 1)) {
      if (c >= '0' && c <= '9') shift = std::min<std::int64_t>(shift * 10 + (c - '0'), 1'000'000);
    }
    result.exponent += down ? -shift : shift;
  }
  std::size_t leading = std::min(result.digits.find_first_not_of('0'), result.digits.size());
  result.digits.erase(0, leading);
  result.exponent -= static_cast<std::int64_t>(leading);
  result.digits.erase(result.digits.find_last_not_of('0') + 1);
  return result.digits.empty() ? Decimal{} : result;
}

}  // namespace

Json::Json() = default;
Json::Json(std::nullptr_t) {}
Json::Json(bool value) : value_(value) {}
Json::Json(std::int64_t value) : value_(Number{std::to_string(value)}) {}
Json::Json(int value) : Json(std::int64_t{value}) {}
Json::Json(std::size_t value) : value_(Number{std::to_string(value)}) {}
Json::Json(Number number) : value_(std::move(number)) {}
Json::Json(std::string value) : value_(std::move(value)) {}
Json::Json(std::string_view value) : value_(std::string(value)) {}
Json::Json(const char* value) : value_(std::string(value)) {}
Json::Json(Array items) : value_(std::move(items)) {}
Json::Json(const Json& other) = default;
Json::Json(Json&& other) noexcept = default;
Json& Json::operator=(const Json& other) = default;
Json& Json::operator=(Json&& other) noexcept = default;
Json::~Json() = default;

Json Json::object(std::initializer_list<JsonMember> members) {
  Json json;
  json.value_ = Object(members);
  return json;
}

Json Json::strings(const std::vector<std::string>& items) {
  return Array(items.begin(), items.end());
}

bool Json::is_null() const { return std::holds_alternative<std::monostate>(value_); }
const bool* Json::as_bool() const { return std::get_if<bool>(&value_); }
const std::string* Json::as_string() const { return std::get_if<std::string>(&value_); }
const Json::Array* Json::as_array() const { return std::get_if<Array>(&value_); }
const Json::Object* Json::as_object() const { return std::get_if<Object>(&value_); }

const std::string* Json::as_number() const {
  const auto* number = std::get_if<Number>(&value_);
  return number != nullptr ? &number->text : nullptr;
}

std::string_view Json::kind_name() const {
  if (is_string()) return "a string";
  if (is_number()) return "a number";
  if (is_array()) return "an array";
  if (is_object()) return "an object";
  return is_null() ? "null" : "a boolean";
}

const Json* Json::find(std::string_view name) const {
  const Object* members = as_object();
  if (members == nullptr) return nullptr;
  auto found = std::find_if(members->rbegin(), members->rend(),
                            [name](const JsonMember& m) { return m.name == name; });
  return found != members->rend() ? &found->value : nullptr;
}

void Json::set(std::string_view name, Json value) {
  if (!is_object()) value_ = Object{};
  auto& members = std::get<Object>(value_);
  auto found = std::find_if(members.begin(), members.end(),
                            [name](const JsonMember& m) { return m.name == name; });
  if (found != members.end()) {
    found->value = std::move(value);
  } else {
    members.push_back({std::string(name), std::move(value)});
  }
}

void Json::append(std::string name, Json value) {
  if (!is_object()) value_ = Object{};
  std::get<Object>(value_).push_back({std::move(name), std::move(value)});
}

void Json::push_back(Json value) {
  if (!is_array()) value_ = Array{};
  std::get<Array>(value_).push_back(std::move(value));
}

std::string Json::dump(int indent) const {
  std::string out;
  Writer(out, indent).write(*this, 0);
  return out;
}

bool Json::same_value(const Json& other) const {
  if (value_.index() != other.value_.index()) return false;
  if (const auto* number = as_number())
    return to_decimal(*number) == to_decimal(*other.as_number());
  if (const auto* text = as_string()) return *text == *other.as_string();
  if (const auto* flag = as_bool()) return *flag == *other.as_bool();
  if (const auto* items = as_array()) {
    return std::equal(items->begin(), items->end(), other.as_array()->begin(),
                      other.as_array()->end(),
                      [](const Json& a, const Json& b) { return a.same_value(b); });
  }
  const Object* members = as_object();
  if (members == nullptr) return true;
  return members->size() == other.as_object()->size() &&
         std::all_of(members->begin(), members->end(), [&other](const JsonMember& member) {
           const Json* twin = other.find(member.name);
           return twin != nullptr && member.value.same_value(*twin);
         });
}

void Json::wipe() {
  if (auto* text = std::get_if<std::string>(&value_)) cleanse(*text);
  if (auto* items = std::get_if<Array>(&value_)) {
    for (Json& item : *items) item.wipe();
  }
  if (auto* members = std::get_if<Object>(&value_)) {
    for (JsonMember& member : *members) member.value.wipe();
  }
}

}  // namespace jwtctl
