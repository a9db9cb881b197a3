// SPDX-License-Identifier: Apache-2.0
#include "lib/remote/jwks_cache.h"

#include <limits>

#include "lib/base/limits.h"
#include "tests/unit/folder.h"
#include "tests/unit/keys.h"
#include "tests/unit/remote/fake_server.h"

namespace jwtctl {
namespace {

namespace fs = std::filesystem;
using namespace testing;

constexpr Instant kTime{kToday, 0};
constexpr const char* kUrl = "https://a.test/jwks";
/// SHA-256 of kUrl, as sha256sum gives it.
constexpr const char* kName = "261ca334a420dbe8348cb61b7452056ae37a367c7309b62ba9fc2ac299e86087";

CacheEntry usual() {
  CacheEntry entry;
  entry.url = kUrl;
  entry.final_url = "https://b.test/jwks";
  entry.body = "{\"keys\":[]}\n\x01 \"\\ \xc3\xa4";
  entry.validators = {"W/\"abc\"", "Fri, 15 Jan 2027 07:00:00 GMT"};
  entry.fetched_at = kToday - 100;
  entry.validated_at = kToday - 10;
  entry.lifetime = 600;
  entry.stale_if_error = 60;
  entry.forced_at = kToday - 5;
  entry.clock_skew = -7;
  return entry;
}

/// Cache is a folder with one entry that a test may falsify.
struct Cache {
  Folder folder;
  JwksCache cache{folder / "jwks"};
  std::string file = folder / fmt::format("jwks/{}.json", kName);

  Cache() { REQUIRE(cache.write(usual()).has_value()); }

  std::optional<CacheEntry> read(Instant now = kTime) const { return cache.read(kUrl, now); }

