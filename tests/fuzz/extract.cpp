// SPDX-License-Identifier: Apache-2.0
// What is found in a text stands where it is said to stand, is the same however the text is read,
// and a token on a line of its own is always found.
#include "lib/jose/extract.h"

#include <algorithm>
#include <string>
#include <vector>

#include "lib/codec/base64url.h"
#include "tests/fuzz/targets.h"

namespace jwtctl::fuzz {
namespace {

/// The header says HS256, the payload is {}; nobody signed it.
constexpr std::string_view kPlanted = "eyJhbGciOiJIUzI1NiJ9.e30.AAAA";

struct Found {
  Extract::Kind kind;
  std::string text;
  std::size_t line, column;

  friend bool operator==(const Found&, const Found&) = default;
};

/// find_all reads `text` in pieces of at most `step` octets.
std::vector<Found> find_all(std::string_view text, std::size_t step) {
  std::vector<Found> found;
  std::string_view rest = text;
  auto read = [&](std::span<char> space) -> Result<std::size_t> {
    std::size_t count = std::min({step, space.size(), rest.size()});
    std::copy_n(rest.begin(), count, space.begin());
    rest.remove_prefix(count);
    return count;
  };
  auto done = extract_all(read, [&](const Extract& one) {
    must(one.line.find(one.text) != std::string_view::npos ||
             one.text.find('\n') != std::string_view::npos,
         "the line holds what was found");
    found.push_back({one.kind, std::string(one.text), one.position.line, one.position.column});
  });
  must(done.has_value(), "reading does not fail");
  return found;
}

/// place_of returns the offset of the code point at a line and column.
std::size_t place_of(std::string_view text, const Found& one) {
  std::size_t at = 0;
  for (std::size_t line = 1; line < one.line; ++line) {
    at = text.find('\n', at);
    must(at != std::string_view::npos, "the line is there");
    ++at;
  }
  auto begins = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; };
  // What is found begins with a letter or a dash, so the column is that of its own first octet.
  for (std::size_t column = 0; at < text.size(); ++at) {
    if (begins(text[at]) && ++column == one.column) break;
  }
  return at;
}

void check(std::string_view text, const Found& one) {
  must(text.substr(place_of(text, one)).starts_with(one.text), "it stands where it is said to");
  if (one.kind == Extract::Kind::pem) {
    must(one.text.starts_with("-----BEGIN"), "a block has its beginning");
    return;
  }
  std::string_view token = one.text;
  std::string_view header = token.substr(0, token.find('.'));
  header = header.substr(0, header.find('='));
  must(decode_base64url(header).octets.find('{') != std::string::npos, "its header has an object");
}

}  // namespace

void extract(std::string_view input) {
  std::size_t half = input.size() / 2;
  std::string text(input.substr(0, half));
  text += '\n';
  std::size_t planted = text.size();
  text += kPlanted;
  text += '\n';
  text += input.substr(half);

  std::vector<Found> found = find_all(text, text.size());
  bool there = false;
  for (const Found& one : found) {
    check(text, one);
    there = there || (one.text == kPlanted && place_of(text, one) == planted);
  }
  must(there, "the token on a line of its own is found");
  must(find_all(text, input.size() % 61 + 1) == found, "it does not matter how the text is read");
}

}  // namespace jwtctl::fuzz
