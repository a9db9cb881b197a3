// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "lib/remote/jwks_cache.h"

namespace jwtctl {

/// How often an unknown kid may make us ask again.
inline constexpr Seconds kForcedFetchPause = 30;
/// How old a copy may be with `offline`, when nothing else is said.
inline constexpr Seconds kMaxOfflineAge = Seconds{24} * 3600;

/// A difference of clocks up to this is not worth a word: Date has whole seconds, and the way takes
/// time.
inline constexpr Seconds kShownSkew = 30;

/// RemoteOptions are what a user decides about the network and the copies.
struct RemoteOptions {
  HttpOptions http;
  FetchPolicy fetch;
  std::optional<std::string> cache_folder;  ///< nothing: no copies
  bool refresh = false;                     ///< ask even when the copy is fresh
  bool offline = false;                     ///< ask nobody
  std::optional<Seconds> max_stale;         ///< let a copy this old serve when asking fails
};

/// Document is a body with where it came from.
struct Document {
  std::string url;        ///< as it may be shown, and likewise
  std::string final_url;  ///< where that led
  std::string body;
  bool from_cache = false;
  bool stale = false;              ///< it serves though it is no longer fresh
  std::int64_t fetched_at = 0;     ///< when the body came, by our clock
  Seconds age = 0;                 ///< since the server last vouched for it
  int status = 0;                  ///< of the answer that vouched for it: 200, or 304
  std::optional<Seconds> max_age;  ///< for how long a fresh answer is good
  std::string etag;
  std::optional<Seconds> clock_skew;
  std::vector<std::string> warnings;
};

/// Accept says whether a body is what it must be; only such bodies are stored and returned.
using Accept = std::function<Result<void>(const std::string& body)>;

/// Remote gets documents over the network and from the copies of earlier runs (RFC 9111).
class Remote {
 public:
  Remote(RemoteOptions options, HttpGet get, Clock clock);

  /// The first URL that is asked names the server that the user's headers are for.
  ///
  /// get returns the copy while it is fresh, else what the server says; many processes ask once.
  /// When asking fails a copy serves within its stale-if-error (for trouble of the server, and not
  /// with `refresh`) or `max_stale`; never when the answer is refused for what it is
  /// (`key_refused`). A failure never touches the copy. Fails with `usage` for a URL that may not
  /// be asked, with the errors of `fetch_url` and of `accept`, and with `network_offline`.
  Result<Document> get(const std::string& url, const Accept& accept, bool typed = true);

  /// get_again asks although the copy is fresh, because it lacks what is looked for; at most every
  /// `kForcedFetchPause` for all processes together. Nothing when it was not yet time.
  std::optional<Result<Document>> get_again(const std::string& url, const Accept& accept,
                                            bool typed = true);

  const RemoteOptions& options() const { return options_; }

 private:
  Result<Document> ask(const std::string& url, const Accept& accept, bool typed,
                       const std::optional<CacheEntry>& entry, bool forced);
  Result<Document> serve_stale(const CacheEntry& entry, Error error, bool trouble);
  Document serve(const CacheEntry& entry) const;
  std::optional<CacheEntry> read(const std::string& url) const;
  std::optional<FileLock> take_lock(const std::string& url) const;
  Milliseconds left() const;
  Result<Document> get_now(const std::string& url, const Accept& accept, bool typed);

  RemoteOptions options_;
  std::optional<JwksCache> cache_;
  HttpGet get_;
  Clock clock_;
  std::string cache_problem_;  ///< why there are no copies, though there should be
  std::string origin_;         ///< of the server that the user named
  Milliseconds patience_;      ///< that is left for all questions together
  Milliseconds end_{};         ///< of the patience, while a question runs
};

}  // namespace jwtctl
