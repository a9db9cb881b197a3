// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string_view>

#include "lib/base/result.h"
#include "lib/base/secret.h"
#include "lib/codec/encoding.h"

/// Text that is not UTF-8: what Windows and databases write.
namespace jwtctl {

/// ReadMore fills the space with the next bytes of a text and returns how many it has, 0 at the
/// end.
using ReadMore = std::function<Result<std::size_t>(std::span<char> space)>;

/// WideText hands a text on as UTF-8. Text that `find_encoding` recognises is decoded; a surrogate
/// without its other half becomes U+FFFD. What is no such text goes through byte by byte, but ASCII
/// that is written two or four bytes wide within it is written narrow: a NUL between two letters
/// hides nothing. Nor does a text hide what its encoding does not fit: ASCII of one byte a
/// character behind or within decoded text goes through, and where wide ASCII begins in another
/// width, order or alignment it is decoded like that from there on. In constant memory and linear
/// time.
class WideText {
 public:
  explicit WideText(ReadMore read) : read_(std::move(read)) {}

  /// read is a `ReadMore`. Fails as the one below does.
  Result<std::size_t> read(std::span<char> space);

  /// binary says that NULs were seen that belong to no wide text.
  bool binary() const { return binary_; }

 private:
  /// Run is wide ASCII that begins `skip` octets further on.
  struct Run {
    TextEncoding encoding;
    std::size_t skip;
  };

  Result<bool> fill();
  void begin();
  void convert();
  void pass_bytes(std::size_t stop);
  void pass_wide(std::size_t stop);
  void pass_plain(std::size_t stop);
  void pass_narrow(std::size_t stop);
  void decode_unit();
  void give(char32_t value);
  void give_octets(std::size_t count);
  std::optional<Run> other_run() const;
  bool begins_narrow();
  bool ends_in_run() const;
  std::string_view rest() const;

  ReadMore read_;
  SecretBytes raw_;  ///< not converted yet, from `at_` to `size_`
  std::size_t at_ = 0;
  std::size_t size_ = 0;
  SecretBytes out_;  ///< converted up to `made_`, handed out up to `given_`
  std::size_t made_ = 0;
  std::size_t given_ = 0;
  bool begun_ = false;
  bool end_ = false;
  bool binary_ = false;
  TextEncoding encoding_ = TextEncoding::bytes;
  bool run_ = false;             ///< of ASCII within bytes, not a text that was recognised
  bool narrow_ = false;          ///< in ASCII of one byte a character within wide text
  std::size_t narrow_size_ = 0;  ///< of that so far
  std::size_t wide_until_ = 0;   ///< of `raw_`: up to there it was looked for narrow text
};

}  // namespace jwtctl
