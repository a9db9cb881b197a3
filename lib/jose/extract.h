// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <string_view>

#include "lib/base/result.h"
#include "lib/codec/json_place.h"
#include "lib/codec/wide_text.h"

/// Finding tokens and PEM blocks in any text: logs, source, HAR, YAML, dumps of the environment.
namespace jwtctl {

/// Extract is something that was found. Its views are good until the sink returns.
struct Extract {
  enum class Kind { token, pem };
  Kind kind = Kind::token;
  std::string_view text;        ///< at most `kMaxExtractBytes`, of a longer one the beginning
  TextPosition position;        ///< of its first character
  std::string_view line;        ///< around it, as far as it is near
  std::string_view line_above;  ///< the one before, as far as it is near
  bool marked = false;          ///< the mark that was asked for stands in one of these lines
};

inline constexpr std::size_t kMaxExtractBytes = std::size_t{68} * 1024;

using ExtractSink = std::function<void(const Extract& extract)>;

/// extract_all reads a text to its end and hands out what it finds, in order, in constant memory
/// however long the text or one line of it is. A token is a header that decodes to a JSON object
/// with `alg`, `enc` or `typ`, also one that no reader takes because it is too deep or no UTF-8,
/// and what follows behind the dot: as many segments as there are, so that a token which was cut is
/// found too. The time is linear in the length of the text, whatever
/// it holds. `mark` is a word to look for around what is found. Returns in how many runs of letters
/// not every place was tried where a header might begin: longer than a token may be, or with too
/// many of them. Fails as `read` does.
Result<std::size_t> extract_all(const ReadMore& read, const ExtractSink& sink,
                                std::string_view mark = {});

}  // namespace jwtctl
