// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/base/result.h"
#include "lib/codec/json.h"

/// Claims and header members as arguments.
namespace jwtctl::cli {

/// parse_member reads NAME=VALUE (a string) or NAME:=JSON; neither part may be empty. `what` is
/// what the member is called in messages: "claim". Fails with `usage`.
Result<JsonMember> parse_member(const std::string& text, std::string_view what);

/// Members is an object under construction that remembers which option set what: a member that is
/// set twice is an error, because one of the two would silently be lost.
class Members {
 public:
  /// `start` is an object that came from `source`; `what` is what its members are called.
  Members(Json start, std::string_view source, std::string what);

  /// add appends a member. Fails with `usage` when it is there, or not UTF-8.
  Result<void> add(std::string_view name, Json value, std::string_view source);

  bool has(std::string_view name) const { return json_.find(name) != nullptr; }
  const Json& json() const { return json_; }

 private:
  Json json_;
  std::string what_;
  std::vector<std::pair<std::string, std::string>> sources_;
};

}  // namespace jwtctl::cli
