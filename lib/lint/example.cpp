// SPDX-License-Identifier: Apache-2.0
#include "lib/lint/example.h"

#include <fmt/format.h>

#include "lib/base/limits.h"
#include "lib/base/text.h"
#include "lib/codec/base64url.h"
#include "lib/crypto/pem.h"
#include "lib/lint/lint.h"

namespace jwtctl {
namespace {

constexpr std::size_t kRsaSignatureOctets = 256;  // of a key of 2048 bits

std::string signature_of(const Example& example, std::string_view header) {
  if (example.signature == "-") return "";
  if (!example.signature.empty()) return std::string(example.signature);
  JsonReading reading = read_json(header);
  const Json* alg = reading.value ? reading.value->find("alg") : nullptr;
  const std::string* name = alg != nullptr ? alg->as_string() : nullptr;
  if (name != nullptr && is_none(*name)) return "";
  const Algorithm* row = name != nullptr ? find_algorithm(*name) : nullptr;
  std::size_t octets = row != nullptr && row->signature_bytes != 0  ? row->signature_bytes
                       : row != nullptr && row->kty == KeyType::rsa ? kRsaSignatureOctets
                                                                    : 64;
  return to_base64url(std::string(octets, '\x55'));
}

/// fill_payload encodes an object with a claim "groups" more, in `characters`: 4n + 1 of them,
/// which no encoder produces, are one less.
std::string fill_payload(std::string_view payload, std::size_t characters) {
  constexpr std::string_view kClaim = R"(,"groups":"")";
  std::size_t octets = characters * 3 / 4;
  std::string open(payload.substr(0, payload.rfind('}')));
  std::size_t used = open.size() + kClaim.size() + 1;
  std::string filler(octets > used ? octets - used : 0, 'g');
  return to_base64url(fmt::format(R"({},"groups":"{}"}})", open, filler));
}

/// kWords are the names of settings in one word each.
constexpr RuleNames kWords{.algorithms = "algorithms",
                           .audiences = "audiences",
                           .issuers = "issuers",
                           .required = "required",
                           .typ = "typ",
                           .profile = "profile",
                           .max_age = "max_age",
                           .max_ttl = "max_ttl",
                           .max_size = "max_size"};

/// read_options understands what an example expects: the names of settings, each before its value.
Result<Expectations> read_options(const Wording& options) {
  Expectations expected;
  expected.policy.now = kExampleNow;
  std::string text = options.with(kWords);
  auto words = split(text, ' ');
  if (options.empty()) return expected;
  for (std::size_t i = 0; i + 1 < words.size(); i += 2) {
    std::string value(words[i + 1]);
    auto seconds = [&value](std::optional<Seconds>& out) -> Result<void> {
      auto length = parse_duration(value);
      if (!length) return fail(std::move(length).error());
      out = *length;
      return {};
    };
    Result<void> done;
    if (words[i] == "issuers") {
      expected.policy.issuers.push_back(value);
    } else if (words[i] == "audiences") {
      expected.policy.audiences.push_back(value);
    } else if (words[i] == "algorithms") {
      expected.policy.algorithms.push_back(value);
    } else if (words[i] == "required") {
      expected.policy.required.push_back(value);
    } else if (words[i] == "typ") {
      expected.policy.typ = value;
    } else if (words[i] == "profile") {
      expected.profile = find_profile(value);
      if (expected.profile == nullptr) done = fail(ErrorCode::usage, "no profile \"{}\"", value);
    } else if (words[i] == "max_size") {
      expected.max_size = std::stoul(value);
    } else if (words[i] == "max_ttl") {
      done = seconds(expected.max_ttl);
    } else if (words[i] == "max_age") {
      done = seconds(expected.policy.max_age);
    } else {
      done = fail(ErrorCode::usage, "no setting \"{}\" in examples", words[i]);
    }
    if (!done) return fail(std::move(done).error());
  }
  return expected;
}

Result<std::vector<Finding>> judge_key_text(std::string_view text, const KeyContext& context) {
  if (looks_like_pem(text)) return judge_key(pem_subject(text), context, every_rule());
  JsonReading reading = read_json(text);
  if (!reading.value) return fail(ErrorCode::input, "{}", reading.fault->message);
  return judge_key(jwk_subject(*reading.value), context, every_rule());
}

Result<std::vector<Finding>> judge_set_text(std::string_view text, const KeyContext& context) {
  JsonReading reading = read_json(text);
  if (!reading.value) return fail(ErrorCode::input, "{}", reading.fault->message);
  auto keys = jwks_subjects(*reading.value);
  return judge_key_set({*reading.value, keys, text.size()}, context, every_rule());
}

}  // namespace

std::string example_text(const Example& example) {
  if (!example.text.empty()) return std::string(example.text);
  std::string_view header = example.header.empty() ? kExampleHeader : example.header;
  std::string_view payload = example.payload.empty() ? kExamplePayload : example.payload;
  std::string head = to_base64url(header);
  std::string signature = signature_of(example, header);
  std::string tail = to_base64url(payload);
  if (example.bytes > head.size() + tail.size() + signature.size() + 2) {
    tail = fill_payload(payload, example.bytes - head.size() - signature.size() - 2);
  }
  return fmt::format("{}.{}.{}", head, tail, signature);
}

Result<std::vector<Finding>> run_example(const Rule& rule, const Example& example) {
  auto expected = read_options(example.options);
  if (!expected) return fail(std::move(expected).error());
  std::optional<KeySet> keys;
  if (!example.keys.empty()) {
    auto json = parse_json(example.keys, "the key set");
    if (!json) return fail(std::move(json).error());
    auto set = parse_jwks(*json);
    if (!set) return fail(std::move(set).error());
    keys = *std::move(set);
    expected->keys = &*keys;
  }
  FileFacts facts;
  const FileFacts* file = rule.needs.file ? &facts : nullptr;
  std::string text = example_text(example);
  KeyContext context{*expected, file};
  if (rule.subject() == "key") return judge_key_text(text, context);
  if (rule.subject() == "key set") return judge_set_text(text, context);
  Jws jws = read_jws(text, kMaxTokenBytes);
  Payload payload = read_payload(jws);
  return judge_token({jws, payload, *expected, file}, every_rule());
}

}  // namespace jwtctl
