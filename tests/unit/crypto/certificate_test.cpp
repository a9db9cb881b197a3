// SPDX-License-Identifier: Apache-2.0
#include "lib/crypto/certificate.h"

#include <openssl/asn1.h>

#include "tests/unit/keys.h"

namespace jwtctl {
namespace {

using namespace testing;

struct Draft {
  std::string common_name = "signer";
  std::string not_before = "20260101000000Z";
  std::string not_after = "20280101000000Z";
  std::string organization;
};

/// certificate makes the DER of a certificate with OpenSSL.
std::string certificate(const Draft& draft) {
  PkeyPtr key(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  X509Ptr made(X509_new());
  X509_set_version(made.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(made.get()), 1);
  X509_NAME* name = X509_get_subject_name(made.get());
  auto add = [name](const char* field, const std::string& value) {
    REQUIRE(X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8,
                                       reinterpret_cast<const unsigned char*>(value.data()),
                                       static_cast<int>(value.size()), -1, 0) == 1);
  };
  if (!draft.organization.empty()) add("O", draft.organization);
  if (!draft.common_name.empty()) add("CN", draft.common_name);
  X509_set_issuer_name(made.get(), name);
  REQUIRE(ASN1_TIME_set_string_X509(X509_getm_notBefore(made.get()), draft.not_before.c_str()) ==
          1);
  REQUIRE(ASN1_TIME_set_string_X509(X509_getm_notAfter(made.get()), draft.not_after.c_str()) == 1);
  X509_set_pubkey(made.get(), key.get());
  REQUIRE(X509_sign(made.get(), key.get(), nullptr) > 0);
  unsigned char* der = nullptr;
  int size = i2d_X509(made.get(), &der);
  BufferPtr owner(der);
  return {reinterpret_cast<char*>(der), static_cast<std::size_t>(size)};
}

Certificate parsed(const Draft& draft) {
  auto read = parse_certificate(certificate(draft));
  REQUIRE(read.has_value());
  return *std::move(read);
}

TEST_CASE("the dates of a certificate, in both forms of RFC 5280") {
  struct Row {
    std::string text;
    std::int64_t epoch;
  };
  // `date -u -d … +%s`; from 2050 on the form is GeneralizedTime.
  for (const Row& row :
       {Row{"20260101000000Z", 1767225600}, Row{"20270115080000Z", 1800000000},
        Row{"19700101000000Z", 0}, Row{"19600229235959Z", -310435201},
        Row{"20491231235959Z", 2524607999}, Row{"20500101000000Z", 2524608000},
        Row{"20380119031408Z", 2147483648}, Row{"99991231235959Z", 253402300799}}) {
    CAPTURE(row.text);
    Certificate read = parsed({"x", row.text, "99991231235959Z", ""});
    CHECK(read.not_before.seconds == row.epoch);
    CHECK(read.not_before.nanos == 0);
    CHECK(read.not_after.seconds == 253402300799);
    CHECK(parsed({"x", "19600229235959Z", row.text, ""}).not_after.seconds == row.epoch);
  }
}

TEST_CASE("dates that are in no order are told as they are") {
  Certificate read = parsed({"x", "20280101000000Z", "20260101000000Z", ""});
  CHECK(read.not_after.seconds < read.not_before.seconds);
}

TEST_CASE("the subject is written as RFC 2253 does, and UTF-8 stays") {
  CHECK(parsed({}).subject == "CN=signer");
  CHECK(parsed({"signer", "20260101000000Z", "20280101000000Z", "Acme"}).subject ==
        "CN=signer,O=Acme");
  CHECK(parsed({"a,b+c\"d\\e<f>g;h", "20260101000000Z", "20280101000000Z", ""}).subject ==
        "CN=a\\,b\\+c\\\"d\\\\e\\<f\\>g\\;h");
  CHECK(parsed({"Gr\xc3\xbc\xc3\x9f", "20260101000000Z", "20280101000000Z", ""}).subject ==
        "CN=Gr\xc3\xbc\xc3\x9f");
  CHECK(parsed({"", "20260101000000Z", "20280101000000Z", ""}).subject.empty());
}

TEST_CASE("what is no certificate is an input error") {
  std::string good = certificate({});
  std::string spki = "\x30\x03\x02\x01\x01";
  for (const std::string& bad :
       {std::string(), std::string("hello"), spki, good.substr(1), good.substr(0, good.size() - 1),
        good.substr(0, good.size() / 2)}) {
    check_failed(parse_certificate(bad), ErrorCode::input, "this is no certificate");
  }
}

TEST_CASE("a date that is none is an input error") {
  std::string der = certificate({});
  for (std::string_view date : {"260101000000Z", "280101000000Z"}) {
    std::string bad = der;
    std::size_t at = bad.find(date);
    REQUIRE(at != std::string::npos);
    bad.replace(at + 2, 2, "13");
    check_failed(parse_certificate(bad), ErrorCode::input,
                 "the dates of the certificate cannot be read");
  }
}

TEST_CASE("nothing stays in OpenSSL's error queue") {
  CHECK_FALSE(parse_certificate("hello").has_value());
  CHECK(crypto_error("x").error_.message == "x: no reason given");
}

}  // namespace
}  // namespace jwtctl
