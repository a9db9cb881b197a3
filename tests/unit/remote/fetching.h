// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lib/remote/fetch.h"
#include "tests/unit/remote/fake_server.h"

namespace jwtctl::testing {

inline constexpr const char* kUrl = "https://a.test/jwks";

/// Fetching is one server with the policy and the validators that a test may change.
struct Fetching {
  FakeServer server;
  FetchPolicy policy;
  Validators validators;

  Result<HttpAnswer> fetch(const std::string& url = kUrl) {
    auto parsed = check_url(url, policy.allow_http);
    if (!parsed) return fail(std::move(parsed).error());
    return fetch_url(*parsed, policy, validators, server.get(), server.clock());
  }

  HttpAnswer fetched(const std::string& url = kUrl) {
    auto result = fetch(url);
    INFO((result ? "" : result.error().message));
    REQUIRE(result.has_value());
    return *std::move(result);
  }

  Reach reach(std::size_t request = 0) {
    REQUIRE(server.requests.size() > request);
    return server.requests[request].reach;
  }
};

}  // namespace jwtctl::testing
