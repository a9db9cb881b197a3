// SPDX-License-Identifier: Apache-2.0
// The examples of RFC 7520, RFC 8037 and RFC 7797 as JSON (ietf-jose/cookbook).
#include "lib/codec/base64url.h"
#include "tests/catch.h"
#include "tests/vectors/support.h"

namespace jwtctl::vectors {
namespace {

using Path = std::filesystem::path;

KeySource key_of(const Json& example) {
  return source_of(member(member(example, "input"), "key").dump());
}

/// compact_of returns the compact form, empty where the example has none.
std::string compact_of(const Json& example) {
  const Json* compact = member(example, "output").find("compact");
  return compact != nullptr ? text_of(member(example, "output"), "compact") : "";
}

bool is_detached(std::string_view compact) { return compact.find("..") != std::string_view::npos; }

/// with_payload is a token made of parts: the header and signature of an example, and a payload.
std::string with_payload(std::string_view header, std::string_view payload,
                         std::string_view signature) {
  return fmt::format("{}.{}.{}", header, to_base64url(payload), signature);
}

void check_complete(const Json& example) {
  std::string compact = compact_of(example);
  const Json& signing = member(example, "signing");
  Jws jws = read_jws(compact, kMaxTokenBytes);
  REQUIRE(jws.faults.empty());
  REQUIRE(jws.header.has_value());
  CHECK(jws.header->same_value(member(signing, "protected")));
  CHECK(jws.octets("payload") == text_of(member(example, "input"), "payload"));
  CHECK(jws.signing_input() == text_of(signing, "sig-input"));

  Answer answer = judge_jws(compact, key_of(example));
  INFO(answer.reason);
  CHECK(answer.accepted);
  for (std::string_view segment : {"payload", "signature"}) {
    INFO("changed " << segment);
    CHECK(judge_jws(change_octet(compact, segment), key_of(example)).code ==
          VerdictCode::signature);
  }
}

void check_detached(const Json& example) {
  std::string compact = compact_of(example);
  Jws jws = read_jws(compact, kMaxTokenBytes);
  CHECK(jws.faults.empty());  // RFC 7515 lets a payload be empty
  CHECK(jws.octets("payload").empty());
  CHECK(judge_jws(compact, key_of(example)).code == VerdictCode::signature);
  auto verdict = verify({compact, {}}, Policy{}, key_of(example));
  REQUIRE(verdict.has_value());
  CHECK(verdict->code() == VerdictCode::malformed);  // no claims, no JWT

  // Nothing but the payload is missing.
  std::size_t dot = compact.find('.');
  std::string payload = to_base64url(text_of(member(example, "input"), "payload"));
  CHECK(judge_jws(compact.insert(dot + 1, payload), key_of(example)).accepted);
}

/// check_not_compact wants both JSON serializations refused for being JSON, good signature or not.
void check_not_compact(const Json& example) {
  for (const JsonMember& form : *member(example, "output").as_object()) {
    if (form.name == "compact") continue;
    INFO(form.name);
    CHECK((form.name == "json" || form.name == "json_flat"));
    std::string text = form.value.dump();
    Jws jws = read_jws(text, kMaxTokenBytes);
    REQUIRE(jws.faults.size() == 1);
    CHECK(jws.faults.front().rule.id == rules::not_compact.id);
    auto verdict = verify(clean_token(text, kMaxTokenBytes), Policy{}, key_of(example));
    REQUIRE(verdict.has_value());
    CHECK(verdict->code() == VerdictCode::malformed);
    CHECK(verdict->first_failure()->rule.id == rules::not_compact.id);
  }
}

Jwk load_key(const Path& path) {
  INFO(path.filename().string());
  auto jwk = parse_jwk(load_json(path));
  REQUIRE(jwk.has_value());
  return *std::move(jwk);
}

void check_pair(const Path& public_path, const Path& private_path) {
  Jwk half = load_key(public_path);
  Jwk whole = load_key(private_path);
  CHECK_FALSE(half.key.is_private());
  CHECK(whole.key.is_private());
  REQUIRE(thumbprint(half.key).has_value());
  CHECK(thumbprint(half.key) == thumbprint(whole.key));
}

}  // namespace

TEST_CASE("cookbook: signed examples of RFC 7520") {
  auto folder = find_folder("jose-cookbook/jws");
  if (!folder) return;
  std::size_t complete = 0;
  std::size_t detached = 0;
  std::size_t json_only = 0;
  for (const Path& path : list_json(*folder)) {
    INFO(path.filename().string());
    Json example = load_json(path);
    std::string compact = compact_of(example);
    check_not_compact(example);
    if (compact.empty()) {
      ++json_only;
    } else if (is_detached(compact)) {
      ++detached;
      check_detached(example);
    } else {
      ++complete;
      check_complete(example);
    }
  }
  CHECK(complete == 4);   // sections 4.1 to 4.4
  CHECK(detached == 1);   // section 4.5
  CHECK(json_only == 3);  // sections 4.6 to 4.8
}

TEST_CASE("cookbook: the signed example of RFC 8037") {
  auto folder = find_folder("jose-cookbook/curve25519");
  if (!folder) return;
  Json example = load_json(*folder / "jws.json");
  check_complete(example);
  check_not_compact(example);
}

TEST_CASE("cookbook: unencoded payloads of RFC 7797 are refused") {
  auto folder = find_folder("jose-cookbook/rfc7797");
  if (!folder) return;
  std::size_t compact_examples = 0;
  auto paths = list_json(*folder);
  CHECK(paths.size() == 2);
  for (const Path& path : paths) {
    INFO(path.filename().string());
    Json example = load_json(path);
    check_not_compact(example);
    std::string compact = compact_of(example);
    if (!compact.empty()) {
      ++compact_examples;
      CHECK(judge_jws(compact, key_of(example)).rule == rules::illegal_character.id);
    }
    // Encoded, the payload is well-formed: then b64 itself must be what is refused.
    const Json& flat = member(member(example, "output"), "json_flat");
    std::string payload = text_of(flat, "payload");
    std::string header = text_of(flat, "protected");
    Answer answer =
        judge_jws(with_payload(header, payload, text_of(flat, "signature")), key_of(example));
    CHECK(answer.code == VerdictCode::header);
    CHECK(answer.rule == rules::unencoded_payload.id);
  }
  CHECK(compact_examples == 1);
}

TEST_CASE("cookbook: keys of RFC 7520") {
  auto folder = find_folder("jose-cookbook/jwk");
  if (!folder) return;
  auto paths = list_json(*folder);
  CHECK(paths.size() == 6);
  for (const Path& path : paths) {
    Jwk jwk = load_key(path);
    INFO(path.filename().string());
    CHECK(jwk.kid.has_value());
    CHECK(check_key(jwk.key).has_value());
    CHECK(thumbprint(jwk.key).has_value() == (jwk.key.type() != KeyType::oct));
  }
  check_pair(*folder / "3_1.ec_public_key.json", *folder / "3_2.ec_private_key.json");
  check_pair(*folder / "3_3.rsa_public_key.json", *folder / "3_4.rsa_private_key.json");
}

TEST_CASE("cookbook: a key for encryption does not verify") {
  auto folder = find_folder("jose-cookbook/jwk");
  if (!folder) return;
  const Algorithm& hs256 = *find_algorithm("HS256");
  Jwk mac = load_key(*folder / "3_5.symmetric_key_mac_computation.json");
  CHECK(check_usable_for(mac, hs256).has_value());
  CHECK_FALSE(check_usable_for(mac, *find_algorithm("HS384")).has_value());

  Jwk encryption = load_key(*folder / "3_6.symmetric_key_encryption.json");
  CHECK_FALSE(check_usable_for(encryption, hs256).has_value());
  CHECK(allowed_algorithms(encryption).empty());
  // Its alg and its use each rule it out alone.
  encryption.alg = "HS256";
  CHECK_FALSE(check_usable_for(encryption, hs256).has_value());
  encryption.alg = "A256GCM";
  encryption.use = "sig";
  CHECK_FALSE(check_usable_for(encryption, hs256).has_value());
  encryption.alg = "HS256";
  CHECK(check_usable_for(encryption, hs256).has_value());
}

}  // namespace jwtctl::vectors
