// SPDX-License-Identifier: Apache-2.0
// What the phases header, key and signature found, in words.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "lib/base/shown.h"
#include "lib/base/text.h"
#include "lib/codec/json_shown.h"
#include "lib/crypto/signature.h"
#include "lib/token/check_words.h"
#include "lib/token/member_types.h"
#include "lib/token/words.h"

namespace jwtctl {
namespace {

constexpr const char* kWhyUnknown =
    "the key was rotated out, or the token comes from another issuer";

class JwsWords {
 public:
  JwsWords(const Judgement& judgement, const Subject& subject, Verdict& verdict)
      : found_(judgement),
        jws_(subject.jws),
        policy_(subject.verifier.policy()),
        ring_(subject.verifier.ring()),
        names_(subject.names),
        verdict_(verdict) {}

  void say() {
    fill_skipped();
    std::size_t item = 0;
    for (const Outcome& outcome : found_.outcomes.list()) {
      CheckWords words(verdict_.checks[item++]);
      if (outcome.status != CheckStatus::unreached) say(outcome, words);
    }
  }

 private:
  void say(const Outcome& outcome, CheckWords& words) {
    if (outcome.check == CheckId::alg) say_alg(outcome, words);
    if (outcome.check == CheckId::crit) say_crit(words);
    if (outcome.check == CheckId::typ) say_typ(outcome, words);
    if (outcome.check == CheckId::header_types) {
      say_types(*jws_.header, header_type_faults(*jws_.header), words);
    }
    if (outcome.check == CheckId::key) say_key(words);
    if (outcome.check == CheckId::signature) say_signature(outcome, words);
  }

  void hint(HintId id, std::string message) { verdict_.hints.push_back({id, std::move(message)}); }

  const SetKey* entry_at(std::size_t index) const {
    const auto& keys = ring_.set().keys;
    auto at = std::find_if(keys.begin(), keys.end(),
                           [index](const SetKey& entry) { return entry.index == index; });
    return at != keys.end() ? &*at : nullptr;
  }

  /// fill_skipped says of each key that was passed over why, also where the policy is the reason.
  void fill_skipped() {
    if (!found_.candidates) return;
    verdict_.skipped_keys = found_.candidates->skipped;
    for (SkippedKey& skipped : verdict_.skipped_keys) {
      const SetKey* entry = skipped.reason.empty() ? entry_at(skipped.index) : nullptr;
      if (entry == nullptr) continue;
      const Key& key = entry->jwk.key;
      skipped.reason = is_allowed(policy_, found_.algorithm->name, key.curve())
                           ? fmt::format("{} refuses the key: {}", names_.strict,
                                         certificate_problem(entry->jwk).value_or(""))
                           : fmt::format("it is {}, which {} {} does not allow", key.describe(),
                                         names_.algorithms, join(policy_.algorithms, ","));
    }
  }

  /// allowed_here is what the policy and the keys allow together.
  std::vector<std::string> allowed_here() const {
    if (ring_.refusal()) return policy_.algorithms;
    std::vector<std::string> names;
    for (const SetKey& entry : ring_.set().keys) {
      for (std::string& name : allowed_algorithms(entry.jwk)) {
        bool known = std::find(names.begin(), names.end(), name) != names.end();
        if (!known && is_allowed(policy_, name)) names.push_back(std::move(name));
      }
    }
    return names;
  }

  void say_alg(const Outcome& outcome, CheckWords& words) {
    std::vector<std::string> allowed = allowed_here();
    words.expected(Json::strings(allowed)).actual(jws_.header->find("alg"));
    if (auto bad = alg_problem(*jws_.header)) return words.say("{}", bad->message);
    const Algorithm& algorithm = *found_.algorithm;
    if (outcome.status == CheckStatus::pass) {
      std::string in = policy_.algorithms.empty() ? "" : fmt::format(", in {}", names_.algorithms);
      return words.say("{}{}", algorithm.name, in);
    }
    if (outcome.rule == rules::alg_not_allowed) {
      return words.say("{} is not in {} {}", algorithm.name, names_.algorithms,
                       join(policy_.algorithms, ","));
    }
    if (!allowed.empty()) {
      hint(HintId::alg_allowed, fmt::format("the key allows {}", join(allowed, ", ")));
    }
    const auto& keys = ring_.set().keys;
    std::string what = keys.size() == 1 ? fmt::format("this is {}", keys.front().jwk.key.describe())
                                        : "every key of the set is of another type";
    words.say("the token says {}, which needs a key of type {}; {}", algorithm.name,
              to_string(algorithm.kty), what);
  }

