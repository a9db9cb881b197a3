// SPDX-License-Identifier: Apache-2.0
#include "lib/lint/document.h"

#include <algorithm>
#include <array>
#include <span>
#include <unordered_map>
#include <vector>

#include "lib/base/limits.h"
#include "lib/base/shown.h"
#include "lib/base/text.h"
#include "lib/crypto/pem.h"
#include "lib/lint/locate.h"
#include "lib/lint/suppress.h"
#include "lib/token/clean.h"
#include "lib/token/decode.h"

namespace jwtctl {
namespace {

constexpr std::size_t kMaxRemembered = 4096;  // octets of a token or PEM block
constexpr std::size_t kMaxMemory = 64;        // of them

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

/// Judged is what rules say of one token or PEM block, wherever it stands.
struct Judged {
  std::vector<Finding> findings;
  std::vector<TokenSpan> spans;  ///< of each finding, for tokens
  std::string token;             ///< `tok:…`; empty for keys
  std::string subject;           ///< the name that fingerprints are made of
};

/// moved_by returns the place that lies `offset` octets into a text which begins at `from`.
TextPosition moved_by(TextPosition from, std::string_view text, std::size_t offset) {
  TextPosition within = to_position(text, offset);
  if (within.line > 1) return {from.line + within.line - 1, within.column};
  return {from.line, from.column + within.column - 1};
}

/// Judge judges the parts of one input.
class Judge {
 public:
  Judge(const InputFile& input, const LintJob& job, Report& report)
      : input_(input), job_(job), report_(report), facts_(input.facts) {}

  /// judge_extract judges what was found in a text. One that was judged already is not judged
  /// again: a text may hold it a million times.
  void judge_extract(const Extract& extract, bool sole) {
    bool remember = !sole && extract.text.size() <= kMaxRemembered;
    if (!remember) return add_all(judge(extract, sole), extract);
    if (last_ == nullptr || last_->first != extract.text) {
      std::string text(extract.text);
      auto known = judged_.find(text);
      if (known == judged_.end()) {
        if (judged_.size() == kMaxMemory) judged_.clear();
        known = judged_.emplace(std::move(text), judge(extract, sole)).first;
      }
      last_ = &*known;
    }
    add_all(last_->second, extract);
  }

  /// judge_der says whether it is a key or a certificate.
  bool judge_der(std::string_view der) {
    KeySubject subject = der_subject(der);
    bool known = subject.jwk || !subject.certificates.empty();
    add_all({judge_key(subject, context(true), job_.rules), {}, {}, key_name(subject)}, {});
    return known;
  }

  /// judge_leading_key judges a private key in DER that other bytes follow; anything else that
  /// looks like DER is none of our business.
  void judge_leading_key(std::string_view text) {
    std::size_t size = der_size(text);
    if (size == 0 || size > kMaxKeyFileBytes) return;
    KeySubject subject = der_subject(text.substr(0, size));
    if (!subject.holds_private) return;
    add_all({judge_key(subject, context(false), job_.rules), {}, {}, key_name(subject)}, {});
  }

  void judge_jwk(const Json& json, std::string_view text) {
    KeySubject subject = jwk_subject(json);
    Document document(text);
    for (Finding& finding : judge_key(subject, context(true), job_.rules)) {
      std::size_t offset = nearest_place(text, finding.place);
      add_member(std::move(finding), subject, document, offset);
    }
  }

  void judge_jwks(const Json& json, std::string_view text) {
    auto keys = jwks_subjects(json);
    const KeySubject nobody;
    Document document(text);
    auto places = element_places(text, "keys");
    for (Finding& finding : judge_key_set({json, keys, text.size()}, context(true), job_.rules)) {
      auto index = place_index(finding.place);
      bool in_key = index && *index < places.size() && *index < keys.size();
      std::size_t start = in_key ? places[*index] : 0;
      std::size_t offset =
          start + nearest_place(text.substr(start), in_key ? below_key(finding.place)
                                                           : std::string_view(finding.place));
      add_member(std::move(finding), in_key ? keys[*index] : nobody, document, offset);
    }
  }

