// SPDX-License-Identifier: Apache-2.0
// A verifier is only as good as what it refuses: every neighbour of a good token is a bad one.
#include <array>
#include <map>

#include "lib/codec/base64url.h"
#include "lib/crypto/pem.h"
#include "lib/token/verify.h"
#include "tests/catch.h"
#include "tests/judging.h"
#include "tests/vectors/signer.h"

namespace jwtctl::vectors {
namespace {

constexpr std::string_view kPayload = R"({"sub":"a"})";

/// The policy asks for as little as a policy can: what it refuses, the signature refuses.
Policy lenient() {
  Policy policy;
  policy.allow_no_exp = true;
  policy.any_audience = true;
  return policy;
}

KeySource pinned(const Key& key) {
  return [&key](const Jws&) {
    KeySet set;
    set.keys.push_back({0, Jwk{share_key(key), {}, {}, {}, {}}});
    set.pinned = true;
    return make_ring(std::move(set));
  };
}

VerdictCode judge(const CleanedToken& token, const Key& key) {
  auto verdict = verify(token, lenient(), pinned(key));
  if (verdict) return verdict->code();
  FAIL("no verdict on " << token.text << ": " << verdict.error().message);
  return VerdictCode::ok;
}

VerdictCode judge(std::string token, const Key& key) {
  return judge(CleanedToken{std::move(token), {}}, key);
}

/// verification_key is what a relying party has: the public half alone, read from bytes.
Key verification_key(const Key& key) {
  if (key.type() == KeyType::oct) return share_key(key);
  auto half = parse_der_key(public_der(key), nullptr);
  REQUIRE(half.has_value());
  REQUIRE_FALSE(half->is_private());
  return *std::move(half);
}

std::string header_of(std::string_view alg) { return fmt::format(R"({{"alg":"{}"}})", alg); }

std::string with_flipped_bit(std::string token, std::size_t byte, unsigned bit) {
  auto flipped = static_cast<unsigned char>(token[byte]) ^ (1U << bit);
  token[byte] = static_cast<char>(flipped);
  return token;
}

/// Flips is what became of all the neighbours of a token.
struct Flips {
  std::vector<std::string> accepted;
  std::map<VerdictCode, std::size_t> refused;
  std::size_t cleaned = 0;  ///< made to look like a token that was pasted badly
};

Flips flip_every_bit(const std::string& token, const Key& key) {
  Flips flips;
  for (std::size_t byte = 0; byte < token.size(); ++byte) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      std::string changed = with_flipped_bit(token, byte, bit);
      VerdictCode code = judge(changed, key);
      ++flips.refused[code];
      if (code == VerdictCode::ok) flips.accepted.push_back(changed);
      // The command cleans first; that must not mend what the flip broke.
      CleanedToken cleaned = clean_token(changed, kMaxTokenBytes);
      if (cleaned.text == changed) continue;
      ++flips.cleaned;
      if (judge(cleaned, key) == VerdictCode::ok) flips.accepted.push_back(changed);
    }
  }
  return flips;
}

/// check_flips runs a share of the table; the tests below divide it so that they run in parallel.
template <class Wanted>
void check_flips(Wanted wanted) {
  for (const Algorithm& algorithm : signature_algorithms()) {
    if (!wanted(algorithm.scheme)) continue;
    DYNAMIC_SECTION(algorithm.name) {
      Key signer = make_key(algorithm);
      Key key = verification_key(signer);
      std::string token = make_token(signer, algorithm, header_of(algorithm.name), kPayload);
      INFO(token);
      REQUIRE(judge(token, key) == VerdictCode::ok);

      Flips flips = flip_every_bit(token, key);
      CHECK(flips.accepted == std::vector<std::string>{});
      // Were they all refused for their form, the signature would not have been tested.
      CHECK(flips.refused[VerdictCode::malformed] > 0);
      CHECK(flips.refused[VerdictCode::header] > 0);
      CHECK(flips.refused[VerdictCode::signature] > token.size());
      CHECK(flips.cleaned > 0);
    }
  }
}

}  // namespace