  void say_crit(CheckWords& words) {
    auto bad = crit_problem(*jws_.header);
    if (!bad) return words.say("the header demands no extension");
    words.actual(jws_.header->find("crit")).say("{}", bad->message);
  }

  void say_typ(const Outcome& outcome, CheckWords& words) {
    const Json* typ = jws_.header->find("typ");
    words.actual(typ);
    if (!policy_.typ) return words.say("not asked: {}", names_.typ);
    words.expected(*policy_.typ);
    if (outcome.status == CheckStatus::pass) return words.say("{}", *typ->as_string());
    words.say("expected {}, {}", quote_argument(*policy_.typ, ShownAs::text),
              typ != nullptr
                  ? fmt::format("the token has {}", shorten(shown_value(*typ).dump(), 80))
                  : "the token has none");
  }

  void say_key(CheckWords& words) {
    const Json* kid = jws_.header->find("kid");
    if (found_.no_key == NoKey::none) {
      describe_key();
      return say_used(words);
    }
    words.actual(kid);
    switch (found_.no_key) {
      case NoKey::refused: return say_error(*ring_.refusal(), words);
      case NoKey::weak: return say_error(*found_.candidates->error, words);
      case NoKey::kid_type: return words.say("kid must be a string, it is {}", kid->kind_name());
      case NoKey::kid_other:
        return words.say("the token names kid \"{}\", {} wants {}", shorten(*kid->as_string(), 80),
                         names_.kid, quote_argument(*policy_.kid, ShownAs::text));
      case NoKey::pinned_other:
        return words.say("the key has kid {}, {} wants {}",
                         quote_argument(*ring_.set().keys.front().jwk.kid, ShownAs::member),
                         names_.kid, quote_argument(*policy_.kid, ShownAs::text));
      case NoKey::ambiguous:
        hint(HintId::try_all_keys, fmt::format("choose one with {}, or try them with {}",
                                               names_.kid, names_.try_all_keys));
        return words.say("ambiguous: {} keys fit and {}", found_.candidates->rivals,
                         found_.kid ? "share the kid" : "the token names none");
      case NoKey::too_many:
        hint(HintId::try_all_keys, fmt::format("choose one with {}", names_.kid));
        return words.say("{} keys fit, {} were tried, and none of those made the signature",
                         found_.candidates->rivals, found_.candidates->keys.size());
      case NoKey::foreign_certificate: return say_certificate(words);
      case NoKey::alg_unnamed:
        return words.say("{} needs {}, because the key does not say its alg", names_.strict,
                         names_.algorithms);
      case NoKey::no_fit: return say_no_fit(words);
      case NoKey::none: return;
    }
  }

  /// say_certificate names the problem of the first key that was refused for its certificate.
  void say_certificate(CheckWords& words) const {
    for (const SkippedKey& skipped : found_.candidates->skipped) {
      const SetKey* entry = skipped.reason.empty() ? entry_at(skipped.index) : nullptr;
      auto problem = entry != nullptr ? certificate_problem(entry->jwk) : std::nullopt;
      bool allowed = problem && is_allowed(policy_, found_.algorithm->name, entry->jwk.key.curve());
      if (allowed) return words.say("{} refuses the key: {}", names_.strict, *problem);
    }
  }

  void say_error(const Error& error, CheckWords& words) {
    words.say("{}", error.message);
    if (!error.hint.empty()) hint(HintId::weak_key, error.hint);
  }

