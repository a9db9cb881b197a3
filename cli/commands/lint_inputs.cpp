// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/lint_inputs.h"

#include <fcntl.h>
#include <fnmatch.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <functional>
#include <utility>

#include "lib/base/descriptor.h"
#include "lib/base/shown.h"
#include "lib/base/text.h"

namespace jwtctl::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxFolderDepth = 64;

void add_unread(Report& report, const std::string& name, Error error) {
  error.code = ErrorCode::input;
  report.unread.push_back({show_argument(name, ShownAs::path), std::move(error)});
}

void add_unread(Report& report, const std::string& name, int reason) {
  add_unread(report, name,
             fail(ErrorCode::input, "cannot read {}: {}", show_argument(name, ShownAs::path),
                  system_message(reason))
                 .error_);
}

ReadMore reader_of(int fd, const std::string& name) {
  return [fd, name](std::span<char> space) -> Result<std::size_t> {
    for (;;) {
      ssize_t got = ::read(fd, space.data(), space.size());
      if (got >= 0) return static_cast<std::size_t>(got);
      if (errno != EINTR) {
        return fail(ErrorCode::input, "cannot read {}: {}", show_argument(name, ShownAs::path),
                    system_message(errno));
      }
    }
  };
}

void lint_descriptor(int fd, const std::string& name, std::optional<FileFacts> facts,
                     std::function<bool()> is_source, const LintJob& job, Report& report) {
  ReadMore read = reader_of(fd, name);
  auto done = lint_input({name, read, facts, std::move(is_source)}, job, report);
  if (!done) add_unread(report, name, std::move(done).error());
}

/// shown_name is how a path is reported: without "./" and double slashes.
std::string shown_name(const fs::path& path) {
  std::string name = path.lexically_normal().string();
  return name.starts_with("./") ? name.substr(2) : name;
}

/// typed_name is the name of an operand: what was typed is judged, because without its double
/// slashes a URL looks like a path.
std::string typed_name(const std::string& path) {
  bool plain = masked_argument(path, ShownAs::path) == path;
  return plain ? shown_name(path) : masked_argument(path, ShownAs::path);
}

/// without_rotation cuts off what is appended to a log when a new one is begun: numbers, dates, the
/// name of a compression.
std::string_view without_rotation(std::string_view name) {
  for (;;) {
    std::size_t at = name.find_last_of(".-_");
    if (at == std::string_view::npos || at == 0) return name;
    std::string_view last = name.substr(at + 1);
    constexpr std::array<std::string_view, 6> kCompressed{"gz", "bz2", "xz", "zst", "old", "bak"};
    bool rotated = last.find_first_not_of("0123456789t") == std::string_view::npos ||
                   std::find(kCompressed.begin(), kCompressed.end(), last) != kCompressed.end();
    if (!rotated) return name;
    name = name.substr(0, at);
  }
}

/// is_log says by its names that a file is written by whoever sends requests or mail: app.log,
/// app.log.1, access_log, nohup.out, what lies in log/ or logs/.
bool is_log(const fs::path& path) {
  std::string last = to_lower(path.filename().string());
  std::size_t at = last.find(".log");
  bool ends = at != std::string::npos && (at + 4 == last.size() || last[at + 4] == '.' ||
                                          last[at + 4] == '-' || last[at + 4] == '_');
  std::string_view stem = without_rotation(last);
  constexpr std::array<std::string_view, 8> kNames{"log",     "syslog", "messages", "maillog",
                                                   "journal", "dmesg",  "mbox",     "nohup"};
  constexpr std::array<std::string_view, 13> kEnds{
      "_log",   "-log", ".out",    ".err", ".stdout", ".stderr", ".trace",
      ".jsonl", ".har", ".ndjson", ".eml", ".mbox",   ".journal"};
  ends = ends || std::find(kNames.begin(), kNames.end(), stem) != kNames.end() ||
         std::any_of(kEnds.begin(), kEnds.end(),
                     [stem](std::string_view end) { return stem.ends_with(end); });
  return ends || std::any_of(path.begin(), path.end(), [](const fs::path& part) {
           std::string name = to_lower(part.string());
           return name == "log" || name == "logs";
         });
}

class Walker {
 public:
  Walker(const std::vector<std::string>& exclude, SourceFiles& sources, const LintJob& job,
         Report& report)
      : exclude_(exclude), sources_(sources), job_(job), report_(report) {}

