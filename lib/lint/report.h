// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
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
  std::size_t& at(Severity level);
};

/// PassedOver is an input that was not searched, or not for all that it might hold.
struct PassedOver {
  enum class Why {
    link,
    special,
    excluded,
    size,
    history,     ///< folders of a version control system
    unreadable,  ///< it looks like keys, and is no JSON that we read
    runs,        ///< it has letters in which not every token was looked for that might be there
  };
  std::string file;
  Why why;
};
inline constexpr std::size_t kPassedOverKinds = 7;

/// kMaxFindings of each level are kept, and as many that a comment silences; the others are
/// counted.
inline constexpr std::size_t kMaxFindings = 10'000;
/// kMaxBaselineFindings are kept for a baseline, which must have them all.
inline constexpr std::size_t kMaxBaselineFindings = 100'000;
inline constexpr std::size_t kMaxRemarksOnRun = 100;  ///< warnings
inline constexpr std::size_t kMaxPassedOver = 1000;   ///< that are named

/// Report is the outcome of a run.
struct Report {
  std::vector<LocatedFinding> findings;    ///< that count, as far as they are kept
  std::vector<LocatedFinding> suppressed;  ///< by a comment in the file, likewise
  std::vector<UnreadFile> unread;
  std::vector<PassedOver> passed_over;                             ///< the first of them
  std::array<std::size_t, kPassedOverKinds> passed_over_counts{};  ///< of all, by `Why`
  std::vector<std::string> warnings;                               ///< about the run itself
  std::size_t files = 0;                                           ///< that were looked at
  std::size_t binary = 0;                                          ///< of these, searched as bytes
  std::size_t known = 0;             ///< findings that the baseline has
  std::size_t suppressions = 0;      ///< findings that a comment silences
  std::size_t limit = kMaxFindings;  ///< findings of one level that are kept
  /// Fingerprints of findings that are known and count as such only; may be null.
  const std::set<std::string>* baseline = nullptr;

  /// add takes a finding and completes its fingerprint. `subject` names the token or key.
  void add(LocatedFinding finding, std::string_view subject);
  /// has_room says whether a finding of this level would be looked at, and not only counted.
  bool has_room(Severity level) const;
  /// count counts a finding for which there is no room.
  void count(Severity level);
  /// remove_known takes findings out by their fingerprints, and counts them as known.
  void remove_known(const std::set<std::string>& fingerprints);
  void pass_over(std::string file, PassedOver::Why why);
  void warn(std::string message);

  /// counts are of all findings; `kept` of those in `findings`.
  Counts counts() const { return counts_; }
  Counts kept() const { return kept_; }

 private:
  Counts counts_;
  Counts kept_;
  std::unordered_map<std::string, std::size_t> seen_;
};

/// worst returns the highest level among all findings, nothing when there are none.
std::optional<Severity> worst(const Report& report);

}  // namespace jwtctl
