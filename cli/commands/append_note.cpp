// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/append_note.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <utility>

#include "cli/io.h"
#include "cli/places.h"
#include "lib/base/descriptor.h"
#include "lib/base/own_file.h"
#include "lib/base/shown.h"
#include "lib/codec/json.h"

namespace jwtctl::cli {
namespace {

constexpr std::string_view kSchema = "jwtctl.keygen-pending/1";
constexpr std::size_t kMaxNoteBytes = std::size_t{64} * 1024;

struct Noted {
  std::string kid;
  std::string private_path;
};

bool is_there(const std::string& path) {
  struct stat info {};
  return ::lstat(path.c_str(), &info) == 0;
}

/// parse_note returns nothing for what is no note.
std::optional<Noted> parse_note(const SecretBytes& bytes) {
  auto json = parse_json(as_text(bytes), "the note");
  if (!json) return std::nullopt;
  auto member = [&json](std::string_view name) -> std::optional<std::string> {
    const Json* value = json->find(name);
    const std::string* text = value != nullptr ? value->as_string() : nullptr;
    return text != nullptr ? std::optional(*text) : std::nullopt;
  };
  auto kid = member("kid");
  auto path = member("private");
  bool good = member("schema") == kSchema && kid && path && path->starts_with('/') &&
              path->find('\0') == std::string::npos;
  return good ? std::optional(Noted{*kid, *path}) : std::nullopt;
}

bool has_key(const std::optional<SecretBytes>& set, const std::string& kid) {
  if (!set) return false;
  auto json = parse_json(as_text(*set), "the set");
  const Json* keys = json ? json->find("keys") : nullptr;
  const Json::Array* entries = keys != nullptr ? keys->as_array() : nullptr;
  return entries != nullptr &&
         std::any_of(entries->begin(), entries->end(), [&kid](const Json& entry) {
           const Json* other = entry.find("kid");
           return other != nullptr && other->same_value(Json(kid));
         });
}

std::string what_became(const Noted& noted, bool published) {
  std::string kid = quote_argument(noted.kid, ShownAs::text);
  std::string path = show_argument(noted.private_path, ShownAs::path);
  bool private_half = is_there(noted.private_path);
  if (private_half && published) {
    return fmt::format("the key {} is complete, in {} and in the set", kid, path);
  }
  if (private_half) {
    return fmt::format(
        "there is {}, but the set does not have its key {}; remove the file, or publish what "
        "`jwtctl jwks show` says of it",
        path, kid);
  }
  if (published) {
    return fmt::format(
        "the set has the key {}, but {} is gone; take the key out unless its private half is "
        "elsewhere",
        kid, path);
  }
  return fmt::format("nothing is left of the key {}, neither {} nor an entry of the set", kid,
                     path);
}

}  // namespace

AppendNote::AppendNote(const std::string& set_path, std::string kid,
                       const std::optional<std::string>& private_path)
    : path_(append_note_path(set_path)), kid_(std::move(kid)) {
  std::error_code error;
  if (private_path) private_path_ = std::filesystem::absolute(*private_path, error).string();
}

void AppendNote::report(const std::optional<SecretBytes>& set) {
  if (std::exchange(reported_, true) || !is_there(path_)) return;
  auto bytes = load_own_file(path_, kMaxNoteBytes);
  auto noted = bytes ? parse_note(*bytes) : std::nullopt;
  foreign_ = !noted;
  if (foreign_) {
    Io::write_warning(
        fmt::format("{} is no note of yours about an interrupted --append, and is left alone",
                    show_argument(path_, ShownAs::path)));
    return;
  }
  ours_ = true;
  Io::write_warning(fmt::format("an earlier --append was interrupted: {}",
                                what_became(*noted, has_key(set, noted->kid))));
}

Result<void> AppendNote::write() {
  if (foreign_ || !private_path_) return {};
  Json note =
      Json::object({{"schema", std::string(kSchema)}, {"kid", kid_}, {"private", *private_path_}});
  auto done = write_own_file(path_, note.dump() + "\n");
  ours_ = ours_ || done.has_value();
  return done;
}

void AppendNote::remove() {
  if (!std::exchange(ours_, false)) return;
  if (::unlink(path_.c_str()) == 0 || errno == ENOENT) return;
  Io::write_warning(fmt::format("cannot remove {}: {}", show_argument(path_, ShownAs::path),
                                system_message(errno)));
}

}  // namespace jwtctl::cli