  /// with_member replaces a member in the file.
  std::optional<CacheEntry> with_member(std::string_view name, Json value) {
    Json json = json_of(content(file));
    json.set(name, std::move(value));
    put(file, json.dump());
    auto entry = read();
    REQUIRE(cache.write(usual()).has_value());
    return entry;
  }
};

TEST_CASE("an entry comes back as it was") {
  Cache c;
  auto entry = c.read();
  REQUIRE(entry.has_value());
  CacheEntry expected = usual();
  CHECK(entry->url == expected.url);
  CHECK(entry->final_url == expected.final_url);
  CHECK(entry->body == expected.body);
  CHECK(entry->validators.etag == expected.validators.etag);
  CHECK(entry->validators.last_modified == expected.validators.last_modified);
  CHECK(entry->fetched_at == expected.fetched_at);
  CHECK(entry->validated_at == expected.validated_at);
  CHECK(entry->lifetime == expected.lifetime);
  CHECK(entry->stale_if_error == expected.stale_if_error);
  CHECK(entry->forced_at == expected.forced_at);
  CHECK(entry->clock_skew == expected.clock_skew);
  expected.clock_skew.reset();
  REQUIRE(c.cache.write(expected).has_value());
  CHECK_FALSE(c.read()->clock_skew.has_value());
}

TEST_CASE("an entry is a file of its owner, named by the hash of the URL") {
  Cache c;
  CHECK(fs::exists(c.file));
  CHECK(mode(c.file) == 0600);
  CHECK(mode(c.folder / "jwks") == 0700);
  CHECK_FALSE(c.cache.read("https://a.test/jwks?", kTime).has_value());
  CHECK_FALSE(c.cache.read("https://a.test/", kTime).has_value());
}

TEST_CASE("values of a query are not in the file, and tell entries apart all the same") {
  Cache c;
  CacheEntry entry = usual();
  entry.url = "https://a.test/jwks?api_key=hunter2";
  entry.final_url = "https://b.test/jwks?sig=hunter3";
  REQUIRE(c.cache.write(entry).has_value());
  std::size_t files = 0;
  for (const auto& file : fs::directory_iterator(c.folder / "jwks")) {
    ++files;
    CHECK(content(file.path().string()).find("hunter") == std::string::npos);
  }
  CHECK(files == 2);
  auto read = c.cache.read(entry.url, kTime);
  REQUIRE(read.has_value());
  CHECK(read->url == entry.url);
  CHECK(read->final_url == "https://b.test/jwks?sig=***");
  CHECK_FALSE(c.cache.read("https://a.test/jwks?api_key=hunter4", kTime).has_value());
  CHECK_FALSE(c.cache.read("https://a.test/jwks?api_key=***", kTime).has_value());
}

TEST_CASE("an entry is fresh up to its lifetime and not at its end") {
  CacheEntry entry = usual();
  CHECK(entry.age(kTime) == 10);
  CHECK(entry.is_fresh({entry.validated_at + 599, 999'999'999}));
  CHECK_FALSE(entry.is_fresh({entry.validated_at + 600, 0}));
  entry.lifetime = 0;
  CHECK_FALSE(entry.is_fresh({entry.validated_at, 0}));
  CHECK(entry.age({entry.validated_at - 5, 0}) == 0);
}

TEST_CASE("what is removed is gone, and the others stay") {
  Cache c;
  CacheEntry other = usual();
  other.url = "https://b.test/jwks";
  REQUIRE(c.cache.write(other).has_value());
  c.cache.remove(kUrl);
  CHECK_FALSE(c.read().has_value());
  CHECK(c.cache.read(other.url, kTime).has_value());
  c.cache.remove(kUrl);
}

TEST_CASE("a file that is not what was written is as if it were not there") {
  Cache c;
  std::string good = content(c.file);
  CHECK(c.read().has_value());
  for (std::string bad :
       {std::string(), good.substr(0, good.size() / 2), std::string("garbage"), std::string("[]"),
        std::string("null"), good + "x", std::string("{\"version\":1}"), std::string(4096, '[')}) {
    CAPTURE(bad.substr(0, 40));
    put(c.file, bad);
    CHECK_FALSE(c.read().has_value());
  }
  put(c.file, good);
  CHECK(c.read().has_value());
}

TEST_CASE("a body that does not match its hash is not believed") {
  Cache c;
  CHECK_FALSE(c.with_member("body", "{\"keys\":[1]}").has_value());
  CHECK_FALSE(c.with_member("body", nullptr).has_value());
  CHECK_FALSE(c.with_member("body_sha256", "").has_value());
  CHECK_FALSE(c.with_member("body_sha256", nullptr).has_value());
  CHECK_FALSE(c.with_member("body_sha256", std::string(64, '0')).has_value());
  CHECK(c.read().has_value());
}

TEST_CASE("an entry of another URL or version is not believed") {
  Cache c;
  CHECK_FALSE(c.with_member("url", "https://evil.test/jwks").has_value());
  CHECK_FALSE(c.with_member("url", nullptr).has_value());
  for (Json version : {Json(0), Json(2), Json("1"), Json(), Json(true)}) {
    CHECK_FALSE(c.with_member("version", version).has_value());
  }
  CHECK(c.with_member("version", 1).has_value());
}

TEST_CASE("an entry from the future is not believed, up to a minute between clocks") {
  Cache c;
  for (const char* name : {"validated_at", "fetched_at", "forced_at"}) {
    CAPTURE(name);
    CHECK(c.with_member(name, kToday).has_value());
    CHECK(c.with_member(name, kToday + 60).has_value());
    CHECK_FALSE(c.with_member(name, kToday + 61).has_value());
    CHECK_FALSE(c.with_member(name, std::numeric_limits<std::int64_t>::max()).has_value());
  }
}

TEST_CASE("no file makes a copy good for longer than a server could") {
  Cache c;
  for (const char* name : {"lifetime", "stale_if_error"}) {
    CAPTURE(name);
    CHECK(c.with_member(name, 0).has_value());
    CHECK(c.with_member(name, 86'400).has_value());
    CHECK_FALSE(c.with_member(name, 86'401).has_value());
    CHECK_FALSE(c.with_member(name, -1).has_value());
    CHECK_FALSE(c.with_member(name, std::numeric_limits<std::int64_t>::min()).has_value());
  }
}

TEST_CASE("times that no clock shows are not believed") {
  Cache c;
  for (const char* name : {"validated_at", "fetched_at", "forced_at"}) {
    CAPTURE(name);
    CHECK_FALSE(c.with_member(name, -1).has_value());
    CHECK_FALSE(c.with_member(name, std::numeric_limits<std::int64_t>::min()).has_value());
    for (Json odd : {Json(), Json("1800000000"), Json(Json::Number{"1.5"}),
                     Json(Json::Number{"1e9"}), Json(Json::Number{"99999999999999999999"})}) {
      CAPTURE(odd.dump());
      CHECK_FALSE(c.with_member(name, odd).has_value());
    }
  }
  CHECK_FALSE(c.with_member("clock_skew", std::numeric_limits<std::int64_t>::min()).has_value());
}

TEST_CASE("a file that others can write, or that is a link, is not believed") {
  Cache c;
  REQUIRE(::chmod(c.file.c_str(), 0620) == 0);
  CHECK_FALSE(c.read().has_value());
  REQUIRE(::chmod(c.file.c_str(), 0602) == 0);
  CHECK_FALSE(c.read().has_value());
  REQUIRE(::chmod(c.file.c_str(), 0600) == 0);
  CHECK(c.read().has_value());
  fs::rename(c.file, c.folder / "elsewhere");
  fs::create_symlink(c.folder / "elsewhere", c.file);
  CHECK_FALSE(c.read().has_value());
}

TEST_CASE("a file that is too large is not read", "[slow]") {
  Cache c;
  std::string good = content(c.file);
  std::size_t limit = kMaxKeySetBytes * 6 + 65'536;
  put(c.file, good + std::string(limit - good.size(), ' '));
  CHECK(c.read().has_value());
  put(c.file, good + std::string(limit - good.size() + 1, ' '));
  CHECK_FALSE(c.read().has_value());
}

TEST_CASE("the largest body of the worst characters can be kept", "[slow]") {
  Cache c;
  CacheEntry entry = usual();
  entry.body = std::string(kMaxKeySetBytes, '\x01');
  REQUIRE(c.cache.write(entry).has_value());
  REQUIRE(c.read().has_value());
  CHECK(c.read()->body == entry.body);
}

TEST_CASE("text of a server that is no UTF-8 does not break the entry") {
  Cache c;
  CacheEntry entry = usual();
  entry.validators.etag = "\"\xff\"";
  REQUIRE(c.cache.write(entry).has_value());
  REQUIRE(c.read().has_value());
  CHECK(c.read()->body == entry.body);
}

TEST_CASE("a folder that cannot be is an output error, and nothing is locked") {
  Folder folder;
  put(folder / "file", "");
  JwksCache cache(folder / "file/jwks");
  check_failed(cache.write(usual()), ErrorCode::output, "file/jwks");
  CHECK_FALSE(cache.read(kUrl, kTime).has_value());
  FakeServer server;
  CHECK_FALSE(cache.lock(kUrl, Milliseconds{1'000}, server.clock()).has_value());
  CHECK(server.sleeps.empty());
}

TEST_CASE("the lock of an entry is waited for as long as patience lasts") {
  Cache c;
  FakeServer server;
  auto lock = c.cache.lock(kUrl, Milliseconds{0}, server.clock());
  REQUIRE(lock.has_value());
  CHECK(server.sleeps.empty());
  CHECK_FALSE(c.cache.lock(kUrl, Milliseconds{0}, server.clock()).has_value());
  CHECK(server.sleeps.empty());
  CHECK_FALSE(c.cache.lock(kUrl, Milliseconds{1'000}, server.clock()).has_value());
  CHECK(server.clock().monotonic() >= Milliseconds{1'000});
  CHECK(server.clock().monotonic() < Milliseconds{1'100});
  CHECK(c.cache.lock("https://a.test/other", Milliseconds{0}, server.clock()).has_value());
  lock.reset();
  CHECK(c.cache.lock(kUrl, Milliseconds{0}, server.clock()).has_value());
}

}  // namespace
}  // namespace jwtctl
