// SPDX-License-Identifier: Apache-2.0
#include "lib/lint/document.h"

#include <algorithm>
#include <array>

#include "lib/base/limits.h"
#include "lib/base/text.h"
#include "lib/crypto/pem.h"
#include "lib/lint/locate.h"
#include "lib/lint/suppress.h"
#include "lib/token/clean.h"
#include "lib/token/decode.h"

namespace jwtctl {
namespace {

constexpr std::size_t kBinaryProbe = 8000;  // octets, as git looks at

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

  void judge_token(const Extract& extract, bool sole) {
    Jws jws = read_jws(extract.text, kMaxTokenBytes);
    Payload payload = read_payload(jws);
    auto findings =
        jwtctl::judge_token({jws, payload, job_.now, job_.expected, facts(sole)}, job_.rules);
    if (findings.empty()) return;
    auto name = token_id(jws.text);
    std::string id = name ? *name : std::string();
    for (Finding& finding : findings) {
      finding.message = without_token(finding.message, jws);
      TokenSpan span = token_span(jws, finding);
      // A token of good form is ASCII on one line; what is wrong with others may be just that.
      TextPosition position = moved_by(extract.position, extract.text, span.offset);
      std::size_t length = code_point_starts(extract.text.substr(span.offset, span.length));
      add({std::move(finding), input_.name, position, length, id, {}, {}}, id, extract.line,
          extract.line_above);
    }
  }

  void judge_pem(const Extract& extract, bool sole) {
    std::string pem = normalized_pem(extract.text);
    KeySubject subject = pem_subject(pem);
    cleanse(pem);
    add_key(subject, judge_key(subject, context(sole), job_.rules), extract);
  }

  void judge_der(std::string_view der) {
    KeySubject subject = der_subject(der);
    add_key(subject, judge_key(subject, context(true), job_.rules), {});
  }

  void judge_jwk(const Json& json, std::string_view text) {
    KeySubject subject = jwk_subject(json);
    for (Finding& finding : judge_key(subject, context(true), job_.rules)) {
      std::size_t offset = nearest_place(text, finding.place);
      add_member(std::move(finding), subject, text, offset);
    }
  }

  void judge_jwks(const Json& json, std::string_view text) {
    auto keys = jwks_subjects(json);
    const KeySubject nobody;
    auto places = element_places(text, "keys");
    for (Finding& finding : judge_key_set({json, keys, text.size()}, context(true), job_.rules)) {
      auto index = place_index(finding.place);
      bool in_key = index && *index < places.size() && *index < keys.size();
      std::size_t start = in_key ? places[*index] : 0;
      std::size_t offset =
          start + nearest_place(text.substr(start), in_key ? below_key(finding.place)
                                                           : std::string_view(finding.place));
      add_member(std::move(finding), in_key ? keys[*index] : nobody, text, offset);
    }
  }

 private:
  const FileFacts* facts(bool sole) {
    if (!facts_) return nullptr;
    facts_->sole_content = sole;
    return &*facts_;
  }

  KeyContext context(bool sole) { return {job_.now, job_.expected, facts(sole)}; }

  void add_key(const KeySubject& subject, std::vector<Finding> findings, const Extract& extract) {
    for (Finding& finding : findings) {
      add({std::move(finding), input_.name, extract.position, 0, {}, {}, {}}, key_name(subject),
          extract.line, extract.line_above);
    }
  }

  void add_member(Finding finding, const KeySubject& subject, std::string_view text,
                  std::size_t offset) {
    LineView lines = lines_at(text, offset);
    add({std::move(finding), input_.name, to_position(text, offset), 0, {}, {}, {}},
        key_name(subject), lines.line, lines.above);
  }

  void add(LocatedFinding located, std::string_view subject, std::string_view line,
           std::string_view above) {
    Suppression suppression = find_suppression(line, located.finding.rule);
    if (!suppression.found) suppression = find_suppression(above, located.finding.rule);
    if (suppression.found && !suppression.reason) {
      report_.warnings.push_back(
          fmt::format("{}:{}: jwtctl:ignore without a reason has no effect: write -- and why",
                      located.file, located.position.line));
    }
    located.suppressed = std::move(suppression.reason);
    report_.add(std::move(located), subject);
  }

