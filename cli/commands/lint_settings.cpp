// SPDX-License-Identifier: Apache-2.0
// The one file that includes toml++.
#include "cli/commands/lint_settings.h"

// What is installed has none of its assertions: other builds must not end where that one refuses.
#define TOML_ASSERT(condition) static_cast<void>(0)
#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>

#include "cli/commands/toml_text.h"
#include "cli/git_index.h"
#include "cli/places.h"
#include "cli/spec.h"
#include "lib/base/shown.h"
#include "lib/base/text.h"
#include "lib/lint/expectations.h"

namespace jwtctl::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 12> kKeys{"select",   "ignore",       "exclude",  "issuer",
                                                 "audience", "fail-on",      "profile",  "baseline",
                                                 "rule",     "max-warnings", "max-size", "leeway"};
constexpr std::string_view kMaxTtl = "max-ttl";

/// Reader turns nodes into settings; what is wrong is named with its line.
class Reader {
 public:
  Reader(LintSettings& settings, const std::string& path) : settings_(settings), path_(path) {}

  Result<void> read(const toml::table& root) {
    for (const auto& [key, node] : root) {
      if (key.str() != "lint") {
        return refuse(node, fmt::format("unknown table {}", quote_argument(key.str())))
            .hint("there is one table, [lint]");
      }
      const toml::table* lint = node.as_table();
      if (lint == nullptr) return refuse(node, "\"lint\" must be a table");
      for (const auto& [name, value] : *lint) {
        if (auto done = read_key(name.str(), value); !done) return done;
      }
    }
    return {};
  }

 private:
  Failure refuse(const toml::node& node, std::string_view why) const {
    return fail(ErrorCode::input, "{}:{}: {}", show_argument(path_, ShownAs::path),
                node.source().begin.line, why);
  }

  /// at names the place of a value that is refused for what it is.
  Error at(const toml::node& node, Error error) const {
    error.message = fmt::format("{}:{}: {}", show_argument(path_, ShownAs::path),
                                node.source().begin.line, error.message);
    return error;
  }

  Result<void> read_key(std::string_view key, const toml::node& node) {
    if (key == "select") return read_rules(key, node, settings_.rules.select);
    if (key == "ignore") return read_rules(key, node, settings_.rules.ignore);
    if (key == "exclude") return read_list(key, node, settings_.exclude);
    if (key == "issuer") return read_list(key, node, settings_.issuers);
    if (key == "audience") return read_list(key, node, settings_.audiences);
    if (key == "fail-on") return read_choice(key, node, settings_.fail_on, check_level);
    if (key == "profile") return read_choice(key, node, settings_.profile, check_profile);
    if (key == "baseline") return read_text(key, node, settings_.baseline);
    if (key == "max-warnings") return read_count(key, node, settings_.max_warnings);
    if (key == "max-size") return read_count(key, node, settings_.max_size);
    if (key == "leeway") return read_duration(key, node, settings_.leeway);
    if (key == kMaxTtl) return read_duration(key, node, settings_.max_ttl);
    if (key == "rule") return read_levels(node);
    std::vector<std::string_view> names(kKeys.begin(), kKeys.end());
    names.push_back(kMaxTtl);
    return refuse(node, fmt::format("unknown key {}", quote_argument(key)))
        .hint("{}", did_you_mean(key, names));
  }

  Result<void> read_list(std::string_view key, const toml::node& node,
                         std::vector<std::string>& out) const {
    const toml::array* items = node.as_array();
    bool texts = items != nullptr && std::all_of(items->begin(), items->end(),
                                                 [](const toml::node& n) { return n.is_string(); });
    if (!texts) return refuse(node, fmt::format("\"{}\" must be an array of strings", key));
    for (const toml::node& item : *items) out.push_back(**item.as_string());
    return {};
  }

  Result<void> read_rules(std::string_view key, const toml::node& node,
                          std::vector<std::string>& out) const {
    if (auto done = read_list(key, node, out); !done) return done;
    for (const toml::node& item : *node.as_array()) {
      auto known = choose_rules({{**item.as_string()}, {}, {}}, false);
      if (!known) return fail(at(item, std::move(known).error()));
    }
    return {};
  }

  Result<void> read_choice(std::string_view key, const toml::node& node,
                           std::optional<std::string>& out,
                           Result<void> (*check)(const std::string&)) const {
    if (auto done = read_text(key, node, out); !done) return done;
    auto known = check(*out);
    return known ? Result<void>{} : fail(at(node, std::move(known).error()));
  }

  Result<void> read_count(std::string_view key, const toml::node& node,
                          std::optional<std::string>& out) const {
    if (auto done = read_text(key, node, out); !done) return done;
    auto count = parse_count(key, *out);
    return count ? Result<void>{} : fail(at(node, std::move(count).error()));
  }

  Result<void> read_text(std::string_view key, const toml::node& node,
                         std::optional<std::string>& out) const {
    if (const auto* number = node.as_integer()) {
      out = std::to_string(**number);
    } else if (const auto* text = node.as_string()) {
      out = **text;
    } else {
      return refuse(node, fmt::format("\"{}\" must be a string or a number", key));
    }
    return {};
  }

  Result<void> read_duration(std::string_view key, const toml::node& node,
                             std::optional<Seconds>& out) const {
    std::optional<std::string> text;
    if (auto done = read_text(key, node, text); !done) return done;
    auto length = parse_duration(*text);
    if (!length) return refuse(node, fmt::format("\"{}\": {}", key, length.error().message));
    out = *length;
    return {};
  }

