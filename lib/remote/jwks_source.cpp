// SPDX-License-Identifier: Apache-2.0
#include "lib/remote/jwks_source.h"

#include <algorithm>

#include "lib/base/shown.h"

namespace jwtctl {
namespace {

const Parse<KeyBody> kParse = parse_key_body;

RemoteKeys keys_of(Fetched<KeyBody> fetched, std::vector<std::string> warnings) {
  const std::vector<std::string>& more = fetched.document.warnings;
  warnings.insert(warnings.end(), more.begin(), more.end());
  return RemoteKeys{std::move(fetched.value), std::move(fetched.document), std::move(warnings)};
}

/// of names the URL in errors about content; those of the network name it themselves.
Error of(Error error, const std::string& url) {
  bool content = error.code == ErrorCode::network_body || error.code == ErrorCode::key_refused;
  std::string shown = show_argument(url, ShownAs::url);
  if (content && error.message.find(shown) == std::string::npos) {
    error.message = fmt::format("{}: {}", shown, error.message);
  }
  return error;
}

}  // namespace

Result<RemoteKeys> JwksSource::get() {
  url_ = address_;
  warnings_.clear();
  if (discovery_) {
    auto discovered = discover(address_, *discovery_, *remote_, deadline_);
    if (!discovered) return fail(of(std::move(discovered).error(), address_));
    url_ = std::move(discovered->value);
    warnings_ = std::move(discovered->document.warnings);
  }
  auto fetched = remote_->get(url_, kParse, deadline_, !discovery_);
  if (!fetched) return fail(of(std::move(fetched).error(), url_));
  return keys_of(*std::move(fetched), warnings_);
}

std::optional<Result<RemoteKeys>> JwksSource::get_again() {
  auto fetched = remote_->get_again(url_, kParse, deadline_, !discovery_);
  if (!fetched) return std::nullopt;
  if (!*fetched) return fail(of(std::move(*fetched).error(), url_));
  return keys_of(*std::move(*fetched), warnings_);
}

bool has_kid(const Json& set, const std::string& kid) {
  const Json* keys = set.find("keys");
  const Json::Array* entries = keys != nullptr ? keys->as_array() : nullptr;
  return entries != nullptr &&
         std::any_of(entries->begin(), entries->end(), [&](const Json& entry) {
           const Json* member = entry.find("kid");
           const std::string* text = member != nullptr ? member->as_string() : nullptr;
           return text != nullptr && *text == kid;
         });
}

}  // namespace jwtctl