TEST_CASE("no RS algorithm accepts a token with one flipped bit") {
  check_flips([](SignatureScheme scheme) { return scheme == SignatureScheme::rsa_pkcs1; });
}

TEST_CASE("no PS algorithm accepts a token with one flipped bit") {
  check_flips([](SignatureScheme scheme) { return scheme == SignatureScheme::rsa_pss; });
}

TEST_CASE("no other algorithm accepts a token with one flipped bit") {
  check_flips([](SignatureScheme scheme) {
    return scheme != SignatureScheme::rsa_pkcs1 && scheme != SignatureScheme::rsa_pss;
  });
}

TEST_CASE("no key accepts a token that says it is unsigned") {
  constexpr std::array<std::string_view, 5> kNones{"none", "None", "nOnE", "NONE", ""};
  for (const Algorithm& algorithm : signature_algorithms()) {
    DYNAMIC_SECTION(algorithm.name) {
      Key signer = make_key(algorithm);
      Key key = verification_key(signer);
      std::string token = make_token(signer, algorithm, header_of(algorithm.name), kPayload);
      std::string signature = token.substr(token.rfind('.') + 1);
      for (std::string_view none : kNones) {
        INFO("alg \"" << none << '"');
        std::string header = header_of(none);
        std::string input = fmt::format("{}.{}", to_base64url(header), to_base64url(kPayload));
        CHECK(judge(fmt::format("{}.", input), key) == VerdictCode::header);
        CHECK(judge(fmt::format("{}.{}", input, signature), key) == VerdictCode::header);
        // A signature that is good by the key's own algorithm changes nothing.
        std::string resigned = make_token(signer, algorithm, header, kPayload);
        CHECK(judge(resigned, key) == VerdictCode::header);
      }
    }
  }
}

TEST_CASE("no key accepts a signature that is cut short") {
  for (const Algorithm& algorithm : signature_algorithms()) {
    DYNAMIC_SECTION(algorithm.name) {
      Key signer = make_key(algorithm);
      Key key = verification_key(signer);
      std::string token = make_token(signer, algorithm, header_of(algorithm.name), kPayload);
      std::string input = token.substr(0, token.rfind('.'));
      CHECK(judge(fmt::format("{}.", input), key) == VerdictCode::signature);

      std::string octets = sign(signer, algorithm, input);
      auto sized = [&](std::size_t size) {
        std::string other = octets;
        other.resize(size, '\0');
        return fmt::format("{}.{}", input, to_base64url(other));
      };
      CHECK(judge(sized(1), key) == VerdictCode::signature);
      CHECK(judge(sized(octets.size() / 2), key) == VerdictCode::signature);
      CHECK(judge(sized(octets.size() - 1), key) == VerdictCode::signature);
      CHECK(judge(sized(octets.size() + 1), key) == VerdictCode::signature);
      CHECK(judge(sized(octets.size() * 2), key) == VerdictCode::signature);
      CHECK(judge(sized(octets.size()), key) == VerdictCode::ok);
    }
  }
}

TEST_CASE("no public key serves as an HMAC secret") {
  const Algorithm& hs256 = *find_algorithm("HS256");
  for (std::string_view name : {"RS256", "PS512", "ES256", "Ed25519"}) {
    DYNAMIC_SECTION(name) {
      Key signer = make_key(*find_algorithm(name));
      Key key = verification_key(signer);
      for (const std::string& bytes : {public_pem(signer), public_der(signer)}) {
        auto secret = make_oct_key(to_bytes<SecretBytes>(bytes));
        REQUIRE(secret.has_value());
        std::string token = make_token(*secret, hs256, header_of("HS256"), kPayload);
        // Not even where somebody has made it the secret.
        CHECK(judge(token, *secret) == VerdictCode::key);
        CHECK(judge(token, key) == VerdictCode::header);
        CHECK(judge(token, signer) == VerdictCode::header);
      }
    }
  }
}

}  // namespace jwtctl::vectors
