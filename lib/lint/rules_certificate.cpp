// SPDX-License-Identifier: Apache-2.0
// Rules on the certificates of keys (RFC 7517 sections 4.7 to 4.9, RFC 5280).
#include <fmt/format.h>

#include <algorithm>

#include "lib/base/limits.h"
#include "lib/base/text.h"
#include "lib/codec/base64url.h"
#include "lib/crypto/certificate.h"
#include "lib/lint/catalogue.h"
#include "lib/lint/key_faults.h"

namespace jwtctl {
namespace {

/// looked_at returns the certificates that are judged.
std::span<const std::string> looked_at(const KeySubject& key) {
  return std::span(key.certificates).first(std::min(key.certificates.size(), kMaxChainLength));
}

/// place_of returns where a certificate stands; one that came as PEM or DER is the whole.
std::string place_of(const KeySubject& key, std::size_t index) {
  return key.member("x5c") != nullptr ? member_place("x5c", index) : std::string();
}

void judge_spelling(const Json& x5c, Remarks& remarks) {
  const Json::Array* items = x5c.as_array();
  if (items == nullptr || items->empty()) {
    remarks.push_back({"x5c", "\"x5c\" must be an array of certificates"});
    return;
  }
  for (std::size_t i = 0; i < std::min(items->size(), kMaxChainLength); ++i) {
    const std::string* text = (*items)[i].as_string();
    auto der = text != nullptr ? parse_base64(*text) : Result<SecretBytes>(SecretBytes{});
    std::string place = member_place("x5c", i);
    if (der && parse_certificate(as_text(*der))) continue;
    if (der) {
      remarks.push_back({place, "this is no certificate"});
    } else if (parse_base64url(*text)) {
      remarks.push_back({place, "the certificate is in base64url, it must be in base64"});
    } else {
      remarks.push_back({place, "the certificate is not in base64"});
    }
  }
  if (items->size() > kMaxChainLength) {
    remarks.push_back({"x5c",
                       fmt::format("x5c has {} certificates, the first {} were looked at",
                                   items->size(), kMaxChainLength),
                       std::nullopt, Severity::note});
  }
}

void judge_chain(const KeySubject& key, Remarks& remarks) {
  auto chain = looked_at(key);
  if (chain.empty()) return;
  if (key.jwk && certifies_other_key(chain.front(), key.jwk->key)) {
    remarks.push_back({"x5c/0", "the certificate is for another key"});
  }
  for (std::size_t i = 1; i < chain.size(); ++i) {
    if (has_certified(chain[i], chain[i - 1]).value_or(true)) continue;
    remarks.push_back(
        {member_place("x5c", i), "this certificate did not certify the one before it"});
  }
}

/// judge_digest compares x5t or x5t#S256 with the first certificate, if there is one.
void judge_digest(const KeySubject& key, std::string_view name, std::size_t size,
                  Result<std::string> (*digest)(std::string_view), Remarks& remarks) {
  if (key.member(name) == nullptr) return;
  auto text = key.text(name);
  auto octets = text ? parse_base64url(*text) : Result<SecretBytes>(SecretBytes{});
  std::string_view given = octets ? as_text(*octets) : std::string_view();
  if (octets && given.size() == 2 * size && parse_hex(given)) {
    remarks.push_back({std::string(name), fmt::format("{} holds the digest as hexadecimal", name),
                       std::nullopt, Severity::warning});
    return;
  }
  if (!octets || given.size() != size) {
    remarks.push_back({std::string(name), fmt::format("{} is no digest of {} octets", name, size)});
    return;
  }
  auto chain = looked_at(key);
  auto wanted = chain.empty() ? Result<std::string>(std::string()) : digest(chain.front());
  if (chain.empty() || !wanted || given == *wanted) return;
  remarks.push_back(
      {std::string(name), fmt::format("{} is not the digest of the certificate", name)});
}

Remarks x5c_mismatch(const KeySubject& key, const KeyContext& /*context*/) {
  Remarks remarks;
  if (const Json* x5c = key.member("x5c")) {
    judge_spelling(*x5c, remarks);
    judge_chain(key, remarks);
  }
  judge_digest(key, "x5t", 20, sha1, remarks);
  judge_digest(key, "x5t#S256", 32, sha256, remarks);
  return remarks;
}

constexpr Rule kX5cMismatch{
    .id = rules::x5c_mismatch,
    .level = Severity::error,
    .summary = "the certificates do not belong to the key",
    .why =
        "The first certificate of x5c must be for the key, each further one must have certified "
        "the one before it, and x5t and x5t#S256 must be the digests of the first. Where they are "
        "not, one verifier takes the key and another the certificate.",
    .source = "RFC 7517 sections 4.7 to 4.9",
    .fix =
        "Publish the chain of the key itself: standard base64 of the DER, no line breaks, and the "
        "digests made anew after each renewal.",
    .bad =
        {{.text =
              R"({"kty":"OKP","crv":"Ed25519","x":"i8TR3Y-c8lRzhY_B_BcT0lws04NFAkFrYBH0YZEK0cw",)"
              R"("alg":"Ed25519","use":"sig","kid":"2026-e",)"
              R"("x5c":["MIHDMHegAwIBAgIBATAFBgMrZXAwDDEKMAgGA1UEAwwBYTAeFw0yNTAxMDEwMDAwMDBaFw0zNT)"
              R"(AxMDEwMDAwMDBaMAwxCjAIBgNVBAMMAWEwKjAFBgMrZXADIQAepqJhsdbhYNpa0wwhmyik3A2DDxwVt6UF)"
              R"(MPJONwjroDAFBgMrZXADQQDnQ10NH/f71DrR2N/AUY/oCBtayIiw/pbYY7vxRiAVWtH3NcBlymnsB9G0Wd)"
              R"(JEviqpoy1GO3Tyavg7noDqNhYF"]})"},
         {.text =
              R"({"kty":"OKP","crv":"Ed25519","x":"HqaiYbHW4WDaWtMMIZsopNwNgw8cFbelBTDyTjcI66A",)"
              R"("alg":"Ed25519","use":"sig","kid":"2026-e",)"
              R"("x5c":["MIHDMHegAwIBAgIBATAFBgMrZXAwDDEKMAgGA1UEAwwBYTAeFw0yNTAxMDEwMDAwMDBaFw0zNT)"
              R"(AxMDEwMDAwMDBaMAwxCjAIBgNVBAMMAWEwKjAFBgMrZXADIQAepqJhsdbhYNpa0wwhmyik3A2DDxwVt6UF)"
              R"(MPJONwjroDAFBgMrZXADQQDnQ10NH/f71DrR2N/AUY/oCBtayIiw/pbYY7vxRiAVWtH3NcBlymnsB9G0Wd)"
              R"(JEviqpoy1GO3Tyavg7noDqNhYF"],"x5t#S256":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA)"
              R"(AA"})"},
         {.text =
              R"({"kty":"OKP","crv":"Ed25519","x":"HqaiYbHW4WDaWtMMIZsopNwNgw8cFbelBTDyTjcI66A",)"
              R"("alg":"Ed25519","use":"sig","kid":"2026-e",)"
              R"("x5c":["MIHDMHegAwIBAgIBATAFBgMrZXAwDDEKMAgGA1UEAwwBYjAeFw0yNTAxMDEwMDAwMDBaFw0zNT)"
              R"(AxMDEwMDAwMDBaMAwxCjAIBgNVBAMMAWEwKjAFBgMrZXADIQAepqJhsdbhYNpa0wwhmyik3A2DDxwVt6UF)"
              R"(MPJONwjroDAFBgMrZXADQQBGr/PzdIU2LolV+2uZMJQGuu3lYkUgGJIuxTFh84p9V6UEqW18mXd3AyJtv0)"
              R"(uy0kmSQv0M/4zUgTfgphghd8gF","MIHDMHegAwIBAgIBATAFBgMrZXAwDDEKMAgGA1UEAwwBYTAeFw0yN)"
              R"(TAxMDEwMDAwMDBaFw0zNTAxMDEwMDAwMDBaMAwxCjAIBgNVBAMMAWEwKjAFBgMrZXADIQAepqJhsdbhYNp)"
              R"(a0wwhmyik3A2DDxwVt6UFMPJONwjroDAFBgMrZXADQQDnQ10NH/f71DrR2N/AUY/oCBtayIiw/pbYY7vxR)"
              R"(iAVWtH3NcBlymnsB9G0WdJEviqpoy1GO3Tyavg7noDqNhYF"]})"}},
    .good =
        {.text =
             R"({"kty":"OKP","crv":"Ed25519","x":"HqaiYbHW4WDaWtMMIZsopNwNgw8cFbelBTDyTjcI66A",)"
             R"("alg":"Ed25519","use":"sig","kid":"2026-e",)"
             R"("x5c":["MIHDMHegAwIBAgIBATAFBgMrZXAwDDEKMAgGA1UEAwwBYjAeFw0yNTAxMDEwMDAwMDBaFw0zNT)"
             R"(AxMDEwMDAwMDBaMAwxCjAIBgNVBAMMAWEwKjAFBgMrZXADIQAepqJhsdbhYNpa0wwhmyik3A2DDxwVt6UF)"
             R"(MPJONwjroDAFBgMrZXADQQBGr/PzdIU2LolV+2uZMJQGuu3lYkUgGJIuxTFh84p9V6UEqW18mXd3AyJtv0)"
             R"(uy0kmSQv0M/4zUgTfgphghd8gF","MIHDMHegAwIBAgIBATAFBgMrZXAwDDEKMAgGA1UEAwwBYjAeFw0yN)"
             R"(TAxMDEwMDAwMDBaFw0zNTAxMDEwMDAwMDBaMAwxCjAIBgNVBAMMAWIwKjAFBgMrZXADIQCLxNHdj5zyVHO)"
             R"(Fj8H8FxPSXCzTg0UCQWtgEfRhkQrRzDAFBgMrZXADQQCI0Fqjt9xekALkyfL/YsXLSKQKxfbYrCCswwYLo)"
             R"(Y1qwtfKwBVlo/05Z48T7BCZoPjbjhlZqA7atalGQCingDEJ"]})"},
    .check = x5c_mismatch};

