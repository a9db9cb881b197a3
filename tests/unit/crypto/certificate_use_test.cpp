// SPDX-License-Identifier: Apache-2.0
// What a certificate is for and who certified it.
#include "lib/crypto/certificate.h"
#include "tests/unit/certificates.h"

namespace jwtctl {
namespace {

using namespace testing;

Certificate parsed(const std::string& der) {
  auto certificate = parse_certificate(der);
  REQUIRE(certificate.has_value());
  return *std::move(certificate);
}

Certificate with_extensions(std::vector<std::pair<int, std::string>> extensions) {
  PkeyPtr key = new_ed25519();
  CertificateDraft draft;
  draft.extensions = std::move(extensions);
  return parsed(make_certificate(key.get(), key.get(), draft));
}

TEST_CASE("key usage and basic constraints") {
  Certificate plain = with_extensions({});
  CHECK(plain.may_sign);
  CHECK_FALSE(plain.is_authority);
  CHECK(plain.is_self_issued);
  CHECK(plain.signature_hash.empty());  // Ed25519 has its own
  CHECK(with_extensions({{NID_key_usage, "digitalSignature,keyAgreement"}}).may_sign);
  CHECK_FALSE(with_extensions({{NID_key_usage, "keyCertSign"}}).may_sign);
  CHECK(with_extensions({{NID_basic_constraints, "critical,CA:TRUE"}}).is_authority);
  CHECK_FALSE(with_extensions({{NID_basic_constraints, "CA:FALSE"}}).is_authority);
}

TEST_CASE("the hash of the signature") {
  PkeyPtr key = new_p256();
  for (const char* digest : {"SHA1", "SHA256", "SHA384"}) {
    CertificateDraft draft;
    draft.digest = digest;
    draft.issuer = "authority";
    Certificate read = parsed(make_certificate(key.get(), key.get(), draft));
    CHECK(read.signature_hash == digest);
    CHECK_FALSE(read.is_self_issued);
  }
}

TEST_CASE("who certified a certificate") {
  PkeyPtr root_key = new_p256();
  PkeyPtr leaf_key = new_ed25519();
  CertificateDraft root_draft;
  root_draft.subject = "root";
  root_draft.digest = "SHA256";
  CertificateDraft leaf_draft;
  leaf_draft.issuer = "root";
  leaf_draft.digest = "SHA256";
  std::string root = make_certificate(root_key.get(), root_key.get(), root_draft);
  std::string leaf = make_certificate(leaf_key.get(), root_key.get(), leaf_draft);
  CHECK(has_certified(root, leaf) == true);
  CHECK(has_certified(root, root) == true);
  CHECK(has_certified(leaf, root) == false);  // by name
  PkeyPtr other = new_p256();
  std::string impostor = make_certificate(other.get(), other.get(), root_draft);
  CHECK(has_certified(impostor, leaf) == false);  // by signature
  CHECK_FALSE(has_certified("no certificate", leaf).has_value());
  CHECK_FALSE(has_certified(root, "no certificate").has_value());
}

TEST_CASE("keys that JOSE does not use are not asked to verify") {
  PkeyPtr odd(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "secp224r1"));
  CertificateDraft draft;
  draft.digest = "SHA256";
  std::string self = make_certificate(odd.get(), odd.get(), draft);
  CHECK_FALSE(has_certified(self, self).has_value());
}

TEST_CASE("SHA-1 names certificates in x5t") {
  auto digest = sha1("abc");  // FIPS 180-4, its example
  REQUIRE(digest.has_value());
  CHECK(to_base64url(*digest) == "qZk-NkcGgWq6PiVxeFDCbJzQ2J0");
}

}  // namespace
}  // namespace jwtctl
