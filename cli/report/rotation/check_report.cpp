// SPDX-License-Identifier: Apache-2.0
#include "cli/report/rotation/check_report.h"

#include <algorithm>
#include <map>

#include "cli/report/rotation/rotation.h"
#include "lib/base/shown.h"
#include "lib/base/text.h"
#include "lib/rotation/facts.h"

namespace jwtctl::cli {
namespace {

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

Json epoch(const std::optional<Instant>& instant) {
  return instant ? Json(instant->seconds) : Json();
}

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return out;
}

std::string place_of(const Sample& sample) {
  return fmt::format("{}{}", place_name(sample), sample.past_caches ? ", past caches" : "");
}

/// kids_of lists what a sample shows, with a mark at the two keys that matter.
std::string kids_of(const RotationPlan& plan, const Sample& sample) {
  std::vector<std::string> out;
  for (const ListedKey& key : sample.keys) {
    bool fresh = key.kid == plan.inputs.new_kid;
    bool old = key.kid == plan.inputs.old_kid;
    std::string mark = key.kid.empty() || (!fresh && !old) ? "" : fresh ? " (new" : " (old";
    if (!mark.empty()) {
      bool taken = sample.takes(key.kid, fresh ? plan.inputs.to_alg : "");
      mark += taken ? ")" : ", not usable)";
    }
    out.push_back(fmt::format("{}{}", key.kid.empty() ? "-" : shown_kid(key.kid), mark));
  }
  return join(out, ", ");
}

std::string sample_line(const RotationPlan& plan, const Sample& sample) {
  if (sample.error) return sample.error->message;
  std::string age = sample.age ? fmt::format(", {} s old", *sample.age) : "";
  std::string tries = sample.retried.empty()
                          ? ""
                          : fmt::format(", answered at try {}: {}", sample.retried.size() + 1,
                                        sample.retried.front());
  return fmt::format("{}{}{}", kids_of(plan, sample), age, tries);
}

/// Looks are those at one place that showed the same.
struct Looks {
  std::string url;  ///< two that differ in what is not shown are two places
  std::string line;
  int count = 1;
};

std::vector<Looks> grouped(const CheckReport& report) {
  std::vector<Looks> out;
  for (const Sample& sample : report.seen.samples) {
    std::string line = fmt::format("{}: {}", place_of(sample), sample_line(report.plan, sample));
    auto same = std::find_if(out.begin(), out.end(), [&](const Looks& looks) {
      return looks.url == sample.url && looks.line == line;
    });
    if (same == out.end()) {
      out.push_back({sample.url, std::move(line)});
    } else {
      ++same->count;
    }
  }
  return out;
}

/// given_again repeats the options that the next look needs as well. After the switch the question
/// is when the old key may go, and who signs.
std::string given_again(const CheckReport& report) {
  bool safe = report.result.answer == Answer::safe;
  bool switches = safe && report.result.next == Step::activate &&
                  report.seen.step.value_or(Step::activate) == Step::activate;
  std::string out;
  for (const auto& [name, value] : report.given) {
    // The places are those that were looked at, and whoever types it need not watch.
    if (name == "--jwks" || name == "--watch" || (safe && name == "--step")) continue;
    out += fmt::format(" {}", name);
    if (value.empty()) continue;
    std::string_view secret = name == "--proxy" ? "PROXY" : name == "--header" ? "HEADER" : "";
    out += fmt::format(" {}",
                       secret.empty() ? shell_word(masked_argument(value, ShownAs::path)) : secret);
  }
  if (!switches) return out;
  bool token = std::any_of(report.given.begin(), report.given.end(),
                           [](const auto& option) { return option.first == "--token"; });
  return fmt::format("{} --step retire{}", out, token ? "" : " --token TOKEN_FILE");
}

/// next_command says what to type next.
std::string next_command(const CheckReport& report) {
  const CheckResult& result = report.result;
  std::string urls;
  std::vector<std::string> seen;
  for (const Sample& sample : report.seen.samples) {
    if (std::find(seen.begin(), seen.end(), sample.url) != seen.end()) continue;
    seen.push_back(sample.url);
    urls += fmt::format(" --jwks {}", shell_word(masked_argument(sample.url, ShownAs::url)));
  }
  std::string check = fmt::format("jwtctl rotate-plan check {}{}{}", shell_word(report.plan_name),
                                  urls, given_again(report));
  bool sleeps = result.answer == Answer::wait && result.stage != Stage::prepared;
  if (sleeps && result.wait) {
    return fmt::format("sleep {}; {}", *result.wait, check);
  }
  return result.answer == Answer::safe && result.next == Step::none ? "" : check;
}

Json samples_json(const CheckReport& report) {
  Json list = Json::Array{};
  for (const Sample& sample : report.seen.samples) {
    Json kids = Json::Array{};
    for (const ListedKey& key : sample.keys)
      kids.push_back(key.kid.empty() ? Json() : Json(key.kid));
    Json error = sample.error ? Json(sample.error->message) : Json();
    list.push_back(
        Json::object({{"url", masked_argument(sample.url, ShownAs::url)},
                      {"address", sample.address.empty() ? Json() : Json(sample.address)},
                      {"past_caches", sample.past_caches},
                      {"error", std::move(error)},
                      {"kids", std::move(kids)},
                      {"retried", Json::strings(sample.retried)},
                      {"age", or_null(sample.age)},
                      {"max_age", or_null(sample.max_age)},
                      {"clock_skew", or_null(sample.clock_skew)},
                      {"milliseconds", std::int64_t{sample.took.count()}}}));
  }
  return list;
}

/// doubt_of says why a token does not show who signs now; without a judgement none does.
std::string doubt_of(const CheckReport& report, std::size_t token) {
  const std::vector<std::string>& doubts = report.result.token_doubts;
  return token < doubts.size() ? doubts[token] : "nothing was judged";
}

Json tokens_json(const CheckReport& report) {
  Json list = Json::Array{};
  for (std::size_t i = 0; i < report.seen.tokens.size(); ++i) {
    const SignerEvidence& token = report.seen.tokens[i];
    std::string doubt = doubt_of(report, i);
    list.push_back(Json::object({{"token", token.id},
                                 {"kid", token.kid.empty() ? Json() : Json(token.kid)},
                                 {"iat", epoch(token.iat)},
                                 {"exp", epoch(token.exp)},
                                 {"verified", token.verified},
                                 {"counts", doubt.empty()},
                                 {"doubt", doubt.empty() ? Json() : Json(doubt)}}));
  }
  return list;
}

/// label quotes the value of a label (Prometheus text format 0.0.4).
std::string label(std::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '\\' || c == '"') out += '\\';
    if (c == '\n') {
      out += "\\n";
    } else {
      out += c;
    }
  }
  return out + "\"";
}

