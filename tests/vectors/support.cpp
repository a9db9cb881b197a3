// SPDX-License-Identifier: Apache-2.0
#include "tests/vectors/support.h"

#include <algorithm>
#include <cstdlib>

#include "lib/base/file.h"
#include "lib/codec/base64url.h"
#include "lib/jose/key_material.h"
#include "tests/catch.h"

namespace jwtctl::vectors {
namespace {

Answer malformed(const Jws& jws) {
  Answer answer;
  if (jws.kind == TokenKind::jwe) answer.reason = "it is a JWE; ";
  if (!jws.faults.empty()) answer.rule = jws.faults.front().rule.id;
  for (const Fault& fault : jws.faults) answer.reason += fault.message + "; ";
  return answer;
}

}  // namespace

std::optional<std::filesystem::path> find_folder(std::string_view name) {
  const char* root = std::getenv("JWTCTL_VECTORS");
  if (root != nullptr) {
    auto folder = std::filesystem::path(root) / name;
    if (std::filesystem::is_directory(folder)) return folder;
  }
  WARN("skipped: there is no folder " << name << " in JWTCTL_VECTORS, which is "
                                      << (root != nullptr ? root : "not set"));
  return std::nullopt;
}

std::vector<std::filesystem::path> list_json(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".json") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

Json load_json(const std::filesystem::path& path) {
  INFO(path.filename().string());
  auto bytes = load_file(path.string(), kMaxListBytes);
  REQUIRE(bytes.has_value());
  JsonReading reading = read_json(as_text(*bytes));
  REQUIRE_FALSE(reading.fault.has_value());
  REQUIRE(reading.value.has_value());
  return *std::move(reading.value);
}

const Json& member(const Json& json, std::string_view name) {
  INFO("member " << name);
  const Json* found = json.find(name);
  REQUIRE(found != nullptr);
  return *found;
}

std::string text_of(const Json& json, std::string_view name) {
  INFO("member " << name);
  const std::string* text = member(json, name).as_string();
  REQUIRE(text != nullptr);
  return *text;
}

Answer judge_jws(std::string_view token, const KeySource& source) {
  Jws jws = read_jws(token, kMaxTokenBytes);
  if (!jws.faults.empty() || jws.kind != TokenKind::jws) return malformed(jws);
  auto checked = verify_jws(jws, Policy{}, source(jws));
  if (!checked) {
    FAIL_CHECK("no verdict: " << checked.error().message);
    return {};
  }
  const Verdict& verdict = *checked;
  Answer answer;
  answer.code = verdict.code();
  if (const Check* failed = verdict.first_failure()) {
    answer.rule = failed->rule.id;
    answer.reason = fmt::format("{}: {}", failed->name, failed->message);
  }
  for (const SkippedKey& key : verdict.skipped_keys) {
    answer.reason += fmt::format("; key {} skipped: {}", key.index, key.reason);
  }
  answer.accepted = verdict.claims_verified();
  return answer;
}

KeySource source_of(std::string key_json) {
  return [text = std::move(key_json)](const Jws&) -> Result<std::shared_ptr<const KeyRing>> {
    auto material = parse_key_material(to_bytes<SecretBytes>(text), nullptr);
    if (!material) return fail(std::move(material).error());
    material->set.pinned = material->form == KeyForm::jwk;
    return make_ring(std::move(material->set));
  };
}

std::string change_octet(std::string_view token, std::string_view segment) {
  Jws jws = read_jws(token, kMaxTokenBytes);
  REQUIRE(jws.faults.empty());
  const Segment* found = jws.segment(segment);
  REQUIRE(found != nullptr);
  std::string octets = found->octets;
  REQUIRE_FALSE(octets.empty());
  char& octet = octets[octets.size() / 2];
  octet = static_cast<char>(static_cast<unsigned char>(octet) ^ 1U);
  return std::string(token).replace(found->offset, found->length, to_base64url(octets));
}

}  // namespace jwtctl::vectors