  void walk(const fs::path& folder, std::size_t depth) {
    std::error_code error;
    std::vector<fs::path> entries;
    fs::directory_iterator entry(folder, error);
    for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
      entries.push_back(entry->path());
    }
    if (error) return add_unread(report_, shown_name(folder), error.value());
    std::sort(entries.begin(), entries.end());
    for (const fs::path& path : entries) visit(path, depth);
  }

 private:
  void visit(const fs::path& path, std::size_t depth) {
    std::string name = shown_name(path);
    std::string last = path.filename().string();
    if (is_history(last)) return report_.pass_over(name, PassedOver::Why::history);
    if (is_excluded(name, last)) return report_.pass_over(name, PassedOver::Why::excluded);
    struct stat info {};
    if (::lstat(path.c_str(), &info) != 0) return add_unread(report_, name, errno);
    if (S_ISDIR(info.st_mode)) {
      if (depth >= kMaxFolderDepth) {
        Failure deep = fail(ErrorCode::input, "{} is deeper than {} folders",
                            show_argument(name, ShownAs::path), kMaxFolderDepth);
        return add_unread(report_, name, deep.error_);
      }
      return walk(path, depth + 1);
    }
    if (S_ISREG(info.st_mode)) return read(path, name);
    report_.pass_over(name,
                      S_ISLNK(info.st_mode) ? PassedOver::Why::link : PassedOver::Why::special);
  }

  void read(const fs::path& path, const std::string& name) {
    // Between lstat and open somebody may put a FIFO or a link there.
    Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    struct stat info {};
    if (fd.get() < 0 || ::fstat(fd.get(), &info) != 0) return add_unread(report_, name, errno);
    if (!S_ISREG(info.st_mode)) return report_.pass_over(name, PassedOver::Why::special);
    FileFacts facts;
    facts.owner_only = (info.st_mode & mode_t{077}) == 0;
    // Others are readable anyway.
    facts.tracked = facts.owner_only && sources_.tracks(path.string());
    auto is_source = [this, &path] { return sources_.has(path.string(), true); };
    lint_descriptor(fd.get(), name, facts, is_source, job_, report_);
  }

  static bool is_history(const std::string& last) {
    constexpr std::array<std::string_view, 3> kHistories{".git", ".hg", ".svn"};
    return std::find(kHistories.begin(), kHistories.end(), last) != kHistories.end();
  }

  bool is_excluded(const std::string& name, const std::string& last) const {
    return std::any_of(exclude_.begin(), exclude_.end(), [&](const std::string& glob) {
      std::string plain = glob.ends_with('/') ? glob.substr(0, glob.size() - 1) : glob;
      return ::fnmatch(plain.c_str(), name.c_str(), 0) == 0 ||
             ::fnmatch(plain.c_str(), last.c_str(), 0) == 0;
    });
  }

  const std::vector<std::string>& exclude_;
  SourceFiles& sources_;
  const LintJob& job_;
  Report& report_;
};

}  // namespace

const std::optional<GitPaths>& SourceFiles::tracked(const std::string& root) {
  auto known = tracked_.find(root);
  if (known == tracked_.end()) known = tracked_.emplace(root, load_tracked(root)).first;
  return known->second;
}

std::optional<bool> SourceFiles::in_repository(const std::string& real) {
  std::error_code error;
  std::string root = root_;
  for (fs::path folder = fs::path(real).parent_path(); root.empty();
       folder = folder.parent_path()) {
    if (fs::exists(folder / ".git", error)) root = (folder / "").string();
    if (folder == folder.root_path()) break;
  }
  if (root.empty()) return std::nullopt;
  if (!real.starts_with(root)) return false;
  const std::optional<GitPaths>& files = tracked(root);
  return files && files->count(real.substr(root.size())) != 0;
}

bool SourceFiles::has(const std::string& path, bool walked) {
  std::error_code error;
  fs::path real = fs::canonical(path, error);
  if (error || is_log(real)) return false;
  return in_repository(real.string()).value_or(walked);
}

bool SourceFiles::tracks(const std::string& path) {
  std::error_code error;
  fs::path real = fs::canonical(path, error);
  return !error && in_repository(real.string()).value_or(false);
}

void lint_path(const std::string& path, const std::vector<std::string>& exclude,
               SourceFiles& sources, const LintJob& job, Report& report) {
  std::string name = shown_name(path);
  Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat info {};
  if (fd.get() < 0 || ::fstat(fd.get(), &info) != 0) {
    return add_unread(report, typed_name(path), errno);
  }
  if (S_ISDIR(info.st_mode)) return Walker(exclude, sources, job, report).walk(path, 0);
  auto is_source = [&sources, &path] { return sources.has(path, false); };
  lint_descriptor(fd.get(), name, std::nullopt, is_source, job, report);
}

void lint_stdin(const LintJob& job, Report& report) {
  lint_descriptor(STDIN_FILENO, "stdin", std::nullopt, nullptr, job, report);
}

void lint_stdin_as(const std::string& path, const LintJob& job, Report& report) {
  lint_descriptor(
      STDIN_FILENO, typed_name(path), FileFacts{}, [] { return true; }, job, report);
}

}  // namespace jwtctl::cli
