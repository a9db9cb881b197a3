// SPDX-License-Identifier: Apache-2.0
// The phases header, key and signature of a verification.
#include <algorithm>

#include "lib/base/shown.h"
#include "lib/base/text.h"
#include "lib/crypto/signature.h"
#include "lib/token/candidates.h"
#include "lib/token/check_builder.h"
#include "lib/token/claims.h"
#include "lib/token/member_types.h"
#include "lib/token/verify.h"

namespace jwtctl {
namespace {

constexpr const char* kWhyUnknown =
    "the key was rotated out, or the token comes from another issuer";
constexpr std::string_view kForeignCertificate =
    "its x5c holds the certificate of another key (RFC 7517 section 4.7)";

/// JwsChecker holds what the three phases share.
class JwsChecker {
 public:
  JwsChecker(const Jws& jws, const Policy& policy, Verdict& verdict)
      : jws_(jws), policy_(policy), verdict_(verdict) {}

  Result<void> run(const KeySource& source) {
    Result<KeySet> keys = source(jws_);
    if (!keys && keys.error().code != ErrorCode::key_refused) {
      return fail(std::move(keys).error());
    }
    bool alg = check_alg(keys ? &*keys : nullptr);
    bool crit = check_crit();
    bool typ = check_typ();
    bool types = !policy_.strict ||
                 check_types("header-types", *jws_.header, header_type_faults(*jws_.header),
                             VerdictCode::header, verdict_);
    if (!alg || !crit || !typ || !types) return {};
    if (!keys) {
      refuse_key(rules::none, keys.error().message);
      if (!keys.error().hint.empty()) hint(HintId::weak_key, keys.error().hint);
      return {};
    }
    auto candidates = check_key(*keys);
    if (!candidates) return fail(std::move(candidates).error());
    if (candidates->empty()) return {};
    return check_signature_with(*candidates, *keys);
  }

 private:
  CheckBuilder check(std::string name) { return {verdict_, std::move(name)}; }
  void hint(HintId id, std::string message) { verdict_.hints.push_back({id, std::move(message)}); }
  void refuse_key(RuleId rule, std::string_view message) {
    check("key").actual(jws_.header->find("kid")).fail(VerdictCode::key, rule, "{}", message);
  }

  bool is_allowed(std::string_view alg) const {
    auto same = [alg](const std::string& allowed) {
      return same_algorithm(allowed, alg, Curve::ed25519) ||
             same_algorithm(allowed, alg, Curve::ed448);
    };
    return policy_.algorithms.empty() ||
           std::any_of(policy_.algorithms.begin(), policy_.algorithms.end(), same);
  }

  /// refusal_of asks again when the curve is known: "EdDSA" is Ed25519 or Ed448 by the key.
  std::optional<std::string> refusal_of(const SetKey& entry) const {
    Curve curve = entry.jwk.key.curve();
    auto same = [this, curve](const std::string& allowed) {
      return same_algorithm(allowed, algorithm_->name, curve);
    };
    if (policy_.algorithms.empty() ||
        std::any_of(policy_.algorithms.begin(), policy_.algorithms.end(), same)) {
      return std::nullopt;
    }
    return fmt::format("it is {}, which --alg {} does not allow", entry.jwk.key.describe(),
                       join(policy_.algorithms, ","));
  }

  /// algorithms_of is what `--alg` and the keys allow together.
  std::vector<std::string> algorithms_of(const KeySet* keys) const {
    std::vector<std::string> names;
    if (keys == nullptr) return policy_.algorithms;
    for (const SetKey& entry : keys->keys) {
      for (std::string& name : allowed_algorithms(entry.jwk)) {
        bool known = std::find(names.begin(), names.end(), name) != names.end();
        if (!known && is_allowed(name)) names.push_back(std::move(name));
      }
    }
    return names;
  }