  /// say_no_fit says which filter emptied the list.
  void say_no_fit(CheckWords& words) {
    const auto& kid = found_.kid;
    std::size_t total = verdict_.skipped_keys.size();
    NoFit fit = explain_no_fit(*found_.candidates, ring_.set(), *found_.algorithm, kid);
    const SkippedKey* cause = nullptr;
    if (fit.cause != nullptr) {
      cause = &verdict_.skipped_keys[static_cast<std::size_t>(fit.cause -
                                                              found_.candidates->skipped.data())];
    }
    std::string_view how = fit.broken ? "cannot be used" : "does not fit";
    if (total == 1) {
      words.say("the key {}: {}", how, cause->reason);
      if (fit.unknown) hint(HintId::kid, kWhyUnknown);
    } else if (cause != nullptr) {
      std::string which = cause->kid ? fmt::format("kid \"{}\"", shorten(*cause->kid, 80))
                                     : fmt::format("index {}", cause->index);
      words.say("the key with {} {}: {}", which, how, cause->reason);
      if (kid) hint(HintId::kid_known, "the key with that kid is there, its owner must correct it");
    } else if (kid) {
      words.say("none of the {} keys has the kid \"{}\"", total, shorten(*kid, 80));
      hint(HintId::kid, kWhyUnknown);
    } else {
      words.say("none of the {} keys fits {}", total, found_.algorithm->name);
    }
  }

  void describe_key() {
    const SetKey& entry = *found_.used;
    const Key& key = entry.jwk.key;
    verdict_.key = UsedKey{ring_.set().source, entry.jwk.kid, key.type(),
                           key.curve(),        key.bits(),    ring_.thumbprint_of(entry)};
    auto warn = [this](RuleId rule, std::string message) {
      verdict_.findings.push_back({rule, Severity::warning, "key", std::move(message)});
    };
    const auto& kid = found_.kid;
    if (ring_.set().pinned && kid && entry.jwk.kid && *entry.jwk.kid != *kid) {
      warn(rules::kid_unknown,
           fmt::format("the token names kid \"{}\", the key has {}; tried all the same",
                       shorten(*kid, 80), quote_argument(*entry.jwk.kid, ShownAs::member)));
    }
    if (auto problem = certificate_problem(entry.jwk)) {
      verdict_.findings.push_back({rules::x5c_mismatch, Severity::error, "key",
                                   fmt::format("the key is used, but {}", *problem)});
    }
    if (key.is_private() && !key.is_symmetric()) {
      warn(rules::private_key_for_verify, "a private key was given; the public one is enough");
    }
  }

  void say_used(CheckWords& words) {
    const SetKey& entry = *found_.used;
    std::size_t tried = found_.candidates->rivals;
    std::string which =
        entry.jwk.kid ? fmt::format(", kid {}", quote_argument(*entry.jwk.kid, ShownAs::member))
                      : "";
    std::string of = tried == 1 ? "" : fmt::format(", one of {} that fit", tried);
    words.expected(found_.kid ? Json(*found_.kid) : Json())
        .actual(entry.jwk.kid ? Json(*entry.jwk.kid) : Json())
        .say("{}{}{}", entry.jwk.key.describe(), which, of);
  }

  void say_signature(const Outcome& outcome, CheckWords& words) {
    std::string_view name = found_.algorithm->name;
    std::size_t size = jws_.octets("signature").size();
    std::size_t expected = signature_size(found_.used->jwk.key, *found_.algorithm);
    if (outcome.status == CheckStatus::pass) {
      words.say("{} over the bytes received", name);
    } else if (outcome.rule == rules::signature_missing) {
      words.say("the signature is empty");
    } else if (outcome.rule == rules::signature_length) {
      words.expected(Json(expected))
          .actual(Json(size))
          .say("{} signatures under this key have {} bytes, this has {}", name, expected, size);
    } else {
      words.say("it does not match: another key signed, or the token was changed");
    }
  }

  const Judgement& found_;
  const Jws& jws_;
  const Policy& policy_;
  const KeyRing& ring_;
  const OptionNames& names_;
  Verdict& verdict_;
};

}  // namespace

void say_jws(const Judgement& judgement, const Subject& subject, Verdict& verdict) {
  JwsWords(judgement, subject, verdict).say();
}

}  // namespace jwtctl
