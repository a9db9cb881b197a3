// SPDX-License-Identifier: Apache-2.0
// Whatever stands in the file of a copy, it is as if it were not there or is read as a copy that is
// fresh within our limits; and what is written is read as it was.
#include <stdlib.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "lib/codec/json.h"
#include "lib/crypto/openssl.h"
#include "lib/remote/jwks_cache.h"
#include "tests/fuzz/targets.h"

namespace jwtctl::fuzz {
namespace {

constexpr Instant kNow{1'795'000'000, 0};
constexpr const char* kUrl = "https://id.example.com/jwks";

/// Folder is one of our own, in memory where there is such a place, and goes with us.
struct Folder {
  std::string path;

  Folder() {
    bool memory = ::access("/dev/shm", W_OK) == 0;
    path = memory ? "/dev/shm/jwtctl-fuzz-XXXXXX" : "/tmp/jwtctl-fuzz-XXXXXX";
    must(::mkdtemp(path.data()) != nullptr, "a folder can be made");
  }
  ~Folder() {
    std::error_code error;
    std::filesystem::remove_all(path, error);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
};

std::string to_hex(std::string_view octets) {
  std::string text;
  for (char octet : octets) text += fmt::format("{:02x}", static_cast<unsigned char>(octet));
  return text;
}

/// repaired gives an entry that says no hash the right one, and our URL: nobody guesses a hash.
std::string repaired(std::string_view input) {
  JsonReading reading = read_json(input);
  if (!reading.value || !reading.value->is_object()) return std::string(input);
  if (reading.value->find("body_sha256") != nullptr) return std::string(input);
  const Json* body = reading.value->find("body");
  const std::string* text = body != nullptr ? body->as_string() : nullptr;
  auto digest = sha256(text != nullptr ? *text : "");
  must(digest.has_value(), "there is SHA-256");
  reading.value->set("url", kUrl);
  reading.value->set("body_sha256", to_hex(*digest));
  return reading.value->dump();
}

void check_same(const CacheEntry& a, const CacheEntry& b) {
  must(a.url == b.url && a.body == b.body, "the answer is the same");
  must(a.validators.etag == b.validators.etag &&
           a.validators.last_modified == b.validators.last_modified,
       "its validators are the same");
  must(a.fetched_at == b.fetched_at && a.validated_at == b.validated_at &&
           a.forced_at == b.forced_at && a.lifetime == b.lifetime &&
           a.stale_if_error == b.stale_if_error && a.clock_skew == b.clock_skew,
       "its times are the same");
}

}  // namespace

void cache_entry(std::string_view input) {
  static const Folder folder;
  static const JwksCache cache(folder.path);
  static const std::string path = [] {
    CacheEntry entry;
    entry.url = kUrl;
    must(cache.write(entry).has_value(), "a copy can be written");
    return std::filesystem::directory_iterator(folder.path)->path().string();
  }();
  std::ofstream(path, std::ios::binary | std::ios::trunc) << repaired(input);
  auto entry = cache.read(kUrl, kNow);
  if (!entry) return;
  must(entry->url == kUrl, "a copy is the one that was asked for");
  must(entry->lifetime >= 0 && entry->lifetime <= kMaxFreshness, "it is fresh within the limits");
  must(entry->stale_if_error >= 0 && entry->stale_if_error <= kMaxFreshness,
       "and stale within them");
  must(!entry->is_fresh(shift(kNow, 2 * kMaxFreshness)), "no copy is fresh for ever");
  must(entry->age(kNow) >= 0, "no copy is from the future");
  must(cache.write(*entry).has_value(), "a copy can be written");
  auto again = cache.read(kUrl, kNow);
  must(again.has_value(), "a copy that was written can be read");
  check_same(*again, *entry);
  must(cache.write(*again).has_value(), "a copy can be written again");
  auto third = cache.read(kUrl, kNow);
  must(third && third->final_url == again->final_url, "what is hidden of an address stays so");
}

}  // namespace jwtctl::fuzz
