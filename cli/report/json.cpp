// SPDX-License-Identifier: Apache-2.0
#include "cli/report/report.h"
#include "lib/base/shown.h"

namespace jwtctl::cli {
namespace {

std::string finish(const Json& document) { return document.dump(2) + "\n"; }

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

Json rule_json(RuleId rule) { return rule ? Json(rule.id) : Json(); }

/// last_wins drops all but the last of members with one name, as most JSON readers would.
Json last_wins(const Json& json) {
  const Json::Object* members = json.as_object();
  if (members == nullptr) return json;
  Json result = Json::object({});
  for (const JsonMember& member : *members) result.set(member.name, last_wins(member.value));
  return result;
}

Json last_wins(const std::optional<Json>& json) { return json ? last_wins(*json) : Json(); }

Json findings_json(const std::vector<Finding>& findings) {
  Json list = Json::Array{};
  for (const Finding& finding : findings) {
    list.push_back(Json::object({{"rule", rule_json(finding.rule)},
                                 {"name", finding.rule.name},
                                 {"level", to_string(finding.severity)},
                                 {"place", finding.place},
                                 {"message", finding.message}}));
  }
  return list;
}

Result<Json> token_json(const CleanedToken& token, TokenKind kind) {
  auto id = token_id(token.text);
  if (!id) return fail(std::move(id).error());
  return Json::object({{"id", *id},
                       {"kind", kind == TokenKind::jwe ? "jwe" : "jws"},
                       {"bytes", token.text.size()},
                       {"cleaned", Json::strings(token.cleanings)},
                       {"refused_as_sent", !token.faults.empty()}});
}

Json date_json(const DateClaim& date, Instant now) {
  Json json = Json::object({{"epoch", date.value.seconds},
                            {"rfc3339", or_null(format_rfc3339_exact(date.value))},
                            {"delta", seconds_between(now, date.value)}});
  if (!date.unit.empty()) {
    json.set("unit", date.unit);
    json.set("meant_rfc3339", or_null(format_rfc3339(date.corrected)));
  }
  return json;
}

Json times_json(const Json& claims, Instant now) {
  Json times = Json::object({});
  for (std::string_view name : kDateClaims) {
    DateClaim date = read_date(claims, name);
    if (date.present && date.fault != rules::date_wrong_type) times.set(name, date_json(date, now));
  }
  return times;
}

std::string_view status_name(CheckStatus status) {
  switch (status) {
    case CheckStatus::pass: return "pass";
    case CheckStatus::fail: return "fail";
    case CheckStatus::unreached:
    case CheckStatus::skip: return "skip";
  }
  return "";
}

Json checks_json(const std::vector<Check>& checks) {
  Json list = Json::Array{};
  for (const Check& check : checks) {
    list.push_back(Json::object({{"name", check.name},
                                 {"status", status_name(check.status)},
                                 {"rule", rule_json(check.rule)},
                                 {"expected", check.expected},
                                 {"actual", check.actual},
                                 {"message", check.message}}));
  }
  return list;
}

Json key_json(const std::optional<UsedKey>& key) {
  if (!key) return {};
  Json json = Json::object({{"source", key->source},
                            {"kid", or_null(key->kid)},
                            {"kty", to_string(key->kty)},
                            {"bits", std::int64_t{key->bits}}});
  if (key->curve != Curve::none) json.set("crv", curve_info(key->curve).name);
  json.set("thumbprint", or_null(key->thumbprint));
  return json;
}

Json skipped_json(const std::vector<SkippedKey>& skipped) {
  Json list = Json::Array{};
  for (const SkippedKey& key : skipped) {
    list.push_back(
        Json::object({{"index", key.index}, {"kid", or_null(key.kid)}, {"reason", key.reason}}));
  }
  return list;
}

Json origin_json(const std::optional<KeyOrigin>& origin) {
  if (!origin) return {};
  return Json::object({{"url", origin->url},
                       {"from_cache", origin->from_cache},
                       {"stale", origin->stale},
                       {"age", origin->age},
                       {"clock_skew", or_null(origin->clock_skew)}});
}

Json header_member(const std::optional<Json>& header, std::string_view name) {
  const Json* member = header ? header->find(name) : nullptr;
  return member != nullptr ? *member : Json();
}

Json place_json(const std::optional<std::string>& path) {
  return path ? Json(masked_argument(*path, ShownAs::path)) : Json();
}

}  // namespace

Result<Json> decoded_json(const DecodeReport& report, const View& view) {
  const Decoded& decoded = report.decoded;
  auto token = token_json(decoded.token, decoded.jws.kind);
  if (!token) return fail(std::move(token).error());
  const Jws& jws = decoded.jws;
  bool encrypted = jws.kind == TokenKind::jwe;
  Json claim_sizes = Json::object({});
  for (const auto& [name, size] : decoded.claim_sizes) claim_sizes.set(name, size);
  Json signature;
  if (!encrypted) signature = Json::object({{"bytes", jws.octets("signature").size()}});
  const auto& claims = decoded.payload.claims;
  return Json::object({{"schema", "jwtctl.decode/1"},
                       {"verified", false},
                       {"now", view.now.seconds},
                       {"token", *std::move(token)},
                       {"header", last_wins(jws.header)},
                       {"payload", last_wins(claims)},
                       {"signature", std::move(signature)},
                       {"times", claims ? times_json(*claims, view.now) : Json::object({})},
                       {"sizes", Json::object({{"header", jws.octets("header").size()},
                                               {"payload", jws.octets("payload").size()},
                                               {"signature", jws.octets("signature").size()},
                                               {"claims", std::move(claim_sizes)}})},
                       {"findings", findings_json(report.findings)}});
}

Result<std::string> to_json(const DecodeReport& report, const View& view) {
  auto document = decoded_json(report, view);
  if (!document) return fail(std::move(document).error());
  return finish(*document);
}

Result<std::string> to_json(const VerifyReport& report, const View& view) {
  const Verdict& verdict = report.verdict;
  auto token = token_json(report.token, verdict.kind);
  if (!token) return fail(std::move(token).error());
  for (std::string_view name : {"alg", "kid", "typ"}) {
    token->set(name, header_member(verdict.header, name));
  }
  ExitCode exit = to_exit_code(verdict.code());
  Json hints = Json::Array{};
  for (const Hint& hint : verdict.hints) {
    hints.push_back(Json::object({{"id", to_string(hint.id)}, {"message", hint.message}}));
  }
  return finish(Json::object(
      {{"schema", "jwtctl.verify/1"},
       {"valid", verdict.valid()},
       {"exit", static_cast<int>(exit)},
       {"code", to_string(exit)},
       {"now", view.now.seconds},
       {"now_rfc3339",
        or_null(view.now_given ? format_rfc3339_exact(view.now) : format_rfc3339(view.now))},
       {"token", *std::move(token)},
       {"key", key_json(verdict.key)},
       {"key_source", origin_json(report.origin)},
       {"skipped_keys", skipped_json(verdict.skipped_keys)},
       {"findings", findings_json(verdict.findings)},
       {"checks", checks_json(verdict.checks)},
       {"hints", std::move(hints)},
       {"header", last_wins(verdict.header)},
       {"claims", last_wins(verdict.claims)},
       {"claims_verified", verdict.claims_verified()}}));
}

std::string signed_json(std::string_view token, const Json& header, const Json& claims) {
  return finish(Json::object(
      {{"schema", "jwtctl.sign/1"}, {"token", token}, {"header", header}, {"claims", claims}}));
}

std::string generated_json(const Jwk& jwk, const Json& public_jwk, const Json* private_jwk,
                           const KeyFiles& files) {
  Json document = Json::object({{"schema", "jwtctl.keygen/1"},
                                {"kid", or_null(jwk.kid)},
                                {"kty", to_string(jwk.key.type())},
                                {"alg", or_null(jwk.alg)},
                                {"bits", std::int64_t{jwk.key.bits()}},
                                {"thumbprint", or_null(thumbprint(jwk.key))},
                                {"public_jwk", public_jwk},
                                {"files", Json::object({{"private", place_json(files.private_half)},
                                                        {"public", place_json(files.public_half)},
                                                        {"jwks", place_json(files.jwks)}})}});
  if (private_jwk != nullptr) document.set("private_jwk", *private_jwk);
  std::string text = finish(document);
  document.wipe();
  return text;
}

std::string error_to_json(const Error& error, ExitCode code, Json partial) {
  Json document = Json::object(
      {{"schema", "jwtctl.error/1"},
       {"error", Json::object({{"code", to_string(error.code)},
                               {"message", error.message},
                               {"hint", error.hint.empty() ? Json() : Json(error.hint)},
                               {"exit", static_cast<int>(code)}})}});
  if (!partial.is_null()) document.set("partial", std::move(partial));
  return finish(document);
}

}  // namespace jwtctl::cli