Remarks certificate_validity(const KeySubject& key, const KeyContext& context) {
  Remarks remarks;
  auto chain = looked_at(key);
  for (std::size_t i = 0; i < chain.size(); ++i) {
    auto certificate = parse_certificate(chain[i]);
    if (!certificate) continue;
    if (context.now() < certificate->not_before) {
      remarks.push_back(
          {place_of(key, i), fmt::format("the certificate becomes valid {}",
                                         format_relative(certificate->not_before, context.now()))});
    } else if (certificate->not_after < context.now()) {
      remarks.push_back(
          {place_of(key, i), fmt::format("the certificate expired {}",
                                         format_relative(certificate->not_after, context.now()))});
    }
  }
  return remarks;
}

constexpr Rule kCertificateValidity{
    .id = {"JWK020", "certificate-validity"},
    .level = Severity::warning,
    .needs = {.clock = true},
    .summary = "a certificate of the key has expired or is not valid yet",
    .why =
        "RFC 7517 leaves it to the application whether a certificate must be valid, and most JWT "
        "libraries do not look. Those that do refuse every token of this key.",
    .source = "RFC 5280 section 4.1.2.5; RFC 7517 section 4.7",
    .fix = "Renew the certificate, or publish the key without x5c.",
    .bad =
        {{.text =
              R"({"kty":"OKP","crv":"Ed25519","x":"HqaiYbHW4WDaWtMMIZsopNwNgw8cFbelBTDyTjcI66A",)"
              R"("alg":"Ed25519","use":"sig","kid":"2026-e",)"
              R"("x5c":["MIHDMHegAwIBAgIBATAFBgMrZXAwDDEKMAgGA1UEAwwBYTAeFw0xOTAxMDEwMDAwMDBaFw0yMT)"
              R"(AxMDEwMDAwMDBaMAwxCjAIBgNVBAMMAWEwKjAFBgMrZXADIQAepqJhsdbhYNpa0wwhmyik3A2DDxwVt6UF)"
              R"(MPJONwjroDAFBgMrZXADQQCo0MLkN52cB56sRpHqAn4a0wY8oQ4ZHFwTftoZmrkWLfSXG+f/zuH+XSg8fC)"
              R"(TaRcN3dVx/hu2uGc7GbbwmImAJ"]})"}},
    .good =
        {.text =
             R"({"kty":"OKP","crv":"Ed25519","x":"HqaiYbHW4WDaWtMMIZsopNwNgw8cFbelBTDyTjcI66A",)"
             R"("alg":"Ed25519","use":"sig","kid":"2026-e",)"
             R"("x5c":["MIHDMHegAwIBAgIBATAFBgMrZXAwDDEKMAgGA1UEAwwBYTAeFw0yNTAxMDEwMDAwMDBaFw0zNT)"
             R"(AxMDEwMDAwMDBaMAwxCjAIBgNVBAMMAWEwKjAFBgMrZXADIQAepqJhsdbhYNpa0wwhmyik3A2DDxwVt6UF)"
             R"(MPJONwjroDAFBgMrZXADQQDnQ10NH/f71DrR2N/AUY/oCBtayIiw/pbYY7vxRiAVWtH3NcBlymnsB9G0Wd)"
             R"(JEviqpoy1GO3Tyavg7noDqNhYF"]})"},
    .check = certificate_validity};

