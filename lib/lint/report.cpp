// SPDX-License-Identifier: Apache-2.0
#include "lib/lint/report.h"

#include <fmt/format.h>

#include <algorithm>

#include "lib/crypto/openssl.h"

namespace jwtctl {
namespace {

constexpr std::size_t kFingerprintOctets = 16;

std::string to_fingerprint(std::string_view text) {
  auto digest = sha256(text);
  // Without SHA-256 nothing of this program works; an empty fingerprint matches no other.
  if (!digest) return {};
  std::string hex;
  for (char octet : digest->substr(0, kFingerprintOctets)) {
    hex += fmt::format("{:02x}", static_cast<unsigned char>(octet));
  }
  return hex;
}

}  // namespace

void Report::add(LocatedFinding finding, std::string_view subject) {
  std::string identity = fmt::format("{}\n{}\n{}\n{}", finding.finding.rule.id, finding.file,
                                     subject, finding.finding.place);
  // The same token twice in a file makes two findings, and both need a name.
  std::size_t count = ++seen_[identity];
  finding.fingerprint = to_fingerprint(fmt::format("{}\n{}", identity, count));
  auto& list = finding.suppressed ? suppressed : findings;
  list.push_back(std::move(finding));
}

Counts Report::counts() const {
  Counts counts;
  for (const LocatedFinding& located : findings) {
    switch (located.finding.severity) {
      case Severity::error: ++counts.error; break;
      case Severity::warning: ++counts.warning; break;
      case Severity::note: ++counts.note; break;
    }
  }
  return counts;
}

std::optional<Severity> worst(const Report& report) {
  auto found = std::max_element(report.findings.begin(), report.findings.end(),
                                [](const LocatedFinding& a, const LocatedFinding& b) {
                                  return a.finding.severity < b.finding.severity;
                                });
  return found != report.findings.end() ? std::optional(found->finding.severity) : std::nullopt;
}

}  // namespace jwtctl
