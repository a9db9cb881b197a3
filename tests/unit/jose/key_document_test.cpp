// SPDX-License-Identifier: Apache-2.0
#include "lib/jose/key_document.h"

#include "lib/base/limits.h"
#include "lib/crypto/pem_write.h"
#include "tests/unit/keys.h"

namespace jwtctl {
namespace {

using namespace testing;

constexpr Instant kNow{1800000000, 0};

Result<KeyDocument> read(std::string_view text, const SecretBytes* passphrase = nullptr) {
  return parse_key_document(to_bytes<SecretBytes>(text), passphrase);
}

KeyDocument document(std::string_view text, const SecretBytes* passphrase = nullptr) {
  auto found = read(text, passphrase);
  INFO((found ? "" : found.error().message));
  REQUIRE(found.has_value());
  return *std::move(found);
}

KeyDocument set_of(Json::Array keys) {
  return document(Json::object({{"keys", std::move(keys)}}).dump());
}

std::string pem(const Key& key) {
  auto text = key.is_private() ? encode_private_key(key, Encoding::pem, nullptr)
                               : encode_public_key(key, Encoding::pem);
  REQUIRE(text.has_value());
  return std::string(as_text(*text));
}

/// certificate is the DER of one that `key` signed for itself, from and to an epoch.
std::string certificate(const Key& key, std::int64_t from, std::int64_t to) {
  X509Ptr made(X509_new());
  X509_set_version(made.get(), X509_VERSION_3);
  ASN1_TIME_set(X509_getm_notBefore(made.get()), from);
  ASN1_TIME_set(X509_getm_notAfter(made.get()), to);
  X509_set_pubkey(made.get(), key.pkey());
  REQUIRE(X509_sign(made.get(), key.pkey(), nullptr) > 0);
  unsigned char* der = nullptr;
  int size = i2d_X509(made.get(), &der);
  BufferPtr owner(der);
  return {reinterpret_cast<char*>(der), static_cast<std::size_t>(size)};
}

std::string base64(std::string_view bytes) {
  std::string out(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                             reinterpret_cast<const unsigned char*>(bytes.data()),
                             static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(size));
  return out;
}

Key ed_pair() { return key_of(with(ed_jwk(), "d", kEdD)); }

TEST_CASE("each form is recognised, and PEM and DER become JWK") {
  Json whole = with(ed_jwk(), "d", kEdD);
  KeyDocument one = document(pem(ed_pair()));
  CHECK(one.form == KeyForm::pem);
  REQUIRE(one.entries.size() == 1);
  CHECK(one.entries[0].members.dump() == whole.dump());
  CHECK_FALSE(one.entries[0].kid().has_value());
  auto der = encode_private_key(ed_pair(), Encoding::der, nullptr);
  KeyDocument two = document(as_text(*der));
  CHECK(two.form == KeyForm::der);
  CHECK(two.entries[0].members.dump() == whole.dump());
  KeyDocument three = document(" \n" + with(whole, "kid", "k").dump() + "\n");
  CHECK(three.form == KeyForm::jwk);
  CHECK(three.entries[0].kid() == "k");
  KeyDocument four = set_of({whole});
  CHECK(four.form == KeyForm::jwks);
  CHECK(four.entries[0].members.dump() == whole.dump());
}

TEST_CASE("every entry of a set is kept, in its place, the broken ones with why") {
  Json broken = Json::object({{"kty", "AKP"}, {"kid", "b"}, {"x-note", Json::Number{"1.50"}}});
  KeyDocument set = set_of({broken, ed_jwk(), "text", with(ec_jwk(), "kid", "e")});
  REQUIRE(set.entries.size() == 4);
  for (std::size_t i = 0; i < 4; ++i) CHECK(set.entries[i].index == i);
  CHECK_FALSE(set.entries[0].jwk.has_value());
  CHECK(set.entries[0].problem.find("AKP") != std::string::npos);
  CHECK(set.entries[0].members.dump() == broken.dump());
  CHECK(set.entries[0].kid() == "b");
  CHECK(set.entries[1].jwk.has_value());
  CHECK(set.entries[1].problem.empty());
  CHECK(set.entries[2].problem == "a key must be an object, not a string");
  CHECK(set.entries[3].kid() == "e");
}

TEST_CASE("every PEM block is an entry, and only a file without any key is refused") {
  std::string block = "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n";
  KeyDocument several = document("x\n" + pem(ed_pair()) + block + pem(key_of(ec_jwk())));
  REQUIRE(several.entries.size() == 3);
  CHECK(several.entries[0].jwk->key.is_private());
  CHECK(several.entries[1].problem == "the PEM block \"PUBLIC KEY\" is broken");
  CHECK(several.entries[2].jwk->key.curve() == Curve::p256);
  check_failed(read(block), ErrorCode::input, "is broken");
  check_failed(read("-----BEGIN PUBLIC KEY-----\nAAAA\n"), ErrorCode::input, "no complete block");
}

TEST_CASE("what is no document fails as its reader does", "[slow]") {
  check_failed(read(""), ErrorCode::input, "");
  check_failed(read("hello"), ErrorCode::input, "");
  check_failed(read("{\"kty\":\"OKP\""), ErrorCode::input, "");
  check_failed(read(R"({"keys":[]})"), ErrorCode::key_refused, "empty");
  check_failed(read(R"({"a":1})"), ErrorCode::input, "no array \"keys\"");
  check_failed(read("[]"), ErrorCode::input, "no array \"keys\"");
  check_failed(read(R"({"kty":"AKP"})"), ErrorCode::key_refused, "AKP");
  auto phrase = to_bytes<SecretBytes>("open sesame");
  auto wrong = to_bytes<SecretBytes>("close sesame");
  auto encrypted = encode_private_key(ed_pair(), Encoding::pem, &phrase);
  check_failed(read(as_text(*encrypted)), ErrorCode::usage, "encrypted", "--passphrase");
  check_failed(read(as_text(*encrypted), &wrong), ErrorCode::crypto, "passphrase");
  CHECK(document(as_text(*encrypted), &phrase).entries[0].jwk->key.is_private());
}

TEST_CASE("a certificate in PEM or DER, and the first of x5c") {
  std::string der = certificate(ed_pair(), 1700000000, 1900000000);
  std::string other = certificate(native_key("ES256"), 1, 2);
  KeyDocument plain = document(der);
  REQUIRE(plain.entries[0].certificate().has_value());
  CHECK(plain.entries[0].certificate()->not_before.seconds == 1700000000);
  CHECK_FALSE(plain.entries[0].jwk->key.is_private());
  std::string armoured =
      fmt::format("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", base64(der));
  KeyDocument text = document(armoured + pem(ed_pair()));
  CHECK(text.entries[0].certificate()->not_after.seconds == 1900000000);
  CHECK_FALSE(text.entries[1].certificate().has_value());
  KeyDocument jwk = document(with(ed_jwk(), "x5c", Json::Array{base64(der), base64(other)}).dump());
  CHECK(jwk.entries[0].certificate()->not_before.seconds == 1700000000);
  for (const Json& none : {Json(Json::Array{}), Json("text"), Json(Json::Array{1}),
                           Json(Json::Array{"!"}), Json(Json::Array{"AAAA"})}) {
    CHECK_FALSE(document(with(ed_jwk(), "x5c", none).dump()).entries[0].certificate().has_value());
  }
}

TEST_CASE("a certificate is judged on both sides of its dates") {
  auto notes = [](std::int64_t from, std::int64_t to, const Json& key, const Key& signer) {
    Json x5c = Json::Array{base64(certificate(signer, from, to))};
    KeyJudgement judgement = check_entry(document(with(key, "x5c", x5c).dump()).entries[0], kNow);
    CHECK(judgement.usable);
    return judgement.notes;
  };
  std::int64_t now = kNow.seconds;
  CHECK(notes(now, now + 1, ed_jwk(), ed_pair()).empty());
  CHECK(notes(now - 1, now, ed_jwk(), ed_pair()).empty());
  auto early = notes(now + 1, now + 2, ed_jwk(), ed_pair());
  REQUIRE(early.size() == 1);
  CHECK(early[0].rfind("its certificate becomes valid ", 0) == 0);
  auto late = notes(now - 2, now - 1, ed_jwk(), ed_pair());
  REQUIRE(late.size() == 1);
  CHECK(late[0].rfind("its certificate expired ", 0) == 0);
  CHECK(notes(now, now, ed_jwk(), native_key("ES256")) ==
        std::vector<std::string>{"its x5c certifies another key"});
}

TEST_CASE("an entry is usable when some algorithm may verify or sign with it") {
  auto judge = [](const Json& json) { return check_entry(set_of({json}).entries[0], kNow); };
  for (const Json& good : {ed_jwk(), with(ed_jwk(), "alg", "Ed25519"), with(ec_jwk(), "use", "sig"),
                           with(ed_jwk(), "key_ops", Json::Array{"verify"})}) {
    CAPTURE(good.dump());
    CHECK(judge(good).usable);
    CHECK(judge(good).notes.empty());
  }
  Json signer = with(with(ed_jwk(), "d", kEdD), "key_ops", Json::Array{"sign"});
  CHECK(judge(signer).usable);
  CHECK(judge(signer).notes ==
        std::vector<std::string>{"holds the private half: whoever has it can sign"});
  CHECK(judge(oct_jwk()).notes == std::vector<std::string>{"a secret: whoever has it can sign"});
  for (const Json& bad :
       {with(ed_jwk(), "alg", "ES256"), with(ed_jwk(), "use", "enc"),
        with(ed_jwk(), "key_ops", Json::Array{"sign"}), Json::object({{"kty", "AKP"}})}) {
    CAPTURE(bad.dump());
    CHECK_FALSE(judge(bad).usable);
    CHECK(judge(bad).notes.size() == 1);
  }
  Json short_secret = with(oct_jwk(), "k", to_base64url(std::string(31, 's')));
  CHECK_FALSE(judge(short_secret).usable);
  CHECK(judge(with(oct_jwk(), "k", to_base64url(std::string(32, 's')))).usable);
}

TEST_CASE("conversion gives the half that was asked for, with every member") {
  Json whole = with(with(ed_jwk(), "d", kEdD), "x-note", Json::Number{"1.50"});
  KeyDocument document = set_of({whole, ec_jwk(), Json::object({{"kty", "AKP"}})});
  CHECK(convert_entry(document.entries[0], Half::private_half)->dump() == whole.dump());
  CHECK(convert_entry(document.entries[0], Half::public_half)->dump() ==
        with(ed_jwk(), "x-note", Json::Number{"1.50"}).dump());
  check_failed(convert_entry(document.entries[1], Half::private_half), ErrorCode::key_refused,
               "it has no private half");
  check_failed(convert_entry(document.entries[2], Half::public_half), ErrorCode::key_refused,
               "AKP");
  KeyDocument secret = set_of({oct_jwk()});
  check_failed(convert_entry(secret.entries[0], Half::public_half), ErrorCode::key_refused,
               "a secret has no public half");
  CHECK(convert_entry(secret.entries[0], Half::private_half)->dump() == oct_jwk().dump());
}

}  // namespace
}  // namespace jwtctl
