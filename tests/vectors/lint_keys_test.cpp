// SPDX-License-Identifier: Apache-2.0
// What lint says of the keys of the RFCs, of the cookbook and of Wycheproof.
#include <algorithm>

#include "lib/jose/jwk_write.h"
#include "lib/lint/lint.h"
#include "tests/catch.h"
#include "tests/vectors/support.h"

namespace jwtctl::vectors {
namespace {

constexpr Instant kNow{1767225600, 0};  // 2026-01-01T00:00:00Z

std::vector<std::string> errors_of(const std::vector<Finding>& findings) {
  std::vector<std::string> lines;
  for (const Finding& finding : findings) {
    if (finding.severity != Severity::error) continue;
    lines.push_back(fmt::format("{} {}: {}", finding.rule.id, finding.place, finding.message));
  }
  return lines;
}

std::vector<std::string> key_errors(const Json& jwk) {
  Expectations expected;
  expected.policy.now = kNow;
  return errors_of(judge_key(jwk_subject(jwk), {expected}, every_rule()));
}

std::vector<std::string> set_errors(const Json& set) {
  Expectations expected;
  expected.policy.now = kNow;
  auto keys = jwks_subjects(set);
  return errors_of(judge_key_set({set, keys, 1000}, {expected}, every_rule()));
}

/// collect_keys finds the JWKs of a document, wherever they stand in it.
void collect_keys(const Json& json, std::vector<Json>& keys) {
  if (json.find("kty") != nullptr) keys.push_back(json);
  if (const Json::Array* items = json.as_array()) {
    for (const Json& item : *items) collect_keys(item, keys);
  }
  if (const Json::Object* members = json.as_object()) {
    for (const JsonMember& member : *members) collect_keys(member.value, keys);
  }
}

std::vector<Json> keys_below(const std::filesystem::path& folder) {
  std::vector<Json> keys;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    std::string extension = entry.path().extension();
    bool holds_keys = extension == ".json" || extension == ".jwk" || extension == ".jwkset";
    bool names_another = entry.path().filename() == "rfc7515_A.7.jwk";  // a link as text
    if (holds_keys && !names_another) collect_keys(load_json(entry.path()), keys);
  }
  return keys;
}

TEST_CASE("lint: the keys of the RFCs and of the cookbook are good") {
  for (std::string_view name : {"jose-cookbook", "rfc"}) {
    auto folder = find_folder(name);
    if (!folder) return;
    std::size_t asymmetric = 0;
    for (const Json& key : keys_below(*folder)) {
      if (*key.find("kty")->as_string() == "oct") continue;
      ++asymmetric;
      CAPTURE(name, key.dump());
      CHECK(key_errors(without_private(key)).empty());
      CHECK(key_errors(key).empty());
    }
    CHECK(asymmetric >= 9);
  }
}

TEST_CASE("lint: the sets of RFC 7517 and RFC 7515") {
  auto folder = find_folder("rfc");
  if (!folder) return;
  CHECK(set_errors(load_json(*folder / "rfc7517_A.1.jwkset")).empty());
  // Of private keys.
  for (std::string_view name : {"rfc7515_A.6.jwkset", "rfc7517_A.2.jwkset"}) {
    CAPTURE(name);
    auto published = set_errors(load_json(*folder / name));
    CHECK(published.size() == 2);
    for (const std::string& line : published) CHECK(line.starts_with("JWKS005"));
  }
}

/// rule_for returns the rule that must fire on a group of Wycheproof's keys, by its comment.
std::string_view rule_for(std::string_view group) {
  using Row = std::pair<std::string_view, std::string_view>;
  for (auto [name, rule] :
       {Row{"jws_mixedSymmetryKeyset", "JWKS006"}, Row{"jws_duplicate_kid", "JWKS003"},
        Row{"jws_rsa_roca_key", "JWK007"}, Row{"keysize_too_small", "JWK005"},
        Row{"exponentOne", "JWK006"}, Row{"wrong_algorithm", "JWK015"},
        Row{"invalid_algorithm", "JWK015"}, Row{"invalid_use", "JWK017"},
        Row{"invalid_point", "JWK004"}, Row{"wrong_curve", "JWK0"}, Row{"wrong_kty", "JWK015"},
        Row{"invalid_aes_gcm_key", "JWK017"}, Row{"invalid_aes_kw_key", "JWK017"}}) {
    if (group == name) return rule;
  }
  return "";
}

TEST_CASE("lint: the keys that Wycheproof wants refused") {
  auto folder = find_folder("wycheproof");
  if (!folder) return;
  Json document = load_json(*folder / "json_web_key_test.json");
  std::size_t found = 0;
  for (const Json& group : *member(document, "testGroups").as_array()) {
    std::string comment = text_of(group, "comment");
    const Json& test = member(group, "tests").as_array()->front();
    std::string test_comment = text_of(test, "comment");
    std::string_view rule = rule_for(comment);
    if (test_comment == "key_too_short") rule = "JWK011";
    if (test_comment == "empty_key") rule = "JWK010";
    if (rule.empty()) continue;
    ++found;
    const Json* half = group.find("public");
    auto errors = set_errors(half != nullptr ? *half : member(group, "private"));
    CAPTURE(comment, errors);
    CHECK(std::any_of(errors.begin(), errors.end(),
                      [rule](const std::string& line) { return line.starts_with(rule); }));
  }
  CHECK(found == 19);
}

}  // namespace
}  // namespace jwtctl::vectors
