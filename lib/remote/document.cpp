// SPDX-License-Identifier: Apache-2.0
#include "lib/remote/document.h"

#include <algorithm>

#include "lib/base/shown.h"
#include "lib/base/text.h"

namespace jwtctl {
namespace {

/// is_trouble: errors and answers for which RFC 5861 section 4 lets a stale copy serve.
bool is_trouble(const Result<HttpAnswer>& fetched) {
  if (fetched) {
    int status = fetched->response.status;
    return status == 500 || (status >= 502 && status <= 504);
  }
  ErrorCode code = fetched.error().code;
  return code == ErrorCode::network_dns || code == ErrorCode::network_connect ||
         code == ErrorCode::network_timeout;
}

/// validator returns a header that can be sent back as it is, else nothing.
std::string validator(const HttpResponse& response, std::string_view name) {
  std::string value = response.header(name).value_or("");
  bool plain = std::all_of(value.begin(), value.end(), [](char c) { return c >= ' ' && c <= '~'; });
  return plain ? value : std::string{};
}

/// renew returns the entry that the answer makes of the one before it: after a 304 the same body.
CacheEntry renew(const std::optional<CacheEntry>& before, const HttpAnswer& fetched, Instant now) {
  const HttpResponse& response = fetched.response;
  bool unchanged = response.status == 304;
  CacheEntry entry = unchanged ? *before : CacheEntry{};
  if (!unchanged) {
    entry.body = response.body;
    entry.fetched_at = now.seconds;
    entry.forced_at = before ? before->forced_at : 0;
  }
  if (!unchanged || says_freshness(response)) {
    Freshness freshness = read_freshness(response, now);
    entry.lifetime = freshness.lifetime;
    entry.stale_if_error = freshness.stale_if_error;
  }
  Validators validators{validator(response, "etag"), validator(response, "last-modified")};
  if (!validators.etag.empty()) entry.validators.etag = std::move(validators.etag);
  if (!validators.last_modified.empty()) {
    entry.validators.last_modified = std::move(validators.last_modified);
  }
  entry.final_url = fetched.final_url;
  entry.validated_at = now.seconds;
  entry.clock_skew = fetched.clock_skew;
  return entry;
}

}  // namespace

Remote::Remote(RemoteOptions options, HttpGet get, Clock clock)
    : options_(std::move(options)), get_(std::move(get)), clock_(std::move(clock)) {
  if (!options_.cache_folder) return;
  if (auto own = check_own_folder(*options_.cache_folder)) {
    cache_.emplace(*options_.cache_folder);
  } else {
    cache_problem_ = std::move(own).error().message;
  }
}

std::optional<CacheEntry> Remote::read(const std::string& url) const {
  return cache_ ? cache_->read(url, clock_.wall()) : std::nullopt;
}

/// take_lock leaves time to ask after who had the lock did not come to an end.
std::optional<FileLock> Remote::take_lock(const std::string& url, const Running& running) const {
  return cache_ ? cache_->lock(url, running.left() / 2, clock_) : std::nullopt;
}

Document Remote::serve(const CacheEntry& entry) const {
  Document document;
  document.url = masked_argument(entry.url, ShownAs::url);
  document.final_url = masked_argument(entry.final_url, ShownAs::url);
  document.body = entry.body;
  document.from_cache = true;
  document.status = 200;
  document.stale = !entry.is_fresh(clock_.wall());
  document.fetched_at = entry.fetched_at;
  document.age = entry.age(clock_.wall());
  document.max_age = entry.lifetime;
  document.etag = entry.validators.etag;
  document.clock_skew = entry.clock_skew;
  return document;
}

Result<Document> Remote::get_accepted(const std::string& url, const Accept& accept,
                                      Deadline& deadline, bool typed) {
  // A copy does not make a URL good that may not be asked.
  auto parsed = check_url(url, options_.fetch.allow_http);
  if (!parsed) return fail(std::move(parsed).error());
  Running running(deadline, clock_);
  Instant begun = clock_.wall();
  auto entry = read(url);
  // A copy is judged anew: what was acceptable to an earlier version may not be to this one.
  if (entry && !accept(entry->body)) entry.reset();
  if (options_.offline) {
    if (!entry) {
      Failure none = fail(ErrorCode::network_offline, "--offline, and there is no copy of {}",
                          show_argument(url, ShownAs::url));
      if (cache_problem_.empty()) return std::move(none).hint("run once without --offline");
      return std::move(none).hint("{}", cache_problem_);
    }
    Seconds limit = options_.max_stale.value_or(kMaxOfflineAge);
    if (entry->is_fresh(begun) || entry->age(begun) <= limit) return serve(*entry);
    return fail(ErrorCode::network_offline, "--offline, and the copy of {} is {} old",
                show_argument(url, ShownAs::url), format_duration(entry->age(begun)))
        .hint("--max-stale DUR accepts an older copy");
  }
  if (entry && entry->is_fresh(begun) && !options_.refresh) return serve(*entry);

  std::optional<FileLock> lock = take_lock(url, running);
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
  return ask(url, accept, typed, entry, false, running);
}

std::optional<Result<Document>> Remote::ask_again(const std::string& url, const Accept& accept,
                                                  Deadline& deadline, bool typed) {
  if (options_.offline) return std::nullopt;
  Running running(deadline, clock_);
  std::optional<FileLock> lock = take_lock(url, running);
  auto entry = read(url);
  // As in `get_accepted`; and whoever asks has then seen the body that a 304 leaves in place.
  if (entry && !accept(entry->body)) entry.reset();
  Instant now = clock_.wall();
  bool too_soon = entry && now.seconds - entry->forced_at < kForcedFetchPause;
  if (too_soon) return std::nullopt;
  if (entry) {
    // Noted before asking, so that a server in trouble is not asked for every token. Where it
    // cannot be noted, asking too often is better than never.
    entry->forced_at = now.seconds;
    (void)cache_->write(*entry);
  }
  return ask(url, accept, typed, entry, true, running);
}

Result<Document> Remote::ask(const std::string& url, const Accept& accept, bool typed,
                             const std::optional<CacheEntry>& entry, bool forced,
                             const Running& running) {
  auto parsed = check_url(url, options_.fetch.allow_http);
  if (!parsed) return fail(std::move(parsed).error());
  FetchPolicy policy = options_.fetch;
  policy.typed = typed;
  // A document that was found may name any server; what the user sends is not for that one.
  policy.own_origin = parsed->origin() == options_.origin;
  policy.deadline = running.left();
  auto fetched = fetch_url(*parsed, policy, entry ? entry->validators : Validators{}, get_, clock_);
  Instant now = clock_.wall();
  bool trouble = is_trouble(fetched);
  Result<void> good;
  if (!fetched) good = fail(std::move(fetched).error());
  if (good) good = check_status(*fetched, now);
  bool unchanged = good && fetched->response.status == 304;
  if (good && !unchanged) good = accept(fetched->response.body);
  if (!good) {
    // A kid that we did not find is no reason to trust a copy for longer, and what is refused for
    // what it is must not be passed over.
    bool refused = good.error().code == ErrorCode::key_refused;
    if (forced || refused || !entry) return fail(std::move(good).error());
    return serve_stale(*entry, std::move(good).error(), trouble);
  }
  CacheEntry fresh = renew(entry, *fetched, now);
  fresh.url = url;
  if (forced) fresh.forced_at = now.seconds;
  Document document = serve(fresh);
  document.from_cache = false;
  document.stale = false;
  document.status = fetched->response.status;
  if (!cache_problem_.empty()) {
    document.warnings.push_back(fmt::format("no copy is kept: {}", cache_problem_));
  }
  if (cache_ && read_freshness(fetched->response, now).no_store) {
    // The older copy would outlive what the server says now.
    cache_->remove(url);
  } else if (cache_ && is_utf8(fresh.body)) {
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
  std::string_view how = age <= kMaxOfflineAge ? "--offline uses it, or --max-stale DUR"
                                               : "--max-stale DUR lets it serve";
  return fail(error.code, "{}", error.message)
      .hint("{}{}a copy of {} ago is there: {}", error.hint, error.hint.empty() ? "" : "; ",
            format_duration(age), how);
}

}  // namespace jwtctl
