// SPDX-License-Identifier: Apache-2.0
#include "lib/token/finding.h"

#include <algorithm>

#include "lib/base/text.h"

namespace jwtctl {
namespace {

class Collector {
 public:
  template <class... Args>
  void add(RuleId rule, Severity severity, std::string place, fmt::format_string<Args...> text,
           Args&&... args) {
    findings.push_back(
        {rule, severity, std::move(place), fmt::format(text, std::forward<Args>(args)...)});
  }

  std::vector<Finding> findings;
};

void judge_header(const Json& header, TokenKind kind, Collector& out) {
  if (kind == TokenKind::jws) {
    if (auto bad = alg_problem(header)) {
      out.add(bad->rule, Severity::error, "header/alg", "{}", bad->message);
    }
  } else {
    out.add(rules::encrypted, Severity::note, "header",
            "the token is encrypted; its claims cannot be read without the recipient's key");
  }
  if (auto bad = crit_problem(header)) {
    out.add(bad->rule, Severity::error, "header/crit", "{}", bad->message);
  }
  if (header.find("jwk") != nullptr) {
    out.add(rules::embedded_jwk, Severity::error, "header/jwk",
            "the token brings its own key; a verifier must not use it (RFC 7515 section 4.1.3)");
  }
  for (std::string_view name : {"jku", "x5u"}) {
    if (header.find(name) == nullptr) continue;
    out.add(rules::remote_key_reference, Severity::warning, fmt::format("header/{}", name),
            "the token says where its key is; jwtctl never fetches it");
  }
  if (header.find("x5c") != nullptr) {
    out.add(rules::x5c_in_header, Severity::warning, "header/x5c",
            "the token brings its own certificates; they are no trust anchor");
  }
}

void judge_dates(const Json& claims, Instant now, Collector& out) {
  for (std::string_view name : kDateClaims) {
    DateClaim date = read_date(claims, name);
    if (!date.fault) continue;
    std::string place = fmt::format("payload/{}", name);
    if (date.fault == rules::date_unit) {
      out.add(date.fault, Severity::error, place, "{} is in {}; a NumericDate counts seconds", name,
              date.unit);
    } else if (date.fault == rules::date_wrong_type) {
      out.add(date.fault, Severity::error, place, "{} must be a number, it is {}", name,
              claims.find(name)->kind_name());
    } else {
      out.add(date.fault, Severity::error, place, "{} is not a date between 1970 and 9999", name);
    }
  }
  DateClaim exp = read_date(claims, "exp");
  DateClaim nbf = read_date(claims, "nbf");
  DateClaim iat = read_date(claims, "iat");
  if (!exp.present) {
    out.add(rules::exp_missing, Severity::warning, "payload", "the token never expires: no exp");
  }
  if (exp.good() && is_expired(exp.value, now, 0)) {
    out.add(rules::expired, Severity::error, "payload/exp", "expired {}",
            format_relative(exp.value, now));
  }
  if (nbf.good() && is_not_yet_valid(nbf.value, now, 0)) {
    out.add(rules::not_yet_valid, Severity::error, "payload/nbf", "not valid yet: {}",
            format_relative(nbf.value, now));
  }
  if (iat.good() && is_from_future(iat.value, now, 0)) {
    out.add(rules::iat_in_future, Severity::error, "payload/iat", "issued in the future: {}",
            format_relative(iat.value, now));
  }
  for (auto [name, date] : {std::pair{"nbf", nbf}, std::pair{"iat", iat}}) {
    if (exp.good() && date.good() && has_impossible_window(date.value, exp.value)) {
      out.add(rules::window_impossible, Severity::error, fmt::format("payload/{}", name),
              "{} is not before exp, so the token is never valid", name);
    }
  }
}

void judge_claims(const Json& claims, Collector& out) {
  if (const Json* iss = claims.find("iss"); iss != nullptr && is_malformed_issuer(*iss)) {
    out.add(rules::iss_malformed, Severity::error, "payload/iss",
            "iss must be one string, and a URI when it has a colon");
  }
  if (const Json* aud = claims.find("aud"); aud != nullptr && !audiences(*aud)) {
    out.add(rules::aud_malformed, Severity::error, "payload/aud",
            "aud must be a string or a non-empty array of strings");
  }
}

/// has_unsafe_strings looks at every name and string, at any depth.
bool has_unsafe_strings(const Json& json) {
  if (const std::string* text = json.as_string()) return has_unsafe_text(*text);
  if (const Json::Array* items = json.as_array()) {
    return std::any_of(items->begin(), items->end(), has_unsafe_strings);
  }
  const Json::Object* members = json.as_object();
  return members != nullptr &&
         std::any_of(members->begin(), members->end(), [](const JsonMember& member) {
           return has_unsafe_text(member.name) || has_unsafe_strings(member.value);
         });
}

void judge_text(const std::optional<Json>& json, std::string_view place, Collector& out) {
  if (!json || !has_unsafe_strings(*json)) return;
  out.add(rules::terminal_unsafe_text, Severity::warning, std::string(place),
          "the {} has control or bidirectional characters; they are shown escaped", place);
}

}  // namespace

std::string_view to_string(Severity severity) {
  switch (severity) {
    case Severity::note: return "note";
    case Severity::warning: return "warning";
    case Severity::error: return "error";
  }
  return "";
}

std::vector<Finding> token_findings(const Jws& jws, const Payload& payload, Instant now) {
  Collector out;
  for (const auto* faults : {&jws.faults, &payload.faults}) {
    for (const Fault& fault : *faults) {
      out.add(fault.rule, Severity::error, "token", "{} (offset {})", fault.message, fault.offset);
    }
  }
  if (jws.header) judge_header(*jws.header, jws.kind, out);
  const Segment* signature = jws.segment("signature");
  bool unsigned_token = jws.header_text("alg") == "none";
  if (signature != nullptr && signature->length == 0 && !unsigned_token) {
    out.add(rules::signature_missing, Severity::error, "signature", "the signature is empty");
  }
  if (payload.claims && payload.claims->is_object()) {
    judge_dates(*payload.claims, now, out);
    judge_claims(*payload.claims, out);
  }
  judge_text(jws.header, "header", out);
  judge_text(payload.claims, "payload", out);
  return std::move(out.findings);
}

}  // namespace jwtctl
