// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lib/codec/json.h"
#include "lib/remote/fetch.h"
#include "lib/rotation/set_faults.h"

namespace jwtctl {

/// ListedKey is a key as a published set shows it.
struct ListedKey {
  std::string kid;                      ///< may be empty
  std::string thumbprint;               ///< RFC 7638; empty when it is no key that signs
  std::vector<std::string> algorithms;  ///< that `verify` uses it for, by a token with its kid
  std::string problem;                  ///< why there are none
  /// The thumbprint of its numbers, whatever their spelling and whatever else is wrong with it.
  std::string material = {};

  friend auto operator<=>(const ListedKey&, const ListedKey&) = default;
};

/// Sample is one look at one place, past every copy of our own.
struct Sample {
  std::string url;
  std::string address;         ///< that was asked; empty: whichever the name led to
  std::string route = {};      ///< what chose the address, where its name did not; empty: it did
  bool past_caches = false;    ///< asked with `Cache-Control: no-cache`
  std::optional<Error> error;  ///< why there is no set; `key_refused`: it must not be published
  bool nothing_yet = false;    ///< with an error: nothing was ever published, or all was taken away
  Json set;
  std::vector<ListedKey> keys;
  std::size_t bytes = 0;
  std::optional<Seconds> age;      ///< how old a shared cache says that its copy is
  std::optional<Seconds> max_age;  ///< how long copies may serve: max-age and while revalidating
  std::optional<Seconds> stale_if_error = {};  ///< longer, when the server is in trouble
  std::optional<Seconds> guessed;     ///< what caches may take it for where the server says nothing
  std::optional<Seconds> clock_skew;  ///< nothing: the answer does not tell the time
  Milliseconds took{0};
  std::vector<std::string> retried;  ///< why it was asked again, once for each time
  std::string timeless = {};         ///< without `clock_skew`: which header is at fault
  std::vector<SetFault> faults = {};
  std::string led_to = {};  ///< where it was redirected to in the end; empty: it was not
  bool led_astray = false;  ///< that is another origin

  /// kept returns how long copies are kept: as the server says, but where a cache shows an older
  /// one what it says is not obeyed.
  Seconds kept() const;
  /// find returns the first entry with this kid, whatever it is good for, else null.
  const ListedKey* find(const std::string& kid) const;
  /// takes says whether `verify` would use a key of this set for a token with this kid and
  /// algorithm; empty: whichever the key has.
  bool takes(const std::string& kid, const std::string& algorithm) const;
  /// problem_of says why not, of a key that is listed; empty: it would, or none is listed.
  std::string problem_of(const std::string& kid, const std::string& algorithm) const;
};

/// SampleTarget is a place to look at.
struct SampleTarget {
  std::string url;
  std::string address;
  HttpGet get;             ///< that leads to the address
  std::string route = {};  ///< as in Sample
};

/// take_sample looks once. It cannot fail: what went wrong is in the sample.
Sample take_sample(const SampleTarget& target, bool past_caches, FetchPolicy policy,
                   const Clock& clock);

/// read_max_age returns how long shared and private caches may serve an answer (RFC 9111 section
/// 5.2.2, RFC 5861 section 3); nothing when the server does not say. `now` is the time of receipt.
std::optional<Seconds> read_max_age(const HttpResponse& response, Instant now);

/// guess_max_age returns what a cache may guess where the server does not say: a tenth of the time
/// since Last-Modified (RFC 9111 section 4.2.2); nothing without it.
std::optional<Seconds> guess_max_age(const HttpResponse& response, Instant now);

/// addresses_of lists the addresses that a host has, without doubles. Fails with `network_dns`.
Result<std::vector<std::string>> addresses_of(const Url& url);

/// port_of returns the port that a URL leads to.
std::string port_of(const Url& url);

}  // namespace jwtctl
