// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/key_inputs.h"
#include "cli/network_source.h"
#include "cli/report/report.h"
#include "lib/jose/jws.h"
#include "lib/jose/key_ring.h"

/// The keys that verify chooses from, local or fetched.
namespace jwtctl::cli {

/// VerifyKeys is what a verification chooses from, and how it came.
struct VerifyKeys {
  Result<std::shared_ptr<const KeyRing>> ring = fail(ErrorCode::internal, "no keys");
  std::optional<NetworkSource> network;
  std::optional<RemoteKeys> fetched;
  std::string not_asked;  ///< why the server was not asked for what the copy lacks
  bool asked = false;     ///< it was to be asked once more

  /// take makes the ring of what was fetched.
  void take(RemoteKeys keys);

  /// ask_for fetches once more when no key of the copy has the kid that is wanted. When that fails
  /// the copy stays, which is fresh: it cannot verify this token, but it can say so.
  void ask_for(const std::optional<std::string>& kid);

  /// ask_again fetches once more when the keys are those of a copy, at most once in a run.
  void ask_again();

  /// origin says where fetched keys come from; nothing for local ones.
  std::optional<KeyOrigin> origin() const;
};

/// is_about_keys says whether a verdict may come from an older key under the same kid: issuers
/// replace keys, and mend what they say of them, under one name.
bool is_about_keys(const Verdict& verdict);

bool is_remote(const KeyInput& input);

/// load_verify_keys reads or fetches the keys; with --discover the one of `issuers` is asked.
/// `key_refused` is kept in `ring` for the verdict, other errors are returned.
Result<VerifyKeys> load_verify_keys(const KeyInput& input, const NetworkInput& network,
                                    const std::vector<std::string>& issuers, Io& io);

/// add_hints says what a refusal may come from: clocks that differ, a server that was not asked.
void add_hints(Verdict& verdict, const VerifyKeys& keys);

}  // namespace jwtctl::cli
