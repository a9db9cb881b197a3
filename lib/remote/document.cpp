// SPDX-License-Identifier: Apache-2.0
#include "lib/remote/document.h"

#include <algorithm>

namespace jwtctl {
namespace {

/// is_trouble: errors for which RFC 5861 section 4 lets a stale copy serve.
bool is_trouble(const Error& error) {
  return error.code == ErrorCode::network_dns || error.code == ErrorCode::network_connect ||
         error.code == ErrorCode::network_timeout;
}

}  // namespace

Remote::Remote(RemoteOptions options, HttpGet get, Clock clock)
    : options_(std::move(options)),
      get_(std::move(get)),
      clock_(std::move(clock)),
      end_(clock_.monotonic() + options_.fetch.deadline) {
  if (options_.cache_folder) cache_.emplace(*options_.cache_folder);
}

std::optional<CacheEntry> Remote::read(const std::string& url) const {
  return cache_ ? cache_->read(url, clock_.wall()) : std::nullopt;
}

Milliseconds Remote::left() const { return std::max(end_ - clock_.monotonic(), Milliseconds{0}); }

bool Remote::is_typed_origin(const Url& url) const {
  return std::find(typed_origins_.begin(), typed_origins_.end(), url.origin()) !=
         typed_origins_.end();
}

/// take_lock leaves time to ask after who had the lock did not come to an end.
std::optional<FileLock> Remote::take_lock(const std::string& url) const {
  return cache_ ? cache_->lock(url, left() / 2, clock_) : std::nullopt;
}

Document Remote::serve(const CacheEntry& entry) const {
  Document document;
  document.url = entry.url;
  document.final_url = entry.final_url;
  document.body = entry.body;
  document.from_cache = true;
  document.stale = !entry.is_fresh(clock_.wall());
  document.fetched_at = entry.fetched_at;
  document.age = entry.age(clock_.wall());
  document.max_age = entry.lifetime;
  document.etag = entry.validators.etag;
  document.clock_skew = entry.clock_skew;
  return document;
}

Result<Document> Remote::get(const std::string& url, const Accept& accept, bool typed) {
  Instant begun = clock_.wall();
  auto entry = read(url);
  // A copy is judged anew: what was acceptable to an earlier version may not be to this one.
  if (entry && !accept(entry->body)) entry.reset();
  if (options_.offline) {
    if (!entry) {
      return fail(ErrorCode::network_offline, "--offline, and there is no copy of {}", url)
          .hint("run once without --offline");
    }
    Seconds limit = options_.max_stale.value_or(kMaxOfflineAge);
    if (entry->is_fresh(begun) || entry->age(begun) <= limit) return serve(*entry);
    return fail(ErrorCode::network_offline, "--offline, and the copy of {} is {} old", url,
                format_duration(entry->age(begun)))
        .hint("--max-stale DUR accepts an older copy");
  }
  if (entry && entry->is_fresh(begun) && !options_.refresh) return serve(*entry);

  std::optional<FileLock> lock = take_lock(url);
  if (cache_) {
    // Who had the lock before us may have asked already.
    auto newer = read(url);
    if (newer && accept(newer->body)) {
      bool asked_since = newer->validated_at > begun.seconds;
      bool serves = newer->is_fresh(clock_.wall()) && (asked_since || !options_.refresh);
      if (serves) return serve(*newer);
      entry = std::move(newer);
    }
  }
  return ask(url, accept, typed, entry, false);
}

std::optional<Result<Document>> Remote::get_again(const std::string& url, const Accept& accept,
                                                  bool typed) {
  if (options_.offline) return std::nullopt;
  std::optional<FileLock> lock = take_lock(url);
  auto entry = read(url);
  // As in `get`; and whoever asks has then seen the body that a 304 leaves in place.
  if (entry && !accept(entry->body)) entry.reset();
  Instant now = clock_.wall();
  bool too_soon = entry && now.seconds - entry->forced_at < kForcedFetchPause;
  if (too_soon) return std::nullopt;
  if (entry) {
    // Noted before asking, so that a server in trouble is not asked for every token.
    entry->forced_at = now.seconds;
    if (!cache_->write(*entry)) return std::nullopt;
  }
  return ask(url, accept, typed, entry, true);
}

Result<Document> Remote::ask(const std::string& url, const Accept& accept, bool typed,
                             const std::optional<CacheEntry>& entry, bool forced) {
  auto parsed = check_url(url, options_.fetch.allow_http);
  if (!parsed) return fail(std::move(parsed).error());
  FetchPolicy policy = options_.fetch;
  policy.typed = typed;
  policy.deadline = left();
  // A document that was found may name any server; what the user sends is not for that one.
  if (typed) typed_origins_.push_back(parsed->origin());
  if (!is_typed_origin(*parsed)) policy.headers.clear();
  auto fetched = fetch_url(*parsed, policy, entry ? entry->validators : Validators{}, get_, clock_);
  Instant now = clock_.wall();
  bool trouble =
      fetched ? is_server_trouble(fetched->response.status) : is_trouble(fetched.error());
  Result<void> good;
  if (!fetched) good = fail(std::move(fetched).error());
  if (good) good = check_status(*fetched, now);
  bool unchanged = good && fetched->response.status == 304;
  if (good && !unchanged) good = accept(fetched->response.body);
  if (!good) {
    // A kid that we did not find is no reason to trust a copy for longer.
    if (forced || !entry) return fail(std::move(good).error());
    return serve_stale(*entry, std::move(good).error(), trouble);
  }
  CacheEntry fresh = unchanged ? *entry : CacheEntry{};
  Freshness freshness = read_freshness(fetched->response, now);
  // A 304 that does not speak of it leaves what was said (RFC 9111 section 4.3.4).
  bool silent = unchanged && !fetched->response.header("cache-control") &&
                !fetched->response.header("expires");
  fresh.url = url;
  fresh.final_url = fetched->final_url;
  if (!unchanged) {
    fresh.body = std::move(fetched->response.body);
    fresh.fetched_at = now.seconds;
    fresh.forced_at = entry ? entry->forced_at : forced ? now.seconds : 0;
  }
  if (auto etag = fetched->response.header("etag")) fresh.validators.etag = *etag;
  if (auto date = fetched->response.header("last-modified")) fresh.validators.last_modified = *date;
  fresh.validated_at = now.seconds;
  if (!silent) {
    fresh.lifetime = freshness.lifetime;
    fresh.stale_if_error = freshness.stale_if_error;
  }
  fresh.clock_skew = fetched->clock_skew;
  Document document = serve(fresh);
  document.from_cache = false;
  document.stale = false;
  document.status = fetched->response.status;
  if (cache_ && freshness.no_store) {
    // The older copy would outlive what the server says now.
    cache_->remove(url);
  } else if (cache_) {
    if (auto stored = cache_->write(fresh); !stored) {
      document.warnings.push_back(fmt::format("no copy is kept: {}", stored.error().message));
    }
  }
  return document;
}

Result<Document> Remote::serve_stale(const CacheEntry& entry, Error error, bool trouble) {
  Seconds age = entry.age(clock_.wall());
  bool by_server = trouble && !options_.refresh && entry.stale_if_error > 0 &&
                   age <= entry.lifetime + entry.stale_if_error;
  bool by_user = options_.max_stale && age <= *options_.max_stale;
  if (by_server || by_user) {
    Document document = serve(entry);
    document.warnings.push_back(
        fmt::format("{}; a copy of {} ago serves", error.message, format_duration(age)));
    return document;
  }
  return fail(error.code, "{}", error.message)
      .hint("a copy of {} ago is there: --offline uses it, or --max-stale DUR",
            format_duration(age));
}

}  // namespace jwtctl
