// SPDX-License-Identifier: Apache-2.0
#include "lib/token/check_words.h"

#include "lib/base/text.h"

namespace jwtctl {

void say_types(const Json& json, const std::vector<TypeFault>& faults, CheckWords& words) {
  if (faults.empty()) return words.say("registered members have their types");
  Json actual = Json::object({});
  std::vector<std::string> messages;
  for (const TypeFault& fault : faults) {
    actual.set(fault.name, *json.find(fault.name));
    messages.push_back(fault.message);
  }
  words.actual(std::move(actual)).say("{}", join(messages, "; "));
}

}  // namespace jwtctl
