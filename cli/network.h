// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/io.h"
#include "cli/spec.h"
#include "lib/jose/key_document.h"
#include "lib/remote/jwks_source.h"

/// Key sets over the network, as commands ask for them.
namespace jwtctl::cli {

/// NetworkInput is what the options say about the network.
struct NetworkInput {
  bool offline = false;
  bool refresh = false;
  bool no_cache = false;
  std::optional<std::string> cache_folder;
  std::optional<Seconds> max_stale;
  std::optional<Seconds> timeout;
  std::optional<Seconds> connect_timeout;
  std::optional<std::size_t> retries;
  std::optional<std::size_t> max_bytes;
  bool allow_http = false;
  std::optional<std::string> ca_file;
  std::optional<std::string> client_certificate;
  std::optional<std::string> client_key;
  std::optional<std::string> proxy;
  std::optional<std::string> no_proxy;
  std::vector<std::string> resolve;
  std::vector<std::string> header_files;
  DiscoveryOptions discovery;

  std::vector<std::string> used;  ///< names of the options that were given
};

void declare_network(Spec& spec, NetworkInput& input);

/// declare_asking declares those of them that matter where neither copies nor discovery come in.
void declare_asking(Spec& spec, NetworkInput& input);

/// is_url says that a SPEC is to be fetched.
bool is_url(std::string_view spec);

/// NetworkSource is a JwksSource with all that it needs.
struct NetworkSource {
  std::unique_ptr<Remote> remote;
  JwksSource source;
};

/// open_source makes the source of `address`: a URL, or with `discover` an issuer. Fails with
/// `usage` when options contradict each other, with `input` when a file that they name cannot be
/// read.
Result<NetworkSource> open_source(const NetworkInput& input, const std::string& address,
                                  bool discover);

/// network_settings are the options for asking `address`, without copies where an odd connection
/// was asked for. Fails as `open_source`.
Result<RemoteOptions> network_settings(const NetworkInput& input, const std::string& address);

/// real_clock is the time of this machine.
Clock real_clock();

/// fetch_keys opens the source, asks it once, and says what came up.
Result<RemoteKeys> fetch_keys(const NetworkInput& input, const std::string& address, bool discover);

/// check_unused fails with `usage` when there are options of the network and nothing to fetch.
Result<void> check_unused(const NetworkInput& input);

/// to_key_document reads a fetched set for showing and comparing.
Result<KeyDocument> to_key_document(const RemoteKeys& keys);

/// say_warnings prints what came up on the way: copies that serve, clocks that differ.
void say_warnings(const RemoteKeys& keys);

}  // namespace jwtctl::cli
