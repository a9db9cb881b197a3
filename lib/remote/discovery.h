// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "lib/remote/document.h"

namespace jwtctl {

/// DiscoveryKind says where the metadata of an issuer are looked for.
enum class DiscoveryKind {
  automatic,  ///< first as OpenID Connect, then as RFC 8414
  oidc,       ///< OpenID Connect Discovery 1.0 section 4: appended to the issuer
  oauth,      ///< RFC 8414 section 3: inserted before the issuer's path
};

struct DiscoveryOptions {
  DiscoveryKind kind = DiscoveryKind::automatic;
  std::optional<std::string> url;  ///< of the document itself, where it is somewhere else
};

/// discover finds the URL of an issuer's key set, its `jwks_uri`. The document's `issuer` must be
/// byte-equal to `issuer` (OpenID Connect Discovery 1.0 section 4.3, RFC 8414 section 3.3). Its
/// `jwks_uri` must be https, and may be http or loopback only when the issuer is. Fails with
/// `usage` for an issuer that is no URL to be asked, with `network_body` for a document that is not
/// the issuer's, and as `Remote::get`.
Result<Fetched<std::string>> discover(const std::string& issuer, const DiscoveryOptions& options,
                                      Remote& remote, Deadline& deadline);

}  // namespace jwtctl
