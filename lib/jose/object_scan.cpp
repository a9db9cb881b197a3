// SPDX-License-Identifier: Apache-2.0
#include "lib/jose/object_scan.h"

#include <array>
#include <cstdint>
#include <string_view>

#include "lib/base/limits.h"
#include "lib/codec/base64url.h"

namespace jwtctl {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

/// is_scalar: of a number, true, false or null.
bool is_scalar(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-' || c == '+' || c == '.' ||
         c == 'E';
}

/// ObjectGrammar takes a text octet by octet, as long as it can be one object.
class ObjectGrammar {
 public:
  bool done() const { return state_ == State::done; }
  bool named() const { return named_member_; }
  bool encrypted() const { return encrypted_; }

  /// take says whether the text can still be an object.
  bool take(char c) {
    if (state_ == State::string) return in_string(c);
    if (state_ == State::escape) {
      state_ = State::string;
      escaped_ = true;
      return true;
    }
    if (state_ == State::deep) return in_depth(c);
    if (state_ == State::scalar) {
      if (is_scalar(c)) return true;
      state_ = State::after_value;
    }
    return is_blank(c) || between(c);
  }

 private:
  enum class State {
    start,
    first_name,
    name,
    colon,
    first_value,
    value,
    after_value,
    scalar,
    string,
    escape,
    deep,
    done
  };

  bool in_string(char c) {
    if (c == '\\') state_ = State::escape;
    if (c != '"') {
      if (depth_ == 1 && name_size_ < name_.size()) name_[name_size_++] = c;
      return true;
    }
    if (depth_ > in_object_.size()) {
      state_ = State::deep;
      return true;
    }
    if (named_ && depth_ == 1) end_name();
    state_ = named_ ? State::colon : State::after_value;
    return true;
  }

  void end_name() {
    std::string_view name(name_.data(), name_size_);
    encrypted_ = encrypted_ || name == "enc";
    named_member_ = named_member_ || escaped_ || name == "alg" || name == "enc" || name == "typ";
  }

  /// in_depth takes what lies deeper than any reader goes: what opens must close, no more.
  bool in_depth(char c) {
    if (c == '"') return begin_string(c, false);
    if (c == '{' || c == '[') ++depth_;
    if ((c == '}' || c == ']') && --depth_ == in_object_.size()) state_ = State::after_value;
    return is_blank(c) || is_scalar(c) ||
           std::string_view("{}[],:").find(c) != std::string_view::npos;
  }

  /// between takes what stands between strings and scalars, and their first character.
  bool between(char c) {
    switch (state_) {
      case State::start: return c == '{' && open(c);
      case State::first_name:
        if (c == '}') return close(c);
        return begin_string(c, true);
      case State::name: return begin_string(c, true);
      case State::colon: state_ = State::value; return c == ':';
      case State::first_value:
        if (c == ']') return close(c);
        return value(c);
      case State::value: return value(c);
      case State::after_value:
        if (c == ',') {
          state_ = in_object_[depth_ - 1] ? State::name : State::value;
          return true;
        }
        return close(c);
      case State::scalar:
      case State::string:
      case State::escape:
      case State::deep:
      case State::done: break;
    }
    return false;
  }

  bool begin_string(char c, bool named) {
    named_ = named;
    escaped_ = false;
    name_size_ = 0;
    state_ = State::string;
    return c == '"';
  }

  bool value(char c) {
    if (c == '{' || c == '[') return open(c);
    if (c == '"') return begin_string(c, false);
    state_ = State::scalar;
    return is_scalar(c);
  }

  bool open(char c) {
    if (depth_ == in_object_.size()) {
      ++depth_;
      state_ = State::deep;
      return true;
    }
    in_object_[depth_++] = c == '{';
    state_ = c == '{' ? State::first_name : State::first_value;
    return true;
  }

  bool close(char c) {
    if (c != (in_object_[depth_ - 1] ? '}' : ']')) return false;
    state_ = --depth_ == 0 ? State::done : State::after_value;
    return true;
  }

  State state_ = State::start;
  bool named_ = false;         ///< the string is the name of a member
  bool escaped_ = false;       ///< there is an escape in it
  bool named_member_ = false;  ///< what `ObjectScan` has
  bool encrypted_ = false;
  std::array<char, 4>
      name_{};  ///< the beginning of a name, one character more than those looked for
  std::size_t name_size_ = 0;
  std::size_t depth_ = 0;
  std::array<bool, kMaxJsonDepth + 1> in_object_{};
};

}  // namespace

ObjectScan scan_object(std::string_view text) {
  ObjectScan scan;
  ObjectGrammar grammar;
  std::uint32_t bits = 0;
  unsigned held = 0;
  char last = 0;
  for (char c : text) {
    int value = base64_value(c);
    if (value < 0) break;
    bits = (bits << 6U) | static_cast<std::uint32_t>(value);
    held += 6;
    if (held < 8) continue;
    held -= 8;
    last = static_cast<char>((bits >> held) & 0xFFU);
    if (!grammar.take(last)) return scan;
    ++scan.octets;
  }
  scan.whole = grammar.done();
  scan.open = scan.octets > 0 && last != '}';
  scan.named = grammar.named();
  scan.encrypted = grammar.encrypted();
  return scan;
}

}  // namespace jwtctl
