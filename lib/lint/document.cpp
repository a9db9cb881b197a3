// SPDX-License-Identifier: Apache-2.0
#include "lib/lint/document.h"

#include <algorithm>
#include <array>
#include <set>
#include <span>

#include "lib/base/limits.h"
#include "lib/base/shown.h"
#include "lib/base/text.h"
#include "lib/crypto/pem.h"
#include "lib/jose/key_type.h"
#include "lib/lint/judge.h"
#include "lib/lint/key_search.h"
#include "lib/lint/suppress.h"
#include "lib/token/clean.h"
#include "lib/token/decode.h"

namespace jwtctl {
namespace {

/// How many times the octets of a document are read as JSON, where objects lie in objects.
constexpr std::size_t kMaxKeyWork = 4;

struct KindName {
  ContentKind kind;
  std::string_view name;
};
constexpr std::array<KindName, 6> kKinds{{{ContentKind::automatic, "auto"},
                                          {ContentKind::token, "token"},
                                          {ContentKind::jwk, "jwk"},
                                          {ContentKind::jwks, "jwks"},
                                          {ContentKind::pem, "pem"},
                                          {ContentKind::text, "text"}}};

Failure not_what_it_must_be(const InputFile& input, std::string_view what, std::string_view why) {
  return fail(ErrorCode::input, "{} is no {}: {}", show_argument(input.name, ShownAs::path), what,
              why);
}

/// holds_keys says whether a document has an array of keys, and not of something else.
bool holds_keys(const Json& json) {
  const Json* keys = json.find("keys");
  const Json::Array* list = keys != nullptr ? keys->as_array() : nullptr;
  return list != nullptr && std::any_of(list->begin(), list->end(), [](const Json& entry) {
           return entry.is_object() && entry.find("kty") != nullptr;
         });
}

/// without_mark cuts a UTF-8 byte order mark off.
std::string_view without_mark(std::string_view text) {
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  return text.starts_with(kMark) ? text.substr(kMark.size()) : text;
}

/// is_document says whether a text looks like JSON, and not only like something that has some.
bool is_document(std::string_view text) {
  std::string_view body = trim(without_mark(text));
  return body.starts_with('{') || body.starts_with('[');
}

/// KeyJudge judges the JWKs and key sets of a text. What is JSON on its outside is judged whatever
/// it is; what lies within something else when it is private.
class KeyJudge {
 public:
  KeyJudge(std::string_view text, Judge& judge)
      : text_(text), judge_(judge), document_(text), whole_(trim(without_mark(text))) {}

  /// run returns whether all could be read that had to be.
  bool run() {
    bool outer = is_document(text_);
    auto objects = find_key_objects(text_);
    // Its quotes may be no quotes of JSON, or its comments hide them.
    bool good = !objects.empty() || !outer || read_json(whole_).value;
    for (const KeyObject& object : objects) {
      bool top = outer && !object.nested;
      good = judge_object(object, top) || !(top || object.secret) ? good : false;
    }
    return good;
  }

 private:
  bool judge_object(const KeyObject& object, bool top) {
    if (entries_.count(object.begin) != 0) return true;
    std::string_view text = text_.substr(object.begin, object.end - object.begin);
    work_ += text.size();
    if (!object.ended || work_ > kMaxKeyWork * text_.size()) return false;
    JsonReading reading = read_json(text);
    if (!reading.value) return false;
    SecretJson json(*std::move(reading.value));
    Judge::Part part{document_, object.begin, text, text.size() == whole_.size()};
    bool set = holds_keys(json.json);
    if (set && (top || holds_private(json.json))) {
      judge_.judge_jwks(json.json, part);
      for (std::size_t place : element_places(text, "keys")) entries_.insert(object.begin + place);
    }
    if (json.json.find("kty") != nullptr && (top || find_private_member(json.json) != nullptr)) {
      judge_.judge_jwk(json.json, part);
    }
    return true;
  }

  static bool holds_private(const Json& set) {
    const Json::Array& keys = *set.find("keys")->as_array();
    return std::any_of(keys.begin(), keys.end(),
                       [](const Json& key) { return find_private_member(key) != nullptr; });
  }

