// SPDX-License-Identifier: Apache-2.0
// The one file that includes toml++.
#include "cli/commands/lint_settings.h"

#include <toml++/toml.h>

#include <algorithm>
#include <filesystem>

#include "cli/git_index.h"
#include "cli/places.h"
#include "cli/spec.h"
#include "lib/base/shown.h"
#include "lib/base/text.h"

namespace jwtctl::cli {
namespace {

namespace fs = std::filesystem;

/// Reader gives the values of a file to settings; what is wrong is named with its line.
class Reader {
 public:
  Reader(const std::vector<SettingDoc>& settings, const std::string& path)
      : settings_(settings), path_(path) {}

  Result<void> read(const toml::table& root) const {
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

  /// check names the place of a value that is refused for what it is.
  Result<void> check(const SettingDoc& setting, const toml::node& node,
                     const std::string& value) const {
    auto good = setting.check(value);
    if (good) return good;
    Error error = std::move(good).error();
    error.message = fmt::format("{}:{}: {}", show_argument(path_, ShownAs::path),
                                node.source().begin.line, error.message);
    return fail(std::move(error));
  }

  Result<void> read_key(std::string_view key, const toml::node& node) const {
    std::vector<std::string_view> names;
    for (const SettingDoc& setting : settings_) {
      if (setting.key == key) return read_setting(setting, node);
      names.push_back(setting.key);
    }
    return refuse(node, fmt::format("unknown key {}", quote_argument(key)))
        .hint("{}", did_you_mean(key, names));
  }

  Result<void> read_setting(const SettingDoc& setting, const toml::node& node) const {
    switch (setting.form) {
      case SettingDoc::Form::list: return read_list(setting, node);
      case SettingDoc::Form::table: return read_table(setting, node);
      case SettingDoc::Form::value: return read_value(setting, node);
    }
    return {};
  }

  Result<void> read_list(const SettingDoc& setting, const toml::node& node) const {
    const toml::array* items = node.as_array();
    bool texts = items != nullptr && std::all_of(items->begin(), items->end(),
                                                 [](const toml::node& n) { return n.is_string(); });
    if (!texts) return refuse(node, fmt::format("\"{}\" must be an array of strings", setting.key));
    std::vector<std::string> values;
    for (const toml::node& item : *items) {
      values.push_back(from_here(setting, **item.as_string()));
      if (auto good = check(setting, item, values.back()); !good) return good;
    }
    return setting.lay(values);
  }

  Result<void> read_value(const SettingDoc& setting, const toml::node& node) const {
    std::string value;
    if (const auto* number = node.as_integer()) {
      value = std::to_string(**number);
    } else if (const auto* text = node.as_string()) {
      value = **text;
    } else {
      return refuse(node, fmt::format("\"{}\" must be a string or a number", setting.key));
    }
    value = from_here(setting, std::move(value));
    if (auto good = check(setting, node, value); !good) return good;
    return setting.lay({value});
  }

  Result<void> read_table(const SettingDoc& setting, const toml::node& node) const {
    const toml::table* levels = node.as_table();
    if (levels == nullptr) {
      return refuse(node, fmt::format("\"{}\" must be a table of levels", setting.key));
    }
    std::vector<std::string> values;
    for (const auto& [name, level] : *levels) {
      const auto* text = level.as_string();
      if (text == nullptr) return refuse(level, "a level must be a string");
      values.push_back(fmt::format("{}={}", name.str(), **text));
      if (auto good = check(setting, level, values.back()); !good) return good;
    }
    return setting.lay(values);
  }

  /// from_here: a path in the file is meant from the file.
  std::string from_here(const SettingDoc& setting, std::string value) const {
    std::size_t slash = path_.rfind('/');
    if (!setting.path || value.starts_with('/') || slash == std::string::npos) return value;
    return fmt::format("{}/{}", path_.substr(0, slash), value);
  }

  const std::vector<SettingDoc>& settings_;
  const std::string& path_;
};

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

Result<void> read_settings(std::string_view toml, const std::string& path,
                           const std::vector<SettingDoc>& settings) {
  // toml++ asserts that it does not meet them, where TOML 1.0.0 forbids them everywhere. A carriage
  // return is one unless a line break follows.
  auto control = toml.begin();
  for (; control != toml.end(); ++control) {
    bool part_of_break = *control == '\r' && control + 1 != toml.end() && control[1] == '\n';
    bool allowed = *control == '\t' || *control == '\n' || part_of_break;
    if (*control == '\x7f' || (*control >= 0 && *control < ' ' && !allowed)) break;
  }
  if (control != toml.end()) {
    return fail(ErrorCode::input, "{}:{}: a control character", show_argument(path, ShownAs::path),
                std::count(toml.begin(), control, '\n') + 1);
  }
  try {
    toml::table root = toml::parse(toml, path);
    return Reader(settings, path).read(root);
  } catch (const toml::parse_error& error) {
    return fail(ErrorCode::input, "{}:{}: {}", show_argument(path, ShownAs::path),
                error.source().begin.line, to_lower(error.description()));
  }
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
