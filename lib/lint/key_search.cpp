// SPDX-License-Identifier: Apache-2.0
#include "lib/lint/key_search.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "lib/base/text.h"
#include "lib/codec/json.h"
#include "lib/jose/key_type.h"

namespace jwtctl {
namespace {

constexpr std::string_view kEscape = "\\u00";
constexpr std::size_t kEscapeSize = 6;
constexpr std::size_t kLongestName = 4;  // keys
constexpr std::size_t kLongestQuoted = kLongestName * kEscapeSize + 2;

/// position_of is `find`, whose way through a text with many quotes is several times as slow.
std::size_t position_of(std::string_view word, std::string_view text, std::size_t from = 0) {
  if (from >= text.size()) return std::string_view::npos;
  const void* found = ::memmem(text.data() + from, text.size() - from, word.data(), word.size());
  if (found == nullptr) return std::string_view::npos;
  return static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
}

/// spells says whether a name in quotes begins here, with whatever escapes.
bool spells(std::string_view text, std::string_view name) {
  if (!text.starts_with('"')) return false;
  text.remove_prefix(1);
  for (char wanted : name) {
    std::string escape = fmt::format("{}{:02x}", kEscape, static_cast<unsigned char>(wanted));
    if (text.starts_with(wanted)) {
      text.remove_prefix(1);
    } else if (equals_ignoring_case(text.substr(0, kEscapeSize), escape) && text[1] == 'u') {
      text.remove_prefix(kEscapeSize);
    } else {
      return false;
    }
  }
  return text.starts_with('"');
}

/// Scan keeps the brackets that are open.
class Scan {
 public:
  explicit Scan(std::string_view text) : text_(text) {}

  std::vector<KeyObject> run() && {
    while (at_ < text_.size()) {
      at_ = std::min(text_.find_first_of("{}[]\"", at_), text_.size());
      if (at_ == text_.size()) break;
      step();
    }
    // What never ends may be a key that was cut.
    while (!open_.empty()) close(text_.size(), false);
    std::sort(found_.begin(), found_.end(),
              [](const KeyObject& a, const KeyObject& b) { return a.begin < b.begin; });
    return std::move(found_);
  }

 private:
  struct Level {
    std::size_t begin;
    bool object;
    bool names = false;
    bool secret = false;
  };

  void step() {
    switch (text_[at_]) {
      case '{':
      case '[': open_.push_back({at_, text_[at_] == '{'}); break;
      case ']':
        if (!open_.empty() && !open_.back().object) open_.pop_back();
        break;
      case '}':
        while (!open_.empty() && !open_.back().object) open_.pop_back();
        if (!open_.empty()) close(at_ + 1, true);
        break;
      default:
        if (!open_.empty() && opens_string()) return read_string();
    }
    ++at_;
  }

  void close(std::size_t end, bool ended) {
    Level level = open_.back();
    open_.pop_back();
    if (level.names) {
      found_.push_back({level.begin, end, ended, !open_.empty(), level.secret});
    }
  }

  /// opens_string says whether a quote can open a string of JSON, so that one which stands alone in
  /// prose or source does not turn inside out all that follows. Comments may stand in front.
  bool opens_string() const {
    std::size_t before = at_;
    while (before > 0 && (text_[before - 1] == ' ' || text_[before - 1] == '\t')) --before;
    return before == 0 ||
           std::string_view("{[,:\r\n/").find(text_[before - 1]) != std::string_view::npos;
  }

  /// read_string reads one, which ends with its line at the latest, and what it is the name of.
  void read_string() {
    std::size_t start = at_;
    for (++at_; at_ < text_.size() && text_[at_] != '"' && text_[at_] != '\n'; ++at_) {
      if (text_[at_] == '\\') ++at_;
    }
    at_ = std::min(at_, text_.size());
    if (at_ == text_.size() || text_[at_] == '\n') return;
    ++at_;
    std::size_t colon = text_.find_first_not_of(" \t\r\n", at_);
    Level& level = open_.back();
    if (colon == std::string_view::npos || text_[colon] != ':' || !level.object) return;
    std::string name = plain_name(text_.substr(start, at_ - start));
    level.names = level.names || name == "kty" || name == "keys";
    std::size_t value = text_.find_first_not_of(" \t\r\n", colon + 1);
    bool string = value != std::string_view::npos && text_[value] == '"';
    level.secret = level.secret || (string && is_private_member(name));
  }

  static std::string plain_name(std::string_view quoted) {
    if (quoted.find('\\') == std::string_view::npos) {
      return std::string(quoted.substr(1, quoted.size() - 2));
    }
    JsonReading reading = read_json(quoted);
    const std::string* name = reading.value ? reading.value->as_string() : nullptr;
    return name != nullptr ? *name : std::string();
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<Level> open_;
  std::vector<KeyObject> found_;
};

}  // namespace

void KeyNameWatch::see(std::string_view part) {
  if (names_.kty && names_.keys) return;
  std::string seam = tail_ + std::string(part.substr(0, kLongestQuoted));
  for (std::string_view text : {std::string_view(seam), part}) {
    KeyNames names = find_key_names(text);
    names_.kty = names_.kty || names.kty;
    names_.keys = names_.keys || names.keys;
  }
  std::string_view end = part.size() < kLongestQuoted ? std::string_view(seam) : part;
  tail_ = end.substr(end.size() - std::min(end.size(), kLongestQuoted));
}

KeyNames find_key_names(std::string_view text) {
  KeyNames names{position_of("\"kty\"", text) != std::string_view::npos,
                 position_of("\"keys\"", text) != std::string_view::npos};
  std::size_t at = position_of(kEscape, text);
  for (; at != std::string_view::npos && !(names.kty && names.keys);
       at = position_of(kEscape, text, at + 1)) {
    // The first escape of a name has its plain letters before it.
    for (std::size_t back = 1; back <= kLongestName && back <= at; ++back) {
      if (text[at - back] != '"') continue;
      std::string_view quoted = text.substr(at - back, kLongestQuoted);
      names.kty = names.kty || spells(quoted, "kty");
      names.keys = names.keys || spells(quoted, "keys");
    }
  }
  return names;
}

std::vector<KeyObject> find_key_objects(std::string_view text) { return Scan(text).run(); }

}  // namespace jwtctl
