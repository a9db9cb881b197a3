// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lib/lint/example.h"
#include "lib/lint/example_keys.h"
#include "lib/lint/lint.h"
#include "tests/unit/keys.h"

/// What the whole catalogue says of a key or a set, one line for each finding.
namespace jwtctl::testing {

using Lines = std::vector<std::string>;

inline Lines lines_of(const std::vector<Finding>& findings) {
  Lines lines;
  for (const Finding& finding : findings) {
    lines.push_back(fmt::format("{} {} {}: {}", to_string(finding.severity), finding.rule.id,
                                finding.place, finding.message));
  }
  return lines;
}

inline Lines judged(const KeySubject& key, const FileFacts* file = nullptr) {
  Expectations expected;
  expected.policy.now = kExampleNow;
  return lines_of(judge_key(key, {expected, file}, every_rule()));
}

inline Lines judged_key(const Json& jwk) { return judged(jwk_subject(jwk)); }

inline Lines judged_pem(std::string_view pem) { return judged(pem_subject(pem)); }

inline Lines judged_set(const Json& document, std::size_t bytes = 1000) {
  Expectations expected;
  expected.policy.now = kExampleNow;
  auto keys = jwks_subjects(document);
  return lines_of(judge_key_set({document, keys, bytes}, {expected}, every_rule()));
}

/// of keeps the lines of one rule.
inline Lines of(std::string_view rule, const Lines& lines) {
  Lines kept;
  for (const std::string& line : lines) {
    if (line.find(fmt::format(" {} ", rule)) != std::string::npos) kept.push_back(line);
  }
  return kept;
}

inline Json good_ec() { return json_of(kEcKeyExample); }
inline Json good_rsa() { return json_of(kRsaKeyExample); }
inline Json good_secret() { return json_of(kSecretExample); }

inline Json without(const Json& json, std::string_view name) {
  Json copy = Json::object({});
  for (const JsonMember& member : *json.as_object()) {
    if (member.name != name) copy.append(member.name, member.value);
  }
  return copy;
}

inline Json set_of(Json::Array keys) { return Json::object({{"keys", std::move(keys)}}); }

}  // namespace jwtctl::testing