 private:
  /// Document is a text in which members are found.
  struct Document {
    explicit Document(std::string_view all)
        : text(all), index(all), marked(all.find(kSuppressionMark) != std::string_view::npos) {}

    std::string_view text;
    PositionIndex index;
    bool marked;
  };

  const FileFacts* facts(bool sole) {
    if (!facts_) return nullptr;
    facts_->sole_content = sole;
    return &*facts_;
  }

  KeyContext context(bool sole) { return {job_.now, job_.expected, facts(sole)}; }

  Judged judge(const Extract& extract, bool sole) {
    if (extract.kind == Extract::Kind::token) return judge_token(extract.text, sole);
    std::string pem = normalized_pem(extract.text);
    KeySubject subject = pem_subject(pem);
    cleanse(pem);
    return {judge_key(subject, context(sole), job_.rules), {}, {}, key_name(subject)};
  }

  Judged judge_token(std::string_view text, bool sole) {
    Jws jws = read_jws(text, kMaxTokenBytes);
    Payload payload = read_payload(jws);
    Judged judged;
    judged.findings =
        jwtctl::judge_token({jws, payload, job_.now, job_.expected, facts(sole)}, job_.rules);
    for (Finding& finding : judged.findings) {
      finding.message = without_token(finding.message, jws);
      judged.spans.push_back(token_span(jws, finding));
    }
    if (judged.findings.empty()) return judged;
    if (auto name = token_id(jws.text)) judged.token = *name;
    judged.subject = judged.token;
    return judged;
  }

  void add_all(const Judged& judged, const Extract& extract) {
    for (std::size_t i = 0; i < judged.findings.size(); ++i) {
      const Finding& finding = judged.findings[i];
      if (!extract.marked && !report_.has_room(finding.severity)) {
        report_.count(finding.severity);
        continue;
      }
      LocatedFinding located{finding, input_.name, extract.position, 0, judged.token, {}, {}};
      if (i < judged.spans.size()) {
        // A token of good form is ASCII on one line; what is wrong with others may be just that.
        TokenSpan span = judged.spans[i];
        located.position = moved_by(extract.position, extract.text, span.offset);
        located.length = code_point_starts(extract.text.substr(span.offset, span.length));
      }
      if (extract.marked) suppress(located, extract.line, extract.line_above);
      report_.add(std::move(located), judged.subject);
    }
  }

  void add_member(Finding finding, const KeySubject& subject, const Document& document,
                  std::size_t offset) {
    LocatedFinding located{
        std::move(finding), input_.name, document.index.at(offset), 0, {}, {}, {}};
    if (document.marked) {
      LineView lines = lines_at(document.text, offset);
      suppress(located, lines.line, lines.above);
    }
    report_.add(std::move(located), key_name(subject));
  }

  void suppress(LocatedFinding& located, std::string_view line, std::string_view above) {
    Suppression suppression = suppression_at(line, above, located.finding.rule);
    if (!suppression.found) return;
    if (!suppression.reason) {
      return report_.warn(
          fmt::format("{}:{}: jwtctl:ignore without a reason has no effect: write -- and why",
                      located.file, located.position.line));
    }
    if (!is_source_) {
      is_source_ = input_.is_source && input_.is_source();
      if (!*is_source_) {
        report_.warn(fmt::format(
            "{}:{}: jwtctl:ignore has no effect here: it counts in files that git tracks or has "
            "staged, outside of a repository in files below a folder, and with --stdin-filename",
            located.file, located.position.line));
      }
    }
    if (*is_source_) located.suppressed = show_argument(*suppression.reason, ShownAs::text);
  }

