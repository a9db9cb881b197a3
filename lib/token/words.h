// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "lib/token/clean.h"
#include "lib/token/verdict.h"
#include "lib/token/verifier.h"

/// The one place in which a judgement becomes sentences, for people.
namespace jwtctl {

/// OptionNames is what the caller's users call the members of a Policy, such as names of options.
struct OptionNames {
  std::string_view algorithms;
  std::string_view kid;
  std::string_view issuers;
  std::string_view audiences;
  std::string_view any_audience;
  std::string_view subject;
  std::string_view typ;
  std::string_view leeway;
  std::string_view max_age;
  std::string_view min_remaining;
  std::string_view revoked;
  std::string_view allow_no_exp;
  std::string_view try_all_keys;
  std::string_view strict;
};

/// Subject is what a judgement is about.
struct Subject {
  const CleanedToken& token;
  const Jws& jws;
  const Payload& payload;
  const Verifier& verifier;
  const OptionNames& names;
};

/// say_verdict puts a judgement into words: every check with what was expected and what was there,
/// hints on what may help, findings on the key.
Verdict say_verdict(const Judgement& judgement, const Subject& subject);

/// The parts of say_verdict: what the phases header, key and signature found, and the phase claims.
/// They fill in the checks of `verdict` that were reached, and add hints and findings.
void say_jws(const Judgement& judgement, const Subject& subject, Verdict& verdict);
void say_claims(const Subject& subject, Verdict& verdict);

}  // namespace jwtctl
