// SPDX-License-Identifier: Apache-2.0
// A token that is accepted is one that the holder of the key made and that keeps the policy, as far
// as a second, simpler reading can tell. Input that begins with the line "sign" is a header, a line
// break and a payload, which are signed here; anything else is a token.
#include <openssl/hmac.h>

#include <algorithm>
#include <string>

#include "lib/base/text.h"
#include "lib/codec/base64url.h"
#include "tests/fuzz/targets.h"
#include "tests/judging.h"

namespace jwtctl::fuzz {
namespace {

constexpr std::string_view kMark = "sign\n";
constexpr Instant kNow{1'795'000'000, 0};
constexpr std::string_view kIssuer = "https://id.example.com";
constexpr std::string_view kAudience = "api";
const std::string kSecret(64, 'Z');

std::string hmac(std::string_view alg, std::string_view input) {
  const EVP_MD* hash = alg == "HS256" ? EVP_sha256() : alg == "HS384" ? EVP_sha384() : EVP_sha512();
  unsigned char out[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  HMAC(hash, kSecret.data(), static_cast<int>(kSecret.size()),
       reinterpret_cast<const unsigned char*>(input.data()), input.size(), out, &size);
  return {reinterpret_cast<const char*>(out), size};
}

std::string sign(std::string_view input) {
  std::size_t line = std::min(input.find('\n'), input.size());
  std::string token = fmt::format("{}.{}", to_base64url(input.substr(0, line)),
                                  to_base64url(input.substr(std::min(line + 1, input.size()))));
  return fmt::format("{}.{}", token, to_base64url(hmac("HS256", token)));
}

Result<std::shared_ptr<const KeyRing>> the_key(const Jws&) {
  auto key = make_oct_key(to_bytes<SecretBytes>(kSecret));
  must(key.has_value(), "the key is one");
  KeySet set;
  set.pinned = true;
  set.keys.push_back({0, Jwk{*std::move(key), {}, {}, {}, {}}});
  return make_ring(std::move(set));
}

bool accepts(const std::string& token) {
  static const Policy policy = [] {
    Policy made;
    made.now = kNow;
    made.issuers = {std::string(kIssuer)};
    made.audiences = {std::string(kAudience)};
    return made;
  }();
  auto verdict = verify(CleanedToken{token, {}}, policy, the_key);
  return verdict && verdict->valid();
}

Json read(std::string_view segment) {
  Base64Text text = decode_base64url(segment);
  must(!text.fault && to_base64url(text.octets) == segment, "a segment is spelled as we would");
  auto json = parse_json(text.octets, "it");
  must(json && json->is_object(), "a segment is an object");
  return *std::move(json);
}

bool says(const Json& json, std::string_view wanted) {
  const std::string* text = json.as_string();
  return text != nullptr && *text == wanted;
}

/// date returns a claim in whole seconds, rounded down.
std::int64_t date(const Json& claims, std::string_view name, std::int64_t otherwise) {
  const Json* member = claims.find(name);
  if (member == nullptr) return otherwise;
  must(member->is_number(), "a date is a number");
  return parse_numeric_date(*member->as_number()).value.seconds;
}

void check_accepted(std::string_view token) {
  auto parts = split(token, '.');
  must(parts.size() == 3, "it has three segments");
  Json header = read(parts[0]);
  const Json* alg = header.find("alg");
  bool known =
      alg != nullptr && (says(*alg, "HS256") || says(*alg, "HS384") || says(*alg, "HS512"));
  must(known, "its algorithm is one of the key");
  must(header.find("crit") == nullptr, "it demands no extension");
  std::string_view input = token.substr(0, parts[0].size() + 1 + parts[1].size());
  must(parts[2] == to_base64url(hmac(*alg->as_string(), input)), "it was signed with the key");

  Json claims = read(parts[1]);
  must(date(claims, "exp", 0) >= kNow.seconds, "it is not expired");
  must(date(claims, "nbf", 0) <= kNow.seconds, "it is valid already");
  must(date(claims, "iat", 0) <= kNow.seconds, "it was issued before now");
  const Json* iss = claims.find("iss");
  must(iss != nullptr && says(*iss, kIssuer), "it is from the issuer");
  const Json* aud = claims.find("aud");
  bool ours = aud != nullptr && says(*aud, kAudience);
  const auto* list = aud != nullptr ? aud->as_array() : nullptr;
  for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
    ours = ours || says((*list)[i], kAudience);
  }
  must(ours, "it is for the audience");
}

}  // namespace

void token(std::string_view input) {
  if (!input.starts_with(kMark)) {
    std::string text(input);
    if (accepts(text)) check_accepted(text);
    return;
  }
  std::string text = sign(input.substr(kMark.size()));
  if (!accepts(text)) return;
  check_accepted(text);
  // What was good is not when any one bit of it is another.
  std::size_t at = input.size() * 7 % text.size();
  text[at] = static_cast<char>(text[at] ^ 1);
  must(!accepts(text), "a token that was changed is refused");
}

}  // namespace jwtctl::fuzz
