// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

/// What the program reads beyond its arguments: variables of the environment, and files that it
/// looks for by itself. The manual is rendered from the same rows.
namespace jwtctl::cli {

/// Variables have their names here and nowhere else.
namespace variable {
inline constexpr const char* kNoColor = "NO_COLOR";
inline constexpr const char* kCliColorForce = "CLICOLOR_FORCE";
inline constexpr const char* kForceColor = "FORCE_COLOR";
inline constexpr const char* kTerminal = "TERM";
inline constexpr const char* kHome = "HOME";
inline constexpr const char* kSudoUid = "SUDO_UID";
inline constexpr const char* kCacheHome = "XDG_CACHE_HOME";
inline constexpr const char* kStateHome = "XDG_STATE_HOME";
inline constexpr const char* kHttpProxy = "http_proxy";
inline constexpr const char* kHttpsProxy = "https_proxy";
inline constexpr const char* kUpperHttpsProxy = "HTTPS_PROXY";
inline constexpr const char* kAllProxy = "all_proxy";
inline constexpr const char* kUpperAllProxy = "ALL_PROXY";
inline constexpr const char* kNoProxy = "no_proxy";
inline constexpr const char* kUpperNoProxy = "NO_PROXY";
}  // namespace variable

inline constexpr std::string_view kSettingsFile = "jwtctl.toml";

/// PlaceDoc is a row of ENVIRONMENT or FILES in jwtctl(1); `text` is markup.
struct PlaceDoc {
  std::string name;
  std::string_view text;
};

/// environment_docs lists every variable that has a meaning, also those that libraries read.
std::span<const PlaceDoc> environment_docs();
std::span<const PlaceDoc> file_docs();

/// cache_folder is where copies of key sets are, state_folder what `rotate-plan check` remembers,
/// both by the XDG Base Directory Specification: a relative path in a variable counts as unset.
/// Nothing when no variable names a place.
std::optional<std::string> cache_folder();
std::optional<std::string> state_folder();

/// append_note_path is the note beside a key set that keygen --append is writing to.
std::string append_note_path(const std::string& set_path);

}  // namespace jwtctl::cli
