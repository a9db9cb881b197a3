// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lib/remote/document.h"
#include "tests/unit/folder.h"
#include "tests/unit/remote/fake_server.h"

namespace jwtctl::testing {

inline constexpr const char* kUrl = "https://a.test/jwks";

/// accept takes all but "bad", which stands for whatever is no key set.
inline const Parse<std::string> accept = [](const std::string& body) -> Result<std::string> {
  if (body == "bad") return fail(ErrorCode::network_body, "the answer is bad");
  return body;
};

/// document_of is where it came from; what was read must be the body that came.
inline Result<Document> document_of(Result<Fetched<std::string>> fetched) {
  if (!fetched) return fail(std::move(fetched).error());
  CHECK(fetched->value == fetched->document.body);
  return std::move(fetched->document);
}

/// Site is a server with copies; each run of the program is a new Remote.
struct Site {
  Folder folder;
  FakeServer server;
  RemoteOptions options;

  Site() {
    options.cache_folder = folder / "copies";
    options.origin = "https://a.test";
  }

  Remote remote() { return Remote(options, server.get(), server.clock()); }
  Deadline deadline() const { return Deadline(options.fetch.deadline); }

  Result<Document> get() {
    Deadline run = deadline();
    return document_of(remote().get(kUrl, accept, run));
  }

  Document got() {
    auto document = get();
    INFO((document ? "" : document.error().message));
    REQUIRE(document.has_value());
    return *std::move(document);
  }

  std::optional<Result<Document>> get_again() {
    Deadline run = deadline();
    auto again = remote().get_again(kUrl, accept, run);
    if (!again) return std::nullopt;
    return document_of(*std::move(again));
  }

  /// store makes one run that keeps a copy of `body`.
  void store(std::string body, std::string cache_control, Headers more = {}) {
    more.emplace_back("cache-control", std::move(cache_control));
    server.on(kUrl, ok(std::move(body), std::move(more)));
    REQUIRE(got().from_cache == false);
    server.requests.clear();
  }

  /// stored is the entry as it lies there.
  std::optional<CacheEntry> stored() const {
    return JwksCache(*options.cache_folder).read(kUrl, server.now());
  }

  std::size_t asked() const { return server.requests.size(); }
};

inline Answer answer_with(std::string body, std::string cache_control) {
  return ok(std::move(body), {{"cache-control", std::move(cache_control)}});
}

}  // namespace jwtctl::testing
