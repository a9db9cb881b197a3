// SPDX-License-Identifier: Apache-2.0
#include "lib/token/verifier.h"

#include <algorithm>
#include <utility>

#include "lib/token/judge_claims.h"
#include "lib/token/judge_header.h"
#include "lib/token/member_types.h"

namespace jwtctl {
namespace {

std::map<std::string, std::size_t, std::less<>> rows_of(const KeySet& set) {
  std::map<std::string, std::size_t, std::less<>> rows;
  for (const SetKey& entry : set.keys) {
    if (entry.jwk.kid) rows.emplace(*entry.jwk.kid, rows.size() + 1);
  }
  return rows;
}

Outcome judge_form(const Jws& jws, const Payload& payload, bool refuse_cleaned) {
  RuleId rule = jws.kind == TokenKind::jwe ? rules::encrypted : rules::none;
  for (const auto* faults : {&jws.faults, &payload.faults}) {
    for (const Fault& found : *faults) rule = rule ? rule : found.rule;
  }
  if (has_good_form(jws, payload) && !refuse_cleaned) return passed(CheckId::form);
  return failed(CheckId::form, VerdictCode::malformed, rule);
}

Outcome judge_alg(const Jws& jws, const Policy& policy, const KeyRing& ring) {
  Outcome outcome = judge_algorithm(*jws.header, policy);
  if (outcome.status != CheckStatus::pass) return outcome;
  const Algorithm& algorithm = *find_algorithm(*jws.header->find("alg")->as_string());
  const KeySet& set = ring.set();
  auto kid = policy.kid ? policy.kid : jws.header_text("kid");
  bool foreign = !set.keys.empty() &&
                 std::none_of(set.keys.begin(), set.keys.end(),
                              [&algorithm](const SetKey& entry) {
                                return entry.jwk.key.type() == algorithm.kty;
                              }) &&
                 broken_key(set, algorithm, kid) == nullptr;
  return foreign ? failed(CheckId::alg, VerdictCode::header, rules::alg_key_mismatch) : outcome;
}

/// find_kid finds the kid to look for: of the policy, else of the token. A kid that is no string
/// names no key of a set; beside the one key that was named it is a finding, as a kid is a hint
/// (RFC 7515 section 4.1.4).
NoKey find_kid(const Jws& jws, const Policy& policy, const KeySet& set,
               std::optional<std::string>& kid) {
  kid = jws.header_text("kid");
  bool odd = !kid && jws.header->find("kid") != nullptr;
  if (odd && (!set.pinned || policy.kid)) return NoKey::kid_type;
  if (!policy.kid) return NoKey::none;
  if (kid && *kid != *policy.kid) return NoKey::kid_other;
  kid = policy.kid;
  bool other = set.pinned && !set.keys.empty() && set.keys.front().jwk.kid.value_or(*kid) != *kid;
  return other ? NoKey::pinned_other : NoKey::none;
}

/// rule_of is what a token without a usable key breaks.
RuleId rule_of(const Judgement& found, const KeySet& set) {
  switch (found.no_key) {
    case NoKey::kid_type:
    case NoKey::kid_other:
    case NoKey::pinned_other: return rules::kid_unknown;
    case NoKey::ambiguous:
    case NoKey::too_many: return rules::kid_missing;
    case NoKey::foreign_certificate: return rules::x5c_mismatch;
    case NoKey::no_fit:
      return explain_no_fit(*found.candidates, set, *found.algorithm, found.kid).rule;
    case NoKey::none:
    case NoKey::refused:
    case NoKey::weak:
    case NoKey::alg_unnamed: break;
  }
  return rules::none;
}

RuleId signature_fault(std::size_t size, std::size_t expected) {
  if (size == 0) return rules::signature_missing;
  return size != expected ? rules::signature_length : rules::none;
}

}  // namespace

bool has_good_form(const Jws& jws, const Payload& payload) {
  return jws.kind == TokenKind::jws && jws.faults.empty() && jws.header && payload.faults.empty() &&
         payload.claims && payload.claims->is_object();
}

Verifier::Verifier(Policy policy, std::shared_ptr<const KeyRing> keys)
    : policy_(std::move(policy)),
      planned_(policy_),
      ring_(std::move(keys)),
      kids_(rows_of(ring_->set())),
      candidates_((kids_.size() + 1) * signature_algorithms().size()) {}

std::shared_ptr<const Candidates> Verifier::candidates(
    const Algorithm& algorithm, const std::optional<std::string>& kid) const {
  auto find = [&] { return find_candidates(*ring_, policy_, algorithm, kid); };
  std::size_t row = 0;
  if (kid) {
    auto known = kids_.find(*kid);
    // Tokens may name any number of kids that the ring does not have: those are not kept.
    if (known == kids_.end()) return std::make_shared<const Candidates>(find());
    row = known->second;
  }
  auto rows = signature_algorithms();
  auto column = static_cast<std::size_t>(&algorithm - rows.data());
  const Candidates& kept = candidates_.get(row * rows.size() + column, find);
  return {std::shared_ptr<const void>(), &kept};  // owned by this verifier
}

bool Verifier::judge_header(const Jws& jws, Judgement& out) const {
  Outcomes& outcomes = out.outcomes;
  outcomes.set(judge_alg(jws, policy_, *ring_));
  outcomes.set(judge_crit(*jws.header));
  outcomes.set(judge_typ(*jws.header, policy_.typ));
  if (policy_.strict) outcomes.set(judge_header_types(*jws.header));
  if (const Json* alg = jws.header->find("alg"); alg != nullptr && alg->is_string()) {
    out.algorithm = find_algorithm(*alg->as_string());
  }
  return outcomes.first_failure() == nullptr;
}

bool Verifier::judge_key(const Jws& jws, Judgement& out) const {
  out.no_key = ring_->refusal() ? NoKey::refused : find_kid(jws, policy_, ring_->set(), out.kid);
  if (out.no_key == NoKey::none) {
    out.candidates = candidates(*out.algorithm, out.kid);
    out.no_key = out.candidates->why;
  }
  out.outcomes.set(out.no_key == NoKey::none
                       ? passed(CheckId::key)
                       : failed(CheckId::key, VerdictCode::key, rule_of(out, ring_->set())));
  return out.no_key == NoKey::none;
}

Result<void> Verifier::judge_signature(const Jws& jws, Judgement& out) const {
  std::string_view signature = jws.octets("signature");
  out.used = out.candidates->keys.front();
  bool good = false;
  for (const SetKey* entry : out.candidates->keys) {
    const auto& ready = ring_->verifying(*entry, *out.algorithm);
    if (!ready) return fail(ready.error());
    auto checked = ready->check(jws.signing_input(), signature);
    if (!checked) return fail(std::move(checked).error());
    good = *checked;
    if (good) out.used = entry;
    if (good) break;
  }
  if (!good && out.candidates->rivals > out.candidates->keys.size()) {
    out.no_key = NoKey::too_many;  // whose it is cannot be said
    out.outcomes.set(failed(CheckId::key, VerdictCode::key, rule_of(out, ring_->set())));
    return {};
  }
  std::size_t expected = ring_->verifying(*out.used, *out.algorithm)->signature_size();
  out.outcomes.set(good ? passed(CheckId::signature)
                        : failed(CheckId::signature, VerdictCode::signature,
                                 signature_fault(signature.size(), expected)));
  return {};
}

Result<void> Verifier::judge_signed(const Jws& jws, Judgement& out) const {
  if (!judge_header(jws, out) || !judge_key(jws, out)) return {};
  return judge_signature(jws, out);
}

Result<Judgement> Verifier::judge_jws(const Jws& jws) const {
  Judgement out;
  out.outcomes = planned_;
  if (auto done = judge_signed(jws, out); !done) return fail(std::move(done).error());
  return out;
}

Result<Judgement> Verifier::judge(const Jws& jws, const Payload& payload, bool cleaned) const {
  Judgement out;
  out.outcomes = planned_;
  out.outcomes.set(judge_form(jws, payload, policy_.strict && cleaned));
  if (out.outcomes.status_of(CheckId::form) != CheckStatus::pass) return out;
  if (auto done = judge_signed(jws, out); !done) return fail(std::move(done).error());
  bool reached = out.outcomes.status_of(CheckId::signature) != CheckStatus::unreached;
  if (reached) judge_claims(*payload.claims, policy_, out.outcomes);
  return out;
}

}  // namespace jwtctl
