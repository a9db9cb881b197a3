// SPDX-License-Identifier: Apache-2.0
#include "lib/remote/jwks_cache.h"

#include <unistd.h>

#include <algorithm>
#include <charconv>

#include "lib/base/limits.h"
#include "lib/base/shown.h"
#include "lib/codec/json.h"
#include "lib/crypto/openssl.h"

namespace jwtctl {
namespace {

/// A body of the largest size with everything escaped, and the members around it.
constexpr std::size_t kMaxEntryBytes = kMaxKeySetBytes * 6 + 65536;
/// Clocks of machines that share a folder differ a little.
constexpr Seconds kClockTolerance = 60;
/// A Date has four digits of a year.
constexpr Seconds kMaxClockSkew = kMaxDuration * 100;
constexpr Milliseconds kLockPause{20};

std::string to_hex(std::string_view octets) {
  std::string text;
  for (char octet : octets) text += fmt::format("{:02x}", static_cast<unsigned char>(octet));
  return text;
}

std::string hash_of(std::string_view text) {
  auto digest = sha256(text);
  return digest ? to_hex(*digest) : std::string{};
}

std::string text_member(const Json& json, std::string_view name) {
  const Json* member = json.find(name);
  const std::string* text = member != nullptr ? member->as_string() : nullptr;
  return text != nullptr ? *text : std::string{};
}

std::optional<std::int64_t> number_member(const Json& json, std::string_view name) {
  const Json* member = json.find(name);
  const std::string* text = member != nullptr ? member->as_number() : nullptr;
  if (text == nullptr) return std::nullopt;
  std::int64_t value = 0;
  auto [at, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  bool good = error == std::errc{} && at == text->data() + text->size();
  return good ? std::optional(value) : std::nullopt;
}

std::optional<CacheEntry> parse_entry(std::string_view text) {
  auto json = parse_json(text, "the copy");
  if (!json || number_member(*json, "version") != 1) return std::nullopt;
  CacheEntry entry;
  entry.url = text_member(*json, "url");
  entry.final_url = text_member(*json, "final_url");
  entry.body = text_member(*json, "body");
  entry.validators = {text_member(*json, "etag"), text_member(*json, "last_modified")};
  auto fetched = number_member(*json, "fetched_at");
  auto validated = number_member(*json, "validated_at");
  auto lifetime = number_member(*json, "lifetime");
  auto stale = number_member(*json, "stale_if_error");
  auto forced = number_member(*json, "forced_at");
  if (!fetched || !validated || !lifetime || !stale || !forced) return std::nullopt;
  auto skew = number_member(*json, "clock_skew");
  // Nothing that a file says makes a copy fresh for longer than a server could.
  bool sane =
      *lifetime >= 0 && *lifetime <= kMaxFreshness && *stale >= 0 && *stale <= kMaxFreshness;
  // Nor does it hold times that cannot be reckoned with.
  bool times = *fetched >= 0 && *validated >= 0 && *forced >= 0 &&
               (!skew || (*skew >= -kMaxClockSkew && *skew <= kMaxClockSkew));
  if (!sane || !times || text_member(*json, "body_sha256") != hash_of(entry.body))
    return std::nullopt;
  entry.fetched_at = *fetched;
  entry.validated_at = *validated;
  entry.lifetime = *lifetime;
  entry.stale_if_error = *stale;
  entry.forced_at = *forced;
  entry.clock_skew = skew;
  return entry;
}

}  // namespace

bool CacheEntry::is_fresh(Instant now) const { return age(now) < lifetime; }

Seconds CacheEntry::age(Instant now) const {
  return std::max<Seconds>(seconds_between({validated_at, 0}, now), 0);
}

std::string JwksCache::path_of(const std::string& url) const {
  return fmt::format("{}/{}.json", folder_, hash_of(url));
}

std::optional<CacheEntry> JwksCache::read(const std::string& url, Instant now) const {
  auto bytes = load_own_file(path_of(url), kMaxEntryBytes);
  if (!bytes) return std::nullopt;
  auto entry = parse_entry(as_text(*bytes));
  if (!entry || entry->url != masked_argument(url, ShownAs::url)) return std::nullopt;
  entry->url = url;
  Seconds latest = now.seconds + kClockTolerance;
  if (entry->validated_at > latest || entry->fetched_at > latest || entry->forced_at > latest) {
    return std::nullopt;
  }
  return entry;
}

Result<void> JwksCache::write(const CacheEntry& entry) const {
  if (auto made = make_own_folder(folder_); !made) return made;
  Json json = Json::object({{"version", 1},
                            {"url", masked_argument(entry.url, ShownAs::url)},
                            {"final_url", masked_argument(entry.final_url, ShownAs::url)},
                            {"fetched_at", entry.fetched_at},
                            {"validated_at", entry.validated_at},
                            {"lifetime", entry.lifetime},
                            {"stale_if_error", entry.stale_if_error},
                            {"forced_at", entry.forced_at},
                            {"etag", entry.validators.etag},
                            {"last_modified", entry.validators.last_modified},
                            {"body_sha256", hash_of(entry.body)},
                            {"body", entry.body}});
  if (entry.clock_skew) json.set("clock_skew", *entry.clock_skew);
  return write_own_file(path_of(entry.url), json.dump() + "\n");
}

void JwksCache::remove(const std::string& url) const { ::unlink(path_of(url).c_str()); }

std::optional<FileLock> JwksCache::lock(const std::string& url, Milliseconds patience,
                                        const Clock& clock) const {
  if (!make_own_folder(folder_)) return std::nullopt;
  std::string path = fmt::format("{}/{}.lock", folder_, hash_of(url));
  Milliseconds end = clock.monotonic() + patience;
  for (;;) {
    bool possible = false;
    auto lock = FileLock::try_take(path, possible);
    if (lock || !possible || clock.monotonic() >= end) return lock;
    clock.sleep(kLockPause);
  }
}

}  // namespace jwtctl