  bool check_alg(const KeySet* keys) {
    std::vector<std::string> allowed = algorithms_of(keys);
    auto refuse = [&](RuleId rule, std::string_view message) {
      check("alg")
          .expected(Json::strings(allowed))
          .actual(jws_.header->find("alg"))
          .fail(VerdictCode::header, rule, "{}", message);
      return false;
    };
    if (auto bad = alg_problem(*jws_.header)) return refuse(bad->rule, bad->message);
    algorithm_ = find_algorithm(*jws_.header_text("alg"));
    if (!is_allowed(algorithm_->name)) {
      return refuse(rules::alg_not_allowed, fmt::format("{} is not in --alg {}", algorithm_->name,
                                                        join(policy_.algorithms, ",")));
    }
    auto fits = [this](const SetKey& entry) { return entry.jwk.key.type() == algorithm_->kty; };
    if (keys != nullptr && !keys->keys.empty() && broken_key(*keys) == nullptr &&
        std::none_of(keys->keys.begin(), keys->keys.end(), fits)) {
      if (!allowed.empty()) {
        hint(HintId::alg_allowed, fmt::format("the key allows {}", join(allowed, ", ")));
      }
      std::string what = keys->keys.size() == 1 ? keys->keys.front().jwk.key.describe()
                                                : "every key of the set is of another type";
      return refuse(
          rules::alg_key_mismatch,
          fmt::format("the token says {}, which needs a key of type {}; {}{}", algorithm_->name,
                      to_string(algorithm_->kty), keys->keys.size() == 1 ? "this is " : "", what));
    }
    check("alg")
        .expected(Json::strings(allowed))
        .actual(jws_.header->find("alg"))
        .pass("{}{}", algorithm_->name, policy_.algorithms.empty() ? "" : ", in --alg");
    return true;
  }

  /// broken_key returns the key that could have signed if it were none that is broken: with the kid
  /// that is wanted, or else of the type that the algorithm needs. It is the cause, not the good
  /// keys beside it.
  const SkippedKey* broken_key(const KeySet& keys) const {
    auto kid = policy_.kid ? policy_.kid : jws_.header_text("kid");
    auto find = [&keys](auto is_it) {
      auto found = std::find_if(keys.skipped.begin(), keys.skipped.end(), is_it);
      return found != keys.skipped.end() ? &*found : nullptr;
    };
    const SkippedKey* named = find([&](const SkippedKey& key) { return kid && key.kid == kid; });
    if (named != nullptr) return named;
    std::string_view kty = to_string(algorithm_->kty);
    return find([&](const SkippedKey& key) { return key.kty == kty; });
  }

  bool check_crit() {
    const Json* crit = jws_.header->find("crit");
    if (auto bad = crit_problem(*jws_.header)) {
      check("crit").actual(crit).fail(VerdictCode::header, bad->rule, "{}", bad->message);
      return false;
    }
    check("crit").pass("the header demands no extension");
    return true;
  }

  bool check_typ() {
    const Json* typ = jws_.header->find("typ");
    if (!policy_.typ) {
      check("typ").actual(typ).skip("not asked: --typ");
      return true;
    }
    auto actual = jws_.header_text("typ");
    if (actual && same_media_type(*actual, *policy_.typ)) {
      check("typ").expected(*policy_.typ).actual(typ).pass("{}", *actual);
      return true;
    }
    check("typ")
        .expected(*policy_.typ)
        .actual(typ)
        .fail(VerdictCode::header, rules::typ_mismatch, "expected {}, {}",
              quote_argument(*policy_.typ, ShownAs::text),
              typ != nullptr ? fmt::format("the token has {}", shorten(typ->dump(), 80))
                             : "the token has none");
    return false;
  }

  /// wanted_kid is the kid to look for: of the user, else of the token. Fails as a check.
  bool find_kid(const KeySet& keys) {
    const Json* member = jws_.header->find("kid");
    kid_ = jws_.header_text("kid");
    if (member != nullptr && !kid_) {
      refuse_key(rules::kid_unknown,
                 fmt::format("kid must be a string, it is {}", member->kind_name()));
      return false;
    }
    if (!policy_.kid) return true;
    if (kid_ && *kid_ != *policy_.kid) {
      refuse_key(rules::kid_unknown,
                 fmt::format("the token names kid \"{}\", --kid wants {}", shorten(*kid_, 80),
                             quote_argument(*policy_.kid, ShownAs::text)));
      return false;
    }
    kid_ = policy_.kid;
    const auto& pinned = keys.keys;
    if (keys.pinned && !pinned.empty() && pinned.front().jwk.kid.value_or(*kid_) != *kid_) {
      refuse_key(rules::kid_unknown,
                 fmt::format("the key has kid {}, --kid wants {}",
                             quote_argument(*pinned.front().jwk.kid, ShownAs::member),
                             quote_argument(*kid_, ShownAs::text)));
      return false;
    }
    return true;
  }

