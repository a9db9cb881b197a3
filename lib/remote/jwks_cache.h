// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "lib/base/own_file.h"
#include "lib/remote/fetch.h"
#include "lib/remote/freshness.h"

namespace jwtctl {

/// CacheEntry is one stored answer. All instants are of the local clock.
struct CacheEntry {
  std::string url;
  std::string final_url;
  std::string body;
  Validators validators;
  std::int64_t fetched_at = 0;    ///< when the body came
  std::int64_t validated_at = 0;  ///< when the server last said that it is good
  Seconds lifetime = 0;           ///< fresh until `validated_at` plus this
  Seconds stale_if_error = 0;
  std::int64_t forced_at = 0;  ///< when an unknown kid last made us ask again
  std::optional<Seconds> clock_skew;

  bool is_fresh(Instant now) const;
  /// age is the time since the server last vouched for the body.
  Seconds age(Instant now) const;
};

/// JwksCache keeps answers in a folder, one file for each URL, named by the SHA-256 of the URL.
/// The folder must pass `check_own_folder`. What it reads it distrusts: a file of another owner,
/// one that others may write, one from the future, one whose body does not match its hash is as if
/// it were not there.
class JwksCache {
 public:
  explicit JwksCache(std::string folder) : folder_(std::move(folder)) {}

  std::optional<CacheEntry> read(const std::string& url, Instant now) const;

  /// write stores the entry, readable for its owner alone; the folder is made when it is missing.
  /// Fails with `output`.
  Result<void> write(const CacheEntry& entry) const;

  /// remove forgets the entry, if there is one.
  void remove(const std::string& url) const;

  /// lock keeps other processes from fetching the same URL; it waits at most `patience`. Nothing
  /// when that was not enough or the folder cannot be written: then everybody fetches.
  std::optional<FileLock> lock(const std::string& url, Milliseconds patience,
                               const Clock& clock) const;

 private:
  std::string path_of(const std::string& url) const;

  std::string folder_;
};

}  // namespace jwtctl
