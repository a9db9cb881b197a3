// SPDX-License-Identifier: Apache-2.0
#include "lib/codec/json_place.h"

#include <algorithm>
#include <charconv>
#include <string>

#include "lib/base/text.h"
#include "lib/codec/json.h"

namespace jwtctl {
namespace {

/// Walker steps through JSON text that is known to be well made.
class Walker {
 public:
  explicit Walker(std::string_view text) : text_(text) {}

  /// find returns the place of `pointer` below the value that begins here.
  std::optional<std::size_t> find(std::string_view pointer) {
    skip_blanks();
    if (pointer.empty()) return at_;
    std::size_t slash = std::min(pointer.find('/'), pointer.size());
    std::string name = unescape(pointer.substr(0, slash));
    std::string_view rest = slash < pointer.size() ? pointer.substr(slash + 1) : std::string_view();
    bool last = slash == pointer.size();
    if (peek() == '{') return find_member(name, rest, last);
    if (peek() == '[') return find_element(name, rest);
    return std::nullopt;
  }

  /// elements lists the elements of the array that the member at `place` is.
  std::vector<std::size_t> elements(std::size_t place) {
    std::vector<std::size_t> places;
    at_ = place;
    skip_string();
    at_ = std::min(text_.find(':', at_), text_.size() - 1) + 1;
    skip_blanks();
    if (peek() != '[') return places;
    ++at_;
    for (skip_blanks(); at_ < text_.size() && peek() != ']'; skip_blanks()) {
      places.push_back(at_);
      skip_value();
      skip_blanks();
      if (peek() == ',') ++at_;
    }
    return places;
  }

 private:
  static std::string unescape(std::string_view part) {
    std::string out;
    for (std::size_t i = 0; i < part.size(); ++i) {
      bool escape = part[i] == '~' && i + 1 < part.size();
      out += escape ? (part[++i] == '1' ? '/' : '~') : part[i];
    }
    return out;
  }

  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  void skip_blanks() { at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size()); }

  void skip_string() {
    for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) {
      if (text_[at_] == '\\') ++at_;
    }
    at_ = std::min(at_ + 1, text_.size());
  }

  /// skip_value counts brackets outside strings, so that depth costs no stack.
  void skip_value() {
    skip_blanks();
    std::size_t depth = 0;
    do {
      switch (peek()) {
        case '"': skip_string(); break;
        case '{':
        case '[':
          ++depth;
          ++at_;
          break;
        case '}':
        case ']':
          --depth;
          ++at_;
          break;
        default: at_ = std::min(text_.find_first_of("{}[]\",", at_ + 1), text_.size()); break;
      }
      if (depth == 0) return;
    } while (at_ < text_.size());
  }

  /// member_name reads the name that begins here, with its escapes resolved.
  std::string member_name() {
    std::size_t start = at_;
    skip_string();
    std::string_view quoted = text_.substr(start, at_ - start);
    // Escapes are rare, and a hostile document has many names.
    if (quoted.find('\\') == std::string_view::npos) {
      return std::string(quoted.substr(1, quoted.size() - 2));
    }
    JsonReading name = read_json(quoted);
    const std::string* plain = name.value ? name.value->as_string() : nullptr;
    return plain != nullptr ? *plain : std::string();
  }

  std::optional<std::size_t> find_member(std::string_view name, std::string_view rest, bool last) {
    std::optional<std::size_t> found;
    ++at_;
    for (skip_blanks(); peek() == '"'; skip_blanks()) {
      std::size_t place = at_;
      bool match = member_name() == name;
      at_ = std::min(text_.find(':', at_), text_.size() - 1) + 1;
      if (match && last) found = place;
      if (match && !last) {
        Walker inner(*this);
        if (auto below = inner.find(rest)) found = below;
      }
      skip_value();
      skip_blanks();
      if (peek() == ',') ++at_;
    }
    return found;
  }

  std::optional<std::size_t> find_element(std::string_view name, std::string_view rest) {
    std::size_t index = 0;
    auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), index);
    if (error != std::errc{} || end != name.data() + name.size()) return std::nullopt;
    ++at_;
    for (skip_blanks(); at_ < text_.size() && peek() != ']'; skip_blanks()) {
      if (index-- == 0) return find(rest);
      skip_value();
      skip_blanks();
      if (peek() == ',') ++at_;
    }
    return std::nullopt;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

std::optional<std::size_t> find_place(std::string_view text, std::string_view pointer) {
  return Walker(text).find(pointer);
}

std::vector<std::size_t> element_places(std::string_view text, std::string_view name) {
  auto place = find_place(text, name);
  bool member = place && !name.empty() && text[*place] == '"';
  return member ? Walker(text).elements(*place) : std::vector<std::size_t>();
}

TextPosition to_position(std::string_view text, std::size_t offset) {
  std::string_view before = text.substr(0, offset);
  std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 is 0
  TextPosition position;
  position.line += static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
  position.column += code_point_starts(before.substr(line_start));
  return position;
}

}  // namespace jwtctl