  /// cause_among_skipped returns the key that was wanted: the one with the kid, of several that of
  /// the type that the algorithm needs; without a kid a broken one of that type. Null for none.
  const SkippedKey* cause_among_skipped() const {
    std::string_view kty = to_string(algorithm_->kty);
    const SkippedKey* cause = nullptr;
    for (const SkippedKey& skipped : verdict_.skipped_keys) {
      bool of_type = skipped.kty == kty;
      bool wanted = kid_ ? skipped.kid == kid_ : of_type;
      if (wanted && (cause == nullptr || (of_type && cause->kty != kty))) cause = &skipped;
    }
    return cause;
  }

  /// explain_no_key says which filter emptied the list.
  void explain_no_key(const KeySet& keys) {
    std::size_t total = keys.keys.size() + keys.skipped.size();
    const SkippedKey* cause = cause_among_skipped();
    bool unknown = total == 1 && cause == nullptr && kid_ && !keys.pinned;
    if (total == 1 && cause == nullptr) cause = &verdict_.skipped_keys.front();
    bool broken = cause != nullptr &&
                  std::any_of(keys.skipped.begin(), keys.skipped.end(),
                              [&](const SkippedKey& key) { return key.index == cause->index; });
    RuleId unfit = broken ? rules::unusable_key_present : rules::alg_key_mismatch;
    std::string_view how = broken ? "cannot be used" : "does not fit";
    if (total == 1) {
      refuse_key(unknown ? rules::kid_unknown : unfit,
                 fmt::format("the key {}: {}", how, cause->reason));
      if (unknown) hint(HintId::kid, kWhyUnknown);
    } else if (cause != nullptr) {
      std::string which = cause->kid ? fmt::format("kid \"{}\"", shorten(*cause->kid, 80))
                                     : fmt::format("index {}", cause->index);
      refuse_key(unfit, fmt::format("the key with {} {}: {}", which, how, cause->reason));
      if (kid_)
        hint(HintId::kid_known, "the key with that kid is there, its owner must correct it");
    } else if (kid_) {
      refuse_key(rules::kid_unknown,
                 fmt::format("none of the {} keys has the kid \"{}\"", total, shorten(*kid_, 80)));
      hint(HintId::kid, kWhyUnknown);
    } else {
      refuse_key(rules::alg_key_mismatch,
                 fmt::format("none of the {} keys fits {}", total, algorithm_->name));
    }
  }

  Result<void> require_alg_on(const SetKey& entry) const {
    if (!policy_.strict || names_algorithm(policy_, entry.jwk)) return {};
    return fail(ErrorCode::usage, "--strict needs --alg, because the key does not say its alg")
        .hint("add --alg {}", algorithm_->name);
  }

  /// check_key returns the keys to try; none when the check failed.
  Result<std::vector<const SetKey*>> check_key(const KeySet& keys) {
    std::vector<const SetKey*> none;
    if (!find_kid(keys)) return none;
    CandidateRules allowed{policy_.try_all_keys,
                           [this](const SetKey& entry) { return refusal_of(entry); }};
    Candidates found = find_candidates(keys, *algorithm_, kid_, allowed);
    verdict_.skipped_keys = found.skipped;
    if (found.keys.empty()) {
      refuse_none(found, keys);
      return none;
    }
    for (const SetKey* entry : found.keys) {
      if (auto named = require_alg_on(*entry); !named) return fail(std::move(named).error());
    }
    drop_weak(found, *algorithm_);
    RuleId rule = policy_.strict ? drop_foreign(found) : rules::none;
    verdict_.skipped_keys = std::move(found.skipped);
    if (found.keys.empty()) {
      refuse_key(rule, found.weakness->message);
      if (!found.weakness->hint.empty()) hint(HintId::weak_key, found.weakness->hint);
    }
    return std::move(found.keys);
  }

