// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "lib/jose/extract.h"
#include "lib/lint/lint.h"
#include "lib/lint/report.h"

/// Judging whole inputs: what they are, what is in them, and where.
namespace jwtctl {

/// ContentKind is what the user says an input is; `automatic` looks at its content.
enum class ContentKind { automatic, token, jwk, jwks, pem, text };

/// find_content_kind returns the kind of a name of `--kind`: "auto", "token", ….
std::optional<ContentKind> find_content_kind(std::string_view name);

/// LintJob is what is the same for every input of a run.
struct LintJob {
  const RuleSelection& rules;
  const Expectations& expected;
  ContentKind kind = ContentKind::automatic;
};

/// InputFile is one input: `name` is how it is shown, `facts` are there for a file that was found
/// by walking a directory. `is_source` says whether comments in it are those of its owner, who may
/// silence findings with them; it is asked when there is such a comment, null is no.
struct InputFile {
  std::string name;
  const ReadMore& read;
  std::optional<FileFacts> facts;
  std::function<bool()> is_source;
};

/// lint_input judges one input and adds what it finds to the report. Documents of up to
/// `kMaxKeySetBytes` are recognised as a token, a JWK, a JWKS, PEM or DER; everything else is text,
/// in which tokens and PEM blocks are found in constant memory and linear time, and a JWK or a JWKS
/// is searched like that for what else is in it. Private JWKs within other text or JSON are judged
/// too; what may hold keys and is too large or no JSON that we read is passed over by name. UTF-16
/// and UTF-32 are read as text, binary files octet by octet. Fails with `input` when the input
/// cannot be read, or is not what `kind` says.
Result<void> lint_input(const InputFile& input, const LintJob& job, Report& report);

}  // namespace jwtctl
