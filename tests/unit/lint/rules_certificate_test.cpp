// SPDX-License-Identifier: Apache-2.0
// JWK019, JWK020 and JWK022: the certificates of keys.
#include "lib/base/limits.h"
#include "lib/crypto/certificate.h"
#include "tests/unit/certificates.h"
#include "tests/unit/lint/judged.h"

namespace jwtctl {
namespace {

using namespace testing;

/// Owner has one key, of which all certificates below are.
struct Owner {
  PkeyPtr pkey = new_ed25519();
  PkeyPtr authority = new_p256();

  Json jwk() const {
    auto key = adopt_pkey(PkeyPtr(EVP_PKEY_dup(pkey.get())));
    REQUIRE(key.has_value());
    auto json = public_jwk(*key);
    REQUIRE(json.has_value());
    return *std::move(json);
  }
  Json jwk(const std::vector<std::string>& chain) const {
    std::vector<std::string> texts;
    for (const std::string& der : chain) texts.push_back(to_base64(der));
    return with(jwk(), "x5c", Json::strings(texts));
  }
  std::string self_signed(const CertificateDraft& draft = {}) const {
    return make_certificate(pkey.get(), pkey.get(), draft);
  }
  std::string certified(CertificateDraft draft = {}) const {
    draft.issuer = "root";
    if (draft.digest == nullptr) draft.digest = "SHA256";
    return make_certificate(pkey.get(), authority.get(), draft);
  }
  std::string root(CertificateDraft draft = {}) const {
    draft.subject = "root";
    if (draft.digest == nullptr) draft.digest = "SHA256";
    return make_certificate(authority.get(), authority.get(), draft);
  }
};

TEST_CASE("a certificate or a chain of the key is quiet") {
  Owner owner;
  CHECK(judged_key(owner.jwk({owner.self_signed()})).empty());
  CHECK(judged_key(owner.jwk({owner.certified(), owner.root()})).empty());
  CHECK(judged_key(owner.jwk({owner.certified()})).empty());
}

TEST_CASE("JWK019: certificates that are of another key, or in another order") {
  Owner owner;
  Owner other;
  CHECK(judged_key(owner.jwk({other.self_signed()})) ==
        Lines{"error JWK019 x5c/0: the certificate is for another key"});
  const Lines order{"error JWK019 x5c/1: this certificate did not certify the one before it"};
  CHECK(judged_key(owner.jwk({owner.certified(), other.root()})) == order);
  CHECK(judged_key(owner.jwk({owner.certified(), owner.self_signed()})) == order);
}

TEST_CASE("JWK019: certificates that are none") {
  Owner owner;
  Json key = owner.jwk();
  std::string der = owner.self_signed();
  auto judged_x5c = [&key](Json x5c) { return judged_key(with(key, "x5c", std::move(x5c))); };
  for (const Json& none : {Json("text"), Json(Json::Array{})}) {
    CHECK(judged_x5c(none) == Lines{"error JWK019 x5c: \"x5c\" must be an array of certificates"});
  }
  const Lines none{"error JWK019 x5c/0: this is no certificate"};
  CHECK(judged_x5c(Json::Array{1}) == none);
  CHECK(judged_x5c(Json::Array{"AAAA"}) == none);
  std::string url_text;
  while (url_text.find_first_of("-_") == std::string::npos) {
    url_text = to_base64url(owner.self_signed());
    owner = Owner{};
  }
  CHECK(judged_x5c(Json::Array{url_text}) ==
        Lines{"error JWK019 x5c/0: the certificate is in base64url, it must be in base64"});
  std::string wrapped = to_base64(der);
  wrapped.insert(64, "\n");
  CHECK(judged_x5c(Json::Array{wrapped}) ==
        Lines{"error JWK019 x5c/0: the certificate is not in base64"});
}

TEST_CASE("JWK019: digests of the certificate") {
  Owner owner;
  std::string der = owner.self_signed();
  Json key = owner.jwk({der});
  struct Row {
    std::string_view name;
    std::string digest;
  };
  for (const Row& row : {Row{"x5t", *sha1(der)}, Row{"x5t#S256", *sha256(der)}}) {
    CAPTURE(row.name);
    auto judged_digest = [&](Json value) { return judged_key(with(key, row.name, value)); };
    CHECK(judged_digest(to_base64url(row.digest)).empty());
    std::string changed = row.digest;
    changed.front() = static_cast<char>(changed.front() + 1);
    CHECK(judged_digest(to_base64url(changed)) ==
          Lines{fmt::format("error JWK019 {}: {} is not the digest of the certificate", row.name,
                            row.name)});
    const Lines none{fmt::format("error JWK019 {}: {} is no digest of {} octets", row.name,
                                 row.name, row.digest.size())};
    CHECK(judged_digest(to_base64url(row.digest.substr(1))) == none);
    CHECK(judged_digest(1) == none);
    CHECK(judged_digest("a b") == none);
    std::string hex;
    for (char octet : row.digest) hex += fmt::format("{:02X}", static_cast<unsigned char>(octet));
    CHECK(judged_digest(to_base64url(hex)) ==
          Lines{fmt::format("warning JWK019 {}: {} holds the digest as hexadecimal", row.name,
                            row.name)});
    // Without a certificate the length is all that can be judged.
    CHECK(judged_key(with(owner.jwk(), row.name, to_base64url(changed))).empty());
  }
}

TEST_CASE("JWK019: so many certificates are looked at, and more are told") {
  Owner owner;
  std::string root = owner.root();
  std::vector<std::string> chain{owner.certified()};
  while (chain.size() < kMaxChainLength) chain.push_back(root);
  CHECK(judged_key(owner.jwk(chain)).empty());
  chain.push_back("no certificate");
  CHECK(judged_key(owner.jwk(chain)) ==
        Lines{"note JWK019 x5c: x5c has 11 certificates, the first 10 were looked at"});
}

TEST_CASE("JWK020: certificates are valid from their first to their last second") {
  Owner owner;  // judged at 2026-01-01T00:00:00Z
  auto judged_dates = [&owner](std::string not_before, std::string not_after) {
    CertificateDraft draft;
    draft.not_before = std::move(not_before);
    draft.not_after = std::move(not_after);
    return judged_key(owner.jwk({owner.self_signed(draft)}));
  };
  CHECK(judged_dates("20260101000000Z", "20260101000000Z").empty());
  CHECK(judged_dates("20260101000001Z", "20350101000000Z") ==
        Lines{"warning JWK020 x5c/0: the certificate becomes valid in 1 s"});
  CHECK(judged_dates("20250101000000Z", "20251231235959Z") ==
        Lines{"warning JWK020 x5c/0: the certificate expired 1 s ago"});
}

TEST_CASE("JWK020: those above it too, and the one of a PEM") {
  Owner owner;
  CertificateDraft old;
  old.not_after = "20251231235959Z";
  CHECK(judged_key(owner.jwk({owner.certified(), owner.root(old)})) ==
        Lines{"warning JWK020 x5c/1: the certificate expired 1 s ago"});
  std::string pem = fmt::format("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
                                to_base64(owner.self_signed(old)));
  CHECK(judged_pem(pem) == Lines{"warning JWK020 : the certificate expired 1 s ago"});
}

TEST_CASE("JWK022: what the certificate is for, and how it is signed") {
  Owner owner;
  auto judged_use = [&owner](int nid, std::string value) {
    CertificateDraft draft;
    draft.extensions = {{nid, std::move(value)}};
    return judged_key(owner.jwk({owner.self_signed(draft)}));
  };
  CHECK(judged_use(NID_key_usage, "digitalSignature").empty());
  CHECK(judged_use(NID_key_usage, "keyAgreement") ==
        Lines{"warning JWK022 x5c/0: the key usage of the certificate has no digitalSignature"});
  CHECK(judged_use(NID_basic_constraints, "CA:TRUE") ==
        Lines{"note JWK022 x5c/0: the certificate is that of an authority"});
  CertificateDraft weak;
  weak.digest = "SHA1";
  CHECK(judged_key(owner.jwk({owner.certified(weak)})) ==
        Lines{"warning JWK022 x5c/0: the certificate is signed with SHA1"});
  // An authority above the key is what it must be, and nobody relies on a root's signature.
  weak.extensions = {{NID_basic_constraints, "CA:TRUE"}, {NID_key_usage, "keyCertSign"}};
  CHECK(judged_key(owner.jwk({owner.certified(), owner.root(weak)})).empty());
}

}  // namespace
}  // namespace jwtctl