  /// drop_foreign takes out keys whose certificate is for another key; it returns the rule that
  /// they break.
  static RuleId drop_foreign(Candidates& found) {
    RuleId rule;
    std::erase_if(found.keys, [&](const SetKey* entry) {
      if (!has_foreign_certificate(entry->jwk)) return false;
      rule = rules::x5c_mismatch;
      found.weakness = Error{ErrorCode::key_refused,
                             fmt::format("--strict refuses the key: {}", kForeignCertificate),
                             {}};
      found.skipped.push_back({entry->index, entry->jwk.kid, found.weakness->message});
      return true;
    });
    return rule;
  }

  void refuse_none(const Candidates& found, const KeySet& keys) {
    if (found.why != NoCandidate::ambiguous) return explain_no_key(keys);
    refuse_key(rules::kid_missing, fmt::format("ambiguous: {} keys fit and {}", found.rivals,
                                               kid_ ? "share the kid" : "the token names none"));
    hint(HintId::try_all_keys, "choose one with --kid, or try them with --try-all-keys");
  }

  void describe_key(const SetKey& entry, const KeySet& keys) {
    const Key& key = entry.jwk.key;
    verdict_.key =
        UsedKey{keys.source, entry.jwk.kid, key.type(), key.curve(), key.bits(), thumbprint(key)};
    auto warn = [this](RuleId rule, std::string message) {
      verdict_.findings.push_back({rule, Severity::warning, "key", std::move(message)});
    };
    if (keys.pinned && kid_ && entry.jwk.kid && *entry.jwk.kid != *kid_) {
      warn(rules::kid_unknown,
           fmt::format("the token names kid \"{}\", the key has {}; tried all the same",
                       shorten(*kid_, 80), quote_argument(*entry.jwk.kid, ShownAs::member)));
    }
    if (has_foreign_certificate(entry.jwk)) {
      verdict_.findings.push_back({rules::x5c_mismatch, Severity::error, "key",
                                   fmt::format("the key is used, but {}", kForeignCertificate)});
    }
    if (key.is_private() && !key.is_symmetric()) {
      warn(rules::private_key_for_verify, "a private key was given; the public one is enough");
    }
  }

  void report_key(const SetKey& entry, std::size_t tried) {
    std::string which =
        entry.jwk.kid ? fmt::format(", kid {}", quote_argument(*entry.jwk.kid, ShownAs::member))
                      : "";
    std::string of = tried == 1 ? "" : fmt::format(", one of {} that fit", tried);
    check("key")
        .expected(kid_ ? Json(*kid_) : Json())
        .actual(entry.jwk.kid ? Json(*entry.jwk.kid) : Json())
        .pass("{}{}{}", entry.jwk.key.describe(), which, of);
  }

  Result<void> check_signature_with(const std::vector<const SetKey*>& candidates,
                                    const KeySet& keys) {
    std::string_view signature = jws_.octets("signature");
    const SetKey* used = candidates.front();
    bool verified = false;
    for (const SetKey* entry : candidates) {
      auto outcome = check_signature(entry->jwk.key, *algorithm_, jws_.signing_input(), signature);
      if (!outcome) return fail(std::move(outcome).error());
      verified = *outcome;
      if (verified) used = entry;
      if (verified) break;
    }
    describe_key(*used, keys);
    report_key(*used, candidates.size());
    report_signature(verified, signature.size(), signature_size(used->jwk.key, *algorithm_));
    return {};
  }

  void report_signature(bool verified, std::size_t size, std::size_t expected_size) {
    if (verified) {
      check("signature").pass("{} over the bytes received", algorithm_->name);
    } else if (size == 0) {
      check("signature")
          .fail(VerdictCode::signature, rules::signature_missing, "the signature is empty");
    } else if (size != expected_size) {
      check("signature")
          .expected(Json(expected_size))
          .actual(Json(size))
          .fail(VerdictCode::signature, rules::signature_length,
                "{} signatures under this key have {} bytes, this has {}", algorithm_->name,
                expected_size, size);
    } else {
      check("signature")
          .fail(VerdictCode::signature, rules::none,
                "it does not match: another key signed, or the token was changed");
    }
  }

  const Jws& jws_;
  const Policy& policy_;
  Verdict& verdict_;
  const Algorithm* algorithm_ = nullptr;
  std::optional<std::string> kid_;
};

}  // namespace

Result<void> check_jws(const Jws& jws, const Policy& policy, const KeySource& source,
                       Verdict& verdict) {
  return JwsChecker(jws, policy, verdict).run(source);
}

}  // namespace jwtctl
