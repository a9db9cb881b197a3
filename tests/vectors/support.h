// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/judging.h"

/// What the tests with foreign vectors share.
namespace jwtctl::vectors {

/// find_folder returns the folder `name` of $JWTCTL_VECTORS. Nothing, and a warning that says
/// "skipped", where it is missing: the vectors are not part of this project.
std::optional<std::filesystem::path> find_folder(std::string_view name);

/// list_json returns the paths of the JSON files in `folder` by name.
std::vector<std::filesystem::path> list_json(const std::filesystem::path& folder);

/// load_json reads a file; the test fails when it is not acceptable JSON.
Json load_json(const std::filesystem::path& path);

/// member returns a member of an object; the test fails when it is missing.
const Json& member(const Json& json, std::string_view name);

/// text_of returns a member that is a string; the test fails when it is not.
std::string text_of(const Json& json, std::string_view name);

/// Answer is what the JWS layer says about a token: `read_jws` and `Verifier::judge_jws`, and never
/// its payload, because most vectors sign something that is no claims set.
struct Answer {
  bool accepted = false;
  VerdictCode code = VerdictCode::malformed;
  std::string_view rule;  ///< the id of the first rule that was broken
  std::string reason;
};

/// judge_jws fails the test when no verdict is possible: that is no rejection.
Answer judge_jws(std::string_view token, const KeySource& source);

/// source_of provides the keys of a JWK, pinned as `--key` does it, or of a JWK Set.
KeySource source_of(std::string key_json);

/// change_octet flips the lowest bit of the octet in the middle of a segment of a compact JWS. The
/// result is as well-formed as the original.
std::string change_octet(std::string_view token, std::string_view segment);

}  // namespace jwtctl::vectors
