// SPDX-License-Identifier: Apache-2.0
// Wycheproof's JSON Web Crypto vectors (C2SP/wycheproof, testvectors_v1), read where they lie.
#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <span>

#include "tests/catch.h"
#include "tests/vectors/support.h"

namespace jwtctl::vectors {
namespace {

/// Override is a test whose label a strict verifier cannot share.
struct Override {
  std::string_view tc_id;
  bool accept;
  std::string_view reason;
};

constexpr std::array<Override, 8> kSignatureOverrides{{
    {"346", false, "the key says alg PS256, the header PS384 (RFC 7517 section 4.4)"},
    {"347", false, "the key says alg ES521, which is no algorithm; test 19 of the key file agrees"},
    {"350", false, "the key says alg PS256, the header PS384 (RFC 7517 section 4.4)"},
    {"351", false, "the key says alg ES521, which is no algorithm; test 19 of the key file agrees"},
    {"367", true, "the padding was lost when it was written: byte for byte the valid test 357"},
    {"370", true, "the padding was lost when it was written: byte for byte the valid test 357"},
    {"372", false, "it has a '?' inside base64url (RFC 7515 section 2)"},
    {"373", false, "it has a '?' inside base64url (RFC 7515 section 2)"},
}};

/// Run is what happened to the tests of one file.
struct Run {
  std::size_t judged = 0;
  std::size_t encrypted = 0;                   ///< tests of JWE, which we do not do
  std::map<std::string, std::string> reasons;  ///< why a test was rejected, by tcId
  std::set<std::string_view> overridden;       ///< tcIds
};

/// check_members fails on a member that this reader does not know: it might change what a test
/// means.
void check_members(const Json& json, std::span<const std::string_view> known) {
  REQUIRE(json.is_object());
  for (const JsonMember& each : *json.as_object()) {
    INFO("unknown member " << each.name);
    CHECK(std::find(known.begin(), known.end(), each.name) != known.end());
  }
}

const Json::Array& items_of(const Json& json, std::string_view name) {
  const Json::Array* items = member(json, name).as_array();
  REQUIRE(items != nullptr);
  return *items;
}

std::string number_of(const Json& json, std::string_view name) {
  const std::string* number = member(json, name).as_number();
  REQUIRE(number != nullptr);
  return *number;
}

Answer judge_test(const Json& test, const KeySource& source) {
  const Json& jws = member(test, "jws");
  if (jws.is_string()) return judge_jws(*jws.as_string(), source);
  Answer answer = judge_jws(jws.dump(), source);
  CHECK(answer.rule == rules::not_compact.id);
  return answer;
}

void run_test(const Json& test, const KeySource& source, std::span<const Override> overrides,
              Run& run) {
  constexpr std::array<std::string_view, 5> kKnown{"tcId", "comment", "jws", "result", "flags"};
  check_members(test, kKnown);
  std::string id = number_of(test, "tcId");
  std::string result = text_of(test, "result");
  CHECK((result == "valid" || result == "invalid"));
  bool labelled_valid = result == "valid";

  Answer answer = judge_test(test, source);
  ++run.judged;
  if (!answer.accepted) run.reasons[id] = answer.reason;
  INFO("tcId " << id << " (" << text_of(test, "comment") << "), labelled " << result);
  INFO("our reason: " << answer.reason);
  auto found = std::find_if(overrides.begin(), overrides.end(),
                            [&id](const Override& row) { return row.tc_id == id; });
  if (found == overrides.end()) {
    CHECK(answer.accepted == labelled_valid);
    return;
  }
  INFO("override: " << found->reason);
  run.overridden.insert(found->tc_id);
  CHECK(answer.accepted == found->accept);
  // Equal means that the label was mended upstream: the override must go.
  CHECK(answer.accepted != labelled_valid);
}

void run_group(const Json& group, std::string_view type, std::span<const Override> overrides,
               Run& run) {
  constexpr std::array<std::string_view, 6> kKnown{"type",    "source", "comment",
                                                   "private", "public", "tests"};
  check_members(group, kKnown);
  CHECK(text_of(group, "type") == type);
  std::string comment = text_of(group, "comment");
  INFO("group " << comment);
  const Json::Array& tests = items_of(group, "tests");
  if (comment.starts_with("jwe")) {
    run.encrypted += tests.size();
    return;
  }
  const Json* key = group.find("public");
  if (key == nullptr) key = &member(group, "private");
  KeySource source = source_of(key->dump());
  for (const Json& test : tests) run_test(test, source, overrides, run);
}

/// run_file judges every signed token of a file; nothing where the vectors are missing.
std::optional<Run> run_file(std::string_view name, std::string_view type,
                            std::span<const Override> overrides) {
  constexpr std::array<std::string_view, 5> kKnown{"numberOfTests", "header", "notes", "schema",
                                                   "testGroups"};
  auto folder = find_folder("wycheproof");
  if (!folder) return std::nullopt;
  Json file = load_json(*folder / name);
  check_members(file, kKnown);
  Run run;
  for (const Json& group : items_of(file, "testGroups")) run_group(group, type, overrides, run);
  CHECK(number_of(file, "numberOfTests") == std::to_string(run.judged + run.encrypted));
  for (const Override& row : overrides) {
    INFO("the override names no test: tcId " << row.tc_id);
    CHECK(run.overridden.count(row.tc_id) == 1);
  }
  return run;
}

}  // namespace

TEST_CASE("Wycheproof json_web_signature") {
  auto run = run_file("json_web_signature_test.json", "JsonWebSignature", kSignatureOverrides);
  if (!run) return;
  CHECK(run->judged == 401);
}

TEST_CASE("Wycheproof json_web_key") {
  auto run = run_file("json_web_key_test.json", "JsonWebKey", {});
  if (!run) return;
  CHECK(run->judged == 26);
  // Its modulus has 2049 bits: a rule about sizes could hide that the fingerprint is not checked.
  CHECK(run->reasons["7"].find("ROCA") != std::string::npos);
}

TEST_CASE("Wycheproof json_web_crypto, signatures") {
  auto run = run_file("json_web_crypto_test.json", "JsonWebCrypto", {});
  if (!run) return;
  CHECK(run->judged == 49);
  CHECK(run->encrypted == 34);
  CHECK(run->reasons["46"].find("ROCA") != std::string::npos);
}

}  // namespace jwtctl::vectors
