// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/codec/json.h"

namespace jwtctl {

/// A check that looks at every value stops after so many remarks: more would not help anybody, and
/// the text of their places could grow with the square of the token.
inline constexpr std::size_t kMaxRemarks = 16;

/// Node is one value somewhere within a header or a payload.
class Node {
 public:
  struct Step {
    std::string_view name;  ///< of a member; empty for an entry of an array
    std::size_t index = 0;  ///< of an entry
    bool entry = false;
  };

  Node(const Json& value, std::string_view root, const std::vector<Step>& path)
      : value_(value), root_(root), path_(path) {}

  const Json& value() const { return value_; }
  /// name is that of the member which holds the value, be it as an entry of its array; empty at the
  /// root.
  std::string_view name() const;
  const std::vector<Step>& path() const { return path_; }
  /// place is where the value stands, for a remark: "payload/address/0".
  std::string place() const;

 private:
  const Json& value_;
  std::string_view root_;
  const std::vector<Step>& path_;
};

/// walk_values visits `json` and every value within it, each before what it holds, in the order of
/// the text. It stops when `visit` returns false. `root` begins the places: "payload".
void walk_values(const Json& json, std::string_view root,
                 const std::function<bool(const Node&)>& visit);

}  // namespace jwtctl
