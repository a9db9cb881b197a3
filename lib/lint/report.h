// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/error.h"
#include "lib/codec/json_place.h"
#include "lib/token/finding.h"

namespace jwtctl {

/// LocatedFinding is a finding with where people find it.
struct LocatedFinding {
  Finding finding;
  std::string file;        ///< as it is shown: relative, "stdin"
  TextPosition position;   ///< of the member, or of the segment of the token
  std::size_t length = 0;  ///< columns from there on, 0 when it is not known
  std::string token;       ///< `tok:…`; empty for keys
  /// Says "this finding again" across runs, whatever else changes in the file; made of no secret.
  std::string fingerprint;
  std::optional<std::string> suppressed;  ///< the reason of an inline suppression
};

/// UnreadFile is an input that could not be judged.
struct UnreadFile {
  std::string file;
  Error error;
};

/// Counts of findings by level.
struct Counts {
  std::size_t error = 0;
  std::size_t warning = 0;
  std::size_t note = 0;

  std::size_t total() const { return error + warning + note; }
};

/// Report is the outcome of a run.
struct Report {
  std::vector<LocatedFinding> findings;    ///< that count
  std::vector<LocatedFinding> suppressed;  ///< by a comment in the file
  std::vector<UnreadFile> unread;
  std::vector<std::string> warnings;  ///< about the run itself
  std::size_t files = 0;              ///< that were looked at
  std::size_t binary = 0;             ///< that were passed over
  std::size_t known = 0;              ///< findings that the baseline has

  /// add takes a finding and completes its fingerprint. `subject` names the token or key.
  void add(LocatedFinding finding, std::string_view subject);
  Counts counts() const;

 private:
  std::map<std::string, std::size_t> seen_;
};

/// worst returns the highest level among the findings, nothing when there are none.
std::optional<Severity> worst(const Report& report);

}  // namespace jwtctl