  std::string_view text_;
  Judge& judge_;
  Judge::Document document_;
  std::string_view whole_;
  std::set<std::size_t> entries_;  ///< where keys begin that were judged in their set
  std::size_t work_ = 0;           ///< octets that were read as JSON
};

/// judge_json judges what is a JWK or a JWKS by its members, or because the user says so.
Result<void> judge_json(std::string_view text, const InputFile& input, ContentKind kind,
                        Report& report, Judge& judge) {
  if (kind != ContentKind::jwk && kind != ContentKind::jwks) {
    KeyNames names = find_key_names(text);
    if (!names.kty && !names.keys) return {};
    if (!KeyJudge(text, judge).run()) report.pass_over(input.name, PassedOver::Why::unreadable);
    return {};
  }
  std::string_view body = without_mark(text);
  JsonReading reading = read_json(body);
  if (!reading.value) return not_what_it_must_be(input, "key or key set", reading.fault->message);
  SecretJson json(*std::move(reading.value));
  Judge::Document document(text);
  Judge::Part part{document, text.size() - body.size(), body, true};
  if (kind == ContentKind::jwks) {
    judge.judge_jwks(json.json, part);
  } else {
    judge.judge_jwk(json.json, part);
  }
  return {};
}

Result<void> judge_text(const ReadMore& read, std::size_t sole_size, const InputFile& input,
                        Report& report, Judge& judge) {
  auto untried = extract_all(
      read,
      [&judge, sole_size](const Extract& extract) {
        judge.judge_extract(extract, extract.text.size() == sole_size);
      },
      kSuppressionMark);
  if (!untried) return fail(std::move(untried).error());
  if (*untried > 0) report.pass_over(input.name, PassedOver::Why::runs);
  return {};
}

/// judge_whole_token judges a document that is one token, whatever is wrong with it.
void judge_whole_token(std::string_view text, Judge& judge) {
  std::string_view token = trim(text);
  auto offset = static_cast<std::size_t>(token.data() - text.data());
  LineView lines = lines_at(text, offset);
  bool marked = text.find(kSuppressionMark) != std::string_view::npos;
  judge.judge_extract(
      {Extract::Kind::token, token, to_position(text, offset), lines.line, lines.above, marked},
      true);
}

/// reader_of hands out a text and then what `more` has.
ReadMore reader_of(std::string_view text, const ReadMore* more) {
  return [text, more](std::span<char> space) mutable -> Result<std::size_t> {
    if (text.empty() && more != nullptr) return (*more)(space);
    std::size_t count = std::min(text.size(), space.size());
    std::copy_n(text.begin(), count, space.begin());
    text.remove_prefix(count);
    return count;
  };
}

/// holds_several says whether a word is a list of tokens: one,two.
bool holds_several(std::string_view word) {
  if (word.find_first_of(",;|&") == std::string_view::npos) return false;
  std::size_t count = 0;
  auto done = extract_all(reader_of(word, nullptr), [&count](const Extract& /*one*/) { ++count; });
  return done && count > 1;
}

/// Head is the beginning of an input, and whether that is all of it.
struct Head {
  SecretBytes bytes;
  bool whole = false;
};

Result<Head> read_head(const ReadMore& read) {
  constexpr std::size_t kFirstRead = std::size_t{64} * 1024;
  Head head;
  std::size_t size = 0;
  while (size <= kMaxKeySetBytes && !head.whole) {
    if (size == head.bytes.size()) {
      head.bytes.resize(std::min(kMaxKeySetBytes + 1, size * 2 + kFirstRead));
    }
    auto* data = reinterpret_cast<char*>(head.bytes.data());
    auto count = read(std::span(data + size, head.bytes.size() - size));
    if (!count) return fail(std::move(count).error());
    size += *count;
    head.whole = *count == 0;
  }
  head.bytes.resize(size);
  return head;
}

Result<void> lint_large(const Head& head, const ReadMore& more, const InputFile& input,
                        ContentKind kind, Report& report, Judge& judge) {
  if (kind != ContentKind::automatic && kind != ContentKind::text) {
    return fail(ErrorCode::input, "{} is larger than the limit of {} bytes",
                show_argument(input.name, ShownAs::path), kMaxKeySetBytes);
  }
  // A key may stand behind the limit.
  KeyNameWatch watch;
  ReadMore all = reader_of(as_text(head.bytes), &more);
  ReadMore watched = [&all, &watch](std::span<char> space) {
    auto count = all(space);
    if (count) watch.see({space.data(), *count});
    return count;
  };
  auto done = judge_text(watched, 0, input, report, judge);
  KeyNames names = watch.names();
  bool keys = names.kty || (names.keys && is_document(as_text(head.bytes)));
  if (keys && kind == ContentKind::automatic) {
    report.pass_over(input.name, PassedOver::Why::size);
  }
  return done;
}

Result<void> lint_whole(std::string_view text, const InputFile& input, ContentKind kind,
                        Report& report, Judge& judge) {
  std::string_view body = trim(text);
  bool one_word = body.find_first_of(" \t\r\n\"'") == std::string_view::npos;
  if (kind == ContentKind::token || (kind == ContentKind::automatic && one_word &&
                                     looks_like_token(body) && !holds_several(body))) {
    judge_whole_token(text, judge);
    return {};
  }
  if (kind == ContentKind::pem && !looks_like_pem(text)) {
    return not_what_it_must_be(input, "PEM", "it has no BEGIN line");
  }
  if (kind != ContentKind::text && kind != ContentKind::pem) {
    auto done = judge_json(text, input, kind, report, judge);
    if (!done) return done;
  }
  // Whatever a key set or a key has beside its keys is text like any other.
  return judge_text(reader_of(text, nullptr), body.size(), input, report, judge);
}

}  // namespace

std::optional<ContentKind> find_content_kind(std::string_view name) {
  const auto* found = std::find_if(kKinds.begin(), kKinds.end(),
                                   [name](const KindName& row) { return row.name == name; });
  return found != kKinds.end() ? std::optional(found->kind) : std::nullopt;
}

Result<void> lint_input(const InputFile& input, const LintJob& job, Report& report) {
  auto head = read_head(input.read);
  if (!head) return fail(std::move(head).error());
  ++report.files;
  std::string_view text = as_text(head->bytes);
  Judge judge(input, job, report, text);
  if (job.kind == ContentKind::automatic) {
    bool sole = head->whole && looks_like_der(text);
    if (sole && judge.judge_der(text)) return {};
    // What stands behind a key is searched as if it were not there.
    if (!sole) judge.judge_leading_key(text);
  }
  bool plain = head->whole && text.find('\0') == std::string_view::npos;
  if (plain) return lint_whole(text, input, job.kind, report, judge);
  // A NUL, here or further on: the text may be wide, or hold such text.
  WideText wide(reader_of(text, head->whole ? nullptr : &input.read));
  ReadMore read = [&wide](std::span<char> space) { return wide.read(space); };
  auto decoded = read_head(read);
  if (!decoded) return fail(std::move(decoded).error());
  Result<void> done = decoded->whole
                          ? lint_whole(as_text(decoded->bytes), input, job.kind, report, judge)
                          : lint_large(*decoded, read, input, job.kind, report, judge);
  if (wide.binary()) ++report.binary;
  return done;
}

}  // namespace jwtctl
