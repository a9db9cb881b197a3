// SPDX-License-Identifier: Apache-2.0
#include "cli/places.h"

#include <fmt/format.h>

#include <array>
#include <filesystem>

#include "cli/io.h"

namespace jwtctl::cli {
namespace {

constexpr std::string_view kCopies = "jwtctl/jwks";
constexpr std::string_view kMemory = "jwtctl/rotation";
constexpr std::string_view kCacheUnderHome = ".cache";
constexpr std::string_view kStateUnderHome = ".local/state";

std::optional<std::string> folder(const char* base, std::string_view under_home,
                                  std::string_view ours) {
  auto named = Io::environment(base);
  if (named && named->starts_with('/')) return fmt::format("{}/{}", *named, ours);
  auto home = Io::environment(variable::kHome);
  if (home && home->starts_with('/')) return fmt::format("{}/{}/{}", *home, under_home, ours);
  return std::nullopt;
}

}  // namespace

std::span<const PlaceDoc> environment_docs() {
  using namespace variable;
  static const std::array rows{
      PlaceDoc{kNoColor, "Anything but an empty value switches color off."},
      PlaceDoc{fmt::format("{}, {}", kCliColorForce, kForceColor),
               "Anything but an empty value and `0` switches color on, without a terminal too. "
               "`NO_COLOR` goes before them, and `--color` before all."},
      PlaceDoc{kTerminal, "`dumb` is a terminal without color."},
      PlaceDoc{"TZ", "The zone of `--local`."},
      PlaceDoc{fmt::format("{}, {}", kCacheHome, kStateHome),
               "Where the folders of FILES are. A path that is not absolute counts as unset."},
      PlaceDoc{kHome, "Where they are when these variables are unset."},
      PlaceDoc{kSudoUid,
               "For root, who else may own a `jwtctl.toml` and a repository: the user who called "
               "sudo."},
      PlaceDoc{fmt::format("{}, {}", kHttpsProxy, kUpperHttpsProxy),
               "The proxy for https. Of two names the first that is not empty counts. `--proxy` "
               "goes before these variables."},
      PlaceDoc{kHttpProxy,
               "The proxy for http. `HTTP_PROXY` is not read: behind a CGI a client can set it."},
      PlaceDoc{fmt::format("{}, {}", kAllProxy, kUpperAllProxy),
               "The proxy where none of the others is set."},
      PlaceDoc{fmt::format("{}, {}", kNoProxy, kUpperNoProxy),
               "Hosts that are asked without a proxy; `--noproxy` goes before it."},
      PlaceDoc{"OPENSSL_CONF, OPENSSL_MODULES",
               "Configuration and providers of OpenSSL, as openssl-env(7) says."},
      PlaceDoc{"SSLKEYLOGFILE",
               "Where libcurl writes the secrets of its TLS connections, if it was built to."}};
  return rows;
}

std::span<const PlaceDoc> file_docs() {
  static const std::array rows{
      PlaceDoc{std::string(kSettingsFile),
               "Settings of `jwtctl lint`: in the current folder or the nearest one above, up to "
               "the root of the repository."},
      PlaceDoc{fmt::format("${}/{}", variable::kCacheHome, kCopies),
               "Copies of key sets that were fetched; `~/.cache` when the variable is unset. "
               "`--cache-dir` names another place, `--no-cache` none. It may be removed."},
      PlaceDoc{fmt::format("${}/{}/PLAN-ID-START.json", variable::kStateHome, kMemory),
               "What `jwtctl rotate-plan check` has seen so far; `~/.local/state` when the "
               "variable is unset. `--state` names another file. Without it the waiting begins "
               "anew."},
      PlaceDoc{".NAME.pending",
               "Beside the key set NAME while `jwtctl keygen --append` writes both halves of a "
               "key: its kid, and the file of the private half. One that stays belongs to a run "
               "that was interrupted; the next one says what became of the key."}};
  return rows;
}

std::optional<std::string> cache_folder() {
  return folder(variable::kCacheHome, kCacheUnderHome, kCopies);
}

std::optional<std::string> state_folder() {
  return folder(variable::kStateHome, kStateUnderHome, kMemory);
}

std::string append_note_path(const std::string& set_path) {
  std::filesystem::path set(set_path);
  return (set.parent_path() / fmt::format(".{}.pending", set.filename().string())).string();
}

}  // namespace jwtctl::cli
