// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/comparison.h"

#include "cli/report/keys.h"

namespace jwtctl::cli {

Result<KeyDocument> load_or_fetch(const std::string& source, std::string_view name,
                                  const NetworkInput& network, const Passphrase& passphrase, Io& io,
                                  const Globals& globals) {
  if (!is_url(source)) return load_key_document(source, name, passphrase, io);
  auto keys = fetch_keys(network, source, false, globals);
  if (!keys) return fail(std::move(keys).error());
  return to_key_document(*keys);
}

Result<ExitCode> print_differences(const KeyDocument& old, const KeyDocument& fresh,
                                   const Globals& globals) {
  DiffReport report{fresh.entries.size(), diff_keys(old, fresh)};
  if (!globals.quiet) {
    auto written = Io::write_result(
        globals, globals.format == Format::json ? to_json(report) : to_text(report));
    if (!written) return fail(std::move(written).error());
  }
  return report.differences.empty() ? ExitCode::ok : ExitCode::negative;
}

}  // namespace jwtctl::cli
