// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "cli/spec.h"
#include "lib/base/time.h"
#include "lib/remote/clock.h"
#include "lib/remote/discovery.h"
#include "lib/remote/fetch.h"
#include "lib/remote/http.h"

/// The options about the network.
namespace jwtctl::cli {

constexpr Seconds whole_seconds(Milliseconds length) {
  return std::chrono::duration_cast<std::chrono::seconds>(length).count();
}

/// NetworkInput is what the options say about the network.
struct NetworkInput {
  bool offline = false;
  bool refresh = false;
  bool no_cache = false;
  std::optional<std::string> cache_folder;
  std::optional<Seconds> max_stale;
  Seconds timeout = whole_seconds(FetchPolicy{}.deadline);
  Seconds connect_timeout = whole_seconds(HttpOptions{}.connect_timeout);
  int retries = FetchPolicy{}.retries;
  std::size_t max_bytes = HttpOptions{}.max_bytes;
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

/// check_unused fails with `usage` when there are options of the network and nothing to fetch.
Result<void> check_unused(const NetworkInput& input);

}  // namespace jwtctl::cli
