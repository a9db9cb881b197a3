// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include <optional>
#include <utility>
#include <variant>

#include "lib/base/error.h"

namespace jwtctl {

/// Failure carries an Error on its way into a `Result`; made by `fail()` only.
class Failure {
 public:
  explicit Failure(Error error) : error_(std::move(error)) {}

  /// hint attaches the advice that is printed on a line of its own.
  template <class... Args>
  Failure hint(fmt::format_string<Args...> text, Args&&... args) && {
    error_.hint = fmt::format(text, std::forward<Args>(args)...);
    return std::move(*this);
  }

  Error error_;
};

/// fail makes the failure that a function returns: `return fail(ErrorCode::input, "no {}", x)`.
template <class... Args>
Failure fail(ErrorCode code, fmt::format_string<Args...> message, Args&&... args) {
  return Failure(Error{code, fmt::format(message, std::forward<Args>(args)...), {}});
}

/// fail passes an error on: `return fail(std::move(inner).error())`.
inline Failure fail(Error error) { return Failure(std::move(error)); }

/// Result holds either a value or the Error that explains its absence. Its names are a subset of
/// `std::expected`'s, so that it can become one.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Failure failure) : state_(std::in_place_index<1>, std::move(failure.error_)) {}

  bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  T& operator*() & { return std::get<0>(state_); }
  const T& operator*() const& { return std::get<0>(state_); }
  T&& operator*() && { return std::get<0>(std::move(state_)); }
  T* operator->() { return &std::get<0>(state_); }
  const T* operator->() const { return &std::get<0>(state_); }

  Error& error() & { return std::get<1>(state_); }
  const Error& error() const& { return std::get<1>(state_); }
  Error&& error() && { return std::get<1>(std::move(state_)); }

 private:
  std::variant<T, Error> state_;
};

/// Result<void> is either done or an Error.
template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Failure failure) : error_(std::move(failure.error_)) {}

  bool has_value() const { return !error_.has_value(); }
  explicit operator bool() const { return has_value(); }
  Error& error() & { return *error_; }
  const Error& error() const& { return *error_; }
  Error&& error() && { return *std::move(error_); }

 private:
  std::optional<Error> error_;
};

}  // namespace jwtctl
