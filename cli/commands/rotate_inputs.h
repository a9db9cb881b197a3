// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/io.h"
#include "cli/network.h"
#include "cli/spec.h"
#include "lib/rotation/inputs.h"
#include "lib/rotation/key_sets.h"
#include "lib/rotation/plan.h"

/// What the options of rotate-plan say.
namespace jwtctl::cli {

/// PlanOptions are the options as they were given.
struct PlanOptions {
  RotationInputs inputs;  ///< what options say by themselves, and the defaults of the rest
  std::vector<Seconds> token_ttls;
  std::vector<Seconds> caches;
  std::vector<std::string> verifiers;
  std::optional<Seconds> verifier_cache, cache_jitter, every, verifier_deploy;

  std::optional<std::string> start, deadline, allow_list_start, zone;
  std::vector<std::string> windows;

  std::optional<std::string> jwks, old_kid, new_kid, new_key, passphrase;
  std::optional<std::string> to_alg;
  bool emergency = false, standby = false, soft = false, symmetric = false, first_key = false;

  NetworkInput network;
};

/// declare_plan_options declares everything that a plan follows from.
void declare_plan_options(Spec& spec, PlanOptions& options);

/// PlanRequest is what is to be planned, and the sets that go with it where they are known.
struct PlanRequest {
  RotationInputs inputs;
  RotationKeys keys;
  std::vector<std::string> notes;  ///< what was understood in an unexpected way
};

/// load_plan_request reads files, asks the server, and puts defaults where nothing was said.
/// Fails with `usage`, `input`, `key_refused` and the network errors.
Result<PlanRequest> load_plan_request(const PlanOptions& options, Instant now, Io& io);

}  // namespace jwtctl::cli
