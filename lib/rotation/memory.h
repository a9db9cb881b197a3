// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>

#include "lib/codec/json.h"
#include "lib/rotation/plan.h"

namespace jwtctl {

/// Largest state file that is read.
inline constexpr std::size_t kMaxStateBytes = std::size_t{256} * 1024;

/// PlaceMemory is what was seen at one URL, at all its addresses together.
struct PlaceMemory {
  std::optional<Instant> new_since;      ///< since then every look showed the new key
  std::optional<Instant> new_missing;    ///< last look that did not
  std::optional<Instant> old_gone;       ///< since then no look showed the old key
  std::optional<Instant> old_shown;      ///< last look that did
  std::string new_form;                  ///< the algorithms that the new key was listed for
  std::string new_material;              ///< the thumbprint under its kid; several: there were
  std::optional<std::string> route;      ///< of the last look, see Sample
  Seconds max_age = 0;                   ///< the longest that any answer was to be kept
  Seconds on_error = 0;                  ///< likewise when the server is in trouble (RFC 5861)
  bool failed = false;                   ///< it was, at some look
  std::optional<Instant> last_good;      ///< last look without a failure
  std::optional<Instant> failing_since;  ///< the last good look before one that failed; nothing:
                                         ///< the last look was good
  std::optional<Seconds> new_skew;       ///< the server's clock minus ours at `new_since`
  std::optional<Seconds> gone_skew;      ///< likewise at `old_gone`

  friend bool operator==(const PlaceMemory&, const PlaceMemory&) = default;
};

/// CheckMemory is what is known from one check to the next; all instants are of the local clock.
struct CheckMemory {
  std::string plan;              ///< id of the plan that it belongs to
  std::optional<Instant> start;  ///< of that plan; nothing: an earlier version wrote it
  bool pretended = false;        ///< its instants are what somebody said that the time is
  std::string new_thumbprint;    ///< of the new key when it was first seen
  std::optional<Instant> checked;
  std::optional<Instant> first_new_signature;  ///< iat of the first good token by the new key
  std::optional<Instant> signs_since;  ///< iat of the first one that shows who signs: made after
                                       ///< the key was everywhere and it was its turn
  std::optional<Instant> went_back;    ///< iat of a token by the old key after that
  bool withdrawn = false;  ///< since `first_new_signature` a look found the new key nowhere
  std::optional<Instant> last_old_signature;  ///< iat of the last one by the old key
  std::optional<Seconds> longest_life;        ///< exp - iat of a token; kForever: one has no exp
  std::map<std::string, PlaceMemory> places;  ///< by memory_key

  friend bool operator==(const CheckMemory&, const CheckMemory&) = default;
};

/// memory_key returns what a URL is remembered by: the URL, or, where a value in it is not shown
/// (lib/base/shown.h), what is shown, " #" and 16 digits of its SHA-256, so that a state file tells
/// two of them apart and holds neither.
std::string memory_key(const std::string& url);

/// shown_place returns the part of a key that people are shown.
std::string shown_place(const std::string& key);

/// memory_json writes `jwtctl.rotate-state/1`.
Json memory_json(const CheckMemory& memory);

/// parse_memory reads it for `plan`. Fails with `input` when it is damaged or belongs to another
/// plan: another id, or one of the same keys that begins at another time.
Result<CheckMemory> parse_memory(std::string_view text, const RotationPlan& plan);

}  // namespace jwtctl
