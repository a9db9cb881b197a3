// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include <string>
#include <utility>

#include "lib/codec/json_shown.h"
#include "lib/token/verdict.h"

namespace jwtctl {

/// CheckBuilder makes one Check; `pass`, `skip` or `fail` comes last and adds it to the verdict.
class CheckBuilder {
 public:
  CheckBuilder(Verdict& verdict, std::string name) : verdict_(&verdict) {
    check_.name = std::move(name);
  }

  CheckBuilder& expected(const Json& value) {
    check_.expected = shown_value(value);
    return *this;
  }
  CheckBuilder& actual(const Json* value) {
    if (value != nullptr) check_.actual = *value;
    return *this;
  }
  CheckBuilder& actual(Json value) {
    check_.actual = std::move(value);
    return *this;
  }

  template <class... Args>
  void pass(fmt::format_string<Args...> text, Args&&... args) {
    add(CheckStatus::pass, fmt::format(text, std::forward<Args>(args)...));
  }
  template <class... Args>
  void skip(fmt::format_string<Args...> text, Args&&... args) {
    add(CheckStatus::skip, fmt::format(text, std::forward<Args>(args)...));
  }
  template <class... Args>
  void fail(VerdictCode code, RuleId rule, fmt::format_string<Args...> text, Args&&... args) {
    check_.code = code;
    check_.rule = rule;
    add(CheckStatus::fail, fmt::format(text, std::forward<Args>(args)...));
  }

 private:
  void add(CheckStatus status, std::string message) {
    check_.status = status;
    check_.message = std::move(message);
    verdict_->checks.push_back(std::move(check_));
  }

  Verdict* verdict_;
  Check check_;
};

}  // namespace jwtctl
