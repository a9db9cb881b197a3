// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.h"
#include "cli/commands/view.h"
#include "cli/inputs.h"
#include "cli/report/report.h"
#include "lib/base/text.h"
#include "lib/lint/token_findings.h"

namespace jwtctl::cli {
namespace {

struct DecodeOptions {
  TokenInput token;
  std::string print = "all";
  bool raw = false;
};

Failure cannot_decode(const Fault& fault, const TokenInput& input) {
  Failure failure = fail(ErrorCode::input, "{} (offset {})", fault.message, fault.offset);
  if (std::string hint = literal_hint(input); !hint.empty()) {
    return std::move(failure).hint("{}", hint);
  }
  return std::move(failure).hint(
      "what could be decoded is shown; was the token cut or re-encoded on its way?");
}

/// render_part renders one part alone, for `--print`.
Result<std::string> render_part(const Decoded& decoded, const DecodeOptions& options) {
  const Jws& jws = decoded.jws;
  if (options.print != "header" && jws.kind == TokenKind::jwe) {
    return fail(ErrorCode::input, "the token is encrypted, its {} cannot be shown", options.print);
  }
  std::string_view octets = jws.octets(options.print);
  if (options.raw) {
    if (Io::stdout_is_terminal() && has_unsafe_text(octets)) {
      return fail(ErrorCode::usage, "the raw {} is not safe to show on a terminal", options.print)
          .hint("redirect it to a file, or leave out --raw");
    }
    return std::string(octets);
  }
  if (options.print == "signature") {
    const Segment* segment = jws.segment("signature");
    if (segment == nullptr) return std::string("\n");
    return fmt::format("{}\n", escape_text(jws.text.substr(segment->offset, segment->length)));
  }
  const std::optional<Json>& json = options.print == "header" ? jws.header : decoded.payload.claims;
  if (!json) return fail(ErrorCode::input, "the {} cannot be decoded", options.print);
  return json->dump(2) + "\n";
}

Result<ExitCode> print_all(const DecodeReport& report, const TokenInput& input, const View& view,
                           const Globals& globals) {
  const Fault* fault = report.decoded.fault();
  Result<std::string> text = std::string();
  if (!globals.quiet) {
    text = globals.format == Format::text ? Result(to_text(report, view)) : to_json(report, view);
  }
  if (!text) return fail(std::move(text).error());
  if (fault != nullptr && globals.format == Format::json && !globals.quiet) {
    auto partial = decoded_json(report, view);
    if (!partial) return fail(std::move(partial).error());
    Error error = cannot_decode(*fault, input).error_;
    text = error_to_json(error, to_exit_code(error.code), *std::move(partial));
  }
  if (!globals.quiet) {
    auto written = Io::write_result(globals, *text);
    if (!written) return fail(std::move(written).error());
  }
  if (fault == nullptr) return ExitCode::ok;
  Io::write_error(cannot_decode(*fault, input).error_);
  return ExitCode::input;
}

Result<ExitCode> run_decode(const DecodeOptions& options, Io& io, const Globals& globals) {
  bool part = options.print != "all";
  if (options.raw && !part) {
    return fail(ErrorCode::usage, "--raw needs --print header, payload or signature");
  }
  if (part && globals.format == Format::json) {
    return fail(ErrorCode::usage, "--print {} is JSON already, leave out -f json", options.print);
  }
  auto token = load_token(options.token, io);
  if (!token) return fail(std::move(token).error());
  View view = make_view(globals);
  Decoded decoded = decode(*std::move(token), options.token.max_bytes);
  if (!part) {
    auto findings = token_findings(decoded.jws, decoded.payload, view.now);
    return print_all({std::move(decoded), std::move(findings)}, options.token, view, globals);
  }

  auto text = render_part(decoded, options);
  if (text) {
    auto written =
        options.raw ? Io::write_exactly(globals, *text) : Io::write_result(globals, *text);
    if (!written) return fail(std::move(written).error());
  }
  if (const Fault* fault = decoded.fault()) return cannot_decode(*fault, options.token);
  if (!text) return fail(std::move(text).error());
  return ExitCode::ok;
}

}  // namespace

void declare_decode(Spec& spec) {
  auto& options = spec.options<DecodeOptions>();
  spec.synopsis("[TOKEN] [--print PART] [OPTION...]");
  spec.details(
      "Takes a token apart and shows its header, its claims with their times, the sizes of its "
      "parts and what looks wrong. No signature is checked: whoever wrote the token may have "
      "written anything.\n\n"
      "Tokens that a verifier would refuse are shown as far as they go: unknown algorithms, "
      "encrypted tokens (the header alone), odd JSON. A token that is broken beyond that is "
      "shown in part; the fault is named with its place, and the exit status is 3.");
  spec.formats({Format::text, Format::json});
  spec.group("Options");
  declare_token(spec, options.token);
  spec.one_of("--print", "PART", options.print, {"all", "header", "payload", "signature"},
              "print one part alone (default {default})")
      .common()
      .details("`header` and `payload` are bare JSON for `jq`, `signature` is base64url.");
  spec.flag("--raw", options.raw, "with --print: the original bytes, nothing added")
      .details(
          "The bytes are the sender's and not escaped; a terminal gets them only when they "
          "are harmless.");
  spec.example("pbpaste | jwtctl decode", "what is in the token that I copied");
  spec.example("jwtctl decode --print payload @token.jwt | jq .sub", "one claim for a script");
  spec.run([&options](Io& io, const Globals& globals) { return run_decode(options, io, globals); });
}

}  // namespace jwtctl::cli
