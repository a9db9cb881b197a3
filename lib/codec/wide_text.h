// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "lib/base/result.h"
#include "lib/base/secret.h"

/// Text that is not UTF-8: what Windows and databases write.
namespace jwtctl {

/// ReadMore fills the space with the next bytes of a text and returns how many it has, 0 at the
/// end.
using ReadMore = std::function<Result<std::size_t>(std::span<char> space)>;

/// Encoding is how the characters of a text are written; `bytes` is UTF-8, or anything else whose
/// ASCII is one byte wide.
enum class Encoding { bytes, utf16le, utf16be, utf32le, utf32be };

/// find_encoding looks at the beginning of a text: at its byte order mark, else at where the NULs
/// of its ASCII characters stand. `mark` is the length of the mark.
Encoding find_encoding(std::string_view head, std::size_t& mark);

/// WideText hands a text on as UTF-8. Text that `find_encoding` recognises is decoded; a surrogate
/// without its other half becomes U+FFFD. What is no such text goes through byte by byte, but ASCII
/// that is written two or four bytes wide within it is written narrow: a NUL between two letters
/// hides nothing. Text of one byte a character behind decoded text (two programs wrote to one log)
/// goes through again. In constant memory; bytes without a NUL cost a search for one.
class WideText {
 public:
  explicit WideText(ReadMore read) : read_(std::move(read)) {}

  /// read is a `ReadMore`. Fails as the one below does.
  Result<std::size_t> read(std::span<char> space);

  /// binary says that NULs were seen that belong to no wide text.
  bool binary() const { return binary_; }

 private:
  Result<bool> fill();
  void begin();
  void convert();
  bool enter_run();
  bool leaves_wide();
  void decode_unit();
  std::string_view rest() const;

  ReadMore read_;
  SecretBytes raw_;  ///< not converted yet, from `at_` to `size_`
  std::size_t at_ = 0;
  std::size_t size_ = 0;
  SecretBytes out_;  ///< converted, handed out up to `given_`
  std::size_t given_ = 0;
  bool begun_ = false;
  bool end_ = false;
  bool binary_ = false;
  Encoding encoding_ = Encoding::bytes;
  bool run_ = false;            ///< of ASCII within bytes, not a text that was recognised
  std::size_t wide_until_ = 0;  ///< of `raw_`: up to there it was looked for narrow text
};

}  // namespace jwtctl
