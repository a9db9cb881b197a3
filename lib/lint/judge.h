// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "lib/lint/document.h"
#include "lib/lint/locate.h"

namespace jwtctl {

/// Judge judges the parts of one input: what the rules say of each, and where.
class Judge {
 public:
  /// Document is a text in which members are found.
  struct Document {
    explicit Document(std::string_view all);

    std::string_view text;
    PositionIndex index;
    bool marked;  ///< it has comments that may silence
  };

  /// Part is JSON that begins at `offset` of a document; `sole` says that nothing else is in it.
  struct Part {
    const Document& document;
    std::size_t offset;
    std::string_view text;
    bool sole;
  };

  /// `head` is the beginning of the input as it lies there.
  Judge(const InputFile& input, const LintJob& job, Report& report, std::string_view head)
      : input_(input), job_(job), report_(report), head_(head), facts_(input.facts) {}

  /// judge_extract judges what was found in a text. One that was judged already is not judged
  /// again: a text may hold it a million times.
  void judge_extract(const Extract& extract, bool sole);

  /// judge_der says whether it is a key or a certificate.
  bool judge_der(std::string_view der);

  /// judge_leading_key judges a private key in DER that other bytes follow; anything else that
  /// looks like DER is none of our business.
  void judge_leading_key(std::string_view text);

  /// judge_jwk and judge_jwks judge what the JSON of a part was read as.
  void judge_jwk(const Json& json, const Part& part);
  void judge_jwks(const Json& json, const Part& part);

 private:
  /// Judged is what rules say of one token or PEM block, wherever it stands.
  struct Judged {
    std::vector<Finding> findings;
    std::vector<TokenSpan> spans;  ///< of each finding, for tokens
    std::string token;             ///< `tok:…`; empty for keys
    std::string subject;           ///< the name that fingerprints are made of
  };

  /// Places are those of members that were looked up: many findings may be on one of them.
  using Places = std::unordered_map<std::string, std::size_t>;

  const FileFacts* facts(bool sole);
  KeyContext context(bool sole) { return {job_.expected, facts(sole)}; }
  Judged judge(const Extract& extract, bool sole);
  Judged judge_token(std::string_view text, bool sole);
  void add_all(const Judged& judged, const Extract& extract);
  void add_member(Finding finding, const std::string& subject, const Document& document,
                  std::size_t offset);
  bool has_room(const Finding& finding, bool marked);
  void suppress(LocatedFinding& located, std::string_view line, std::string_view above);

  const InputFile& input_;
  const LintJob& job_;
  Report& report_;
  std::string_view head_;
  std::optional<FileFacts> facts_;
  std::optional<bool> is_source_;
  std::unordered_map<std::string, Judged> judged_;
  const std::pair<const std::string, Judged>* last_ = nullptr;  ///< the last of these
};

}  // namespace jwtctl
