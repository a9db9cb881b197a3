// SPDX-License-Identifier: Apache-2.0
#include "lib/lint/wording.h"

namespace jwtctl {

std::string Wording::with(const RuleNames& names) const {
  std::string out;
  std::string_view rest = text_;
  for (std::size_t at = rest.find('{'); at != std::string_view::npos; at = rest.find('{')) {
    out += rest.substr(0, at);
    rest.remove_prefix(at);
    const Placeholder& placeholder = *find_placeholder(rest);
    out += names.*placeholder.member;
    rest.remove_prefix(placeholder.text.size());
  }
  out += rest;
  return out;
}

}  // namespace jwtctl
