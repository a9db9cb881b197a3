// SPDX-License-Identifier: Apache-2.0
#include <charconv>

#include "lib/base/text.h"
#include "lib/rotation/plan_json.h"

namespace jwtctl {
namespace {

constexpr std::size_t kMaxListed = 100;

/// Reader takes members out of an object and remembers the first that is not what it must be.
class Reader {
 public:
  Reader(const Json& object, std::string& problem) : object_(object), problem_(problem) {
    if (!object.is_object()) complain("it is no object");
  }

  const Json* member(std::string_view name) {
    const Json* found = object_.find(name);
    if (found == nullptr) complain(fmt::format("\"{}\" is missing", name));
    return found != nullptr && !found->is_null() ? found : nullptr;
  }

  std::string text(std::string_view name) {
    const Json* found = member(name);
    const std::string* value = found != nullptr ? found->as_string() : nullptr;
    if (found != nullptr && value == nullptr) complain(fmt::format("\"{}\" is no string", name));
    return value != nullptr ? *value : "";
  }

  bool boolean(std::string_view name) {
    const Json* found = member(name);
    const bool* value = found != nullptr ? found->as_bool() : nullptr;
    if (value == nullptr) complain(fmt::format("\"{}\" is no boolean", name));
    return value != nullptr && *value;
  }

  std::optional<Seconds> number(std::string_view name) {
    const Json* found = member(name);
    if (found == nullptr) return std::nullopt;
    const std::string* digits = found->as_number();
    Seconds value = 0;
    bool good = false;
    if (digits != nullptr) {
      const char* end = digits->data() + digits->size();
      auto [stop, error] = std::from_chars(digits->data(), end, value);
      good = error == std::errc{} && stop == end;
    }
    if (!good) complain(fmt::format("\"{}\" is no whole number", name));
    return good ? std::optional(value) : std::nullopt;
  }

  /// length reads a number of seconds, null being without end.
  Seconds length(std::string_view name) { return number(name).value_or(kForever); }

  Seconds needed(std::string_view name) {
    auto value = number(name);
    if (!value) complain(fmt::format("\"{}\" is null", name));
    return value.value_or(0);
  }

  std::optional<Instant> instant(std::string_view name) {
    auto value = number(name);
    return value ? std::optional(Instant{*value, 0}) : std::nullopt;
  }

  std::optional<Given> given(std::string_view name) {
    const Json* found = member(name);
    return found != nullptr ? std::optional(one_given(*found)) : std::nullopt;
  }

  /// finite reads a length that must be there and must end.
  Given finite(std::string_view name) {
    Given out = given(name).value_or(Given{kForever, {}});
    if (out.value == kForever) complain(fmt::format("\"{}\" has no value", name));
    return out;
  }

  Given one_given(const Json& json) {
    Reader reader(json, problem_);
    Given out;
    out.value = reader.length("value");
    out.source = reader.text("source");
    return out;
  }

  /// each calls `read` for the items of a list.
  template <class Read>
  void each(std::string_view name, Read read) {
    const Json* found = member(name);
    const Json::Array* items = found != nullptr ? found->as_array() : nullptr;
    if (items == nullptr || items->size() > kMaxListed) {
      complain(fmt::format("\"{}\" is no list of at most {}", name, kMaxListed));
      return;
    }
    for (const Json& item : *items) read(item);
  }

  void complain(std::string text) {
    if (problem_.empty()) problem_ = std::move(text);
  }

