// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace jwtctl {

/// ErrorCode says what kind of thing went wrong when no answer could be given. A token that is
/// rejected is an answer, not an error: see `VerdictCode`.
enum class ErrorCode {
  usage,        ///< the caller asked for something that cannot be, or contradicts itself
  input,        ///< something cannot be read or is not what it must be
  key_refused,  ///< key material that parses but must not be used: weak, mixed, over a limit
  output,       ///< the result could not be written
  broken_pipe,  ///< the reader of the result went away
  network_dns,      ///< a host name has no address
  network_connect,  ///< no connection, or one that broke
  network_refused,  ///< no connection because we want none; asking again does not help
  network_tls,      ///< the server cannot prove who it is, or speaks no TLS that we accept
  network_timeout,
  network_status,   ///< an answer that is none, by its status or its redirects
  network_body,     ///< an answer that is not what it must be, or too large
  network_offline,  ///< nothing may be fetched, and there is no copy
  crypto,       ///< the cryptographic library cannot do what was asked, or a passphrase is wrong
  internal,     ///< a defect of this program
};

/// Error is an expected failure: `message` says what is wrong and where, `hint` what to do about
/// it (empty when nothing helps). Both are lower case, without a full stop, and may hold
/// untrusted text: whoever prints them escapes them.
struct Error {
  ErrorCode code;
  std::string message;
  std::string hint;
};

/// to_string returns the stable name of `code` as JSON documents carry it.
std::string_view to_string(ErrorCode code);

}  // namespace jwtctl
