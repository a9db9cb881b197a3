// SPDX-License-Identifier: Apache-2.0
#include "lib/base/text.h"

#include <algorithm>

#include "cli/report/report.h"
#include "lib/base/shown.h"
#include "lib/codec/json_shown.h"

namespace jwtctl::cli {
namespace {

constexpr std::size_t kWidestName = 28;
constexpr std::size_t kShownClaimSizes = 5;
constexpr std::size_t kShownSkippedKeys = 10;

enum class Paint { red, green, yellow, bold };

/// Page builds the lines of a report; everything that it is given is escaped on the way in.
class Page {
 public:
  explicit Page(const View& view) : view_(view) {}

  template <class... Args>
  void line(fmt::format_string<Args...> text, Args&&... args) {
    append(fmt::format(text, std::forward<Args>(args)...));
  }

  /// painted begins a line with a coloured word.
  void painted(Paint paint, std::string_view word, std::string_view rest) {
    out_ += color(paint, escape_text(word));
    out_ += escape_text(rest);
    out_ += '\n';
  }

  void row(std::size_t indent, std::string_view name, std::size_t width, std::string_view value) {
    std::string shown = escape_text(name);
    out_.append(indent, ' ');
    out_ += shown;
    if (!value.empty()) {
      out_.append(width > columns(shown) ? width - columns(shown) : 0, ' ');
      out_ += "  ";
      out_ += escape_text(value);
    }
    out_ += '\n';
  }

  std::string color(Paint paint, std::string text) const {
    if (!view_.color) return text;
    switch (paint) {
      case Paint::red: return fmt::format("\x1b[31m{}\x1b[0m", text);
      case Paint::green: return fmt::format("\x1b[32m{}\x1b[0m", text);
      case Paint::yellow: return fmt::format("\x1b[33m{}\x1b[0m", text);
      case Paint::bold: return fmt::format("\x1b[1m{}\x1b[0m", text);
    }
    return text;
  }

  void append_raw(std::string_view text) { out_ += text; }
  const View& view() const { return view_; }
  std::string take() { return std::move(out_); }

 private:
  void append(std::string_view text) {
    out_ += escape_text(text);
    out_ += '\n';
  }

