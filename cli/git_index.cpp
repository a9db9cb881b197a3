// SPDX-License-Identifier: Apache-2.0
// The format: gitformat-index(5).
#include "cli/git_index.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <vector>

#include "cli/io.h"
#include "cli/places.h"
#include "lib/base/file.h"
#include "lib/base/text.h"

namespace jwtctl::cli {
namespace {

constexpr std::size_t kMaxIndexBytes = std::size_t{512} * 1024 * 1024;
constexpr std::size_t kMaxGitFileBytes = 4096;
constexpr std::uint32_t kTypeMask = 0xF000;
constexpr std::uint32_t kRegularFile = 0x8000;
constexpr std::uint32_t kExtended = 0x4000;
constexpr std::uint32_t kNameMask = 0x0FFF;

/// Entries reads the entries of an index, whose object names have `hash` octets.
class Entries {
 public:
  Entries(std::string_view bytes, std::size_t hash) : bytes_(bytes), hash_(hash) {}

  std::optional<GitIndex> read() {
    if (!bytes_.starts_with("DIRC") || bytes_.size() < 12 + hash_) return std::nullopt;
    version_ = number(4, 4);
    std::uint32_t count = number(8, 4);
    if (version_ < 2 || version_ > 4) return std::nullopt;
    at_ = 12;
    end_ = bytes_.size() - hash_;
    for (std::uint32_t i = 0; i < count; ++i) {
      if (!read_entry()) return std::nullopt;
    }
    if (!read_extensions()) return std::nullopt;
    if (!index_.shared.empty() && index_.shared.find_first_not_of('0') == std::string::npos) {
      index_.shared.clear();
    }
    return std::move(index_);
  }

 private:
  std::uint32_t number(std::size_t at, std::size_t octets) const {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < octets; ++i) {
      value = (value << 8U) | static_cast<unsigned char>(bytes_[at + i]);
    }
    return value;
  }

  bool read_entry() {
    constexpr std::size_t kModeAt = 24;
    constexpr std::size_t kHashAt = 40;
    std::size_t start = at_;
    std::size_t flags_at = start + kHashAt + hash_;
    if (flags_at + 2 > end_) return false;
    std::uint32_t mode = number(start + kModeAt, 4);
    std::uint32_t flags = number(flags_at, 2);
    at_ = flags_at + 2;
    if ((flags & kExtended) != 0) at_ += 2;
    if (version_ == 4 && !drop_suffix()) return false;
    std::size_t nul = bytes_.substr(0, end_).find('\0', std::min(at_, end_));
    if (nul == std::string_view::npos) return false;
    if (version_ < 4) name_.clear();
    name_ += bytes_.substr(at_, nul - at_);
    // With the wrong size of object names this does not hold.
    std::uint32_t length = flags & kNameMask;
    if (length != std::min<std::size_t>(name_.size(), kNameMask)) return false;
    at_ = nul + 1;
    if (version_ < 4) at_ = start + (nul - start + 8) / 8 * 8;
    if (at_ > end_) return false;
    // An entry without a name replaces one of the shared index.
    if ((mode & kTypeMask) == kRegularFile && !name_.empty()) index_.files.insert(name_);
    return true;
  }

  /// drop_suffix takes from the last name what version 4 says is different.
  bool drop_suffix() {
    std::size_t value = 0;
    for (bool more = true, first = true; more; first = false) {
      if (at_ >= end_ || value > bytes_.size()) return false;
      auto octet = static_cast<unsigned char>(bytes_[at_++]);
      more = (octet & 0x80U) != 0;
      value = first ? (octet & 0x7FU) : ((value + 1) << 7U) | (octet & 0x7FU);
    }
    if (value > name_.size()) return false;
    name_.resize(name_.size() - value);
    return true;
  }

  bool read_extensions() {
    while (at_ < end_) {
      if (at_ + 8 > end_) return false;
      std::string_view name = bytes_.substr(at_, 4);
      std::size_t size = number(at_ + 4, 4);
      at_ += 8;
      if (size > end_ - at_) return false;
      if (name == "link" && size >= hash_) {
        for (char octet : bytes_.substr(at_, hash_)) {
          index_.shared += fmt::format("{:02x}", static_cast<unsigned char>(octet));
        }
      }
      at_ += size;
    }
    return true;
  }

  std::string_view bytes_;
  std::size_t hash_;
  std::uint32_t version_ = 0;
  std::size_t at_ = 0;
  std::size_t end_ = 0;
  std::string name_;
  GitIndex index_;
};

std::optional<GitIndex> load_index(const std::string& path) {
  if (!is_ours(path)) return std::nullopt;
  auto bytes = load_file(path, kMaxIndexBytes);
  return bytes ? parse_git_index(as_text(*bytes)) : std::nullopt;
}

/// git_folder returns the folder that `.git` is, or that the file of that name leads to.
std::optional<std::string> git_folder(const std::string& root) {
  std::string path = fmt::format("{}/.git", root);
  if (!is_ours(path)) return std::nullopt;
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) return path;
  constexpr std::string_view kLead = "gitdir:";
  auto bytes = load_file(path, kMaxGitFileBytes);
  if (!bytes || !as_text(*bytes).starts_with(kLead)) return std::nullopt;
  std::filesystem::path named(trim(as_text(*bytes).substr(kLead.size())));
  return (named.is_absolute() ? named : root / named).string();
}

bool is_our_id(uid_t owner) {
  if (owner == ::geteuid()) return true;
  auto caller = ::geteuid() == 0 ? Io::environment(variable::kSudoUid) : std::nullopt;
  if (!caller) return false;
  return parse_number<uid_t>(*caller) == owner;
}

}  // namespace

std::optional<GitIndex> parse_git_index(std::string_view bytes) {
  constexpr std::size_t kSha1 = 20;
  constexpr std::size_t kSha256 = 32;
  if (auto index = Entries(bytes, kSha1).read()) return index;
  return Entries(bytes, kSha256).read();
}

bool is_ours(const std::string& path) {
  struct stat link {};
  struct stat target {};
  return ::lstat(path.c_str(), &link) == 0 && ::stat(path.c_str(), &target) == 0 &&
         is_our_id(link.st_uid) && is_our_id(target.st_uid);
}

std::optional<GitPaths> load_tracked(const std::string& root) {
  auto folder = git_folder(root);
  if (!folder || !is_ours(root) || !is_ours(*folder)) return std::nullopt;
  auto index = load_index(fmt::format("{}/index", *folder));
  if (!index) return std::nullopt;
  if (index->shared.empty()) return std::move(index->files);
  auto shared = load_index(fmt::format("{}/sharedindex.{}", *folder, index->shared));
  if (!shared) return std::nullopt;
  index->files.merge(shared->files);
  return std::move(index->files);
}

}  // namespace jwtctl::cli