  const InputFile& input_;
  const LintJob& job_;
  Report& report_;
  std::optional<FileFacts> facts_;
};

Failure not_what_it_must_be(const InputFile& input, std::string_view what, std::string_view why) {
  return fail(ErrorCode::input, "{} is no {}: {}", input.name, what, why);
}

/// judge_json judges a document that is a JWK or a JWKS by its members, or because the user says
/// so; false when it is neither.
Result<bool> judge_json(std::string_view text, const InputFile& input, ContentKind kind,
                        Judge& judge) {
  bool asked = kind == ContentKind::jwk || kind == ContentKind::jwks;
  // Most JSON is neither, and need not be read.
  bool maybe = trim(text).starts_with('{') && (text.find("\"kty\"") != std::string_view::npos ||
                                               text.find("\"keys\"") != std::string_view::npos);
  if (!asked && !maybe) return false;
  JsonReading reading = read_json(text);
  if (!reading.value) {
    if (asked) return not_what_it_must_be(input, "key or key set", reading.fault->message);
    return false;
  }
  SecretJson json(*std::move(reading.value));
  const Json* keys = json.json.find("keys");
  if (kind == ContentKind::jwks || (!asked && keys != nullptr && keys->is_array())) {
    judge.judge_jwks(json.json, text);
    return true;
  }
  if (kind == ContentKind::jwk || json.json.find("kty") != nullptr) {
    judge.judge_jwk(json.json, text);
    return true;
  }
  return false;
}

Result<void> judge_text(const ReadMore& read, std::size_t sole_size, Judge& judge) {
  return extract_all(read, [&judge, sole_size](const Extract& extract) {
    bool sole = extract.text.size() == sole_size;
    if (extract.kind == Extract::Kind::token) {
      judge.judge_token(extract, sole);
    } else {
      judge.judge_pem(extract, sole);
    }
  });
}

/// judge_whole_token judges a document that is one token, whatever is wrong with it.
void judge_whole_token(std::string_view text, Judge& judge) {
  std::string_view token = trim(text);
  auto offset = static_cast<std::size_t>(token.data() - text.data());
  LineView lines = lines_at(text, offset);
  judge.judge_token(
      {Extract::Kind::token, token, to_position(text, offset), lines.line, lines.above}, true);
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

Result<void> lint_large(const Head& head, const InputFile& input, const LintJob& job,
                        Judge& judge) {
  if (job.kind != ContentKind::automatic && job.kind != ContentKind::text) {
    return fail(ErrorCode::input, "{} is larger than the limit of {} bytes", input.name,
                kMaxKeySetBytes);
  }
  std::string_view rest = as_text(head.bytes);
  ReadMore read = [&rest, &input](std::span<char> space) -> Result<std::size_t> {
    if (rest.empty()) return input.read(space);
    std::size_t count = std::min(rest.size(), space.size());
    std::copy_n(rest.begin(), count, space.begin());
    rest.remove_prefix(count);
    return count;
  };
  return judge_text(read, 0, judge);
}

Result<void> lint_whole(std::string_view text, const InputFile& input, const LintJob& job,
                        Judge& judge) {
  ContentKind kind = job.kind;
  bool automatic = kind == ContentKind::automatic;
  if (automatic && looks_like_der(text)) {
    judge.judge_der(text);
    return {};
  }
  std::string_view body = trim(text);
  bool one_word = body.find_first_of(" \t\r\n\"'") == std::string_view::npos;
  if (kind == ContentKind::token || (automatic && one_word && looks_like_token(body))) {
    judge_whole_token(text, judge);
    return {};
  }
  if (kind != ContentKind::text && kind != ContentKind::pem) {
    auto done = judge_json(text, input, kind, judge);
    if (!done) return fail(std::move(done).error());
    if (*done) return {};
  }
  if (kind == ContentKind::pem && !looks_like_pem(text)) {
    return not_what_it_must_be(input, "PEM", "it has no BEGIN line");
  }
  std::string_view rest = text;
  ReadMore read = [&rest](std::span<char> space) -> Result<std::size_t> {
    std::size_t count = std::min(rest.size(), space.size());
    std::copy_n(rest.begin(), count, space.begin());
    rest.remove_prefix(count);
    return count;
  };
  return judge_text(read, body.size(), judge);
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
  std::string_view text = as_text(head->bytes);
  bool binary = text.substr(0, kBinaryProbe).find('\0') != std::string_view::npos;
  bool der = head->whole && looks_like_der(text);
  if (binary && !der && job.kind == ContentKind::automatic) {
    ++report.binary;
    return {};
  }
  ++report.files;
  Judge judge(input, job, report);
  return head->whole ? lint_whole(text, input, job, judge) : lint_large(*head, input, job, judge);
}

}  // namespace jwtctl
