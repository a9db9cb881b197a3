// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "cli/commands.h"
#include "cli/commands/sign_dates.h"
#include "cli/commands/view.h"
#include "cli/inputs.h"
#include "cli/key_inputs.h"
#include "cli/members.h"
#include "cli/report/report.h"
#include "lib/base/file.h"
#include "lib/base/shown.h"
#include "lib/base/text.h"
#include "lib/crypto/key_pair.h"
#include "lib/crypto/random.h"
#include "lib/jose/jws.h"
#include "lib/lint/token_findings.h"

namespace jwtctl::cli {
namespace {

constexpr const char* kDefaultTyp = "JWT";

struct SignOptions {
  std::optional<std::string> input;
  bool literal = false;  ///< CLAIMS stood after `--`
  KeyInput keys;
  std::optional<std::string> alg;
  bool allow_weak = false;

  std::vector<JsonMember> claims;
  std::optional<std::string> issuer;
  std::optional<std::string> subject;
  std::vector<std::string> audiences;
  std::optional<std::string> jti;
  DateOptions dates;

  std::vector<JsonMember> header;
  std::optional<std::string> kid;
  std::optional<std::string> typ;
};

/// load_claims reads the CLAIMS argument; without one there are none.
Result<Json> load_claims(const SignOptions& options, Io& io) {
  if (!options.input) return Json::object({});
  std::string text = *options.input;
  if (!options.literal && (text == "-" || text.starts_with('@'))) {
    auto bytes = text == "-" ? io.read_stdin("CLAIMS", kMaxTokenBytes)
                             : load_file(text.substr(1), kMaxTokenBytes);
    if (!bytes) return fail(as_input(std::move(bytes).error()));
    text = as_text(*bytes);
  } else if (text.size() > kMaxTokenBytes) {
    return fail(ErrorCode::input, "the claims have {} bytes, the limit is {}", text.size(),
                kMaxTokenBytes);
  } else if (!options.literal && !trim(text).starts_with('{') && is_file(text)) {
    return fail(ErrorCode::usage, "{} is a file, not claims", quote_argument(text, ShownAs::path))
        .hint("to read the claims from it write @{}", show_argument(text, ShownAs::path));
  }
  auto json = parse_json(text, "CLAIMS");
  if (!json) return fail(as_input(std::move(json).error()));
  if (json->is_object()) return json;
  return fail(ErrorCode::input, "the claims must be an object, not {}", json->kind_name())
      .hint("write them as '{{\"role\":\"admin\"}}', or with --claim role=admin");
}

Result<Json> make_claims(const SignOptions& options, Json start, Instant now) {
  Members claims(std::move(start), "CLAIMS", "claim");
  auto add = [&claims](std::string_view name, const std::optional<std::string>& value,
                       std::string_view source) -> Result<void> {
    return value ? claims.add(name, *value, source) : Result<void>{};
  };
  if (auto done = add("iss", options.issuer, "--issuer"); !done) return fail(done.error());
  if (auto done = add("sub", options.subject, "--subject"); !done) return fail(done.error());
  if (!options.audiences.empty()) {
    // One audience is a string for the sake of readers that know no arrays (RFC 7519 4.1.3).
    Json value = options.audiences.size() == 1 ? Json(options.audiences.front())
                                               : Json::strings(options.audiences);
    if (auto done = claims.add("aud", std::move(value), "--audience"); !done) {
      return fail(done.error());
    }
  }
  if (options.jti) {
    auto id = *options.jti == "uuid" ? random_uuid() : Result<std::string>(*options.jti);
    if (!id) return fail(std::move(id).error());
    if (auto done = add("jti", *id, "--jti"); !done) return fail(done.error());
  }
  for (const JsonMember& claim : options.claims) {
    if (auto done = claims.add(claim.name, claim.value, "--claim"); !done) {
      return fail(done.error());
    }
  }
  if (auto done = add_dates(options.dates, now, claims); !done) return fail(done.error());
  return claims.json();
}

/// header_kid returns the kid for the header, if it gets one.
Result<std::optional<std::string>> header_kid(const SignOptions& options, const Jwk& jwk) {
  using Kid = std::optional<std::string>;
  if (!options.kid) return jwk.kid;
  if (*options.kid == "none") return Kid{};
  if (*options.kid != "thumbprint") return Kid(*options.kid);
  auto print = thumbprint(jwk.key);
  if (print) return print;
  return fail(ErrorCode::usage, "--kid thumbprint: a secret has no public thumbprint")
      .hint("it would let a weak secret be guessed offline; give the kid itself");
}

Result<Json> make_header(const SignOptions& options, const Jwk& jwk, const Algorithm& algorithm) {
  Members header(Json::object({{"alg", algorithm.name}}), "--alg", "header member");
  auto named = [&options](std::string_view name) {
    return std::any_of(options.header.begin(), options.header.end(),
                       [name](const JsonMember& member) { return member.name == name; });
  };
  for (auto [name, option] : {std::pair{"typ", &options.typ}, std::pair{"kid", &options.kid}}) {
    if (*option != "none" || !named(name)) continue;
    return fail(ErrorCode::usage, "--{} none contradicts --header {}", name, name);
  }
  if (options.typ != "none" && (options.typ || !named("typ"))) {
    if (auto done = header.add("typ", options.typ.value_or(kDefaultTyp), "--typ"); !done) {
      return fail(done.error());
    }
  }
  auto kid = header_kid(options, jwk);
  if (!kid) return fail(std::move(kid).error());
  if (*kid && (options.kid || !named("kid"))) {
    if (auto done = header.add("kid", **kid, "--kid"); !done) return fail(done.error());
  }
  for (const JsonMember& member : options.header) {
    if (auto done = header.add(member.name, member.value, "--header"); !done) {
      return fail(done.error());
    }
  }
  return header.json();
}

/// the_key returns the one key of the source.
Result<const Jwk*> the_key(const KeySet& set) {
  if (!set.keys.empty()) return &set.keys.front().jwk;
  return fail(ErrorCode::key_refused, "--key {}: {}", set.source, set.skipped.front().reason);
}

Result<const Algorithm*> choose_algorithm(const SignOptions& options, const Jwk& jwk) {
  if (options.alg) return find_algorithm(*options.alg);
  if (const Algorithm* row = default_algorithm(jwk)) return row;
  if (jwk.alg) {
    return fail(ErrorCode::key_refused, "--key: the key's alg {} is none that signs",
                quote_argument(*jwk.alg, ShownAs::member));
  }
  return fail(ErrorCode::usage, "a secret does not say how to sign: --alg is missing")
      .hint("give --alg HS256, HS384 or HS512");
}

/// check_signing_key says in the words of the command why the key may not sign.
Result<void> check_signing_key(const SignOptions& options, const KeySet& set, const Jwk& jwk,
                               const Algorithm& algorithm) {
  KeyStrength strength = options.allow_weak ? KeyStrength::any : KeyStrength::required;
  Result<void> good;
  if (!jwk.key.is_private()) {
    good = fail(ErrorCode::key_refused, "this is {}, which cannot sign", jwk.key.describe())
               .hint("signing needs the private key");
  }
  if (good) good = check_key_for(jwk.key, algorithm, strength);
  if (good) good = check_usable_for(jwk, algorithm, KeyOperation::sign);
  if (good) good = check_key_pair(jwk.key);
  if (good) return good;
  std::string_view option = options.keys.secret ? "" : "--key ";
  Error error = std::move(good).error();
  error.message = fmt::format("{}{}: {}", option, set.source, error.message);
  return fail(std::move(error));
}

void warn(const std::string& token, const SignOptions& options, Instant now) {
  Jws jws = read_jws(token, kMaxTokenBytes);
  for (const Finding& finding : token_findings(jws, read_payload(jws), now)) {
    if (finding.severity == Severity::note) continue;
    if (finding.rule == rules::exp_missing && options.dates.no_expiry) continue;
    Io::write_warning(
        fmt::format("{} {}: {}", finding.rule.id, finding.rule.name, finding.message));
  }
}

Result<ExitCode> run_sign(const SignOptions& options, Io& io, const Globals& globals) {
  if (auto one = check_one_key_source(options.keys); !one) return fail(std::move(one).error());
  Instant now = make_view(globals).now;
  auto set = load_keys(options.keys, io);
  if (!set) return fail(std::move(set).error());
  auto jwk = the_key(*set);
  if (!jwk) return fail(std::move(jwk).error());
  auto algorithm = choose_algorithm(options, **jwk);
  if (!algorithm) return fail(std::move(algorithm).error());
  if (auto good = check_signing_key(options, *set, **jwk, **algorithm); !good) {
    return fail(std::move(good).error());
  }
  auto start = load_claims(options, io);
  if (!start) return fail(std::move(start).error());
  auto claims = make_claims(options, *std::move(start), now);
  if (!claims) return fail(std::move(claims).error());
  auto header = make_header(options, **jwk, **algorithm);
  if (!header) return fail(std::move(header).error());

  bool weak = options.allow_weak && !check_key_for((*jwk)->key, **algorithm);
  auto token = sign_jws(header->dump(), claims->dump(), (*jwk)->key, **algorithm,
                        weak ? KeyStrength::any : KeyStrength::required);
  if (!token) return fail(std::move(token).error());
  if (token->size() > kMaxTokenBytes) {
    return fail(ErrorCode::input, "the token would have {} bytes, the limit is {}", token->size(),
                kMaxTokenBytes);
  }
  if (!globals.quiet) {
    if (weak) {
      Io::write_warning("the key is too weak for anything but test data; verifiers refuse it");
    }
    warn(*token, options, now);
  }
  std::string text = globals.format == Format::json ? signed_json(*token, *header, *claims)
                                                    : fmt::format("{}\n", *token);
  if (auto written = Io::write_result(globals, text); !written) {
    return fail(std::move(written).error());
  }
  return ExitCode::ok;
}

Result<void> add_header(std::vector<JsonMember>& header, const std::string& text) {
  auto member = parse_member(text, "header member");
  if (!member) return fail(std::move(member).error());
  for (std::string_view own : {"alg", "b64", "crit"}) {
    if (member->name != own) continue;
    return fail(ErrorCode::usage, "\"{}\" cannot be set", own)
        .hint("{}", own == "alg" ? "choose the algorithm with --alg"
                                 : "no extension of the signature is implemented");
  }
  bool must_be_text = member->name == "kid" || member->name == "typ" || member->name == "cty";
  if (must_be_text && !member->value.is_string()) {
    return fail(ErrorCode::usage, "\"{}\" must be a string, not {}", member->name,
                member->value.kind_name());
  }
  header.push_back(*std::move(member));
  return {};
}

void declare_claims(Spec& spec, SignOptions& options) {
  spec.group("Claims");
  spec.option("--claim", "NAME=VALUE", "a claim with a string, or NAME:=JSON",
              [&options](const std::string& value) -> Result<void> {
                auto member = parse_member(value, "claim");
                if (!member) return fail(std::move(member).error());
                options.claims.push_back(*std::move(member));
                return {};
              })
      .common()
      .repeatable();
  spec.option("--issuer", "STR", options.issuer, "who issues the token (iss)")
      .alias("--iss")
      .common();
  spec.list("--audience", "STR", options.audiences, "whom it is for (aud); repeat for an array")
      .alias("--aud")
      .common();
  spec.option("--subject", "STR", options.subject, "whom it is about (sub)")
      .alias("--sub")
      .common();
  spec.option("--jti", "STR", options.jti, "its own id (jti); `uuid` draws a random one");
  declare_dates(spec, options.dates);
}

void declare_header(Spec& spec, SignOptions& options) {
  spec.group("Header");
  spec.option("--alg,-a", "ALG", "algorithm to sign with (default: what the key says)",
              [&options](const std::string& value) -> Result<void> {
                if (is_none(value)) {
                  return fail(ErrorCode::usage, "{} is no algorithm that signs",
                              quote_argument(value))
                      .hint("a token that nobody signed is good for nothing");
                }
                const auto& known = signature_algorithm_names();
                auto good = choose(value, {known.begin(), known.end()}, "algorithm");
                if (good) options.alg = value;
                return good;
              })
      .common()
      .details(
          "Without it the key's own alg counts, else RS256, the ES algorithm of the curve, or "
          "EdDSA. A secret needs it.")
      .knows(signature_algorithm_names());
  spec.option("--kid", "KID", options.kid, "kid of the header: text, `thumbprint` or `none`")
      .details("Without it the key's own kid, if it has one.");
  spec.option("--typ", "STR", options.typ,
              fmt::format("typ of the header, or `none` (default {})", kDefaultTyp));
  spec.option("--header", "NAME=VALUE", "a header member with a string, or NAME:=JSON",
              [&options](const std::string& value) { return add_header(options.header, value); })
      .details("`alg`, `b64` and `crit` cannot be set.")
      .repeatable();
}

}  // namespace

void declare_sign(Spec& spec) {
  auto& options = spec.options<SignOptions>();
  options.keys.operation = KeyOperation::sign;
  spec.synopsis("[CLAIMS] --key SPEC | --secret SPEC --expires-in DUR [OPTION...]");
  spec.details(
      "Makes a token and prints it, alone on one line. The claims come from `CLAIMS` and from the "
      "options, in this order and as they are given; `iat` is added. A claim that is given twice "
      "is "
      "an error. When the token expires must be said: `--expires-in`, `--expires-at`, an `exp` in "
      "the claims, or `--no-expiry`.\n\n"
      "What a verifier would object to is said on stderr. The signature is verified before it is "
      "printed.");
  spec.formats({Format::text, Format::json});
  declare_keys(spec, options.keys);
  spec.flag("--allow-weak", options.allow_weak, "sign test data with a key that is too small")
      .details("Lifts the limits of size alone, and says so. Never for real tokens.");
  declare_claims(spec, options);
  declare_header(spec, options);
  PositionalDoc& claims = spec.positional("CLAIMS", options.input, "claims as a JSON object");
  claims.literal = &options.literal;
  claims.details =
      "A JSON object, `-` for stdin, or `@PATH` for a file; after `--` the object itself, always. "
      "Members keep their order and numbers "
      "their digits.";
  claims.complete = Complete::file;
  spec.example(
      "jwtctl sign -k key.jwk --issuer https://id.example.com --audience api --claim role=admin "
      "--expires-in 5m",
      "a token for a test");
  spec.example("jwtctl sign -k key.pem -a RS256 @claims.json --expires-in 1h",
               "claims from a file");
  spec.example("jwtctl sign --secret env:JWT_SECRET -a HS256 --subject alice --expires-in 10m",
               "with a shared secret");
  spec.run([&options](Io& io, const Globals& globals) { return run_sign(options, io, globals); });
}

}  // namespace jwtctl::cli
