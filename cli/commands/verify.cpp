// SPDX-License-Identifier: Apache-2.0
#include "lib/token/verify.h"

#include <algorithm>

#include "cli/commands.h"
#include "cli/commands/verify_keys.h"
#include "cli/commands/view.h"
#include "cli/inputs.h"
#include "cli/members.h"
#include "cli/option_names.h"
#include "cli/report/lint.h"
#include "cli/report/report.h"
#include "lib/base/shown.h"
#include "lib/base/text.h"
#include "lib/crypto/algorithm.h"
#include "lib/lint/token_findings.h"
#include "lib/token/revocations.h"

namespace jwtctl::cli {
namespace {

struct VerifyOptions {
  TokenInput token;
  KeyInput keys;
  NetworkInput network;
  Policy policy;
  std::optional<std::string> revoked;
  std::string print = "report";
};

Result<void> add_algorithm(std::vector<std::string>& algorithms, const std::string& name) {
  if (is_none(name)) {
    return fail(ErrorCode::usage, "{} is no algorithm that can be allowed", quote_argument(name))
        .hint("a token that nobody signed never verifies");
  }
  const auto& known = signature_algorithm_names();
  if (auto good = choose(name, {known.begin(), known.end()}, "algorithm"); !good) return good;
  algorithms.push_back(name);
  return {};
}

Result<void> add_claim(std::vector<ClaimExpectation>& claims, const std::string& text) {
  auto member = parse_member(text, "claim");
  if (!member) return fail(std::move(member).error());
  bool twice = std::any_of(claims.begin(), claims.end(), [&member](const ClaimExpectation& claim) {
    return claim.name == member->name;
  });
  if (twice)
    return fail(ErrorCode::usage, "the claim {} is given twice", quote_argument(member->name));
  claims.push_back({std::move(member->name), std::move(member->value)});
  return {};
}

Result<void> load_revoked(VerifyOptions& options, Io& io) {
  if (!options.revoked) return {};
  auto bytes = load_spec(*options.revoked, "--revoked", kMaxListBytes, io);
  if (!bytes) {
    Error error = std::move(bytes).error();
    if (error.code == ErrorCode::key_refused) error.code = ErrorCode::input;
    return fail(std::move(error));
  }
  auto list = parse_revocations(as_text(*bytes));
  if (!list) {
    Error error = std::move(list).error();
    error.message = fmt::format("--revoked: {}", error.message);
    return fail(std::move(error));
  }
  options.policy.revoked_by_line = list->by_line;
  options.policy.revoked = std::move(list->ids);
  return {};
}

Result<void> check_policy(const VerifyOptions& options, const Globals& globals) {
  const Policy& policy = options.policy;
  if (auto one = check_one_key_source(options.keys); !one) return one;
  if (policy.any_audience && !policy.audiences.empty()) {
    return fail(ErrorCode::usage, "--any-audience contradicts --audience");
  }
  if (options.keys.discover && policy.issuers.size() != 1) {
    return fail(ErrorCode::usage, "--discover needs exactly one --issuer")
        .hint("it is the issuer that is asked for its keys, and that tokens must name");
  }
  if (!is_remote(options.keys)) {
    if (auto unused = check_unused(options.network); !unused) return unused;
  }
  bool part = options.print == "payload" || options.print == "header";
  if (part && globals.format == Format::json) {
    return fail(ErrorCode::usage, "--print {} is JSON already, leave out -f json", options.print);
  }
  if (!policy.strict) return {};
  std::vector<std::string> missing;
  if (policy.issuers.empty()) missing.emplace_back("--issuer");
  if (policy.audiences.empty()) missing.emplace_back("--audience");
  if (missing.empty()) return {};
  return fail(ErrorCode::usage, "--strict needs {}", join(missing, " and "))
      .hint("without it the verdict would not say whom the token is from and for");
}

/// check_strict_algorithm refuses a policy that no token could complete, before it looks at one.
Result<void> check_strict_algorithm(const Policy& policy, const KeySet& keys) {
  bool named = std::any_of(keys.keys.begin(), keys.keys.end(), [&policy](const SetKey& entry) {
    return names_algorithm(policy, entry.jwk);
  });
  if (!policy.strict || named || keys.keys.empty()) return {};
  return fail(ErrorCode::usage, "--strict needs --alg, because no key says its alg")
      .hint("name the algorithm that your issuer signs with, such as --alg RS256");
}

Result<void> print_verdict(const VerifyReport& report, const VerifyOptions& options,
                           const View& view, const Globals& globals) {
  const Verdict& verdict = report.verdict;
  if (options.print == "payload" || options.print == "header") {
    if (verdict.valid()) {
      if (!report.token.faults.empty() && !globals.quiet) {
        Io::write_warning(cleaning_line(report));
      }
      const auto& json = options.print == "header" ? verdict.header : verdict.claims;
      return Io::write_result(globals, json->dump(2) + "\n");
    }
    // stdout stays empty, the reason goes where people look.
    if (!globals.quiet) Io::write_text(to_text(report, view));
    return {};
  }
  if (globals.quiet || options.print == "none") return {};
  if (globals.format == Format::text) return Io::write_result(globals, to_text(report, view));
  if (globals.format == Format::github) return Io::write_result(globals, verify_github(report));
  if (globals.format == Format::junit) return Io::write_result(globals, verify_junit(report, view));
  auto json = to_json(report, view);
  if (!json) return fail(std::move(json).error());
  return Io::write_result(globals, *json);
}

Result<ExitCode> run_verify(VerifyOptions& options, Io& io, const Globals& globals) {
  Policy& policy = options.policy;
  if (auto good = check_policy(options, globals); !good) return fail(std::move(good).error());
  View view = make_view(globals);
  policy.now = view.now;
  policy.max_token_bytes = options.token.max_bytes;
  // Keys before the token: who configured the wrong file must learn it from every token.
  auto keys = load_verify_keys(options.keys, options.network, policy.issuers, io);
  if (!keys) return fail(std::move(keys).error());
  if (auto done = load_revoked(options, io); !done) return fail(std::move(done).error());
  if (keys->ring) {
    if (auto good = check_strict_algorithm(policy, (*keys->ring)->set()); !good) {
      return fail(std::move(good).error());
    }
  }
  auto token = load_token(options.token, io);
  if (!token) return fail(std::move(token).error());

  if (policy.issuers.size() > 1) {
    Io::write_warning("several issuers with one key source: the keys of one vouch for all");
  }
  auto source = [&keys, &policy](const Jws& jws) {
    keys->ask_for(policy.kid ? policy.kid : jws.header_text("kid"));
    return keys->ring;
  };
  auto verdict = verify(*token, policy, source, kOptionNames);
  // Issuers replace keys under a fixed kid: what does not match a copy may match what they have.
  if (verdict && verdict->code() == VerdictCode::signature && keys->ask_again()) {
    verdict = verify(*token, policy, source, kOptionNames);
  }
  if (!verdict) return fail(std::move(verdict).error());
  add_findings(token->text, policy, *verdict);
  if (keys->fetched) say_warnings(*keys->fetched, globals);
  ExitCode code = to_exit_code(verdict->code());
  VerifyReport report{*std::move(token), *std::move(verdict), keys->origin()};
  add_hints(report.verdict, *keys);
  if (std::string hint = literal_hint(options.token);
      code == ExitCode::malformed && !hint.empty()) {
    report.verdict.hints.push_back({HintId::literal, std::move(hint)});
  }
  if (auto done = print_verdict(report, options, view, globals); !done) {
    return fail(std::move(done).error());
  }
  return code;
}

void declare_expectations(Spec& spec, VerifyOptions& options) {
  Policy& policy = options.policy;
  spec.group("Expectations");
  spec.list("--issuer", "STR", policy.issuers, "the issuer (iss), exactly; repeat for any of them")
      .alias("--iss")
      .common();
  spec.list("--audience", "STR", policy.audiences, "who we are (aud); repeat for any of them")
      .alias("--aud")
      .common()
      .details(
          "A token that names an audience is rejected unless one of these is in it (RFC 7519 "
          "section 4.1.3).");
  spec.flag("--any-audience", policy.any_audience, "accept tokens that are meant for others");
  spec.option("--subject", "STR", policy.subject, "the subject (sub), exactly").alias("--sub");
  spec.option("--typ", "STR", policy.typ, "the type in the header, such as at+jwt");
  spec.option("--require", "CLAIM", "a claim that must be there and not null",
              [&policy](const std::string& name) -> Result<void> {
                if (!matches_any(name, policy.required)) policy.required.push_back(name);
                return {};
              })
      .repeatable();
  spec.option("--claim", "NAME=VALUE", "a claim that must be this string, or NAME:=JSON",
              [&policy](const std::string& value) { return add_claim(policy.claims, value); })
      .repeatable();
  spec.option("--revoked", "SPEC", options.revoked, "list of revoked jti: a line each, or JSON")
      .file()
      .details(
          "A token without a jti is then rejected, because it could not be looked up, and so is "
          "one "
          "whose jti cannot stand in a list of lines: with quotes, separators, brackets or white "
          "space. A JSON array may hold any.");
}

void declare_time(Spec& spec, VerifyOptions& options) {
  spec.group("Time");
  spec.duration("--leeway", options.policy.leeway,
                "clock difference to tolerate (default {default})")
      .common();
  spec.duration("--max-age", options.policy.max_age, "reject tokens issued longer ago than this");
  spec.duration("--min-remaining", options.policy.min_remaining,
                "reject tokens that expire sooner than this");
  spec.flag("--allow-no-exp", options.policy.allow_no_exp, "accept tokens that never expire");
}

void declare_trust(Spec& spec, VerifyOptions& options) {
  Policy& policy = options.policy;
  spec.group("Trust");
  spec.option("--kid", "KID", policy.kid, "use this key, and reject tokens that name another");
  spec.option(
          "--alg,-a", "LIST", "algorithms to accept, of those that the key allows",
          [&policy](const std::string& value) { return add_algorithm(policy.algorithms, value); })
      .common()
      .comma_list()
      .repeatable()
      .knows(signature_algorithm_names());
  spec.flag("--try-all-keys", policy.try_all_keys, "try every key that fits, at most 16");
  spec.flag("--strict", policy.strict, "insist on --issuer, --audience and an algorithm")
      .details(
          "What is missing is a usage error, so that a script cannot forget a check. The algorithm "
          "may come from the key's own alg. Rejected too are a token that needed cleaning, white "
          "space around a literal one included (10), header parameters of a wrong JSON type (typ, "
          "cty, kid, jku, x5u, x5t: strings; jwk: an object; x5c: an array of strings; 11), a key "
          "whose x5c holds the certificate of another key or one that cannot be read (12), and a "
          "sub or jti that is no string (16). Without --strict these are findings in the report; "
          "only a kid that is no string "
          "still finds no key of a set (12).");
}

}  // namespace

void declare_verify(Spec& spec) {
  auto& options = spec.options<VerifyOptions>();
  spec.synopsis(
      "[TOKEN] --key SPEC | --secret SPEC | --jwks SPEC|URL | --issuer URL --discover [OPTION...]");
  spec.details(
      "Checks form, header, key, signature and claims of one token, in this order, and reports "
      "every check with what was expected and what the token has. SKIP marks what was not asked "
      "for. The exit status says why a token is rejected: the smallest number among the failed "
      "checks. 14 to 18 mean that the signature is good.\n\n"
      "What a token says never chooses what is trusted: the algorithm must be one that the key "
      "allows, keys inside or referenced by the token are ignored, and alg none never verifies.");
  spec.formats({Format::text, Format::json, Format::github, Format::junit});
  declare_keys(spec, options.keys);
  declare_trust(spec, options);
  declare_expectations(spec, options);
  declare_time(spec, options);
  declare_network(spec, options.network);
  spec.group("Output");
  declare_token(spec, options.token);
  spec.one_of("--print", "WHAT", options.print, {"report", "payload", "header", "none"},
              "what goes to stdout (default {default})")
      .details("`payload` and `header` print bare JSON, and nothing unless the token is valid.");
  spec.example(
      "jwtctl verify --jwks jwks.json --issuer https://id.example.com --audience api "
      "@token.jwt",
      "is this token good for us, and if not, why");
  spec.example("jwtctl verify --issuer https://id.example.com --discover --audience api @token.jwt",
               "the same, with the keys that the issuer publishes");
  spec.example("jwtctl verify -k public.pem -a RS256 --any-audience -q @token.jwt; echo $?",
               "the verdict as exit status");
  spec.example("jwtctl verify --secret env:JWT_SECRET --audience api --now 2026-11-23T14:28:00Z -",
               "was it good at the time of the incident");
  spec.run([&options](Io& io, const Globals& globals) { return run_verify(options, io, globals); });
}

}  // namespace jwtctl::cli
