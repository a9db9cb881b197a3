// SPDX-License-Identifier: Apache-2.0
#include "lib/rotation/set_faults.h"

#include <algorithm>
#include <array>
#include <map>

#include "lib/base/shown.h"
#include "lib/base/text.h"
#include "lib/rotation/entry_faults.h"
#include "lib/rotation/key_sets.h"
#include "lib/rotation/verifiers.h"

namespace jwtctl {
namespace {

constexpr std::size_t kNimbusBytes = 51'200;  // connect2id.com: enhanced JWK retrieval

/// MindRow says who refuses a set for one kind of fault.
struct MindRow {
  SetFaultKind kind;
  std::string_view names;  ///< with blanks
  /// Whoever is not known may mind too: a standard forbids it.
  bool forbidden = true;
};

// Measured with the libraries themselves; what uses go-jose refuses what that refuses.
constexpr std::array kMinds{
    MindRow{SetFaultKind::malformed,
            "go-oidc kubernetes keyfunc jwx nimbus spring spring-reactive spire"},
    MindRow{SetFaultKind::untyped, "go-oidc kubernetes jwx nimbus spring spring-reactive spire"},
    MindRow{SetFaultKind::point, "go-oidc kubernetes keyfunc nimbus spring spring-reactive spire"},
    MindRow{SetFaultKind::length, "go-oidc kubernetes spire"},
    MindRow{SetFaultKind::octets, "go-oidc kubernetes keyfunc spire"},
    MindRow{SetFaultKind::padding, "go-oidc kubernetes spire"},
    MindRow{SetFaultKind::alphabet, "go-oidc kubernetes keyfunc spire"},
    MindRow{SetFaultKind::date, "nimbus spring spring-reactive", false},
    MindRow{SetFaultKind::operations_type, "keyfunc jwx nimbus spring spring-reactive"},
    MindRow{SetFaultKind::contradiction, "nimbus spring spring-reactive"},
    MindRow{SetFaultKind::certificate_hash, "go-oidc kubernetes spire"},
    MindRow{SetFaultKind::certificate_url,
            "go-oidc kubernetes keyfunc nimbus spring spring-reactive spire"},
    MindRow{SetFaultKind::foreign_certificate,
            "go-oidc kubernetes nimbus spring spring-reactive spire"},
    MindRow{SetFaultKind::certificate_plain, "keyfunc", false},
    MindRow{SetFaultKind::unknown_type, "jwx", false},
    MindRow{SetFaultKind::unknown_curve, "nimbus spring spring-reactive", false},
    MindRow{SetFaultKind::unknown_operation, "keyfunc nimbus spring spring-reactive", false},
    MindRow{SetFaultKind::other_operations, "jose node-jwks-rsa", false},
    // Large sets are few, and who has one knows that his verifiers take it.
    MindRow{SetFaultKind::size, "nimbus", false},
    // These look at one entry of a kid alone, or refuse to choose.
    MindRow{SetFaultKind::repeated_kid,
            "jose node-jwks-rsa jwks-rsa-java keyfunc jwx pyjwkclient aws-jwt-verify"}};

const MindRow& row_of(SetFaultKind kind) {
  return *std::find_if(kMinds.begin(), kMinds.end(),
                       [kind](const MindRow& row) { return row.kind == kind; });
}

void add_fault(std::size_t index, const KeySubject& key, std::vector<SetFault>& out) {
  std::string kid = text_member(key.json(), "kid");
  std::string shown = kid.empty() ? "" : fmt::format(" {}", quote_argument(kid, ShownAs::member));
  for (const EntryFault& fault : entry_faults(key)) {
    out.push_back({fault.kind, kid, fmt::format("keys/{}{}: {}", index, shown, fault.text)});
  }
}

std::string say(SetFaultKind kind, std::span<const std::string_view> names) {
  std::string_view what = kind == SetFaultKind::repeated_kid
                              ? "may look at the wrong one, or at none"
                          : kind == SetFaultKind::other_operations
                              ? (names.size() == 1 ? "refuses this key" : "refuse this key")
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
  bool fresh = fault.kid == inputs.new_kid;
  bool matters = repeated ? fresh || fault.kid == inputs.old_kid
                          : fresh || fault.kind != SetFaultKind::other_operations;
  if (matters && !ours.empty()) {
    return {repeated ? Weight::unknown : Weight::certain,
            fmt::format("{}: {}", fault.text, say(fault.kind, ours))};
  }
  if (matters && !all_known && row_of(fault.kind).forbidden) {
    return {Weight::unknown,
            fmt::format("{}: verifiers such as {}, and the plan does not name those that there "
                        "are (--verifier NAME)",
                        fault.text, say(fault.kind, minds))};
  }
  return {Weight::note, fmt::format("{}: {}", fault.text, say(fault.kind, minds))};
}

}  // namespace

std::vector<std::string_view> who_minds(SetFaultKind kind) {
  return split(row_of(kind).names, ' ');
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
