// SPDX-License-Identifier: Apache-2.0
#include "cli/report/lint.h"

#include <algorithm>

#include "cli/commands.h"
#include "cli/commands/lint_baseline.h"
#include "cli/commands/lint_inputs.h"
#include "cli/commands/lint_settings.h"
#include "cli/commands/view.h"
#include "cli/inputs.h"
#include "lib/base/file.h"
#include "lib/base/shown.h"
#include "lib/base/text.h"
#include "lib/lint/baseline.h"
#include "lib/lint/catalogue.h"
#include "lib/lint/select.h"

namespace jwtctl::cli {
namespace {

constexpr std::size_t kMaxConfigBytes = std::size_t{1024} * 1024;

/// FurtherReport is one `--report FMT=PATH`.
struct FurtherReport {
  Format format;
  std::string path;
};

/// Threshold is what makes a run fail.
struct Threshold {
  std::optional<Severity> fail_on = Severity::error;
  std::optional<std::size_t> max_warnings;
};

struct LintOptions {
  std::vector<std::string> paths;
  ContentKind kind = ContentKind::automatic;
  RuleOptions rules;
  std::vector<std::string> exclude;
  Expectations expected;
  Threshold threshold;
  std::vector<FurtherReport> reports;
  std::optional<std::string> baseline;
  std::optional<std::string> write_baseline;
  std::optional<std::string> config;
  std::optional<std::string> stdin_filename;
  bool no_config = false;
  bool list_rules = false;
  std::vector<SettingDoc> settings;  ///< those of them that jwtctl.toml may say
};

Result<void> add_report(std::vector<FurtherReport>& reports, const std::string& value) {
  std::size_t equals = value.find('=');
  std::vector<std::string> names;
  for (Format format : kLintFormats) names.emplace_back(to_string(format));
  if (auto known = choose(value.substr(0, equals), names, "format"); !known) return known;
  std::string path = equals == std::string::npos ? "" : value.substr(equals + 1);
  if (path.empty() || path == "-") {
    return fail(ErrorCode::usage, "{} is not FMT=PATH", quote_argument(value))
        .hint("such as sarif=lint.sarif; stdout has the format of -f");
  }
  reports.push_back({*find_format(value.substr(0, equals)), path});
  return {};
}

/// load_settings lays what jwtctl.toml says below the options, and names the file.
Result<std::string> load_settings(const Repository& repository, const LintOptions& options) {
  if (!options.config && (options.no_config || !repository.config)) return std::string();
  std::string path = options.config ? *options.config : *repository.config;
  if (!options.config && !repository.foreign.empty()) {
    return fail(
               ErrorCode::input, "{} is not read: {} belongs to another user",
               show_argument(path, ShownAs::path),
               repository.foreign == path ? "it" : show_argument(repository.foreign, ShownAs::path))
        .hint("--config {} reads it all the same, --no-config does without it",
              show_argument(path, ShownAs::path));
  }
  if (!options.config && repository.writable_for_all) {
    return fail(ErrorCode::input, "{} is not read: everybody may write to it",
                show_argument(path, ShownAs::path))
        .hint("chmod o-w {}; --config {} reads it all the same, --no-config does without it",
              show_argument(path, ShownAs::path), show_argument(path, ShownAs::path));
  }
  auto bytes = load_file(path, kMaxConfigBytes);
  if (!bytes) return fail(as_input(std::move(bytes).error()));
  auto read = read_settings(as_text(*bytes), path, options.settings);
  if (!read) return fail(std::move(read).error());
  return path;
}

ExitCode judge_run(const Report& report, const Threshold& threshold) {
  if (!report.unread.empty()) return ExitCode::input;
  auto level = worst(report);
  bool fails = level && threshold.fail_on && *level >= *threshold.fail_on;
  bool many = threshold.max_warnings && report.counts().warning > *threshold.max_warnings;
  return fails || many ? ExitCode::negative : ExitCode::ok;
}

Result<void> write_reports(const LintOptions& options, const LintReport& lint, const View& view,
                           const Globals& globals) {
  for (const FurtherReport& further : options.reports) {
    Globals there = globals;
    there.output = further.path;
    View plain = view;
    plain.color = false;
    auto written = Io::write_result(there, render_lint(lint, further.format, plain));
    if (!written) return written;
  }
  if (globals.quiet) return {};
  return Io::write_result(globals, render_lint(lint, globals.format, view));
}

void lint_all(const LintOptions& options, const Repository& repository, const LintJob& files,
              const LintJob& stdin_job, Report& report) {
  SourceFiles sources(repository.root);
  std::vector<std::string> paths = options.paths;
  if (paths.empty()) paths.emplace_back(".");
  for (const std::string& path : paths) {
    if (path != "-") {
      lint_path(path, options.exclude, sources, files, report);
    } else if (options.stdin_filename) {
      lint_stdin_as(*options.stdin_filename, files, report);
    } else {
      lint_stdin(stdin_job, report);
    }
  }
}

/// write_remarks prints on stderr what unread inputs, warnings and formats without a place say.
void write_remarks(const LintOptions& options, const LintReport& lint, const Globals& globals) {
  for (const UnreadFile& unread : lint.report.unread) Io::write_error(unread.error);
  for (const std::string& warning : lint.report.warnings) Io::write_warning(warning);
  bool silent = !globals.quiet && lacks_remarks(globals.format);
  for (const FurtherReport& further : options.reports) {
    silent = silent || lacks_remarks(further.format);
  }
  if (!silent) return;
  for (const std::string& remark : lint_remarks(lint)) Io::write_note(remark);
  if (!globals.verbose) return;
  for (const std::string& name : lint_unsearched(lint)) Io::write_note(name);
}

Result<void> check_paths(const LintOptions& options) {
  auto stdins = std::count(options.paths.begin(), options.paths.end(), "-");
  if (stdins > 1) return fail(ErrorCode::usage, "stdin can be read once only");
  if (options.stdin_filename && (stdins == 0 || options.stdin_filename->empty())) {
    return fail(ErrorCode::usage,
                "--stdin-filename names what stdin is: it takes a name, and - as PATH")
        .hint("jwtctl lint --stdin-filename src/app.js - <src/app.js");
  }
  if (options.config && options.no_config) {
    return fail(ErrorCode::usage, "--config and --no-config exclude each other");
  }
  if (options.write_baseline == std::optional<std::string>("-")) {
    return fail(ErrorCode::usage, "--write-baseline needs the name of a file");
  }
  return {};
}

Result<ExitCode> run_lint(LintOptions& options, const Globals& globals) {
  if (auto good = check_paths(options); !good) return fail(std::move(good).error());
  Repository repository = find_repository();
  auto config = load_settings(repository, options);
  if (!config) return fail(std::move(config).error());
  auto rules = select_rules(options.rules, globals.now.has_value());
  if (!rules) return fail(std::move(rules).error());
  if (options.list_rules) {
    auto written = Io::write_result(
        globals, globals.format == Format::json ? rules_json(*rules) : rules_text(*rules));
    if (!written) return fail(std::move(written).error());
    return ExitCode::ok;
  }
  View view = make_view(globals);
  RuleSelection on_stdin = *rules;
  on_stdin.clock = true;
  auto baseline = load_baseline(options.baseline);
  if (!baseline) return fail(std::move(baseline).error());
  Report report;
  if (options.write_baseline) {
    report.limit = kMaxBaselineFindings;
  } else if (options.baseline) {
    report.baseline = &*baseline;
  }
  lint_all(options, repository, {*rules, options.expected, view.now, options.kind},
           {on_stdin, options.expected, view.now, options.kind}, report);
  if (options.write_baseline) {
    auto done = write_baseline(*options.write_baseline, globals, report);
    if (!done) return fail(std::move(done).error());
  }
  LintReport lint{
      report,  *rules,          options.threshold.fail_on, judge_run(report, options.threshold),
      *config, repository.root, repository.prefix};
  write_remarks(options, lint, globals);
  if (auto done = write_reports(options, lint, view, globals); !done) {
    return fail(std::move(done).error());
  }
  return lint.exit;
}

std::vector<std::string> rule_words() {
  std::vector<std::string> words;
  for (const Rule* rule : catalogue()) words.emplace_back(rule->id.id);
  return words;
}

/// list declares an option whose values may be repeated or separated by commas.
OptionBuilder list(Spec& spec, std::string_view names, std::string metavar,
                   std::vector<std::string>& target, std::string summary) {
  return spec.list(names, std::move(metavar), target, std::move(summary)).comma_list();
}

void declare_inputs(Spec& spec, LintOptions& options) {
  spec.group("Options");
  PositionalDoc& path = spec.positionals("PATH", options.paths, "files and folders, - for stdin");
  path.complete = Complete::file;
  std::vector<Choice<ContentKind>> kinds;
  for (std::string_view name : {"auto", "token", "jwk", "jwks", "pem", "text"}) {
    kinds.push_back({name, *find_content_kind(name)});
  }
  spec.choice("--kind", "KIND", options.kind, std::move(kinds),
              "what the inputs are (default {default}: by their content)");
  spec.list("--exclude", "GLOB", options.exclude, "leave out files and folders")
      .details("Compared with the path as it is reported, and with its last part.")
      .common()
      .setting();
  spec.option("--stdin-filename", "PATH", options.stdin_filename, "the file whose content stdin is")
      .file()
      .details(
          "Needs `-`, and is for editors and hooks. Reports name the file instead of stdin, it is "
          "judged as a file of a folder is, and its comments silence. It need not be there, and "
          "git "
          "need not track it: whoever runs the command vouches for it.");
  spec.option("--config", "PATH", options.config, "read this file instead of jwtctl.toml")
      .file()
      .details("Whoever it belongs to: naming it says that it is meant.");
  spec.flag("--no-config", options.no_config, "do not read jwtctl.toml");
}

/// known_rules and known_level hold what a file says of rules against the catalogue; what options
/// say of them is held when all is together.
Result<void> known_rules(const std::string& value) {
  auto known = select_rules({{value}, {}, {}}, false);
  return known ? Result<void>{} : fail(std::move(known).error());
}

Result<void> known_level(const std::string& value) {
  auto known = select_rules({{}, {}, {value}}, false);
  return known ? Result<void>{} : fail(std::move(known).error());
}

void declare_rules(Spec& spec, LintOptions& options) {
  RuleOptions& rules = options.rules;
  spec.group("Rules");
  list(spec, "--select", "RULES", rules.select, "only these rules (default: all)")
      .offer(rule_words())
      .common()
      .setting({.check = known_rules})
      .details(
          "By id (`JWT202`), by name (`expired`), or by the beginning of ids: `JWT2` is JWT201 to "
          "JWT211, `JWK` all rules about single keys.");
  list(spec, "--ignore", "RULES", rules.ignore, "not these rules")
      .offer(rule_words())
      .common()
      .setting({.check = known_rules});
  list(spec, "--rule", "RULE=LEVEL", rules.levels, "report a rule at another level")
      .setting({.joined = true, .check = known_level})
      .details("Levels are `error`, `warning`, `note` and `off`.");
  spec.flag("--list-rules", options.list_rules, "list the rules that are selected, and stop")
      .common();
}

void declare_expectations(Spec& spec, Expectations& expected) {
  spec.group("Expectations");
  std::vector<Choice<const Profile*>> known;
  for (const Profile& profile : profiles()) known.push_back({profile.name, &profile});
  spec.choice("--profile", "NAME", expected.profile, std::move(known),
              "the kind of tokens that is expected")
      .common()
      .setting();
  spec.list("--issuer", "STR", expected.issuers, "an issuer that tokens may have")
      .alias("--iss")
      .setting();
  spec.list("--audience", "STR", expected.audiences, "an audience that tokens may have")
      .alias("--aud")
      .setting();
  spec.duration("--leeway", expected.leeway, "clock difference to tolerate (default {default})")
      .setting();
  spec.duration("--max-ttl", expected.max_ttl, "the longest life that a token may have").setting();
  spec.number("--max-size", "BYTES", expected.max_size, {},
              "the largest size that a token may have")
      .setting();
}

void declare_outcome(Spec& spec, LintOptions& options) {
  spec.group("Outcome");
  spec.choice("--fail-on", "LEVEL", options.threshold.fail_on,
              {{"error", Severity::error},
               {"warning", Severity::warning},
               {"note", Severity::note},
               {"never", std::nullopt}},
              "exit with 1 from this level on (default {default})")
      .common()
      .setting({.noun = "level"});
  spec.number("--max-warnings", "N", options.threshold.max_warnings, {},
              "exit with 1 above N warnings")
      .setting();
  spec.option("--baseline", "PATH", options.baseline, "findings that are known and do not count")
      .file()
      .common()
      .setting();
  spec.option("--write-baseline", "PATH", options.write_baseline,
              "write the findings of this run as baseline")
      .file()
      .details("They are then known, and the exit status is 0. It holds no token and no secret.");
  spec.option("--report", "FMT=PATH", "write a further report in another format",
              [&options](const std::string& value) { return add_report(options.reports, value); })
      .repeatable();
}

}  // namespace

void declare_lint(Spec& spec) {
  auto& options = spec.options<LintOptions>();
  spec.synopsis("[PATH... | -] [OPTION...]");
  spec.details(
      "Finds what will hurt: in tokens, keys and key sets, and in any text in which they lie "
      "around. Folders are walked; without a PATH the current one. Files are recognised by "
      "content: "
      "a token, a JWK, a key set, PEM or DER; in everything else (logs, source, HAR, YAML), and in "
      "what a key set has beside its keys, tokens and PEM blocks are found. UTF-16 and UTF-32 are "
      "read, binary files octet by octet. A private JWK is found in other text too. What is not "
      "searched is counted in the report, and named with `-v`: symbolic links, devices and FIFOs "
      "below a folder, `.git`, `.hg` and `.svn`, what `--exclude` leaves out, and keys in "
      "documents "
      "over 1 MiB or in JSON that cannot be read.\n\n"
      "No signature is checked. Rules that ask what time it is apply to files only when `--now` is "
      "given, so that a fixture does not break a build on the day it expires; to stdin they apply "
      "always.\n\n"
      "A comment beside something else silences findings on its line, one that is alone on its "
      "line "
      "those on the next:\n\n"
      "    jwtctl:ignore JWT101 -- the test needs an unsigned token\n\n"
      "It counts in files that git tracks or has staged, outside of a repository in files below a "
      "folder that was named, and in what `--stdin-filename` names: in no log, archive or stdin, "
      "which others write.\n\n"
      "Options of rules, expectations and outcome (but none that writes) may stand in "
      "`jwtctl.toml`, in this folder or the nearest one above up to the root of the repository:\n\n"
      "    [lint]\n"
      "    ignore = [\"JWT501\"]\n"
      "    exclude = [\"tests/fixtures\"]\n"
      "    rule = { JWT201 = \"error\" }\n\n"
      "A file of another user is refused, one that everybody may write to, and one of a repository "
      "that belongs to another user: `--config` names it on purpose.\n\n"
      "At most 10,000 findings of each level are listed; all are counted, and the counts make the "
      "exit status. A file that cannot be read is reported, the rest is still judged, and the exit "
      "status is 3.");
  spec.formats({std::begin(kLintFormats), std::end(kLintFormats)});
  declare_inputs(spec, options);
  declare_rules(spec, options);
  declare_expectations(spec, options.expected);
  declare_outcome(spec, options);
  options.settings = spec.settings();
  spec.example("jwtctl lint", "is there anything dangerous in this repository");
  spec.example("kubectl logs deploy/api | jwtctl lint -", "do we log tokens, and which");
  spec.example("jwtctl lint --report sarif=lint.sarif -f github", "for a job of GitHub Actions");
  spec.run([&options](Io&, const Globals& globals) { return run_lint(options, globals); });
}

}  // namespace jwtctl::cli
