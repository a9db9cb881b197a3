// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "lib/base/result.h"

namespace jwtctl {

/// UrlParts are views of a text that may be a URL, as a client takes it apart (RFC 3986 section 3).
/// Nothing in it has been judged.
struct UrlParts {
  std::string_view scheme;
  std::string_view user;  ///< with its at sign, or empty
  std::string_view host;  ///< an IPv6 address with its brackets; empty when one is not closed
  std::string_view port;  ///< all that follows the host, so with its colon, or empty
  std::string_view rest;  ///< path, query and fragment

  /// is_web: the scheme is http or https, in either case.
  bool is_web() const;
};

/// split_url takes a text apart; nothing when it has no "://". A backslash ends the authority too,
/// as browsers read it.
std::optional<UrlParts> split_url(std::string_view text);

/// has_credentials says whether there is an at sign in front of the path, so that some reader of
/// the URL may take what stands there for a user and a password.
bool has_credentials(std::string_view text);

/// Url is an http or https URL in its parts (RFC 3986 section 3).
struct Url {
  std::string scheme;     ///< "http" or "https"
  std::string authority;  ///< host and port as they were written
  std::string host;       ///< lower case, an IPv6 address without its brackets
  std::string port;       ///< empty when it is that of the scheme
  std::string path;       ///< begins with a slash, or is empty
  std::string query;      ///< with its question mark, or empty

  /// origin is what two URLs share when they name one server (RFC 6454 section 4).
  std::string origin() const;
};

inline constexpr std::size_t kMaxUrlBytes = 2048;

/// parse_url takes a URL apart. Fails with `usage`: longer than `kMaxUrlBytes`, another scheme, no
/// host, credentials or a fragment in it, characters that a URL cannot have.
Result<Url> parse_url(std::string_view text);

/// is_loopback_host: 127.0.0.0/8, ::1, in every spelling, or a name that RFC 6761 section 6.3
/// reserves for them.
bool is_loopback_host(std::string_view host);

/// resolve_reference makes the target of a redirect absolute (RFC 3986 section 5.2, without dot
/// segments, which the server sees as they are).
std::string resolve_reference(const Url& base, std::string_view reference);

}  // namespace jwtctl
