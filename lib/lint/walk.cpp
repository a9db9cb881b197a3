// SPDX-License-Identifier: Apache-2.0
#include "lib/lint/walk.h"

#include <algorithm>

#include "lib/lint/rule.h"

namespace jwtctl {
namespace {

class Walker {
 public:
  Walker(std::string_view root, const std::function<bool(const Node&)>& visit)
      : root_(root), visit_(visit) {}

  /// walk recurses as deep as the JSON reader lets values nest (`kMaxJsonDepth`).
  bool walk(const Json& json) {
    if (!visit_(Node(json, root_, path_))) return false;
    if (const Json::Object* members = json.as_object()) {
      return std::all_of(members->begin(), members->end(), [this](const JsonMember& member) {
        return descend({member.name, 0, false}, member.value);
      });
    }
    const Json::Array* items = json.as_array();
    for (std::size_t i = 0; items != nullptr && i < items->size(); ++i) {
      if (!descend({{}, i, true}, (*items)[i])) return false;
    }
    return true;
  }

 private:
  bool descend(Node::Step step, const Json& value) {
    path_.push_back(step);
    bool more = walk(value);
    path_.pop_back();
    return more;
  }

  std::string_view root_;
  const std::function<bool(const Node&)>& visit_;
  std::vector<Node::Step> path_;
};

}  // namespace

std::string_view Node::name() const {
  auto member = std::find_if(path_.rbegin(), path_.rend(), [](Step step) { return !step.entry; });
  return member != path_.rend() ? member->name : std::string_view{};
}

std::string Node::place() const {
  std::string place(root_);
  for (const Step& step : path_) {
    place = step.entry ? member_place(place, step.index) : member_place(place, step.name);
  }
  return place;
}

void walk_values(const Json& json, std::string_view root,
                 const std::function<bool(const Node&)>& visit) {
  Walker(root, visit).walk(json);
}

}  // namespace jwtctl
