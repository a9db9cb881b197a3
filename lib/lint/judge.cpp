// SPDX-License-Identifier: Apache-2.0
#include "lib/lint/judge.h"

#include <algorithm>

#include "lib/base/limits.h"
#include "lib/base/shown.h"
#include "lib/base/text.h"
#include "lib/crypto/pem.h"
#include "lib/lint/archive.h"
#include "lib/lint/suppress.h"
#include "lib/token/decode.h"

namespace jwtctl {
namespace {

constexpr std::size_t kMaxRemembered = 4096;  // octets of a token or PEM block
constexpr std::size_t kMaxMemory = 64;        // of them

/// moved_by returns the place that lies `offset` octets into a text which begins at `from`.
TextPosition moved_by(TextPosition from, std::string_view text, std::size_t offset) {
  TextPosition within = to_position(text, offset);
  if (within.line > 1) return {from.line + within.line - 1, within.column};
  return {from.line, from.column + within.column - 1};
}

}  // namespace

Judge::Document::Document(std::string_view all)
    : text(all), index(all), marked(all.find(kSuppressionMark) != std::string_view::npos) {}

void Judge::judge_extract(const Extract& extract, bool sole) {
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

bool Judge::judge_der(std::string_view der) {
  KeySubject subject = der_subject(der);
  bool known = subject.jwk || !subject.certificates.empty();
  add_all({judge_key(subject, context(true), job_.rules), {}, {}, key_name(subject)}, {});
  return known;
}

void Judge::judge_leading_key(std::string_view text) {
  std::size_t size = der_size(text);
  if (size == 0 || size > kMaxKeyFileBytes) return;
  KeySubject subject = der_subject(text.substr(0, size));
  if (!subject.holds_private) return;
  add_all({judge_key(subject, context(false), job_.rules), {}, {}, key_name(subject)}, {});
}

void Judge::judge_jwk(const Json& json, const Part& part) {
  KeySubject subject = jwk_subject(json);
  std::string name = key_name(subject);
  Places places;
  for (Finding& finding : judge_key(subject, context(part.sole), job_.rules)) {
    if (!has_room(finding, part.document.marked)) continue;
    auto [known, is_new] = places.try_emplace(finding.place);
    if (is_new) known->second = part.offset + nearest_place(part.text, finding.place);
    add_member(std::move(finding), name, part.document, known->second);
  }
}

void Judge::judge_jwks(const Json& json, const Part& part) {
  auto keys = jwks_subjects(json);
  auto starts = element_places(part.text, "keys");
  Places places;
  std::vector<std::string> names(keys.size());
  for (Finding& finding :
       judge_key_set({json, keys, part.text.size()}, context(part.sole), job_.rules)) {
    if (!has_room(finding, part.document.marked)) continue;
    auto index = place_index(finding.place);
    bool in_key = index && *index < starts.size() && *index < keys.size();
    auto [known, is_new] = places.try_emplace(finding.place);
    if (is_new) {
      std::size_t start = in_key ? starts[*index] : 0;
      known->second =
          part.offset + start +
          nearest_place(part.text.substr(start),
                        in_key ? below_key(finding.place) : std::string_view(finding.place));
    }
    if (in_key && names[*index].empty()) names[*index] = key_name(keys[*index]);
    add_member(std::move(finding), in_key ? names[*index] : key_name({}), part.document,
               known->second);
  }
}

const FileFacts* Judge::facts(bool sole) {
  if (!facts_) return nullptr;
  facts_->sole_content = sole;
  return &*facts_;
}

Judge::Judged Judge::judge(const Extract& extract, bool sole) {
  if (extract.kind == Extract::Kind::token) return judge_token(extract.text, sole);
  std::string pem = normalized_pem(extract.text);
  KeySubject subject = pem_subject(pem);
  std::string name = key_name(subject);
  if (name == "key") name = block_name(pem);
  cleanse(pem);
  return {judge_key(subject, context(sole), job_.rules), {}, {}, std::move(name)};
}

Judge::Judged Judge::judge_token(std::string_view text, bool sole) {
  Jws jws = read_jws(text, kMaxTokenBytes);
  Payload payload = read_payload(jws);
  Judged judged;
  judged.findings = jwtctl::judge_token({jws, payload, job_.expected, facts(sole)}, job_.rules);
  for (Finding& finding : judged.findings) {
    finding.message = without_token(finding.message, jws);
    judged.spans.push_back(token_span(jws, finding));
  }
  if (judged.findings.empty()) return judged;
  if (auto name = token_id(jws.text)) judged.token = *name;
  judged.subject = judged.token;
  return judged;
}

void Judge::add_all(const Judged& judged, const Extract& extract) {
  for (std::size_t i = 0; i < judged.findings.size(); ++i) {
    const Finding& finding = judged.findings[i];
    if (!has_room(finding, extract.marked)) continue;
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

void Judge::add_member(Finding finding, const std::string& subject, const Document& document,
                       std::size_t offset) {
  LocatedFinding located{std::move(finding), input_.name, document.index.at(offset), 0, {}, {}, {}};
  if (document.marked) {
    LineView lines = lines_at(document.text, offset);
    suppress(located, lines.line, lines.above);
  }
  report_.add(std::move(located), subject);
}

/// has_room counts a finding that nobody will see, and that no comment silences.
bool Judge::has_room(const Finding& finding, bool marked) {
  if (marked || report_.has_room(finding.severity)) return true;
  report_.count(finding.severity);
  return false;
}

void Judge::suppress(LocatedFinding& located, std::string_view line, std::string_view above) {
  Suppression suppression = suppression_at(line, above, located.finding.rule);
  if (!suppression.found) return;
  if (!suppression.reason) {
    return report_.warn(
        fmt::format("{}:{}: jwtctl:ignore without a reason has no effect: write -- and why",
                    located.file, located.position.line));
  }
  if (!is_source_) {
    is_source_ = input_.is_source && !is_archive(head_) && input_.is_source();
    if (!*is_source_) {
      report_.warn(fmt::format(
          "{}:{}: jwtctl:ignore has no effect here: it counts in files that git tracks or has "
          "staged, outside of a repository in files below a folder, and with {}",
          located.file, located.position.line, job_.expected.names.stdin_name));
    }
  }
  if (*is_source_) located.suppressed = show_argument(*suppression.reason, ShownAs::text);
}

}  // namespace jwtctl