  const InputFile& input_;
  const LintJob& job_;
  Report& report_;
  std::optional<FileFacts> facts_;
  std::optional<bool> is_source_;
  std::unordered_map<std::string, Judged> judged_;
  const std::pair<const std::string, Judged>* last_ = nullptr;  ///< the last of these
};

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

/// may_be_keys says whether a document may be a JWK or a JWKS: most JSON is neither, and need not
/// be read.
bool may_be_keys(std::string_view text) {
  return trim(text).starts_with('{') && (text.find("\"kty\"") != std::string_view::npos ||
                                         text.find("\"keys\"") != std::string_view::npos);
}

/// judge_json judges a document that is a JWK or a JWKS by its members, or because the user says
/// so.
Result<void> judge_json(std::string_view text, const InputFile& input, ContentKind kind,
                        Judge& judge) {
  bool asked = kind == ContentKind::jwk || kind == ContentKind::jwks;
  if (!asked && !may_be_keys(text)) return {};
  JsonReading reading = read_json(text);
  if (!reading.value) {
    if (asked) return not_what_it_must_be(input, "key or key set", reading.fault->message);
    return {};
  }
  SecretJson json(*std::move(reading.value));
  if (kind == ContentKind::jwks || (!asked && holds_keys(json.json))) {
    judge.judge_jwks(json.json, text);
  }
  if (kind == ContentKind::jwk || (!asked && json.json.find("kty") != nullptr)) {
    judge.judge_jwk(json.json, text);
  }
  return {};
}

Result<void> judge_text(const ReadMore& read, std::size_t sole_size, Judge& judge) {
  return extract_all(
      read,
      [&judge, sole_size](const Extract& extract) {
        judge.judge_extract(extract, extract.text.size() == sole_size);
      },
      kSuppressionMark);
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

Result<void> lint_large(const Head& head, const ReadMore& more, const InputFile& input,
                        ContentKind kind, Report& report, Judge& judge) {
  if (kind != ContentKind::automatic && kind != ContentKind::text) {
    return fail(ErrorCode::input, "{} is larger than the limit of {} bytes",
                show_argument(input.name, ShownAs::path), kMaxKeySetBytes);
  }
  bool keys = kind == ContentKind::automatic && may_be_keys(as_text(head.bytes));
  if (keys) report.pass_over(input.name, PassedOver::Why::size);
  return judge_text(reader_of(as_text(head.bytes), &more), 0, judge);
}

Result<void> lint_whole(std::string_view text, const InputFile& input, ContentKind kind,
                        Judge& judge) {
  std::string_view body = trim(text);
  bool one_word = body.find_first_of(" \t\r\n\"'") == std::string_view::npos;
  if (kind == ContentKind::token ||
      (kind == ContentKind::automatic && one_word && looks_like_token(body))) {
    judge_whole_token(text, judge);
    return {};
  }
  if (kind == ContentKind::pem && !looks_like_pem(text)) {
    return not_what_it_must_be(input, "PEM", "it has no BEGIN line");
  }
  if (kind != ContentKind::text && kind != ContentKind::pem) {
    auto done = judge_json(text, input, kind, judge);
    if (!done) return done;
  }
  // Whatever a key set or a key has beside its keys is text like any other.
  return judge_text(reader_of(text, nullptr), body.size(), judge);
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
  Judge judge(input, job, report);
  std::string_view text = as_text(head->bytes);
  if (job.kind == ContentKind::automatic) {
    bool sole = head->whole && looks_like_der(text);
    if (sole && judge.judge_der(text)) return {};
    // What stands behind a key is searched as if it were not there.
    if (!sole) judge.judge_leading_key(text);
  }
  bool plain = head->whole && text.find('\0') == std::string_view::npos;
  if (plain) return lint_whole(text, input, job.kind, judge);
  // A NUL, here or further on: the text may be wide, or hold such text.
  WideText wide(reader_of(text, head->whole ? nullptr : &input.read));
  ReadMore read = [&wide](std::span<char> space) { return wide.read(space); };
  auto decoded = read_head(read);
  if (!decoded) return fail(std::move(decoded).error());
  Result<void> done = decoded->whole ? lint_whole(as_text(decoded->bytes), input, job.kind, judge)
                                     : lint_large(*decoded, read, input, job.kind, report, judge);
  if (wide.binary()) ++report.binary;
  return done;
}

}  // namespace jwtctl
