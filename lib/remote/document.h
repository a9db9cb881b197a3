// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "lib/remote/deadline.h"
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
  std::string origin;  ///< of the server that the user named, whom his headers are for
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

/// Parse reads a body; only bodies of which it makes a value are stored and returned.
template <class T>
using Parse = std::function<Result<T>(const std::string& body)>;

/// Fetched is what a body was read as, with where it came from.
template <class T>
struct Fetched {
  T value;
  Document document;
};

/// Remote gets documents over the network and from the copies of earlier runs (RFC 9111). Its
/// answers depend on nothing that was asked before but for the copies.
class Remote {
 public:
  Remote(RemoteOptions options, HttpGet get, Clock clock);

  /// get returns the copy while it is fresh, else what the server says; many processes ask once.
  /// When asking fails a copy serves within its stale-if-error (for trouble of the server, and not
  /// with `refresh`) or `max_stale`; never when the answer is refused for what it is
  /// (`key_refused`). A failure never touches the copy. Fails with `usage` for a URL that may not
  /// be asked, with the errors of `fetch_url` and of `parse`, and with `network_offline`.
  template <class T>
  Result<Fetched<T>> get(const std::string& url, const Parse<T>& parse, Deadline& deadline,
                         bool typed = true) {
    Kept<T> kept(parse);
    return kept.with(get_accepted(url, std::ref(kept), deadline, typed));
  }

  /// get_again asks although the copy is fresh, because it lacks what is looked for; at most every
  /// `kForcedFetchPause` for all processes together. Nothing when it was not yet time.
  template <class T>
  std::optional<Result<Fetched<T>>> get_again(const std::string& url, const Parse<T>& parse,
                                              Deadline& deadline, bool typed = true) {
    Kept<T> kept(parse);
    auto document = ask_again(url, std::ref(kept), deadline, typed);
    if (!document) return std::nullopt;
    return kept.with(*std::move(document));
  }

  const RemoteOptions& options() const { return options_; }

 private:
  using Accept = std::function<Result<void>(const std::string& body)>;
  using Running = Deadline::Running;

  /// Kept accepts what can be read, and keeps what the last such body was read as: that one serves.
  template <class T>
  class Kept {
   public:
    explicit Kept(const Parse<T>& parse) : parse_(&parse) {}

    Result<void> operator()(const std::string& body) {
      if (value_ && body == body_) return {};
      auto value = (*parse_)(body);
      if (!value) return fail(std::move(value).error());
      value_.emplace(*std::move(value));
      body_ = body;
      return {};
    }

    Result<Fetched<T>> with(Result<Document> document) {
      if (!document) return fail(std::move(document).error());
      return Fetched<T>{*std::move(value_), *std::move(document)};
    }

   private:
    const Parse<T>* parse_;
    std::optional<T> value_;
    std::string body_;
  };

  Result<Document> get_accepted(const std::string& url, const Accept& accept, Deadline& deadline,
                                bool typed);
  std::optional<Result<Document>> ask_again(const std::string& url, const Accept& accept,
                                            Deadline& deadline, bool typed);
  Result<Document> ask(const std::string& url, const Accept& accept, bool typed,
                       const std::optional<CacheEntry>& entry, bool forced, const Running& running);
  Result<Document> serve_stale(const CacheEntry& entry, Error error, bool trouble);
  Document serve(const CacheEntry& entry) const;
  std::optional<CacheEntry> read(const std::string& url) const;
  std::optional<FileLock> take_lock(const std::string& url, const Running& running) const;

  RemoteOptions options_;
  std::optional<JwksCache> cache_;
  HttpGet get_;
  Clock clock_;
  std::string cache_problem_;  ///< why there are no copies, though there should be
};

}  // namespace jwtctl