/// Metrics writes Prometheus text, each value with the label of the plan.
class Metrics {
 public:
  explicit Metrics(std::string_view plan) : plan_(fmt::format("plan={}", label(plan))) {}

  void head(std::string_view name, std::string_view help) {
    name_ = name;
    out_ += fmt::format("# HELP {0} {1}\n# TYPE {0} gauge\n", name, help);
  }
  void value(std::string_view labels, Seconds value) {
    out_ +=
        fmt::format("{}{{{}{}{}}} {}\n", name_, plan_, labels.empty() ? "" : ",", labels, value);
  }
  std::string take() { return std::move(out_); }

 private:
  std::string plan_;
  std::string name_;
  std::string out_;
};

}  // namespace

ExitCode check_exit(Answer answer) {
  switch (answer) {
    case Answer::safe: return ExitCode::ok;
    case Answer::wait: return ExitCode::wait;
    case Answer::unsafe: return ExitCode::unsafe;
    case Answer::unknown: return ExitCode::unknown;
  }
  return ExitCode::unknown;
}

std::string check_line(const CheckResult& result) {
  std::string head = upper(to_string(result.answer));
  if (result.answer == Answer::wait && result.wait) head += fmt::format(" {} s", *result.wait);
  if (!result.invariant.empty()) head += fmt::format(" {}", result.invariant);
  std::string why = result.reasons.empty() ? "" : fmt::format(": {}", result.reasons.front());
  return escape_text(head + why);
}

