// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "cli/io.h"
#include "cli/network.h"
#include "lib/jose/key_document.h"
#include "lib/remote/jwks_source.h"

/// Key sets over the network, as commands ask for them.
namespace jwtctl::cli {

/// NetworkSource is a JwksSource with all that it needs.
struct NetworkSource {
  std::unique_ptr<Remote> remote;
  JwksSource source;
};

/// open_source makes the source of `address`: a URL, or with `discover` an issuer. Fails with
/// `usage` when options contradict each other or have values that cannot be, with `input` when a
/// file that they name cannot be read.
Result<NetworkSource> open_source(const NetworkInput& input, const std::string& address,
                                  bool discover);

/// real_clock is the time of this machine.
Clock real_clock();

/// network_settings are what the options come to, for an issuer with `discover`. Fails as
/// `open_source`.
Result<RemoteOptions> network_settings(const NetworkInput& input, bool discover);

/// fetch_keys opens the source, asks it once, and says what came up.
Result<RemoteKeys> fetch_keys(const NetworkInput& input, const std::string& address, bool discover,
                              const Globals& globals);

/// check_one_server fails with `usage` when both are URLs, on different servers, and there are
/// headers or a certificate of the user: they are for one of them.
Result<void> check_one_server(const NetworkInput& input, const std::string& first,
                              const std::string& second);

/// to_key_document takes the entries of a fetched set for showing and comparing; its document
/// stays.
KeyDocument to_key_document(RemoteKeys& keys);

/// why_not_asked says why `get_again` asked nobody.
std::string_view why_not_asked(const Remote& remote);

/// say_warnings prints what came up on the way: copies that serve, clocks that differ. Nothing
/// with --quiet.
void say_warnings(const RemoteKeys& keys, const Globals& globals);

}  // namespace jwtctl::cli
