// SPDX-License-Identifier: Apache-2.0
#include "cli/docs/markup.h"

#include <fmt/format.h>

#include <vector>

#include "lib/base/text.h"

namespace jwtctl::cli {
namespace {

enum class Kind { paragraph, item, block };

struct Part {
  Kind kind;
  std::string text;  ///< a block keeps its line breaks
};

std::vector<Part> parse(std::string_view markup) {
  std::vector<Part> parts;
  bool open = false;
  for (std::string_view line : split(markup, '\n')) {
    if (trim(line).empty()) {
      open = false;
    } else if (line.starts_with("    ")) {
      bool more = open && parts.back().kind == Kind::block;
      if (more) {
        parts.back().text += fmt::format("\n{}", line.substr(4));
      } else {
        parts.push_back({Kind::block, std::string(line.substr(4))});
      }
      open = true;
    } else if (line.starts_with("- ")) {
      parts.push_back({Kind::item, std::string(line.substr(2))});
      open = true;
    } else if (open && parts.back().kind != Kind::block) {
      parts.back().text += fmt::format(" {}", trim(line));
    } else {
      parts.push_back({Kind::paragraph, std::string(trim(line))});
      open = true;
    }
  }
  return parts;
}

std::string wrap(std::string_view text, std::size_t indent, std::string_view bullet) {
  std::string out;
  std::string line(indent, ' ');
  line += bullet;
  std::size_t hang = indent + bullet.size();
  bool empty = true;
  for (std::string_view word : split(text, ' ')) {
    if (word.empty()) continue;
    if (!empty && columns(line) + 1 + columns(word) > kHelpWidth) {
      out += line;
      out += '\n';
      line.assign(hang, ' ');
      empty = true;
    }
    if (!empty) line += ' ';
    line += word;
    empty = false;
  }
  out += line;
  out += '\n';
  return out;
}

}  // namespace

std::string roff_code(std::string_view text) {
  std::string out;
  bool code = false;
  for (std::string_view piece : split(text, '`')) {
    std::string escaped = roff_text(piece);
    out += code && !piece.empty() ? fmt::format("\\fB{}\\fR", escaped) : escaped;
    code = !code;
  }
  return out;
}

std::string roff_text(std::string_view text) {
  std::string out;
  bool line_start = true;
  for (char c : text) {
    if (line_start && (c == '.' || c == '\'')) out += "\\&";
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else if (c == '\'') {
      out += "\\(aq";
    } else if (c == '`') {
      out += "\\(ga";
    } else {
      out += c;
    }
    line_start = c == '\n';
  }
  return out;
}

std::string markup_to_text(std::string_view markup, std::size_t indent) {
  std::string out;
  Kind before = Kind::paragraph;
  for (const Part& part : parse(markup)) {
    bool listed = part.kind == Kind::item && before == Kind::item;
    if (!out.empty() && !listed) out += '\n';
    before = part.kind;
    if (part.kind == Kind::block) {
      for (std::string_view line : split(part.text, '\n')) {
        out += fmt::format("{:{}}{}\n", "", indent + 2, line);
      }
      continue;
    }
    std::string plain;
    for (char c : part.text) {
      if (c != '`') plain += c;
    }
    out += wrap(plain, indent, part.kind == Kind::item ? "- " : "");
  }
  return out;
}

std::string markup_to_roff(std::string_view markup) {
  std::string out;
  for (const Part& part : parse(markup)) {
    switch (part.kind) {
      case Kind::paragraph: out += fmt::format(".PP\n{}\n", roff_code(part.text)); break;
      case Kind::item: out += fmt::format(".IP \\(bu 2\n{}\n", roff_code(part.text)); break;
      case Kind::block:
        out += fmt::format(".PP\n.RS 4\n.nf\n{}\n.fi\n.RE\n", roff_text(part.text));
        break;
    }
  }
  return out;
}

}  // namespace jwtctl::cli
