// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lib/codec/json.h"
#include "lib/jose/jwks.h"
#include "lib/remote/discovery.h"
#include "lib/remote/key_body.h"

namespace jwtctl {

/// RemoteKeys is a key set with where it came from.
struct RemoteKeys {
  KeyBody set;
  Document origin;
  std::vector<std::string> warnings;
};

/// JwksSource is where a key set is published: a URL, or an issuer that is asked for it. verify,
/// fetch, diff and rotation share it.
class JwksSource {
 public:
  /// `address` is the URL of the set, or with `discovery` the issuer.
  JwksSource(Remote& remote, std::string address, std::optional<DiscoveryOptions> discovery)
      : remote_(&remote),
        address_(std::move(address)),
        discovery_(std::move(discovery)),
        deadline_(remote.options().fetch.deadline) {}

  /// get returns the set, from a fresh copy or from the server. Fails with `usage`, the network
  /// errors, and `key_refused` when what was got must not be used.
  Result<RemoteKeys> get();

  /// get_again asks once more because the set lacks a kid; nothing when that was done lately.
  std::optional<Result<RemoteKeys>> get_again();

 private:
  Remote* remote_;  ///< outlives us
  std::string address_;
  std::optional<DiscoveryOptions> discovery_;
  Deadline deadline_;
  std::string url_;  ///< of the set, once it is known
  std::vector<std::string> warnings_;
};

/// has_kid says whether any entry of the set has this kid, usable or not.
bool has_kid(const Json& set, const std::string& kid);

}  // namespace jwtctl
