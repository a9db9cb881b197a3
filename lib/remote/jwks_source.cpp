// SPDX-License-Identifier: Apache-2.0
#include "lib/remote/jwks_source.h"

#include <algorithm>

#include "lib/base/shown.h"
#include "lib/remote/key_body.h"

namespace jwtctl {
namespace {

/// Accepted parses the body that `Remote` returns while it is judged.
struct Accepted {
  Json set;

  Accept function() {
    return [this](const std::string& body) -> Result<void> {
      auto parsed = parse_key_body(body);
      if (!parsed) return fail(std::move(parsed).error());
      set = *std::move(parsed);
      return {};
    };
  }
};

RemoteKeys keys_of(Json set, Document document, std::vector<std::string> warnings) {
  warnings.insert(warnings.end(), document.warnings.begin(), document.warnings.end());
  return RemoteKeys{std::move(set), std::move(document), std::move(warnings)};
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
    auto discovered = discover(address_, *discovery_, *remote_);
    if (!discovered) return fail(of(std::move(discovered).error(), address_));
    url_ = discovered->jwks_uri;
    warnings_ = discovered->document.warnings;
  }
  Accepted accepted;
  auto document = remote_->get(url_, accepted.function(), !discovery_);
  if (!document) return fail(of(std::move(document).error(), url_));
  return keys_of(std::move(accepted.set), *std::move(document), warnings_);
}

std::optional<Result<RemoteKeys>> JwksSource::get_again() {
  Accepted accepted;
  auto document = remote_->get_again(url_, accepted.function(), !discovery_);
  if (!document) return std::nullopt;
  if (!*document) return fail(of(std::move(*document).error(), url_));
  return keys_of(std::move(accepted.set), *std::move(*document), warnings_);
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
