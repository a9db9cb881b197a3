// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/rotate_inputs.h"

#include <algorithm>

#include "cli/inputs.h"
#include "cli/key_inputs.h"
#include "cli/network_source.h"
#include "lib/base/shown.h"
#include "lib/base/text.h"
#include "lib/rotation/sample.h"
#include "lib/rotation/verifiers.h"

namespace jwtctl::cli {
namespace {

constexpr std::size_t kMostRepeated = 50;

Given flag(Seconds value) { return {value, "flag"}; }

Result<void> load_verifiers(const PlanOptions& options, RotationInputs& inputs) {
  if (options.verifiers.size() > kMostRepeated || options.caches.size() > kMostRepeated) {
    return fail(ErrorCode::usage, "more than {} verifiers or caches", kMostRepeated);
  }
  for (const std::string& text : options.verifiers) {
    auto verifier = verifier_timing(text, inputs.observed_max_age);
    if (!verifier) {
      Error error = std::move(verifier).error();
      error.message = fmt::format("--verifier: {}", error.message);
      return fail(std::move(error));
    }
    inputs.verifiers.push_back(*std::move(verifier));
  }
  if (options.verifier_cache) {
    VerifierTiming other;
    other.name = "verifier-cache";
    other.cache = *options.verifier_cache;
    other.source = "flag";
    inputs.verifiers.push_back(std::move(other));
  }
  if (options.cache_jitter) {
    for (VerifierTiming& verifier : inputs.verifiers) verifier.jitter = *options.cache_jitter;
  }
  return {};
}

void load_lengths(const PlanOptions& options, RotationInputs& inputs) {
  for (Seconds life : options.token_ttls) {
    if (life >= inputs.token_ttl.value) inputs.token_ttl = flag(life);
  }
  for (Seconds layer : options.caches) inputs.caches.push_back(flag(layer));
  if (options.caches.empty() && inputs.observed_max_age) {
    inputs.caches.push_back({*inputs.observed_max_age, "observed:max-age"});
  }
  if (options.every) inputs.every = flag(*options.every);
  if (options.verifier_deploy) inputs.verifier_deploy = flag(*options.verifier_deploy);
}

/// read_time reads a TIME, or with --tz a local time.
Result<Instant> read_time(const PlanOptions& options, std::string_view name,
                          const std::string& text, Instant now, std::vector<std::string>& notes) {
  if (auto local = parse_local_time(text, options.zone.value_or("UTC"))) {
    if (!options.zone) {
      return fail(ErrorCode::usage, "{}: {} has no offset", name, show_argument(text))
          .hint("write {}Z for UTC, {}+01:00, or say which zone: --tz Europe/Berlin",
                show_argument(text), show_argument(text));
    }
    if (!*local) return fail(std::move(*local).error());
    if (!(*local)->note.empty()) notes.push_back(fmt::format("{}: {}", name, (*local)->note));
    return (*local)->instant;
  }
  auto instant = parse_time(text, now);
  if (instant) return instant;
  Error error = std::move(instant).error();
  error.message = fmt::format("{}: {}", name, error.message);
  return fail(std::move(error));
}

Result<void> load_times(const PlanOptions& options, Instant now, PlanRequest& request) {
  RotationInputs& inputs = request.inputs;
  if (options.zone) {
    if (auto known = check_zone(*options.zone); !known) return known;
  }
  inputs.start = now;
  if (options.start) {
    auto start = read_time(options, "--start", *options.start, now, request.notes);
    if (!start) return fail(std::move(start).error());
    inputs.start = *start;
  }
  if (options.deadline) {
    auto deadline = read_time(options, "--deadline", *options.deadline, now, request.notes);
    if (!deadline) return fail(std::move(deadline).error());
    inputs.deadline = Instant{deadline->seconds, 0};
  }
  if (options.allow_list_start) {
    auto allowed =
        read_time(options, "--allow-list-start", *options.allow_list_start, now, request.notes);
    if (!allowed) return fail(std::move(allowed).error());
    inputs.allow_list_start = *allowed;
  }
  // Whole seconds from here on, and never earlier than asked.
  if (inputs.start.nanos > 0) inputs.start = {inputs.start.seconds + 1, 0};
  for (const std::string& text : options.windows) {
    auto window = parse_window(text);
    if (!window) return fail(std::move(window).error());
    inputs.windows.push_back(*std::move(window));
  }
  return {};
}

/// fetch_current looks at the set as it is published, past our own copies.
Result<void> fetch_current(const PlanOptions& options, PlanRequest& request) {
  auto settings = network_settings(options.network, false);
  if (!settings) return fail(std::move(settings).error());
  SampleTarget target{*options.jwks, "", make_http_get(settings->http)};
  Sample sample = take_sample(target, false, settings->fetch, real_clock());
  if (sample.error) {
    Error error = std::move(*sample.error);
    bool named = error.message.find(request.inputs.jwks) != std::string::npos;
    return fail(named ? std::move(error)
                      : with_source(std::move(error), "--jwks", request.inputs.jwks));
  }
  request.keys.current = sample.set;
  request.inputs.observed_max_age = sample.max_age;
  request.inputs.set_bytes = static_cast<Seconds>(sample.bytes);
  request.inputs.set_keys = static_cast<Seconds>(sample.keys.size());
  if (!sample.max_age) {
    request.notes.emplace_back(
        "the server does not say how long its set may be kept; --cache says how long layers in "
        "between do");
  }
  return {};
}

Result<void> load_current(const PlanOptions& options, PlanRequest& request, Io& io) {
  if (!options.jwks) return check_unused(options.network);
  request.inputs.jwks = is_url(*options.jwks) ? masked_argument(*options.jwks, ShownAs::url)
                                              : source_name(*options.jwks);
  if (is_url(*options.jwks)) return fetch_current(options, request);
  if (auto unused = check_unused(options.network); !unused) return unused;
  auto document = load_key_document(*options.jwks, "--jwks", {}, io);
  if (!document) return fail(std::move(document).error());
  auto set = public_set(*document);
  if (!set) return fail(with_source(std::move(set).error(), "--jwks", request.inputs.jwks));
  request.inputs.set_keys = static_cast<Seconds>(document->entries.size());
  request.inputs.set_bytes = static_cast<Seconds>(set->dump().size());
  request.keys.current = *std::move(set);
  return {};
}

Result<void> load_new_key(const PlanOptions& options, PlanRequest& request, Io& io) {
  if (!options.new_key) {
    if (options.passphrase) return fail(ErrorCode::usage, "--passphrase without --new-key");
    return {};
  }
  auto passphrase = load_passphrase(options.passphrase, io);
  if (!passphrase) return fail(std::move(passphrase).error());
  auto document = load_key_document(*options.new_key, "--new-key", *passphrase, io);
  if (!document) return fail(std::move(document).error());
  auto key = public_key_of(*document, options.new_kid);
  if (!key) {
    return fail(with_source(std::move(key).error(), "--new-key", source_name(*options.new_key)));
  }
  request.keys.fresh = *std::move(key);
  return {};
}

Result<void> choose_variant(const PlanOptions& options, RotationInputs& inputs) {
  int chosen = (options.emergency ? 1 : 0) + (options.to_alg ? 1 : 0) +
               (options.symmetric ? 1 : 0) + (options.first_key ? 1 : 0);
  if (chosen > 1) {
    return fail(ErrorCode::usage,
                "--emergency, --to-alg, --symmetric and --first-key are plans of their own")
        .hint("choose one");
  }
  if ((options.standby || options.soft) && !options.emergency) {
    return fail(ErrorCode::usage, "--{} is for --emergency", options.standby ? "standby" : "soft");
  }
  if (options.standby && options.soft) {
    return fail(ErrorCode::usage, "--standby contradicts --soft");
  }
  if (options.symmetric && (options.jwks || options.new_key)) {
    return fail(ErrorCode::usage, "--symmetric: a shared secret is in no key set")
        .hint("leave out --jwks and --new-key");
  }
  if (options.emergency) {
    inputs.variant = Variant::emergency;
  } else if (options.to_alg) {
    inputs.variant = Variant::algorithm;
    inputs.to_alg = *options.to_alg;
  } else if (options.symmetric) {
    inputs.variant = Variant::symmetric;
  } else if (options.first_key) {
    inputs.variant = Variant::first_key;
  }
  return {};
}

/// choose_emergency finds out whether there is a key to fall back on.
void choose_emergency(const PlanOptions& options, PlanRequest& request) {
  if (!options.emergency) return;
  RotationInputs& inputs = request.inputs;
  bool listed = request.keys.current && !inputs.new_kid.empty() &&
                has_kid(*request.keys.current, inputs.new_kid);
  inputs.emergency = options.soft                ? EmergencyCase::soft
                     : options.standby || listed ? EmergencyCase::standby
                                                 : EmergencyCase::cold;
  if (listed && !options.soft && !options.standby) {
    request.notes.push_back(
        fmt::format("the set lists \"{}\" already: if that is so for less than {} s, some "
                    "verifiers do not have it yet",
                    inputs.new_kid, bounds_of(inputs).quick_staleness));
  }
}

}  // namespace

Result<PlanRequest> load_plan_request(const PlanOptions& options, Instant now, Io& io) {
  PlanRequest request;
  request.inputs = options.inputs;
  RotationInputs& inputs = request.inputs;
  if (auto done = choose_variant(options, inputs); !done) return fail(std::move(done).error());
  if (auto done = load_times(options, now, request); !done) return fail(std::move(done).error());
  inputs.old_kid = options.old_kid.value_or("");
  inputs.new_kid = options.new_kid.value_or("");
  if (auto done = load_current(options, request, io); !done) return fail(std::move(done).error());
  if (auto done = load_new_key(options, request, io); !done) return fail(std::move(done).error());
  if (auto done = name_keys(request.keys, inputs); !done) return fail(std::move(done).error());
  load_lengths(options, inputs);
  if (auto done = load_verifiers(options, inputs); !done) return fail(std::move(done).error());
  choose_emergency(options, request);
  return request;
}

}  // namespace jwtctl::cli
