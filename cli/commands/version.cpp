// SPDX-License-Identifier: Apache-2.0
#include "version.h"

#include <fmt/format.h>

#include "cli/app.h"
#include "cli/commands.h"
#include "lib/base/text.h"
#include "lib/codec/json.h"
#include "lib/crypto/openssl.h"

namespace jwtctl::cli {
namespace {

std::string fmt_version() {
  return fmt::format("{}.{}.{}", FMT_VERSION / 10000, FMT_VERSION / 100 % 100, FMT_VERSION % 100);
}

Json version_json() {
  return Json::object({{"schema", "jwtctl.version/1"},
                       {"version", kVersion},
                       {"openssl", crypto_library_version()},
                       {"providers", Json::strings(crypto_providers())},
                       {"cli11", parser_library_version()},
                       {"nlohmann_json", json_library_version()},
                       {"fmt", fmt_version()},
                       {"compiler", kCompiler}});
}

std::string version_text(bool verbose) {
  std::string text = fmt::format("jwtctl {}\n", kVersion);
  if (!verbose) return text;
  return text + fmt::format(
                    "openssl    {}\nproviders  {}\ncli11      {}\njson       {}\n"
                    "fmt        {}\ncompiler   {}\n",
                    crypto_library_version(), join(crypto_providers(), ", "),
                    parser_library_version(), json_library_version(), fmt_version(), kCompiler);
}

Result<ExitCode> run_version(const Globals& globals) {
  std::string text = globals.format == Format::json ? version_json().dump(2) + "\n"
                                                    : version_text(globals.verbose);
  auto written = Io::write_result(globals, text);
  if (!written) return fail(std::move(written).error());
  return ExitCode::ok;
}

}  // namespace

void declare_version(Spec& spec) {
  spec.synopsis("[-v]");
  spec.details(
      "With `-v`, and in JSON, it names the versions of OpenSSL, its providers, the other "
      "libraries and the compiler too.");
  spec.formats({Format::text, Format::json});
  spec.example("jwtctl version -v", "what to put into a bug report");
  spec.run([](Io&, const Globals& globals) { return run_version(globals); });
}

}  // namespace jwtctl::cli
