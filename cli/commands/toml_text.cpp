// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/toml_text.h"

#include <algorithm>

namespace jwtctl::cli {
namespace {

/// end_of_string returns where the string that begins at `pos` has ended, by its own quotes or, for
/// one of one line, with that line.
std::size_t end_of_string(std::string_view toml, std::size_t pos) {
  char quote = toml[pos];
  std::string_view opening = toml.substr(pos, 3);
  bool long_one = opening == "\"\"\"" || opening == "'''";
  std::string_view closing = opening.substr(0, long_one ? 3 : 1);
  pos += closing.size();
  while (pos < toml.size()) {
    if (toml.substr(pos).starts_with(closing)) {
      pos += closing.size();
      // A long one may end in two quotes of its own.
      for (int i = 0; long_one && i < 2 && toml.substr(pos).starts_with(quote); ++i) ++pos;
      return pos;
    }
    if (!long_one && toml[pos] == '\n') return pos;
    pos += quote == '"' && toml[pos] == '\\' ? 2 : 1;
  }
  return toml.size();
}

/// is_control: but for the tab, and the carriage return of a line break.
bool is_control(std::string_view toml, std::size_t pos) {
  char c = toml[pos];
  bool part_of_break = c == '\n' || (c == '\r' && toml.substr(pos + 1).starts_with('\n'));
  return c == '\x7f' || (c >= 0 && c < ' ' && c != '\t' && !part_of_break);
}

}  // namespace

std::optional<TomlFault> find_toml_fault(std::string_view toml) {
  auto fault = [toml](std::size_t pos, std::string_view problem) {
    auto before = toml.substr(0, pos);
    return TomlFault{static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n')) + 1,
                     problem};
  };
  for (std::size_t pos = 0; pos < toml.size(); ++pos) {
    if (is_control(toml, pos)) return fault(pos, "a control character");
  }
  std::string_view mark = "\xEF\xBB\xBF";
  std::size_t pos = toml.starts_with(mark) ? mark.size() : 0;
  while (pos < toml.size()) {
    if (toml[pos] == '#') {
      pos = std::min(toml.find('\n', pos), toml.size());
    } else if (toml[pos] == '"' || toml[pos] == '\'') {
      pos = end_of_string(toml, pos);
    } else if (static_cast<unsigned char>(toml[pos]) >= 0x80) {
      return fault(pos, "a character beyond ASCII outside of a string");
    } else {
      ++pos;
    }
  }
  return std::nullopt;
}

}  // namespace jwtctl::cli
