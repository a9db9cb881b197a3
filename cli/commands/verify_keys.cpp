// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/verify_keys.h"

#include <algorithm>

#include "lib/base/text.h"

namespace jwtctl::cli {

void VerifyKeys::take(RemoteKeys keys) {
  keys.set.keys.source = keys.origin.url;
  ring = make_ring(std::move(keys.set.keys));
  fetched = std::move(keys);
}

void VerifyKeys::ask_for(const std::optional<std::string>& kid) {
  if (!kid || !fetched) return;
  // A key that cannot be used may have been mended by now.
  const std::vector<SetKey>& keys = (*ring)->set().keys;
  bool has = std::any_of(keys.begin(), keys.end(),
                         [&kid](const SetKey& key) { return key.jwk.kid == kid; });
  if (!has) ask_again();
}

void VerifyKeys::ask_again() {
  if (!fetched || !fetched->origin.from_cache || asked) return;
  asked = true;
  auto again = network->source.get_again();
  if (!again) {
    not_asked = why_not_asked(*network->remote);
  } else if (*again) {
    take(*std::move(*again));
  } else {
    not_asked = fmt::format("the keys are those of a copy, and asking the server again failed: {}",
                            again->error().message);
  }
}

std::optional<KeyOrigin> VerifyKeys::origin() const {
  if (!fetched) return std::nullopt;
  const Document& document = fetched->origin;
  return KeyOrigin{document.url, document.from_cache, document.stale, document.age,
                   document.clock_skew};
}

bool is_about_keys(const Verdict& verdict) {
  return verdict.code() == VerdictCode::key || verdict.code() == VerdictCode::signature ||
         std::any_of(verdict.checks.begin(), verdict.checks.end(), [](const Check& check) {
           return check.status == CheckStatus::fail && check.rule == rules::alg_key_mismatch;
         });
}

bool is_remote(const KeyInput& input) {
  return input.discover || (input.jwks && is_url(*input.jwks));
}

Result<VerifyKeys> load_verify_keys(const KeyInput& input, const NetworkInput& network,
                                    const std::vector<std::string>& issuers, Io& io) {
  VerifyKeys keys;
  if (!is_remote(input)) {
    keys.ring = make_ring(load_keys(input, io));
  } else {
    auto source =
        open_source(network, input.discover ? issuers.front() : *input.jwks, input.discover);
    if (!source) return fail(std::move(source).error());
    auto fetched = source->source.get();
    if (fetched) {
      keys.take(*std::move(fetched));
    } else {
      keys.ring = fail(std::move(fetched).error());
    }
    keys.network = *std::move(source);
  }
  if (!keys.ring && keys.ring.error().code != ErrorCode::key_refused) {
    return fail(std::move(keys.ring).error());
  }
  return keys;
}

void add_hints(Verdict& verdict, const VerifyKeys& keys) {
  if (is_about_keys(verdict) && !keys.not_asked.empty()) {
    verdict.hints.push_back({HintId::not_asked, keys.not_asked});
  }
  auto origin = keys.origin();
  bool about_time =
      verdict.code() == VerdictCode::not_yet_valid || verdict.code() == VerdictCode::expired;
  if (!about_time || !origin || !origin->clock_skew) return;
  Seconds skew = *origin->clock_skew;
  if (skew <= kShownSkew && skew >= -kShownSkew) return;
  verdict.hints.push_back(
      {HintId::clock_skew,
       fmt::format("the clock of the key set's server is {} {} ours; if ours is wrong, so is this "
                   "verdict",
                   format_duration(skew < 0 ? -skew : skew), skew < 0 ? "behind" : "ahead of")});
}

}  // namespace jwtctl::cli
