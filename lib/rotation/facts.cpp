// SPDX-License-Identifier: Apache-2.0
#include "lib/rotation/facts.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "lib/base/shown.h"
#include "lib/base/text.h"
#include "lib/rotation/verifiers.h"

namespace jwtctl {
namespace {

/// count_looks says in how many looks `shows` is true.
template <class Shows>
Presence count_looks(const Observation& observation, const Shows& shows) {
  std::size_t shown = 0;
  std::size_t looks = 0;
  for (const Sample& sample : observation.samples) {
    if (sample.error) continue;
    ++looks;
    if (shows(sample)) ++shown;
  }
  if (shown == 0) return Presence::none;
  return shown == looks ? Presence::all : Presence::some;
}

Presence listed_in(const Observation& observation, const std::string& kid) {
  return count_looks(observation, [&kid](const Sample& sample) {
    return !kid.empty() && sample.find(kid) != nullptr;
  });
}

/// problem_in returns the first place that lists a key which no verifier takes, and why.
std::string problem_in(const Observation& observation, const std::string& kid,
                       const std::string& algorithm) {
  for (const Sample& sample : observation.samples) {
    if (sample.error || kid.empty()) continue;
    std::string problem = sample.problem_of(kid, algorithm);
    if (problem.empty()) continue;
    return fmt::format("{} lists \"{}\", but no verifier takes it: {}", place_name(sample), kid,
                       problem);
  }
  return "";
}

/// check_algorithms asks of each known verifier of the plan whether it takes the new key at all. A
/// setting can be seen from here where the old key needs it too, or where the plan has it deployed.
void check_algorithms(const RotationPlan& plan, const Sample& sample, Facts& facts) {
  const RotationInputs& in = plan.inputs;
  auto algorithms_of = [&sample](const std::string& kid) {
    const ListedKey* key = sample.find(kid);
    return key != nullptr ? key->algorithms : std::vector<std::string>{};
  };
  std::vector<std::string> fresh = algorithms_of(in.new_kid);
  if (!in.to_alg.empty() && !fresh.empty()) fresh = {in.to_alg};
  std::vector<std::string> old = algorithms_of(in.old_kid);
  bool deployed = in.variant == Variant::algorithm;
  bool in_use = std::any_of(fresh.begin(), fresh.end(), [&old](const std::string& algorithm) {
    return std::find(old.begin(), old.end(), algorithm) != old.end();
  });
  for (const VerifierTiming& verifier : in.verifiers) {
    const KnownVerifier* known = find_verifier(verifier.name);
    if (known == nullptr || fresh.empty()) continue;
    bool taken = std::any_of(fresh.begin(), fresh.end(), [known](const std::string& algorithm) {
      return takes_algorithm(*known, algorithm);
    });
    if (taken) continue;
    std::string text = fmt::format("{} {}, and {} is for {}", known->name, known->remark,
                                   quote_argument(in.new_kid, ShownAs::member), join(fresh, ", "));
    if (known->allow.empty()) {
      facts.untaken = std::move(text);
    } else if (!in_use && !deployed && facts.set_doubt.empty()) {
      facts.set_doubt =
          fmt::format("{}: whether its {} allow that cannot be seen from here", text, known->allow);
    }
  }
}

/// check_identity looks for a kid that names another key than it should, and for the new key under
/// another kid (invariant I5).
void check_identity(const Sample& sample, const std::string& kid, const std::string& expected,
                    Facts& facts) {
  for (const ListedKey& key : sample.keys) {
    // An entry that is no key at all is not another key.
    bool named = key.kid == kid && !key.thumbprint.empty();
    bool same = !expected.empty() && (key.thumbprint == expected || key.material == expected);
    if (named && !expected.empty() && !same) {
      facts.rekeyed = fmt::format("{} lists another key under the kid {}", place_name(sample),
                                  quote_argument(kid, ShownAs::member));
    }
    if (key.kid != kid && same) {
      facts.rekeyed = fmt::format("{} lists the key of {} under the kid {}", place_name(sample),
                                  quote_argument(kid, ShownAs::member),
                                  quote_argument(key.kid, ShownAs::member));
    }
  }
}

/// note_drift names keys that are listed in some places only, though the plan does not know them.
void note_drift(const RotationPlan& plan, const Observation& observation, Facts& facts) {
  std::set<std::string> kids;
  for (const Sample& sample : observation.samples) {
    for (const ListedKey& key : sample.keys) kids.insert(key.kid);
  }
  for (const std::string& kid : kids) {
    if (kid == plan.inputs.new_kid || kid == plan.inputs.old_kid || kid.empty()) continue;
    if (listed_in(observation, kid) == Presence::some) {
      facts.notes.push_back(
          fmt::format("some places list {}, others do not", quote_argument(kid, ShownAs::member)));
    }
  }
}

/// note_guess warns of caches that guess how long to keep a set: what that is differs from one to
/// another, so it is not waited for.
void note_guess(const RotationPlan& plan, const Sample& sample, Facts& facts) {
  if (sample.guessed.value_or(0) <= plan.bounds.shared) return;
  std::string text = fmt::format(
      "{} does not say how long its set may be kept: by Last-Modified caches may guess {} s, the "
      "plan reckons with {} s; Cache-Control: max-age ends that",
      place_name(sample), *sample.guessed, plan.bounds.shared);
  // Each look a second later guesses a little more.
  std::string_view begin = std::string_view(text).substr(0, text.find(" caches may guess"));
  bool known = std::any_of(facts.notes.begin(), facts.notes.end(),
                           [begin](const std::string& note) { return note.starts_with(begin); });
  if (!known) facts.notes.push_back(std::move(text));
}

void add_note(std::string text, Facts& facts) {
  bool known = std::find(facts.notes.begin(), facts.notes.end(), text) != facts.notes.end();
  if (!known) facts.notes.push_back(std::move(text));
}

/// gather_faults sorts what is wrong with a set by what it means for the plan's verifiers.
void gather_faults(const RotationPlan& plan, const Sample& sample, Facts& facts) {
  auto refusal = set_refusal(sample.faults, plan.inputs);
  if (!refusal) return;
  std::string text = fmt::format("{}: {}", place_name(sample), refusal->text);
  switch (refusal->weight) {
    case SetRefusal::Weight::certain: facts.refused.push_back(std::move(text)); break;
    case SetRefusal::Weight::unknown:
      if (facts.set_doubt.empty()) facts.set_doubt = std::move(text);
      break;
    case SetRefusal::Weight::note: add_note(std::move(text), facts); break;
  }
}

void gather_one(const RotationPlan& plan, const Sample& sample, Facts& facts) {
  facts.max_age = std::max(facts.max_age, sample.kept());
  if (sample.error) {
    bool refused = sample.error->code == ErrorCode::key_refused;
    (refused ? facts.refused : facts.failures)
        .push_back(fmt::format("{}: {}", place_name(sample), sample.error->message));
    return;
  }
  note_guess(plan, sample, facts);
  gather_faults(plan, sample, facts);
  check_algorithms(plan, sample, facts);
  if (facts.timeless.empty() && !sample.timeless.empty()) {
    facts.timeless = fmt::format("{}: {}", place_name(sample), sample.timeless);
  }
  if (!sample.led_to.empty()) {
    std::string_view address = sample.led_astray
                                   ? "of that host one address only is asked, whichever its name "
                                     "leads to; "
                                   : "";
    add_note(fmt::format("{} leads to {}: {}some verifiers follow no redirect, so name it with "
                         "--jwks too when it is configured anywhere",
                         sample.url, show_argument(sample.led_to, ShownAs::url), address),
             facts);
  }
  if (!sample.retried.empty()) {
    facts.notes.push_back(fmt::format("{} answered at try {} only: {}", place_name(sample),
                                      sample.retried.size() + 1, sample.retried.front()));
  }
  for (const ListedKey& listed : sample.keys) {
    if (listed.kid != plan.inputs.new_kid || listed.thumbprint.empty()) continue;
    if (facts.new_thumbprint.empty()) facts.new_thumbprint = listed.thumbprint;
    if (listed.thumbprint != facts.new_thumbprint) {
      facts.rekeyed = fmt::format("two different keys are listed under the kid {}",
                                  quote_argument(listed.kid, ShownAs::member));
    }
  }
}

/// compare_clocks prefers answers that came from the server itself to those that a cache dated.
std::optional<Seconds> compare_clocks(const Observation& observation) {
  std::optional<Seconds> direct;
  std::optional<Seconds> aged;
  for (const Sample& sample : observation.samples) {
    if (sample.error || !sample.clock_skew) continue;
    std::optional<Seconds>& largest = sample.age.value_or(0) > 0 ? aged : direct;
    if (std::abs(*sample.clock_skew) >= std::abs(largest.value_or(0))) largest = sample.clock_skew;
  }
  return direct ? direct : aged;
}

}  // namespace

std::optional<SkewRange> skew_range(const Observation& observation, const std::string& place) {
  for (bool direct : {true, false}) {
    std::optional<SkewRange> range;
    for (const Sample& sample : observation.samples) {
      bool counts = memory_key(sample.url) == place && !sample.error && sample.clock_skew &&
                    (sample.age.value_or(0) == 0) == direct;
      if (!counts) continue;
      if (!range) range = {*sample.clock_skew, *sample.clock_skew};
      range = {std::min(range->lowest, *sample.clock_skew),
               std::max(range->highest, *sample.clock_skew)};
    }
    if (range) return range;
  }
  return std::nullopt;
}

std::string place_name(const Sample& sample) {
  std::string out = masked_argument(sample.url, ShownAs::url);
  if (!sample.address.empty()) out += fmt::format(" at {}", sample.address);
  return out;
}

Presence presence_of(const Observation& observation, const std::string& kid,
                     const std::string& algorithm) {
  return count_looks(observation, [&](const Sample& sample) {
    return !kid.empty() && sample.takes(kid, algorithm);
  });
}

Facts gather_facts(const RotationPlan& plan, const Observation& observation,
                   const CheckMemory& memory) {
  Facts facts;
  const RotationInputs& in = plan.inputs;
  for (const Sample& sample : observation.samples) gather_one(plan, sample, facts);
  // Copies of earlier answers may be about, whatever the server says now.
  for (const auto& [url, place] : memory.places) {
    facts.max_age = std::max(facts.max_age, place.max_age);
  }
  std::string expected = in.new_thumbprint.empty() ? memory.new_thumbprint : in.new_thumbprint;
  for (const Sample& sample : observation.samples) {
    check_identity(sample, in.new_kid, expected, facts);
    if (!in.old_kid.empty()) check_identity(sample, in.old_kid, in.old_thumbprint, facts);
  }
  facts.fresh = presence_of(observation, in.new_kid, in.to_alg);
  facts.fresh_problem = problem_in(observation, in.new_kid, in.to_alg);
  facts.old = presence_of(observation, in.old_kid, "");
  facts.old_problem = problem_in(observation, in.old_kid, "");
  facts.old_listed = listed_in(observation, in.old_kid);
  facts.skew = compare_clocks(observation);
  note_drift(plan, observation, facts);
  return facts;
}

}  // namespace jwtctl
