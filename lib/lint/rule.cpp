// SPDX-License-Identifier: Apache-2.0
#include "lib/lint/rule.h"

#include <fmt/format.h>

#include <array>

namespace jwtctl {

std::string member_place(std::string_view parent, std::string_view name) {
  std::string place(parent);
  if (!place.empty()) place += '/';
  for (char c : name) {
    if (c == '~') {
      place += "~0";
    } else if (c == '/') {
      place += "~1";
    } else {
      place += c;
    }
  }
  return place;
}

std::string member_place(std::string_view parent, std::size_t index) {
  return member_place(parent, std::to_string(index));
}

std::string_view Rule::subject() const {
  constexpr std::array<std::string_view, 3> kNames{"token", "key", "key set"};
  return kNames[check.index()];
}

std::vector<const Example*> Rule::bad_examples() const {
  std::vector<const Example*> examples;
  for (const Example* example : {&bad.first, &bad.second, &bad.third}) {
    if (!example->empty()) examples.push_back(example);
  }
  return examples;
}

}  // namespace jwtctl
