// SPDX-License-Identifier: Apache-2.0
#include "lib/jose/jwks_diff.h"

#include <algorithm>
#include <set>

#include "lib/jose/key_type.h"

namespace jwtctl {
namespace {

std::string name_of(const KeyEntry& entry) {
  if (auto kid = entry.kid()) return *kid;
  auto print = entry.jwk ? thumbprint(entry.jwk->key) : std::nullopt;
  return print ? *print : fmt::format("#{}", entry.index + 1);
}

/// material_of returns what identifies a key that we cannot use: whatever is no metadata of RFC
/// 7517 sections 4.2 to 4.9.
Json material_of(const Json& members) {
  constexpr std::string_view kMetadata[] = {"kid", "use", "key_ops",  "alg", "x5u",
                                            "x5c", "x5t", "x5t#S256", "ext"};
  Json out = Json::object({});
  const Json::Object* list = members.as_object();
  if (list == nullptr) return members;
  for (const JsonMember& member : *list) {
    bool metadata =
        std::find(std::begin(kMetadata), std::end(kMetadata), member.name) != std::end(kMetadata);
    if (!metadata) out.set(member.name, member.value);
  }
  return out;
}

/// same_key compares what identifies two entries.
bool same_key(const KeyEntry& a, const KeyEntry& b) {
  if (a.jwk && b.jwk) return same_material(a.jwk->key, b.jwk->key);
  return !a.jwk && !b.jwk && material_of(a.members).same_value(material_of(b.members));
}

/// is_material says that a member is part of the key itself, or names it.
bool is_material(const KeyTypeRow* type, std::string_view name) {
  return name == "kty" || name == "kid" || (type != nullptr && type->find(name) != nullptr);
}

/// comparable sorts what is a set by its meaning (RFC 7517 section 4.3).
Json comparable(const JsonMember& member) {
  const Json::Array* items = member.value.as_array();
  if (member.name != "key_ops" || items == nullptr) return member.value;
  Json::Array sorted = *items;
  std::sort(sorted.begin(), sorted.end(),
            [](const Json& a, const Json& b) { return a.dump() < b.dump(); });
  return sorted;
}

/// different_members returns the names of what differs beside the key itself.
std::vector<std::string> different_members(const KeyEntry& a, const KeyEntry& b) {
  Json left = without_private(a.members);
  Json right = without_private(b.members);
  const KeyTypeRow* type = type_of_jwk(left);
  std::set<std::string> names;
  for (const auto& [one, other] : {std::pair(&left, &right), std::pair(&right, &left)}) {
    for (const JsonMember& member : *one->as_object()) {
      if (is_material(type, member.name)) continue;
      const Json* twin = other->find(member.name);
      bool same =
          twin != nullptr && comparable(member).same_value(comparable({member.name, *twin}));
      if (!same) names.insert(member.name);
    }
  }
  return {names.begin(), names.end()};
}

/// Matcher pairs the entries of two documents, each at most once.
class Matcher {
 public:
  Matcher(const KeyDocument& old, const KeyDocument& fresh) : old_(old), fresh_(fresh) {}

  std::vector<KeyDifference> run() {
    // What is most alike first, so that a twin does not take the place of the key itself.
    pair([](const KeyEntry& a, const KeyEntry& b) {
      return same_key(a, b) && a.kid() == b.kid() && different_members(a, b).empty();
    });
    pair([](const KeyEntry& a, const KeyEntry& b) { return same_key(a, b) && a.kid() == b.kid(); });
    // A kid that names another key is critical, also where that key had another kid before.
    pair([](const KeyEntry& a, const KeyEntry& b) { return a.kid() && a.kid() == b.kid(); });
    pair([](const KeyEntry& a, const KeyEntry& b) { return same_key(a, b); });
    for (const KeyEntry& entry : old_.entries) {
      if (!paired_old_.contains(entry.index)) add({KeyChange::removed, name_of(entry), {}, {}});
    }
    for (const KeyEntry& entry : fresh_.entries) {
      if (!paired_fresh_.contains(entry.index)) add({KeyChange::added, name_of(entry), {}, {}});
    }
    std::stable_sort(
        differences_.begin(), differences_.end(),
        [](const KeyDifference& a, const KeyDifference& b) { return a.change < b.change; });
    return std::move(differences_);
  }

 private:
  template <class Same>
  void pair(Same same) {
    for (const KeyEntry& a : old_.entries) {
      if (paired_old_.contains(a.index)) continue;
      auto b = std::find_if(fresh_.entries.begin(), fresh_.entries.end(), [&](const KeyEntry& e) {
        return !paired_fresh_.contains(e.index) && same(a, e);
      });
      if (b == fresh_.entries.end()) continue;
      paired_old_.insert(a.index);
      paired_fresh_.insert(b->index);
      compare(a, *b);
    }
  }

  void compare(const KeyEntry& a, const KeyEntry& b) {
    if (!same_key(a, b)) {
      add({KeyChange::rekeyed, name_of(b), {}, {}});
      return;
    }
    if (a.kid() != b.kid()) add({KeyChange::renamed, name_of(b), name_of(a), {}});
    auto members = different_members(a, b);
    if (!members.empty()) add({KeyChange::changed, name_of(b), {}, std::move(members)});
  }

  void add(KeyDifference difference) { differences_.push_back(std::move(difference)); }

  const KeyDocument& old_;
  const KeyDocument& fresh_;
  std::set<std::size_t> paired_old_;
  std::set<std::size_t> paired_fresh_;
  std::vector<KeyDifference> differences_;
};

}  // namespace

std::string_view to_string(KeyChange change) {
  switch (change) {
    case KeyChange::rekeyed: return "rekeyed";
    case KeyChange::removed: return "removed";
    case KeyChange::added: return "added";
    case KeyChange::renamed: return "renamed";
    case KeyChange::changed: return "changed";
  }
  return "";
}

std::vector<KeyDifference> diff_keys(const KeyDocument& old, const KeyDocument& fresh) {
  return Matcher(old, fresh).run();
}

}  // namespace jwtctl
