// SPDX-License-Identifier: Apache-2.0
// Hidden: writes the files that are committed under man/ and completions/.
#include "cli/commands.h"
#include "cli/docs/completion.h"
#include "cli/docs/man.h"
#include "cli/docs/rules.h"
#include "lib/base/file.h"
#include "version.h"

namespace jwtctl::cli {
namespace {

struct GenerateOptions {
  std::optional<std::string> directory;
};

Result<ExitCode> run_generate(const GenerateOptions& options) {
  Globals scratch;
  std::vector<CommandDoc> docs = describe_all(scratch);
  std::vector<std::pair<std::string, std::string>> files;
  files.emplace_back("man/jwtctl.1", overview_man(docs, kVersion));
  files.emplace_back("man/jwtctl-rules.7", rules_man(kVersion));
  for (const CommandDoc& doc : docs) {
    files.emplace_back(fmt::format("man/{}.1", man_page_name(doc)), command_man(doc, kVersion));
  }
  for (const Shell& shell : kShells) {
    files.emplace_back(fmt::format("completions/{}", shell.file), shell.render(docs));
  }
  for (const auto& [name, content] : files) {
    auto written = write_file(fmt::format("{}/{}", *options.directory, name), content);
    if (!written) return fail(std::move(written).error());
  }
  return ExitCode::ok;
}

}  // namespace

void declare_generate(Spec& spec) {
  auto& options = spec.options<GenerateOptions>();
  spec.synopsis("DIR");
  spec.details("Writes `man/` and `completions/` below DIR, where both folders must exist.");
  spec.positional("DIR", options.directory, "where to write").required = true;
  spec.run([&options](Io&, const Globals&) { return run_generate(options); });
}

}  // namespace jwtctl::cli