 private:
  const Json& object_;
  std::string& problem_;
};

void read_lists(Reader& reader, std::string& problem, RotationInputs& inputs) {
  reader.each("caches", [&](const Json& item) {
    Given layer = reader.one_given(item);
    if (layer.value == kForever) reader.complain("a cache has no value");
    inputs.caches.push_back(std::move(layer));
  });
  reader.each("verifiers", [&](const Json& item) {
    Reader row(item, problem);
    VerifierTiming verifier;
    verifier.name = row.text("name");
    verifier.cache = row.length("cache");
    verifier.jitter = row.needed("jitter");
    verifier.refetches = row.boolean("refetches");
    verifier.cooldown = row.needed("cooldown");
    verifier.outage = row.length("outage");
    verifier.source = row.text("source");
    bool blind = verifier.cache == kForever && !verifier.refetches;
    if (blind) row.complain("a verifier never refreshes");
    inputs.verifiers.push_back(std::move(verifier));
  });
  reader.each("canary", [&](const Json& item) {
    Reader row(item, problem);
    inputs.canary.push_back({row.needed("share_millionths"), row.needed("bake")});
  });
  reader.each("windows", [&](const Json& item) {
    const std::string* text = item.as_string();
    auto window = text != nullptr ? parse_window(*text) : fail(ErrorCode::input, "no string");
    if (!window) {
      reader.complain(fmt::format("a window is none: {}", window.error().message));
      return;
    }
    inputs.windows.push_back(*std::move(window));
  });
}

RotationInputs read_inputs(const Json& json, std::string& problem) {
  Reader reader(json, problem);
  RotationInputs inputs;
  inputs.start = {reader.needed("start"), 0};
  inputs.deadline = reader.instant("deadline");
  inputs.token_ttl = reader.finite("token_ttl");
  inputs.skew = reader.finite("skew");
  inputs.publish_delay = reader.finite("publish_delay");
  read_lists(reader, problem, inputs);
  inputs.missed_refreshes = reader.finite("missed_refreshes");
  inputs.outage = reader.given("stale_if_error");
  inputs.signer_rollout = reader.finite("signer_rollout");
  inputs.margin = reader.given("margin");
  inputs.margin_percent = reader.finite("margin_percent");
  inputs.every = reader.given("every");
  inputs.max_key_age = reader.finite("max_key_age");
  inputs.negative_cache = reader.finite("negative_cache");
  inputs.verifier_deploy = reader.given("verifier_deploy");
  inputs.allow_list_start = reader.instant("allow_list_start");
  inputs.jwks = reader.text("jwks");
  inputs.old_kid = reader.text("old_kid");
  inputs.new_kid = reader.text("new_kid");
  inputs.old_thumbprint = reader.text("old_thumbprint");
  inputs.new_thumbprint = reader.text("new_thumbprint");
  inputs.to_alg = reader.text("to_alg");
  inputs.observed_max_age = reader.number("observed_max_age");
  inputs.set_bytes = reader.number("set_bytes");
  inputs.set_keys = reader.number("set_keys");
  inputs.request_rate = reader.number("request_rate");
  inputs.unready = reader.number("unready_millionths");
  inputs.issue_rate = reader.number("issue_rate");
  return inputs;
}

/// read_variant reads what kind of plan it is.
void read_variant(Reader& reader, RotationInputs& inputs) {
  auto variant = find_variant(reader.text("variant"));
  if (!variant) reader.complain("\"variant\" is unknown");
  inputs.variant = variant.value_or(Variant::rotation);
  if (inputs.variant != Variant::emergency) return;
  auto which = find_emergency(reader.text("emergency"));
  if (!which) reader.complain("\"emergency\" is unknown");
  inputs.emergency = which.value_or(EmergencyCase::cold);
}

/// same_phases compares what a file says with what follows from its inputs.
bool same_phases(const Json& document, const Json& fresh) {
  auto instants = [](const Json& plan) {
    std::vector<std::string> out;
    const Json* phases = plan.find("phases");
    const Json::Array* list = phases != nullptr ? phases->as_array() : nullptr;
    if (list == nullptr) return out;
    for (const Json& phase : *list) {
      const Json* id = phase.find("id");
      const Json* at = phase.find("at");
      if (id != nullptr && at != nullptr) out.push_back(id->dump() + at->dump());
    }
    return out;
  };
  return instants(document) == instants(fresh);
}

Failure not_a_plan(std::string_view problem) {
  return fail(ErrorCode::input, "it is no plan that can be followed: {}", problem)
      .hint("make it anew: jwtctl rotate-plan -f json -o plan.json");
}

}  // namespace

Result<RotationPlan> parse_plan(const Json& document) {
  const Json* schema = document.find("schema");
  const std::string* name = schema != nullptr ? schema->as_string() : nullptr;
  if (name == nullptr || *name != "jwtctl.rotate-plan/1") {
    return fail(ErrorCode::input, "it is no rotation plan")
        .hint("make one: jwtctl rotate-plan -f json -o plan.json");
  }
  std::string problem;
  Reader reader(document, problem);
  const Json* members = reader.member("inputs");
  static const Json kNone = Json::object({});
  RotationInputs inputs = read_inputs(members != nullptr ? *members : kNone, problem);
  read_variant(reader, inputs);
  Instant created{reader.needed("created"), 0};
  std::string id = reader.text("id");
  if (!problem.empty()) return not_a_plan(problem);
  auto plan = make_rotation_plan(std::move(inputs), created);
  if (!plan) {
    Error error = std::move(plan).error();
    if (error.code == ErrorCode::crypto) return fail(std::move(error));
    return not_a_plan(error.message);
  }
  if (!is_plan_id(plan->inputs, id) || !same_phases(document, plan_json(*plan))) {
    return not_a_plan("its phases do not follow from its inputs; was it edited?");
  }
  plan->id = std::move(id);
  return plan;
}

}  // namespace jwtctl
