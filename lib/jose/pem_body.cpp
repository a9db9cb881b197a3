// SPDX-License-Identifier: Apache-2.0
#include "lib/jose/pem_body.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include "lib/codec/base64url.h"

namespace jwtctl {
namespace {

constexpr std::string_view kDashes = "-----";
constexpr std::size_t kMaxLabel = 80;       // octets, with the dashes behind it
constexpr std::size_t kMaxEntity = 10;      // "&#x0000a0;"
constexpr std::size_t kMaxTag = 64;         // "<br>", "<span class=…>"
constexpr std::size_t kWord = 16;           // characters of base64 that are no word of a language
constexpr std::size_t kLine = 40;           // characters that are a line of base64
constexpr std::size_t kShortestKey = 48;    // an Ed25519 key has 64
constexpr std::size_t kMaxHeaders = 256;    // octets of RFC 1421 headers, comments and spaces
constexpr std::size_t kMaxBetween = 96;     // octets between two lines: what a log puts before them
constexpr std::size_t kMaxBeforeLast = 16;  // octets between the last lines
constexpr std::size_t kSample = 256;        // characters of a key that an ellipsis cuts short

bool is_base64(char c) { return base64_value(c) >= 0 && c != '-' && c != '_'; }

/// Letter is a character of a body, its escapes undone: a line break is '\n' however it is written,
/// and what is not ASCII is a space.
struct Letter {
  char value;
  std::size_t size;  ///< octets that it is written with
};

std::optional<unsigned> parse_number(std::string_view text, int base) {
  unsigned value = 0;
  auto [at, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  bool all = error == std::errc{} && at == text.data() + text.size() && !text.empty();
  return all ? std::optional(value) : std::nullopt;
}

char plain(unsigned value) {
  if (value == '\r' || value == '\n') return '\n';
  return value > ' ' && value < 0x7F ? static_cast<char>(value) : ' ';
}

/// read_backslash reads an escape of a string, of a string in a string too: "\n", "\\n", "\u000a".
Letter read_backslash(std::string_view text) {
  std::size_t size = std::min(text.find_first_not_of('\\'), text.size());
  if (size == text.size()) return {' ', size};
  char kind = text[size];
  std::size_t digits = kind == 'u' ? 4 : kind == 'x' ? 2 : 0;
  if (digits > 0 && text.size() > size + digits) {
    if (auto value = parse_number(text.substr(size + 1, digits), 16)) {
      return {plain(*value), size + 1 + digits};
    }
  }
  if (kind == 'n' || kind == 'r' || kind == 't') return {'\n', size + 1};
  // "\/" is how some writers of JSON spell a slash.
  return kind == '/' ? Letter{'/', size + 1} : Letter{' ', size};
}

/// read_entity reads an entity or a tag of HTML; of other text its first octet alone.
Letter read_markup(std::string_view text) {
  if (text[0] == '<') {
    std::size_t end = text.substr(0, kMaxTag).find_first_of(">\n");
    bool tag = end != std::string_view::npos && text[end] == '>';
    return tag ? Letter{'\n', end + 1} : Letter{' ', 1};
  }
  std::size_t end = text.substr(0, kMaxEntity).find(';');
  if (end == std::string_view::npos) return {' ', 1};
  std::string_view name = text.substr(1, end - 1);
  std::optional<unsigned> value;
  if (name.starts_with("#x") || name.starts_with("#X")) {
    value = parse_number(name.substr(2), 16);
  } else if (name.starts_with('#')) {
    value = parse_number(name.substr(1), 10);
  }
  return {plain(value.value_or(' ')), end + 1};
}

Letter read_letter(std::string_view text) {
  char c = text[0];
  if (c == '\\') return read_backslash(text);
  if (c == '&' || c == '<') return read_markup(text);
  if (c == '%' && text.size() > 2) {
    if (auto value = parse_number(text.substr(1, 2), 16)) return {plain(*value), 3};
  }
  return {plain(static_cast<unsigned char>(c)), 1};
}

/// Word is base64 without a gap.
struct Word {
  std::size_t begin = 0;  ///< in octets of the body
  std::size_t end = 0;
  std::string text;
  bool breaks = false;  ///< a line begins somewhere in front of it
};

/// WordReader hands out the words of a body, one after another.
class WordReader {
 public:
  explicit WordReader(std::string_view body) : body_(body) {}

  /// next reads a word that is at most `limit` octets away; false when there is none.
  bool next(Word& word, std::size_t limit) {
    std::size_t from = at_;
    word = {};
    word.breaks = at_ == 0;
    while (at_ < body_.size() && at_ - from <= limit) {
      Letter letter = read_letter(body_.substr(at_));
      if (is_base64(letter.value)) return take(word);
      if (letter.value == '\n') word.breaks = true;
      if (letter.value != ' ' && letter.value != '\n') ++others_;
      at_ += letter.size;
    }
    return false;
  }

  /// others is how many characters there were that are neither base64 nor space.
  std::size_t others() const { return others_; }

 private:
  bool take(Word& word) {
    word.begin = at_;
    while (at_ < body_.size()) {
      Letter letter = read_letter(body_.substr(at_));
      bool pad = letter.value == '=' && !word.text.empty();
      if (!is_base64(letter.value) && !pad) break;
      word.text += letter.value;
      at_ += letter.size;
    }
    word.end = at_;
    return true;
  }

  std::string_view body_;
  std::size_t at_ = 0;
  std::size_t others_ = 0;
};

/// is_mixed says whether a word has letters of all kinds as base64 has, and is no path.
bool is_mixed(std::string_view word) {
  auto has = [word](char first, char last) {
    return std::any_of(word.begin(), word.end(), [=](char c) { return c >= first && c <= last; });
  };
  constexpr std::size_t kMostSlashes = 12;  // characters for one that is a slash
  auto slashes = static_cast<std::size_t>(std::count(word.begin(), word.end(), '/'));
  return has('A', 'Z') && has('a', 'z') && has('0', '9') && slashes * kMostSlashes <= word.size();
}

/// der_letters returns how much base64 the DER has that begins with `text`: nothing when it is no
/// SEQUENCE.
std::optional<std::size_t> der_letters(std::string_view text) {
  constexpr unsigned char kSequence = 0x30;
  std::string octets = decode_base64url(text.substr(0, 8)).octets;
  auto at = [&octets](std::size_t i) { return static_cast<unsigned char>(octets[i]); };
  if (octets.size() < 5 || at(0) != kSequence) return std::nullopt;
  std::size_t size = 2 + at(1);
  if (at(1) == 0x81) size = 3 + at(2);
  if (at(1) == 0x82) size = 4 + (std::size_t{at(2)} << 8U) + at(3);
  if (at(1) == 0x80 || at(1) > 0x82) return std::nullopt;
  return (size * 4 + 2) / 3;
}

bool is_ellipsis(std::string_view text) {
  return text.find("...") != std::string_view::npos ||
         text.find("\xE2\x80\xA6") != std::string_view::npos;
}

/// begins_otherwise says whether a body without DER begins as that of a key: OpenSSL's traditional
/// encryption has headers, OpenSSH a format of its own.
bool begins_otherwise(std::string_view body) {
  std::string_view near = body.substr(0, kMaxHeaders);
  return near.find("Proc-Type:") != std::string_view::npos ||
         near.find("b3BlbnNzaC1rZXkt") != std::string_view::npos;
}

}  // namespace

std::optional<PemLabel> read_pem_label(std::string_view text) {
  std::string_view near = text.substr(0, kMaxLabel);
  std::size_t close = near.find(kDashes);
  if (close == std::string_view::npos) return std::nullopt;
  PemLabel label{{}, close + kDashes.size()};
  for (std::size_t at = 0; at < close;) {
    Letter letter = read_letter(near.substr(at, close - at));
    if (letter.value == '\n') return std::nullopt;
    // The plus of a form.
    bool space = letter.value == ' ' || letter.value == '+';
    if (at == 0 && !space) return std::nullopt;
    at += letter.size;
    if (!space) {
      label.name += letter.value;
    } else if (!label.name.empty() && !label.name.ends_with(' ')) {
      label.name += ' ';
    }
  }
  return label;
}

PemMaterial find_pem_material(std::string_view body, bool finished) {
  PemMaterial found;
  std::size_t letters = 0;   // of all words
  std::size_t lengthy = 0;   // of those that are no words of a language
  std::size_t in_lines = 0;  // of those that are a line of base64
  bool mixed = false;
  std::optional<std::size_t> whole;
  WordReader reader(body);
  Word word;
  auto limit = [&] { return finished ? body.size() : lengthy == 0 ? kMaxHeaders : kMaxBetween; };
  auto ended = [&] { return !finished && whole && lengthy >= *whole; };
  while (!ended() && reader.next(word, limit())) {
    bool lasting = word.text.size() >= kWord;
    letters += word.text.size();
    if (!finished && !lasting) {
      if (lengthy == 0 && word.begin > kMaxHeaders) break;
      if (lengthy > 0 && word.end - found.end > kMaxBetween) break;
      bool last = lengthy > 0 && word.begin - found.end <= kMaxBeforeLast;
      if (!last || !whole) continue;
      found.end = word.end;
      lengthy += word.text.size();
      continue;
    }
    if (!lasting) continue;
    if (lengthy == 0) whole = der_letters(word.text.substr(word.text.find_first_not_of("+/")));
    lengthy += word.text.size();
    found.end = word.end;
    mixed = mixed || is_mixed(word.text);
    if (word.text.size() >= kLine && is_mixed(word.text)) in_lines += word.text.size();
  }
  bool complete = whole && *whole >= kShortestKey && letters >= *whole;
  bool most = lengthy >= kShortestKey && 2 * lengthy >= letters + reader.others() && mixed;
  std::size_t behind = finished ? body.size() : found.end + 2 * kDashes.size();
  bool sample = lengthy < kSample && is_ellipsis(body.substr(0, behind));
  // One such word alone may be a name in a program.
  bool lines = in_lines >= (whole ? kLine : 2 * kLine);
  found.plausible = (complete && mixed) || ((lines || most) && !sample);
  // Without an END line whatever stands behind a sentence about keys might be taken for one.
  if (!finished && !whole) found.plausible = found.plausible && begins_otherwise(body);
  return found;
}

std::string pem_base64(std::string_view body) {
  std::string out;
  WordReader reader(body);
  std::vector<Word> line;
  std::optional<std::string> lead;  // of every line: of a diff or a comment
  std::ptrdiff_t prefix = 0;        // words in front of every line: of a log
  auto end_line = [&] {
    auto first = std::find_if(line.begin(), line.end(),
                              [](const Word& word) { return word.text.size() >= kWord; });
    if (out.empty() && first != line.end()) prefix = first - line.begin();
    if (first == line.end()) first = line.begin() + std::min(prefix, line.end() - line.begin());
    for (auto word = first; word != line.end(); ++word) out += word->text;
    line.clear();
  };
  Word word;
  while (reader.next(word, body.size())) {
    if (word.breaks) {
      end_line();
      std::size_t size = std::min(word.text.find_first_not_of("+/"), word.text.size());
      if (!lead) lead = word.text.substr(0, size);
      if (!lead->empty() && word.text.starts_with(*lead)) word.text.erase(0, lead->size());
    }
    // What joins strings in code.
    bool sign = word.text.size() < 4 && word.text.find_first_not_of("+/") == std::string::npos;
    if (!sign) line.push_back(word);
  }
  end_line();
  return out;
}

}  // namespace jwtctl
