// SPDX-License-Identifier: Apache-2.0
#include "lib/rotation/set_faults.h"

#include <algorithm>
#include <array>
#include <map>

#include "lib/base/shown.h"
#include "lib/base/text.h"
#include "lib/codec/base64url.h"
#include "lib/crypto/certificate.h"
#include "lib/lint/key_faults.h"
#include "lib/rotation/key_sets.h"
#include "lib/rotation/verifiers.h"

namespace jwtctl {
namespace {

// Measured with the libraries themselves; what uses go-jose refuses what that refuses.
constexpr std::array<std::string_view, 8> kMindMalformed{
    "go-oidc", "kubernetes", "keyfunc", "jwx", "nimbus", "spring", "spring-reactive", "spire"};
constexpr std::array<std::string_view, 4> kMindLength{"go-oidc", "kubernetes", "jwx", "spire"};
constexpr std::array<std::string_view, 6> kMindCertificate{"go-oidc", "kubernetes",      "nimbus",
                                                           "spring",  "spring-reactive", "spire"};
constexpr std::array<std::string_view, 1> kMindSize{"nimbus"};
constexpr std::size_t kNimbusBytes = 51'200;  // connect2id.com: enhanced JWK retrieval
/// These look at one entry of a kid alone, or refuse to choose.
constexpr std::array<std::string_view, 7> kMindRepeated{
    "jose", "node-jwks-rsa", "jwks-rsa-java", "keyfunc", "jwx", "pyjwkclient", "aws-jwt-verify"};

/// bad_certificate says which item of x5c is no certificate; line breaks are overlooked, as many
/// readers do. Empty: all are.
std::string bad_certificate(const Json& x5c) {
  const Json::Array* items = x5c.as_array();
  if (items == nullptr) return "its x5c is no array of certificates";
  for (std::size_t i = 0; i < items->size(); ++i) {
    const std::string* text = (*items)[i].as_string();
    std::string base64 = text != nullptr ? *text : "";
    std::erase_if(base64, [](char c) { return c == '\r' || c == '\n'; });
    auto der = parse_base64(base64);
    if (der && parse_certificate(as_text(*der))) continue;
    return fmt::format("its x5c/{} is no certificate", i);
  }
  return "";
}

/// Of a key that signs with RSA, or on a curve of NIST: others may be unknown, and are ignored.
bool is_common_key(const Json& entry) {
  if (text_member(entry, "kty") == "RSA") return true;
  std::string crv = text_member(entry, "crv");
  return text_member(entry, "kty") == "EC" && (crv == "P-256" || crv == "P-384" || crv == "P-521");
}

std::optional<KeyFault> fault_of(const KeySubject& key) {
  if (!key.json().is_object()) {
    return KeyFault{KeyFaultKind::shape, "",
                    fmt::format("it is no object, but {}", key.json().kind_name())};
  }
  bool common = is_common_key(key.json());
  const Json* x5c = common || key.text("kty") == "OKP" ? key.member("x5c") : nullptr;
  std::string bad = x5c != nullptr && !x5c->is_null() ? bad_certificate(*x5c) : "";
  if (!bad.empty()) return KeyFault{KeyFaultKind::shape, "x5c", std::move(bad)};
  if (!common || key.jwk) return std::nullopt;
  constexpr std::array<std::string_view, 5> kPublic{"", "n", "e", "x", "y"};
  std::optional<KeyFault> found;
  for (KeyFault& fault : key_faults(key)) {
    bool kind = fault.kind == KeyFaultKind::shape || fault.kind == KeyFaultKind::point ||
                fault.kind == KeyFaultKind::length;
    bool place = std::find(kPublic.begin(), kPublic.end(), fault.place) != kPublic.end();
    // A size that we do not take is no shape that others refuse.
    bool missing = fault.kind != KeyFaultKind::shape || key.text("kty") != "RSA" ||
                   key.text("n").value_or("").empty() || key.text("e").value_or("").empty();
    if (!kind || !place || !missing) continue;
    if (!found || found->kind == KeyFaultKind::length) found = std::move(fault);
  }
  return found;
}

void add_fault(std::size_t index, const KeySubject& key, std::vector<SetFault>& out) {
  std::string kid = text_member(key.json(), "kid");
  std::string shown = kid.empty() ? "" : " " + quote_argument(kid, ShownAs::member);
  std::string entry = fmt::format("keys/{}{}", index, shown);
  if (auto fault = fault_of(key)) {
    SetFaultKind kind =
        fault->kind == KeyFaultKind::length ? SetFaultKind::length : SetFaultKind::malformed;
    out.push_back({kind, kid, fmt::format("{}: {}", entry, fault->message)});
  } else if (key.jwk && has_foreign_certificate(*key.jwk)) {
    out.push_back({SetFaultKind::foreign_certificate, kid,
                   fmt::format("{}: its x5c is for another key", entry)});
  }
}

std::string say(SetFaultKind kind, std::span<const std::string_view> names) {
  std::string_view what = kind == SetFaultKind::repeated_kid
                              ? "may look at the wrong one, or at none"
                          : names.size() == 1 ? "refuses the whole set"
                                              : "refuse the whole set";
  return fmt::format("{} {}", fmt::join(names, ", "), what);
}

SetRefusal weigh(const SetFault& fault, const RotationInputs& inputs) {
  using Weight = SetRefusal::Weight;
  bool repeated = fault.kind == SetFaultKind::repeated_kid;
  auto minds = who_minds(fault.kind);
  std::vector<std::string_view> ours;
  bool all_known = !inputs.verifiers.empty();
  for (const VerifierTiming& verifier : inputs.verifiers) {
    all_known = all_known && find_verifier(verifier.name) != nullptr;
    if (std::find(minds.begin(), minds.end(), verifier.name) != minds.end()) {
      ours.emplace_back(verifier.name);
    }
  }
  bool matters = !repeated || fault.kid == inputs.new_kid || fault.kid == inputs.old_kid;
  if (matters && !ours.empty()) {
    return {repeated ? Weight::unknown : Weight::certain,
            fmt::format("{}: {}", fault.text, say(fault.kind, ours))};
  }
  // Large sets are few, and who has one knows that his verifiers take it.
  if (matters && !all_known && fault.kind != SetFaultKind::size) {
    return {Weight::unknown,
            fmt::format("{}: verifiers such as {}, and the plan does not name those that there "
                        "are (--verifier NAME)",
                        fault.text, say(fault.kind, minds))};
  }
  return {Weight::note, fmt::format("{}: {}", fault.text, say(fault.kind, minds))};
}

}  // namespace

std::span<const std::string_view> who_minds(SetFaultKind kind) {
  switch (kind) {
    case SetFaultKind::malformed: return kMindMalformed;
    case SetFaultKind::length: return kMindLength;
    case SetFaultKind::foreign_certificate: return kMindCertificate;
    case SetFaultKind::size: return kMindSize;
    case SetFaultKind::repeated_kid: return kMindRepeated;
  }
  return {};
}

std::vector<SetFault> set_faults(const Json& set, std::size_t bytes) {
  std::vector<SetFault> out;
  if (bytes > kNimbusBytes) {
    out.push_back({SetFaultKind::size, "", fmt::format("it has {} bytes", bytes)});
  }
  const Json* keys = set.find("keys");
  if (keys == nullptr || keys->as_array() == nullptr) return out;
  std::map<std::string, std::size_t> first;
  std::size_t index = 0;
  for (const KeySubject& key : jwks_subjects(set)) {
    add_fault(index, key, out);
    std::string kid = text_member(key.json(), "kid");
    auto [before, added] = first.emplace(kid, index);
    if (!added && !kid.empty()) {
      out.push_back({SetFaultKind::repeated_kid, kid,
                     fmt::format("keys/{} and keys/{} both have the kid {}", before->second, index,
                                 quote_argument(kid, ShownAs::member))});
    }
    ++index;
  }
  return out;
}

std::optional<SetRefusal> set_refusal(const std::vector<SetFault>& faults,
                                      const RotationInputs& inputs) {
  std::optional<SetRefusal> worst;
  for (const SetFault& fault : faults) {
    SetRefusal refusal = weigh(fault, inputs);
    if (!worst || refusal.weight > worst->weight) worst = std::move(refusal);
  }
  return worst;
}

}  // namespace jwtctl
