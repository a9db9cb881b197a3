// SPDX-License-Identifier: Apache-2.0
#include "lib/codec/wide_text.h"

#include <algorithm>
#include <array>
#include <vector>

#include "lib/base/text.h"
#include "tests/catch.h"

namespace jwtctl {
namespace {

constexpr std::array kWide{TextEncoding::utf16le, TextEncoding::utf16be, TextEncoding::utf32le,
                           TextEncoding::utf32be};

/// encoded writes UTF-8 text in another encoding.
std::string encoded(std::string_view text, TextEncoding encoding) {
  bool little = encoding == TextEncoding::utf16le || encoding == TextEncoding::utf32le;
  std::size_t width =
      encoding == TextEncoding::utf16le || encoding == TextEncoding::utf16be ? 2 : 4;
  std::string out;
  auto add = [&](char32_t unit) {
    for (std::size_t i = 0; i < width; ++i) {
      out += static_cast<char>((unit >> (8 * (little ? i : width - 1 - i))) & 0xFFU);
    }
  };
  for (std::size_t at = 0; at < text.size();) {
    CodePoint point = decode_utf8(text, at);
    at += point.length;
    if (width == 2 && point.value > 0xFFFF) {
      add(0xD800 + ((point.value - 0x10000) >> 10U));
      add(0xDC00 + ((point.value - 0x10000) & 0x3FFU));
    } else {
      add(point.value);
    }
  }
  return out;
}

struct Read {
  std::string text;
  bool binary;
};

/// read_wide hands `bytes` out in pieces.
Read read_wide(std::string_view bytes, std::size_t piece = 1 << 20) {
  WideText wide([&bytes, piece](std::span<char> space) -> Result<std::size_t> {
    std::size_t count = std::min({bytes.size(), space.size(), piece});
    std::copy_n(bytes.begin(), count, space.begin());
    bytes.remove_prefix(count);
    return count;
  });
  Read read;
  std::array<char, 1000> space{};
  for (;;) {
    auto count = wide.read(space);
    REQUIRE(count);
    if (*count == 0) break;
    read.text.append(space.data(), *count);
  }
  read.binary = wide.binary();
  return read;
}

TEST_CASE("wide text is decoded, with and without a byte order mark, whatever its length",
          "[slow]") {
  for (TextEncoding encoding : kWide) {
    for (std::size_t lines : {std::size_t{1}, std::size_t{40}, std::size_t{6000}}) {
      std::string text;
      for (std::size_t i = 0; i < lines; ++i) text += "größe 日本語 🙂 = \"a.b-c_d\"\r\n";
      CAPTURE(static_cast<int>(encoding), lines);
      for (std::size_t piece : {std::size_t{7}, std::size_t{1} << 20U}) {
        CHECK(read_wide(encoded(text, encoding), piece).text == text);
        Read marked = read_wide(encoded("\xEF\xBB\xBF" + text, encoding), piece);
        CHECK(marked.text == text);
        CHECK_FALSE(marked.binary);
      }
    }
  }
}

TEST_CASE("bytes go through as they are") {
  for (std::string_view bytes :
       {std::string_view(""), std::string_view("plain\n"), std::string_view("\0", 1),
        std::string_view("a\0b\0", 4), std::string_view("\xFF\xFE is no mark"),
        std::string_view("C\0strings\0in\0a\0row\0", 19)}) {
    CHECK(read_wide(bytes).text == bytes);
    CHECK(read_wide(bytes, 1).text == bytes);
    CHECK(read_wide(bytes).binary == (bytes.find('\0') != std::string_view::npos));
  }
}

TEST_CASE("wide ASCII within bytes becomes narrow, at every place") {
  const std::string kWord = "eyJhbGciOiJub25lIn0.e30.";
  for (TextEncoding encoding : kWide) {
    for (std::size_t before = 0; before < 40; ++before) {
      std::string bytes = std::string(before, '\xC1') + encoded(kWord, encoding) + "\xC1\xC2";
      CAPTURE(static_cast<int>(encoding), before);
      CHECK(read_wide(bytes).text.find(kWord) != std::string::npos);
    }
  }
}

TEST_CASE("narrow text behind wide text is not taken for it") {
  const std::string kLine = "GET /?t=eyJhbGciOiJub25lIn0.e30. HTTP/1.1 200 and more\n";
  for (TextEncoding encoding : kWide) {
    std::string bytes = encoded("\xEF\xBB\xBFone\n", encoding) + kLine;
    CHECK(read_wide(bytes).text == "one\n" + kLine);
  }
}

TEST_CASE("half a surrogate pair and half a unit break nothing") {
  std::string bytes = encoded(
      "\xEF\xBB\xBF"
      "abcd",
      TextEncoding::utf16le);
  CHECK(read_wide(bytes + std::string("\x00\xD8", 2) + std::string("e\0", 2)).text ==
        "abcd\xEF\xBF\xBD"
        "e");
  CHECK(read_wide(bytes + "e").text == "abcde");
}

/// Piece is a part of a text as one program wrote it.
struct Piece {
  TextEncoding encoding;
  std::string bytes;
};

std::vector<Piece> pieces_of(std::string_view text) {
  std::vector<Piece> pieces{{TextEncoding::bytes, std::string(text)}};
  for (TextEncoding encoding : kWide) pieces.push_back({encoding, encoded(text, encoding)});
  return pieces;
}

TEST_CASE("two programs that write to one text hide nothing, whatever stands between", "[slow]") {
  const std::string kWord = "eyJhbGciOiIifQ";
  const std::vector<std::string> between{"", "\xC1", std::string("\0", 1), "\xFF\xFE",
                                         std::string("\0\0\xFE\xFF", 4)};
  // What a text of one encoding begins and ends with: nothing, ASCII, and what is none.
  for (std::string around : {"", "\n", "log: é\r\n", "日本語\n日", "日本語のテキスト"}) {
    for (const Piece& first : pieces_of(fmt::format("{}{}..{}", around, kWord, around))) {
      for (const Piece& second : pieces_of(fmt::format("{}{}!!{}", around, kWord, around))) {
        for (const std::string& lead : between) {
          for (const std::string& middle : between) {
            std::string text = read_wide(lead + first.bytes + middle + second.bytes).text;
            CAPTURE(static_cast<int>(first.encoding), static_cast<int>(second.encoding), lead,
                    middle, around);
            CHECK(text.find(kWord + ".") != std::string::npos);
            CHECK(text.find(kWord + "!") != std::string::npos);
          }
        }
      }
    }
  }
}

TEST_CASE("it does not matter where a chunk ends within a text of several encodings") {
  const std::string kWord = "eyJhbGciOiIifQ.e30.";
  std::string all;
  std::size_t words = 0;
  while (all.size() < 400'000) {
    for (const Piece& piece : pieces_of(fmt::format("größe 日本語 {}\n", kWord))) {
      all += piece.bytes;
      if (words++ % 7 == 0) all += '\xC1';
    }
  }
  Read whole = read_wide(all);
  std::size_t found = 0;
  for (std::size_t at = whole.text.find(kWord); at != std::string::npos;
       at = whole.text.find(kWord, at + 1)) {
    ++found;
  }
  CHECK(found == words);
  for (std::size_t before = 1; before < 40; before += 3) {
    Read moved = read_wide(std::string(before, '.') + all);
    std::size_t again = 0;
    for (std::size_t at = moved.text.find(kWord); at != std::string::npos;
         at = moved.text.find(kWord, at + 1)) {
      ++again;
    }
    CHECK(again == words);
  }
}

TEST_CASE("a mark that is wrong or stands twice hides nothing, nor does it move what follows") {
  const std::string kText = "one\nt: eyJhbGciOiJub25lIn0.e30. größe 日本\n";
  for (TextEncoding encoding : kWide) {
    std::string text = encoded(kText, encoding);
    std::string mark = encoded("\xEF\xBB\xBF", encoding);
    CAPTURE(static_cast<int>(encoding));
    CHECK(read_wide(mark + mark + text).text == kText);
    CHECK(read_wide("\xEF\xBB\xBF" + text).text == kText);
    for (TextEncoding other : kWide) {
      CHECK(read_wide(encoded("\xEF\xBB\xBF", other) + mark + text).text == kText);
      std::string both =
          read_wide(mark + text + encoded("\xEF\xBB\xBF", other) + encoded(kText, other)).text;
      CHECK(both.starts_with(kText));
      CHECK(both.ends_with(kText));
      std::string wrong = read_wide(encoded("\xEF\xBB\xBF", other) + text).text;
      CHECK(wrong.find("\nt: eyJhbGciOiJub25lIn0.e30. ") != std::string::npos);
    }
  }
  // A mark in front of text of one byte a character, which has a NUL somewhere.
  std::string narrow = "a line of ASCII\n" + kText + std::string("\0", 1) + kText;
  CHECK(read_wide("\xFF\xFE" + narrow).text == "\xFF\xFE" + narrow);
}

TEST_CASE("what cannot be read fails") {
  WideText wide(
      [](std::span<char>) -> Result<std::size_t> { return fail(ErrorCode::input, "broken disk"); });
  std::array<char, 8> space{};
  auto count = wide.read(space);
  REQUIRE_FALSE(count);
  CHECK(count.error().message == "broken disk");
}

}  // namespace
}  // namespace jwtctl