std::string check_text(const CheckReport& report, const View& view) {
  const CheckResult& result = report.result;
  std::string out = check_line(result) + "\n";
  if (view.now_given) out += fmt::format("judged as of {} (--now)\n", show_instant(view.now));
  out += fmt::format("  plan    {}: {}\n", report.plan.id, plan_heading(report.plan));
  out += fmt::format("  stage   {}\n", to_string(result.stage));
  if (result.next != Step::none) {
    std::string when = result.safe_at ? fmt::format(", from {}", show_instant(result.safe_at)) : "";
    out += fmt::format("  next    {}{}\n", to_string(result.next), when);
  }
  for (std::size_t i = 1; i < result.reasons.size(); ++i) {
    out += fmt::format("  note    {}\n", escape_text(result.reasons[i]));
  }
  for (const SignerEvidence& token : report.seen.tokens) {
    out += fmt::format("  token   {} by \"{}\", issued {}, signature {}\n", token.id,
                       escape_text(shown_kid(token.kid)),
                       token.iat ? show_instant(token.iat) : "at an unknown time",
                       token.verified ? "good" : "not verified");
  }
  for (const Looks& looks : grouped(report)) {
    out += fmt::format("  seen    {}x {}\n", looks.count, escape_text(looks.line));
  }
  std::string command = next_command(report);
  if (!command.empty()) out += fmt::format("  then    {}\n", command);
  return out;
}

std::string check_json(const CheckReport& report) {
  const CheckResult& result = report.result;
  Json document = Json::object(
      {{"schema", "jwtctl.rotate-check/1"},
       {"plan", report.plan.id},
       {"now", report.seen.now.seconds},
       {"answer", to_string(result.answer)},
       {"exit", static_cast<int>(check_exit(result.answer))},
       {"phase", to_string(result.stage)},
       {"next", result.next == Step::none ? Json() : Json(to_string(result.next))},
       {"wait", or_null(result.wait)},
       {"safe_at", epoch(result.safe_at)},
       {"safe_at_rfc3339", result.safe_at ? or_null(format_rfc3339(*result.safe_at)) : Json()},
       {"invariant", result.invariant.empty() ? Json() : Json(result.invariant)},
       {"reasons", Json::strings(result.reasons)},
       {"command", next_command(report)},
       {"state", report.state_path.empty()
                     ? Json()
                     : Json(masked_argument(report.state_path, ShownAs::path))},
       {"tokens", tokens_json(report)},
       {"samples", samples_json(report)}});
  return document.dump(2) + "\n";
}

std::string check_metrics(const CheckReport& report) {
  const CheckResult& result = report.result;
  Metrics out(report.plan.id);
  out.head("jwtctl_rotation_answer", "1 for the answer of the last check, 0 for the others");
  for (Answer answer : {Answer::safe, Answer::wait, Answer::unsafe, Answer::unknown}) {
    out.value(fmt::format("answer=\"{}\"", to_string(answer)), answer == result.answer ? 1 : 0);
  }
  out.head("jwtctl_rotation_phase", "where the rotation stands");
  out.value(fmt::format("phase=\"{}\"", to_string(result.stage)), 1);
  out.head("jwtctl_rotation_checked_timestamp_seconds", "when the last check was");
  out.value("", report.seen.now.seconds);
  if (result.safe_at) {
    out.head("jwtctl_rotation_next_safe_timestamp_seconds", "when the next step is safe");
    out.value("", result.safe_at->seconds);
  }
  std::map<std::string, Seconds> present;
  std::optional<Seconds> max_age;
  std::map<std::string, bool> seen;  // by URL: one look at least was good
  for (const std::string& kid : {report.plan.inputs.new_kid, report.plan.inputs.old_kid}) {
    if (!kid.empty()) present[kid] = 1;
  }
  for (const Sample& sample : report.seen.samples) {
    seen[sample.url] = seen[sample.url] || !sample.error;
    if (sample.error) continue;
    max_age = std::max(max_age.value_or(0), sample.max_age.value_or(0));
    for (auto& [kid, everywhere] : present) {
      std::string algorithm = kid == report.plan.inputs.new_kid ? report.plan.inputs.to_alg : "";
      if (!sample.takes(kid, algorithm)) everywhere = 0;
    }
  }
  // Of a place that could not be looked at nothing is known: no number says that all is well.
  bool all_seen = !seen.empty() && std::all_of(seen.begin(), seen.end(),
                                               [](const auto& place) { return place.second; });
  if (!all_seen) std::erase_if(present, [](const auto& key) { return key.second == 1; });
  out.head("jwtctl_jwks_key_present",
           "1 when every look showed the key, so that verifiers take it");
  for (const auto& [kid, everywhere] : present) {
    out.value(fmt::format("kid={}", label(kid)), everywhere);
  }
  out.head("jwtctl_jwks_max_age_seconds", "how long the set may be kept, by what the server says");
  if (max_age) out.value("", *max_age);
  return out.take();
}

}  // namespace jwtctl::cli
