// SPDX-License-Identifier: Apache-2.0
#include "lib/lint/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "lib/crypto/openssl.h"

namespace jwtctl {
namespace {

constexpr std::size_t kFingerprintOctets = 16;
constexpr std::size_t kMaxIdentities = 1'000'000;  // that are told apart; some 100 MB

std::string to_fingerprint(std::string_view text) {
  auto digest = sha256(text);
  // Without SHA-256 nothing of this program works; an empty fingerprint matches no other.
  if (!digest) return {};
  std::string hex;
  for (char octet : digest->substr(0, kFingerprintOctets)) {
    // Not with fmt: a run may have 30,000 of them.
    constexpr std::string_view kDigits = "0123456789abcdef";
    auto value = static_cast<unsigned char>(octet);
    hex += kDigits[value >> 4U];
    hex += kDigits[value & 0xFU];
  }
  return hex;
}

}  // namespace

std::size_t& Counts::at(Severity level) {
  switch (level) {
    case Severity::error: return error;
    case Severity::warning: return warning;
    case Severity::note: break;
  }
  return note;
}

bool Report::has_room(Severity level) const {
  Counts kept = kept_;
  // What a baseline has is told by its fingerprint.
  return kept.at(level) < limit || baseline != nullptr;
}

void Report::count(Severity level) { ++counts_.at(level); }

void Report::add(LocatedFinding finding, std::string_view subject) {
  Severity level = finding.finding.severity;
  if (finding.suppressed) ++suppressions;
  if (finding.suppressed && suppressed.size() == limit) return;
  if (!finding.suppressed && !has_room(level)) return count(level);
  std::string identity = fmt::format("{}\n{}\n{}\n{}", finding.finding.rule.id, finding.file,
                                     subject, finding.finding.place);
  // The same token twice in a file makes two findings, and both need a name.
  bool room = seen_.size() < kMaxIdentities || seen_.count(identity) != 0;
  std::size_t times = room ? ++seen_[identity] : 1;
  finding.fingerprint = to_fingerprint(fmt::format("{}\n{}", identity, times));
  if (finding.suppressed) return suppressed.push_back(std::move(finding));
  if (baseline != nullptr && baseline->count(finding.fingerprint) != 0) {
    ++known;
    return;
  }
  count(level);
  if (kept_.at(level) == limit) return;
  ++kept_.at(level);
  findings.push_back(std::move(finding));
}

void Report::remove_known(const std::set<std::string>& fingerprints) {
  auto known_from = std::stable_partition(
      findings.begin(), findings.end(),
      [&](const LocatedFinding& located) { return fingerprints.count(located.fingerprint) == 0; });
  for (auto each = known_from; each != findings.end(); ++each) {
    --counts_.at(each->finding.severity);
    --kept_.at(each->finding.severity);
    ++known;
  }
  findings.erase(known_from, findings.end());
}

void Report::pass_over(std::string file, PassedOver::Why why) {
  ++passed_over_counts[static_cast<std::size_t>(why)];
  if (passed_over.size() < kMaxPassedOver) passed_over.push_back({std::move(file), why});
}

void Report::warn(std::string message) {
  if (warnings.size() < kMaxRemarksOnRun) warnings.push_back(std::move(message));
}

std::optional<Severity> worst(const Report& report) {
  Counts counts = report.counts();
  for (Severity level : {Severity::error, Severity::warning, Severity::note}) {
    if (counts.at(level) > 0) return level;
  }
  return std::nullopt;
}

}  // namespace jwtctl