  Result<void> read_levels(const toml::node& node) {
    const toml::table* levels = node.as_table();
    if (levels == nullptr) return refuse(node, "\"rule\" must be a table of levels");
    for (const auto& [rule, level] : *levels) {
      const auto* text = level.as_string();
      if (text == nullptr) return refuse(level, "a level must be a string");
      settings_.rules.levels.push_back(fmt::format("{}={}", rule.str(), **text));
      auto known = choose_rules({{}, {}, {settings_.rules.levels.back()}}, false);
      if (!known) return fail(at(level, std::move(known).error()));
    }
    return {};
  }

  LintSettings& settings_;
  const std::string& path_;
};

template <class T>
void fill(std::optional<T>& value, const std::optional<T>& below) {
  if (!value) value = below;
}

void fill(std::vector<std::string>& values, const std::vector<std::string>& below) {
  if (values.empty()) values = below;
}

/// first_foreign returns the first path that belongs to another user, empty when none does.
std::string first_foreign(const std::vector<fs::path>& paths) {
  auto found = std::find_if(paths.begin(), paths.end(),
                            [](const fs::path& path) { return !is_ours(path.string()); });
  return found != paths.end() ? found->string() : std::string();
}

bool may_be_written_by_all(const fs::path& path) {
  std::error_code error;
  fs::perms bits = fs::status(path, error).permissions();
  return !error && (bits & fs::perms::others_write) != fs::perms::none;
}

}  // namespace

Result<std::size_t> parse_count(std::string_view option, const std::string& text) {
  std::size_t count = 0;
  const char* end = text.data() + text.size();
  auto [at, error] = std::from_chars(text.data(), end, count);
  if (error == std::errc{} && at == end) return count;
  return fail(ErrorCode::usage, "{}: {} is not a number", option, quote_argument(text));
}

Result<RuleSelection> choose_rules(const RuleOptions& options, bool clock) {
  auto rules = select_rules(options, clock);
  if (rules || !rules.error().hint.empty()) return rules;
  return fail(std::move(rules).error()).hint("jwtctl lint --list-rules lists them");
}

Result<void> check_profile(const std::string& name) {
  std::vector<std::string> names;
  for (const Profile& profile : profiles()) names.emplace_back(profile.name);
  return choose(name, names, "profile");
}

Result<void> check_level(const std::string& name) {
  return choose(name, {"error", "warning", "note", "never"}, "level");
}

Result<LintSettings> parse_lint_settings(std::string_view toml, const std::string& path) {
  LintSettings settings;
  if (auto fault = find_toml_fault(toml)) {
    return fail(ErrorCode::input, "{}:{}: {}", show_argument(path, ShownAs::path), fault->line,
                fault->problem);
  }
  try {
    toml::table root = toml::parse(toml, path);
    if (auto done = Reader(settings, path).read(root); !done) {
      return fail(std::move(done).error());
    }
  } catch (const toml::parse_error& error) {
    return fail(ErrorCode::input, "{}:{}: {}", show_argument(path, ShownAs::path),
                error.source().begin.line, to_lower(error.description()));
  }
  return settings;
}

void overlay(LintSettings& settings, const LintSettings& below) {
  fill(settings.rules.select, below.rules.select);
  fill(settings.rules.ignore, below.rules.ignore);
  // A later level replaces an earlier one.
  settings.rules.levels.insert(settings.rules.levels.begin(), below.rules.levels.begin(),
                               below.rules.levels.end());
  fill(settings.exclude, below.exclude);
  fill(settings.issuers, below.issuers);
  fill(settings.audiences, below.audiences);
  fill(settings.fail_on, below.fail_on);
  fill(settings.profile, below.profile);
  fill(settings.baseline, below.baseline);
  fill(settings.max_warnings, below.max_warnings);
  fill(settings.max_size, below.max_size);
  fill(settings.leeway, below.leeway);
  fill(settings.max_ttl, below.max_ttl);
}

Repository find_repository() {
  Repository repository;
  std::error_code error;
  fs::path here = fs::current_path(error);
  if (error) return repository;
  fs::path root;
  for (fs::path folder = here;; folder = folder.parent_path()) {
    if (fs::exists(folder / ".git", error)) {
      root = folder;
      break;
    }
    if (folder == folder.root_path()) break;
  }
  bool inside = !root.empty();
  for (fs::path folder = here;; folder = folder.parent_path()) {
    fs::path config = folder / kSettingsFile;
    if (fs::is_regular_file(config, error)) {
      repository.config = config.lexically_relative(here).string();
      // One beside us would be read without a repository too.
      bool of_repository = inside && (folder != here || here == root);
      repository.foreign =
          first_foreign(of_repository ? std::vector<fs::path>{config, root, root / ".git"}
                                      : std::vector<fs::path>{config});
      repository.writable_for_all = may_be_written_by_all(config);
      break;
    }
    if (!inside || folder == root) break;
  }
  if (!inside) return repository;
  repository.root = root == root.root_path() ? "/" : fmt::format("{}/", root.string());
  if (here != root) {
    repository.prefix = fmt::format("{}/", here.lexically_relative(root).string());
  }
  return repository;
}

}  // namespace jwtctl::cli
