// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

#include "lib/codec/json_shown.h"
#include "lib/token/member_types.h"
#include "lib/token/verdict.h"

namespace jwtctl {

/// CheckWords fills in what a check expected, what was there, and its sentence.
class CheckWords {
 public:
  explicit CheckWords(Check& check) : check_(&check) {}

  CheckWords& expected(const Json& value) {
    check_->expected = shown_value(value);
    return *this;
  }
  CheckWords& actual(const Json* value) {
    if (value != nullptr) check_->actual = *value;
    return *this;
  }
  CheckWords& actual(Json value) {
    check_->actual = std::move(value);
    return *this;
  }
  template <class... Args>
  void say(fmt::format_string<Args...> text, Args&&... args) {
    check_->message = fmt::format(text, std::forward<Args>(args)...);
  }

 private:
  Check* check_;
};

/// say_types says which registered members of `json` have another type than they must.
void say_types(const Json& json, const std::vector<TypeFault>& faults, CheckWords& words);

}  // namespace jwtctl