  const View& view_;
  std::string out_;
};

std::string show_instant(Instant instant, const View& view) {
  Seconds offset = view.offset != nullptr ? view.offset(instant) : 0;
  return format_rfc3339_exact(instant, offset).value_or("no year from 0 to 9999");
}

std::string show_date(std::string_view name, const DateClaim& date, const View& view) {
  std::string relative = format_relative(date.value, view.now);
  if (date.fault == rules::date_unit) {
    return fmt::format("{}! as {} it is {}; as seconds {}", date.unit, date.unit,
                       show_instant(date.corrected, view),
                       format_rfc3339(date.value).value_or("beyond the year 9999"));
  }
  if (name == "exp") {
    bool over = is_expired(date.value, view.now, 0);
    relative = fmt::format("{} {}", over ? "expired" : "expires", relative);
  }
  return fmt::format("{}  {}", show_instant(date.value, view), relative);
}

void print_members(const Json& json, Page& page) {
  const Json::Object* members = json.as_object();
  if (members == nullptr) {
    page.row(2, json.dump(), 0, "");
    return;
  }
  std::size_t width = 0;
  for (const JsonMember& member : *members) {
    width = std::max(width, std::min(columns(escape_text(member.name)), kWidestName));
  }
  for (const JsonMember& member : *members) {
    std::string value = member.value.dump();
    bool is_date = std::find(std::begin(kDateClaims), std::end(kDateClaims), member.name) !=
                   std::end(kDateClaims);
    if (is_date) {
      DateClaim date = read_date(json, member.name);
      if (date.present && date.fault != rules::date_wrong_type) {
        value = fmt::format("{}  {}", value, show_date(member.name, date, page.view()));
      }
    }
    page.row(2, member.name, width, value);
  }
}

void print_findings(const std::vector<Finding>& findings, Page& page) {
  if (findings.empty()) return;
  page.line("findings");
  for (const Finding& finding : findings) {
    std::string rule =
        finding.rule ? fmt::format("{} {}: ", finding.rule.id, finding.rule.name) : "";
    page.row(2, to_string(finding.severity), 7, fmt::format("{}{}", rule, finding.message));
  }
}

void print_now(Page& page) {
  if (page.view().now_given) {
    page.line("judged as of {} (--now)", show_instant(page.view().now, page.view()));
  }
}

/// refusal_note follows the names of what was removed.
std::string refusal_note(const CleanedToken& token) {
  return token.faults.empty() ? "" : "; sent like that it is refused";
}

std::string cleaned_note(const CleanedToken& token) {
  if (token.cleanings.empty()) return "";
  return fmt::format(", removed: {}{}", join(token.cleanings, ", "), refusal_note(token));
}

void print_claim_sizes(const Decoded& decoded, Page& page) {
  std::vector<std::string> shown;
  for (const auto& [name, size] : decoded.claim_sizes) {
    if (shown.size() == kShownClaimSizes) break;
    shown.push_back(fmt::format("{} {}", name, size));
  }
  if (shown.size() > 1) page.line("largest    {} bytes", join(shown, ", "));
}

void print_payload(const Decoded& decoded, Page& page) {
  if (decoded.jws.kind == TokenKind::jwe) {
    page.line("payload    encrypted");
    return;
  }
  const Segment* segment = decoded.jws.segment("payload");
  if (segment == nullptr) return;
  page.line("payload    {} bytes", segment->octets.size());
  if (decoded.payload.claims) {
    print_members(*decoded.payload.claims, page);
  } else if (!segment->octets.empty()) {
    page.row(2, shorten(segment->octets, 400), 0, "");
  }
}

void print_segments(const Jws& jws, Page& page) {
  if (const Segment* signature = jws.segment("signature")) {
    page.line("signature  {} bytes", signature->octets.size());
  }
  if (jws.kind != TokenKind::jwe) return;
  for (const Segment& segment : jws.segments) {
    if (segment.name == "header") continue;
    page.line("{}: {} bytes", segment.name, segment.octets.size());
  }
}

void print_check(const Check& check, std::size_t width, Page& page) {
  bool failed = check.status == CheckStatus::fail;
  std::string_view word = failed ? "FAIL" : check.status == CheckStatus::pass ? "PASS" : "SKIP";
  Paint paint = failed                              ? Paint::red
                : check.status == CheckStatus::pass ? Paint::green
                                                    : Paint::yellow;
  page.append_raw("  ");
  page.append_raw(page.color(paint, std::string(word)));
  std::string rule = failed && check.rule ? fmt::format(" [{}]", check.rule.id) : "";
  page.row(2, check.name, width, fmt::format("{}{}", check.message, rule));
}

void print_skipped_keys(const Verdict& verdict, Page& page) {
  const Check* cause = verdict.first_failure();
  bool asked = page.view().verbose || (cause != nullptr && cause->id == CheckId::key);
  if (!asked || verdict.skipped_keys.empty()) return;
  page.line("keys passed over");
  std::size_t shown = 0;
  for (const SkippedKey& key : verdict.skipped_keys) {
    if (shown++ == kShownSkippedKeys && !page.view().verbose) {
      page.line("  … and {} more", verdict.skipped_keys.size() - kShownSkippedKeys);
      return;
    }
    std::string kid = key.kid ? fmt::format(" kid \"{}\"", shown_kid(*key.kid)) : "";
    page.line("  key {}{}: {}", key.index, kid, key.reason);
  }
}

void print_verdict(const VerifyReport& report, Page& page) {
  const Verdict& verdict = report.verdict;
  if (verdict.valid() && !report.token.faults.empty()) {
    page.painted(Paint::yellow, "VALID",
                 fmt::format(" after cleaning: {}", faults_note(report.token)));
    return;
  }
  if (verdict.valid()) {
    auto passed = static_cast<std::size_t>(
        std::count_if(verdict.checks.begin(), verdict.checks.end(),
                      [](const Check& check) { return check.status == CheckStatus::pass; }));
    page.painted(
        Paint::green, "VALID",
        fmt::format(": {} checks passed, {} skipped", passed, verdict.checks.size() - passed));
    return;
  }
  std::string_view code = to_string(to_exit_code(verdict.code()));
  const Check* failure = verdict.first_failure();
  std::string message = failure != nullptr
                            ? failure->message
                            : "not everything that was asked was judged, which is a bug of jwtctl";
  bool says_code = message.starts_with(code);  // "expired 2 s ago"
  page.painted(Paint::red, "REJECTED",
               says_code ? fmt::format(": {}", message) : fmt::format(": {}: {}", code, message));
}

}  // namespace

std::string log_message(const Check& check) {
  constexpr std::size_t kShownValue = 200;
  std::string name = check.name.substr(check.name.find(':') + 1);  // "claim:NAME", "exp"
  Json shown = shown_member(name, check.actual);
  if (shown.same_value(check.actual)) return check.message;
  std::string actual = fmt::format("actual {}", shorten(shown.dump(), kShownValue));
  if (check.expected.is_null()) return actual;
  return fmt::format("expected {}, {}", shorten(check.expected.dump(), kShownValue), actual);
}

std::string cleaning_line(const VerifyReport& report) {
  return fmt::format("{} after cleaning: {}", report.verdict.valid() ? "VALID" : "REJECTED",
                     faults_note(report.token));
}

std::string to_text(const DecodeReport& report, const View& view) {
  const Decoded& decoded = report.decoded;
  Page page(view);
  page.painted(Paint::bold, "NOT VERIFIED", ": decoded only, no signature was checked");
  print_now(page);
  page.line("token      {} bytes{}", decoded.token.text.size(), cleaned_note(decoded.token));
  const Segment* header = decoded.jws.segment("header");
  if (header != nullptr) page.line("header     {} bytes", header->octets.size());
  if (decoded.jws.header) {
    print_members(*decoded.jws.header, page);
  } else if (header != nullptr && !header->octets.empty()) {
    page.row(2, shorten(header->octets, 400), 0, "");
  }
  print_payload(decoded, page);
  print_segments(decoded.jws, page);
  print_claim_sizes(decoded, page);
  print_findings(report.findings, page);
  return page.take();
}

std::string to_text(const VerifyReport& report, const View& view) {
  const Verdict& verdict = report.verdict;
  Page page(view);
  print_verdict(report, page);
  print_now(page);
  if (report.origin) {
    const KeyOrigin& origin = *report.origin;
    std::string how = !origin.from_cache
                          ? "fetched now"
                          : fmt::format("{}copy of {} ago", origin.stale ? "stale " : "",
                                        format_duration(origin.age));
    page.line("keys from {} ({})", origin.url, how);
  }
  std::size_t width = 0;
  for (const Check& check : verdict.checks) {
    width = std::max(width, std::min(columns(escape_text(check.name)), kWidestName));
  }
  for (const Check& check : verdict.checks) print_check(check, width, page);
  for (const Hint& hint : verdict.hints) page.line("hint: {}", hint.message);
  print_skipped_keys(verdict, page);
  if (!report.token.cleanings.empty()) {
    page.line("token removed: {}{}", join(report.token.cleanings, ", "),
              refusal_note(report.token));
  }
  print_findings(verdict.findings, page);
  if (verdict.claims) {
    page.line("{}", verdict.claims_verified() ? "claims" : "claims (UNVERIFIED)");
    print_members(*verdict.claims, page);
  }
  return page.take();
}

}  // namespace jwtctl::cli
