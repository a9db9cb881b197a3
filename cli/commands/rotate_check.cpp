// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include "cli/commands.h"
#include "cli/commands/rotate_evidence.h"
#include "cli/commands/rotate_state.h"
#include "cli/commands/view.h"
#include "cli/inputs.h"
#include "cli/network_source.h"
#include "cli/report/rotation/check_report.h"
#include "lib/base/file.h"
#include "lib/base/shown.h"
#include "lib/base/text.h"
#include "lib/remote/address.h"
#include "lib/rotation/plan_json.h"

namespace jwtctl::cli {
namespace {

constexpr std::size_t kMostSamples = 20;
constexpr std::size_t kMostAddresses = 16;
constexpr std::size_t kMostUrls = 20;

struct CheckOptions {
  std::optional<std::string> plan;
  std::vector<std::string> urls;
  std::vector<std::string> tokens;
  std::size_t samples = 3;
  bool any_address = false;
  std::optional<std::string> state;
  std::optional<When> last_old_signature;
  std::optional<Step> step;
  std::optional<Seconds> watch;
  NetworkInput network;
  GivenOptions given;  ///< as they stand on the command line
};

Result<RotationPlan> load_plan(const std::string& spec, Io& io) {
  auto bytes = load_spec(spec, "PLAN", kMaxPlanBytes, io);
  if (!bytes) return fail(as_input(std::move(bytes).error()));
  auto json = parse_json(as_text(*bytes), "PLAN");
  if (!json) return fail(as_input(std::move(json).error()));
  auto plan = parse_plan(*json);
  if (plan) return plan;
  Error error = std::move(plan).error();
  error.message = fmt::format("PLAN: {}", error.message);
  return fail(std::move(error));
}

Result<void> check_options(const CheckOptions& options, const RotationPlan& plan,
                           const Globals& globals) {
  if (plan.inputs.variant == Variant::symmetric) {
    return fail(ErrorCode::usage, "a shared secret is published nowhere, so nothing can be seen")
        .hint("probe each verifier with a token by the new secret");
  }
  if (plan.inputs.new_kid.empty()) {
    return fail(ErrorCode::usage, "the plan does not say which key comes")
        .hint("make it with --new-kid or --new-key");
  }
  if (plan.inputs.old_kid.empty() && plan.inputs.variant != Variant::first_key) {
    return fail(ErrorCode::usage, "the plan does not say which key goes")
        .hint("make it with --old-kid, or with --jwks");
  }
  if (options.watch && globals.now) {
    return fail(ErrorCode::usage, "--watch contradicts --now").hint("time must pass for it");
  }
  if (options.urls.size() > kMostUrls) {
    return fail(ErrorCode::usage, "--jwks: more than {} URLs", kMostUrls);
  }
  return {};
}

/// urls_of returns what to look at: what is given, else what the plan was made for.
Result<std::vector<std::string>> urls_of(const CheckOptions& options, const RotationPlan& plan) {
  std::vector<std::string> urls;
  for (const std::string& url : options.urls) {
    if (!is_url(url)) {
      return fail(ErrorCode::usage, "--jwks: {} is not a URL", quote_argument(url))
          .hint("what is published is checked, not a file");
    }
    if (std::find(urls.begin(), urls.end(), url) == urls.end()) urls.push_back(url);
  }
  if (urls.empty() && is_url(plan.inputs.jwks)) urls.push_back(plan.inputs.jwks);
  for (const std::string& url : urls) {
    // As plans and reports have it; another query might name another set.
    if (std::string_view(url).substr(std::min(url.find('?'), url.size())).find(kHiddenValue) !=
        std::string_view::npos) {
      return fail(ErrorCode::usage, "the query of {} is not known: plans and reports leave it out",
                  show_argument(url, ShownAs::url))
          .hint("give the URL itself: --jwks URL");
    }
    auto one = check_one_server(options.network, urls.front(), url);
    if (!one) return fail(std::move(one).error());
  }
  if (!urls.empty()) return urls;
  return fail(ErrorCode::usage, "nothing says where the key set is published")
      .hint("give every place: --jwks URL, once for origin, CDN and each region");
}

/// pinned_addresses reads the addresses that --resolve names for a host.
std::vector<std::string> pinned_addresses(const std::vector<std::string>& resolve,
                                          const std::string& prefix) {
  std::vector<std::string> out;
  for (const std::string& entry : resolve) {
    if (!to_lower(entry).starts_with(prefix)) continue;
    for (std::string_view address : split(std::string_view(entry).substr(prefix.size()), ',')) {
      out.emplace_back(address);
    }
  }
  return out;
}

/// Places are the targets of one check; a URL that leads nowhere is a sample with an error.
struct Places {
  std::vector<SampleTarget> targets;
  std::vector<Sample> lost;
  FetchPolicy policy;
};

Result<void> add_places(const CheckOptions& options, const std::string& text, Places& places) {
  auto settings = network_settings(options.network, false);
  if (!settings) return fail(std::move(settings).error());
  places.policy = settings->fetch;
  auto url = check_url(text, settings->fetch.allow_http);
  if (!url) return fail(std::move(url).error());
  HttpOptions http = settings->http;
  std::string prefix = fmt::format("{}:{}:", url->host, port_of(*url));
  std::vector<std::string> addresses = pinned_addresses(http.resolve, prefix);
  bool through_name =
      options.any_address || choose_proxy(*url, http.proxies) || parse_address(url->host);
  bool pinned = !addresses.empty();
  if (!pinned && !through_name) {
    auto found = addresses_of(*url);
    if (!found) {
      Sample lost;
      lost.url = text;
      lost.error = std::move(found).error();
      places.lost.push_back(std::move(lost));
      return {};
    }
    addresses = *std::move(found);
  }
  if (addresses.size() > kMostAddresses) {
    return fail(ErrorCode::usage, "{} has {} addresses, more than {}",
                show_argument(url->host, ShownAs::url), addresses.size(), kMostAddresses)
        .hint("--any-address asks whichever the name leads to");
  }
  // A look at some addresses alone is not one at all of them.
  std::string route =
      fmt::format("{}{}", options.any_address ? "any of " : "", pinned ? join(addresses, ",") : "");
  if (addresses.empty() || options.any_address) {
    places.targets.push_back({text, "", make_http_get(http), route});
    return {};
  }
  for (const std::string& address : addresses) {
    bool bare = address.find(':') != std::string::npos && !address.starts_with('[');
    std::string entry = bare ? fmt::format("[{}]", address) : address;
    HttpOptions one = http;
    one.resolve = {fmt::format("{}{}", prefix, entry)};
    places.targets.push_back({text, address, make_http_get(std::move(one)), route});
  }
  return {};
}

/// look takes every sample; a place that fails once is not asked again.
Result<std::vector<Sample>> look(const CheckOptions& options,
                                 const std::vector<std::string>& urls) {
  std::vector<Sample> out;
  Clock clock = real_clock();
  for (const std::string& url : urls) {
    Places places;
    if (auto done = add_places(options, url, places); !done) return fail(std::move(done).error());
    out.insert(out.end(), places.lost.begin(), places.lost.end());
    for (const SampleTarget& target : places.targets) {
      bool failed = false;
      for (std::size_t i = 0; i < 2 * options.samples && !failed; ++i) {
        // Every second look is what a verifier gets, every other one what the origin says.
        out.push_back(take_sample(target, i % 2 == 1, places.policy, clock));
        failed = out.back().error.has_value();
      }
    }
  }
  return out;
}

/// Round is what goes from one look to the next.
struct Round {
  std::vector<std::string> urls;
  std::vector<std::string> tokens;
  std::set<std::string> known;  ///< ids of the tokens of earlier looks
  std::optional<Instant> last_old_signature;
  std::string state_path;
  CheckState state;
  std::string unread;   ///< why the tokens could not be read this time; empty: they could
  bool looked = false;  ///< at least once
};

/// gather_tokens leaves out what is being written just now; what is wrong at once stays wrong.
Result<std::vector<SignerEvidence>> gather_tokens(Round& round,
                                                  const std::vector<Sample>& samples) {
  if (!round.unread.empty()) return std::vector<SignerEvidence>{};
  auto tokens = read_tokens(round.tokens, samples, round.known);
  if (tokens || !round.looked) return tokens;
  round.unread = tokens.error().message;
  return std::vector<SignerEvidence>{};
}

Result<CheckReport> check_once(const CheckOptions& options, const RotationPlan& plan, Round& round,
                               const Globals& globals) {
  CheckReport report;
  report.plan = plan;
  auto samples = look(options, round.urls);
  if (!samples) return fail(std::move(samples).error());
  report.seen.samples = *std::move(samples);
  auto tokens = gather_tokens(round, report.seen.samples);
  if (!tokens) return fail(std::move(tokens).error());
  report.seen.tokens = *std::move(tokens);
  report.seen.last_old_signature = round.last_old_signature;
  report.seen.step = options.step;
  // After looking: what was seen was so no later than now.
  report.seen.now = {make_view(globals).now.seconds, 0};
  report.state_path = round.state_path;
  report.plan_name = *options.plan;
  report.given = options.given;
  auto judged = round.state.judge(plan, report.seen);
  if (!judged) return fail(std::move(judged).error());
  report.result = *std::move(judged);
  round.looked = true;
  if (!round.unread.empty() && report.result.answer != Answer::unsafe) {
    report.result.answer = Answer::unknown;
    report.result.wait.reset();
    report.result.reasons.insert(report.result.reasons.begin(), round.unread);
  }
  return report;
}

Result<ExitCode> print(const CheckReport& report, const Globals& globals) {
  View view = make_view(globals);
  std::string text = globals.format == Format::json      ? check_json(report)
                     : globals.format == Format::metrics ? check_metrics(report)
                                                         : check_text(report, view);
  bool silent = globals.quiet && globals.format != Format::metrics;
  if (!silent) {
    auto written = Io::write_result(globals, text);
    if (!written) return fail(std::move(written).error());
  }
  return check_exit(report.result.answer);
}

/// is_final: waiting longer changes nothing.
bool is_final(Answer answer) { return answer == Answer::safe || answer == Answer::unsafe; }

Result<ExitCode> run_check(const CheckOptions& options, Io& io, const Globals& globals) {
  auto plan = load_plan(*options.plan, io);
  if (!plan) return fail(std::move(plan).error());
  if (auto good = check_options(options, *plan, globals); !good) {
    return fail(std::move(good).error());
  }
  StatePlace place = state_place(options.state, *plan, globals.now.has_value());
  Round round{{}, {}, {}, {}, place.path, CheckState(place), {}};
  auto urls = urls_of(options, *plan);
  if (!urls) return fail(std::move(urls).error());
  round.urls = *std::move(urls);
  auto tokens = load_tokens(options.tokens, io);
  if (!tokens) return fail(std::move(tokens).error());
  round.tokens = *std::move(tokens);
  if (options.last_old_signature) {
    Instant last = options.last_old_signature->seen_from(make_view(globals).now);
    // A fraction counts as the whole second after it: the drain must not end too early.
    round.last_old_signature = Instant{last.seconds + (last.nanos > 0 ? 1 : 0), 0};
  }
  Clock clock = real_clock();
  for (;;) {
    auto report = check_once(options, *plan, round, globals);
    if (!report) return fail(std::move(report).error());
    if (!options.watch || is_final(report->result.answer)) return print(*report, globals);
    if (!globals.quiet && Io::stderr_is_terminal()) {
      Io::write_text(fmt::format("\r\x1b[K{}", shorten(check_line(report->result), 100)));
    }
    clock.sleep(std::chrono::seconds(*options.watch));
    round.unread.clear();
    if (can_reread(options.tokens)) {
      auto newer = load_tokens(options.tokens, io);
      // Whoever puts a new one there may have taken the old one away just now.
      if (!newer) round.unread = newer.error().message;
      if (newer) round.tokens = *std::move(newer);
    }
    if (!globals.quiet && Io::stderr_is_terminal()) Io::write_text("\r\x1b[K");
  }
}

void declare_options(Spec& spec, CheckOptions& options) {
  spec.group("Options");
  auto& plan = spec.positional("PLAN", options.plan, "the plan: a file, -, fd:N or env:NAME");
  plan.required = true;
  plan.complete = Complete::file;
  plan.details = "What `jwtctl rotate-plan -f json` wrote: a path, `-`, `fd:N` or `env:NAME`.";
  spec.list("--jwks", "URL", options.urls, "where the set is published; repeat for every place")
      .common()
      .details(
          "Without it the URL that the plan was made for. A plan does not keep what stands in the "
          "query of a URL; such a one must be given.");
  spec.list("--token", "SPEC", options.tokens, "a token that was issued just now: who signs")
      .file()
      .common()
      .details(
          "Where it is: a path, `-`, `fd:N` or `env:NAME`. Its signature must be good. It shows "
          "who "
          "signs now when it was issued after every place was seen to show the new key and after "
          "the plan's `activate`, is not expired, and is at most a minute old. With `--watch` the "
          "file is read at each look, and must have changed.");
  std::vector<Choice<std::optional<Step>>> steps;
  for (Step step : {Step::publish, Step::activate, Step::retire, Step::destroy}) {
    steps.push_back({to_string(step), step});
  }
  spec.choice("--step", "STEP", options.step, std::move(steps),
              "what is to be done: is that safe, rather than what is next")
      .common();
  spec.number("--samples", "N", options.samples, {1, kMostSamples},
              "how often to look at each address (default {default})")
      .details("Each time twice: as a verifier asks, and past caches (`Cache-Control: no-cache`).");
  spec.flag("--any-address", options.any_address,
            "ask whichever address the name leads to, not each of them");
  spec.time("--last-old-signature", options.last_old_signature,
            "when the old key signed for the last time, where that is known");
  spec.option("--state", "PATH", options.state, "what is remembered from check to check")
      .file()
      .details(
          "Without it `$XDG_STATE_HOME/jwtctl/rotation/PLAN-ID-START.json`; with `--now` nothing "
          "is "
          "remembered unless this is given. A file of real checks is then read and stays as it is; "
          "one that was written with `--now` is refused without it.");
  spec.duration("--watch", options.watch, "look again that often until it is safe, or unsafe",
                not_zero());
  declare_asking(spec, options.network);
  for (OptionDoc& option : spec.option_docs) {
    option.assign = [inner = option.assign, name = option.names.front(), bare = option.is_switch(),
                     &options](const std::string& value) {
      options.given.emplace_back(name, bare ? "" : value);
      return inner(value);
    };
  }
}

}  // namespace

void declare_rotate_check(Spec& spec) {
  auto& options = spec.options<CheckOptions>();
  spec.synopsis("PLAN --jwks URL... [--step STEP] [OPTION...]");
  spec.details(
      "Looks at the key set as it is published, at every address, as verifiers see it and past "
      "caches, and says whether the next step of the plan is safe: SAFE (0), WAIT (20) with how "
      "long, UNSAFE (21) with the broken invariant, or UNKNOWN (22) when replicas disagree or "
      "cannot be asked.\n\n"
      "The answer rests on what is seen, never on the calendar: the time that copies need begins "
      "when every place shows the new key, and that moment is remembered. So run it as soon as the "
      "key is published. After the switch it needs a current token, to see who signs.");
  spec.formats({Format::text, Format::json, Format::metrics});
  declare_options(spec, options);
  spec.example(
      "jwtctl rotate-plan check plan.json --jwks https://id.example.com/jwks --step activate",
      "may I sign with the new key");
  spec.example(
      "jwtctl rotate-plan check plan.json --jwks https://id.example.com/jwks --step retire --token "
      "token.jwt",
      "may the old key go");
  spec.example("jwtctl rotate-plan check plan.json --jwks https://id.example.com/jwks --watch 1m",
               "tell me when it is safe");
  spec.run([&options](Io& io, const Globals& globals) { return run_check(options, io, globals); });
}

}  // namespace jwtctl::cli