Remarks certificate_unfit(const KeySubject& key, const KeyContext& /*context*/) {
  // A certificate that lies about as PEM may be for something else than tokens.
  if (key.member("x5c") == nullptr) return {};
  Remarks remarks;
  auto chain = looked_at(key);
  for (std::size_t i = 0; i < chain.size(); ++i) {
    auto certificate = parse_certificate(chain[i]);
    if (!certificate) continue;
    std::string place = place_of(key, i);
    if (i == 0 && !certificate->may_sign) {
      remarks.push_back({place, "the key usage of the certificate has no digitalSignature"});
    }
    if (i == 0 && certificate->is_authority) {
      remarks.push_back(
          {place, "the certificate is that of an authority", std::nullopt, Severity::note});
    }
    bool weak = certificate->signature_hash == "SHA1" || certificate->signature_hash == "MD5";
    // Nobody relies on the signature of a root.
    if (weak && !certificate->is_self_issued) {
      remarks.push_back(
          {place, fmt::format("the certificate is signed with {}", certificate->signature_hash)});
    }
  }
  return remarks;
}

constexpr Rule kCertificateUnfit{
    .id = {"JWK022", "certificate-unfit"},
    .level = Severity::warning,
    .summary = "the certificate is not one for signing, or weakly signed",
    .why =
        "Its key usage does not allow signatures, or it is itself signed with SHA-1 or MD5, whose "
        "collisions let it be forged. A verifier that looks at certificates refuses it. The "
        "certificate of an authority as signing key is a note.",
    .source = "RFC 5280 sections 4.2.1.3 and 4.2.1.9",
    .fix = "Let the key be certified for digitalSignature, with SHA-256 or better.",
    .bad =
        {{.text =
              R"({"kty":"OKP","crv":"Ed25519","x":"HqaiYbHW4WDaWtMMIZsopNwNgw8cFbelBTDyTjcI66A",)"
              R"("alg":"Ed25519","use":"sig","kid":"2026-e",)"
              R"("x5c":["MIHYMIGLoAMCAQICAQEwBQYDK2VwMAwxCjAIBgNVBAMMAWEwHhcNMjUwMTAxMDAwMDAwWhcNMz)"
              R"(UwMTAxMDAwMDAwWjAMMQowCAYDVQQDDAFhMCowBQYDK2VwAyEAHqaiYbHW4WDaWtMMIZsopNwNgw8cFbel)"
              R"(BTDyTjcI66CjEjAQMA4GA1UdDwEB/wQEAwIDCDAFBgMrZXADQQBlYoGvNXxoiY0ekPtUMYngDJ7MxM0z+r)"
              R"(1XRJsdXaTQYlCIks7S+e9RQFmv41mKyUSY/BbPMBqIc+Rx+z5jb4IK"]})"},
         {.text =
              R"({"kty":"OKP","crv":"Ed25519","x":"HqaiYbHW4WDaWtMMIZsopNwNgw8cFbelBTDyTjcI66A",)"
              R"("alg":"Ed25519","use":"sig","kid":"2026-e",)"
              R"("x5c":["MIHpMIGcoAMCAQICAQEwBQYDK2VwMAwxCjAIBgNVBAMMAWEwHhcNMjUwMTAxMDAwMDAwWhcNMz)"
              R"(UwMTAxMDAwMDAwWjAMMQowCAYDVQQDDAFhMCowBQYDK2VwAyEAHqaiYbHW4WDaWtMMIZsopNwNgw8cFbel)"
              R"(BTDyTjcI66CjIzAhMA4GA1UdDwEB/wQEAwIChDAPBgNVHRMBAf8EBTADAQH/MAUGAytlcANBAFjGJp122i)"
              R"(yUnhFnEp+lWDEXYTV6ODoEEsVzo2mHNkHx5WvxDi4GSacF4Twl5TiQ2ny+wIar5VurhzBhdazQkwo="]})"}},
    .good =
        {.text =
             R"({"kty":"OKP","crv":"Ed25519","x":"HqaiYbHW4WDaWtMMIZsopNwNgw8cFbelBTDyTjcI66A",)"
             R"("alg":"Ed25519","use":"sig","kid":"2026-e",)"
             R"("x5c":["MIHDMHegAwIBAgIBATAFBgMrZXAwDDEKMAgGA1UEAwwBYTAeFw0yNTAxMDEwMDAwMDBaFw0zNT)"
             R"(AxMDEwMDAwMDBaMAwxCjAIBgNVBAMMAWEwKjAFBgMrZXADIQAepqJhsdbhYNpa0wwhmyik3A2DDxwVt6UF)"
             R"(MPJONwjroDAFBgMrZXADQQDnQ10NH/f71DrR2N/AUY/oCBtayIiw/pbYY7vxRiAVWtH3NcBlymnsB9G0Wd)"
             R"(JEviqpoy1GO3Tyavg7noDqNhYF"]})"},
    .check = certificate_unfit};

constexpr Rule kRules[] = {kX5cMismatch, kCertificateValidity, kCertificateUnfit};

}  // namespace

std::span<const Rule> certificate_rules() { return kRules; }

}  // namespace jwtctl
