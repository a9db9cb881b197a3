// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "cli/report/report.h"
#include "lib/jose/jwks_diff.h"
#include "lib/jose/key_document.h"
#include "lib/remote/document.h"

/// Reports about key files.
namespace jwtctl::cli {

/// KeysReport is the keys of one file, or of one answer of a server.
struct KeysReport {
  std::string source;
  KeyDocument document;
  std::optional<Document> origin = std::nullopt;
};

/// DiffReport is what differs between two files; `keys` counts those of the second.
struct DiffReport {
  std::size_t keys = 0;
  std::vector<KeyDifference> differences;
};

std::string to_text(const KeysReport& report, const View& view);
std::string to_json(const KeysReport& report, const View& view);
std::string to_text(const DiffReport& report);
std::string to_json(const DiffReport& report);

}  // namespace jwtctl::cli
