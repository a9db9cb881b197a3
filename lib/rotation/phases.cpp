// SPDX-License-Identifier: Apache-2.0
#include "lib/rotation/phases.h"

#include <algorithm>

namespace jwtctl {
namespace {

std::string show(Instant instant) {
  return format_rfc3339(instant).value_or("beyond the calendar");
}

/// Formula writes a sum: an instant or a name, then lengths with their names.
class Formula {
 public:
  explicit Formula(std::string start) : text_(std::move(start)) {}
  Formula(std::string_view name, Instant at) : text_(fmt::format("{} {}", name, show(at))) {}

  Formula& plus(std::string_view name, Seconds length) {
    if (length == kForever) {
      text_ += fmt::format(" + {} without end", name);
    } else {
      text_ += fmt::format(" + {} {} s", name, length);
    }
    return *this;
  }
  std::string text() const { return text_; }

 private:
  std::string text_;
};

/// Describer knows the inputs that every phase's text is made of.
class Describer {
 public:
  Describer(const RotationInputs& inputs, const Bounds& bounds, const Schedule& schedule)
      : in_(inputs), b_(bounds), s_(schedule) {}

  std::vector<Phase> run() {
    if (in_.variant == Variant::emergency) {
      describe_emergency();
    } else {
      describe_way_in();
      if (in_.variant != Variant::first_key) describe_way_out();
    }
    // What is true comes in the order of time, whatever was described first.
    std::stable_sort(phases_.begin(), phases_.end(), [](const Phase& a, const Phase& b) {
      if (!a.at || !b.at) return a.at.has_value() && !b.at;
      return *a.at < *b.at;
    });
    return std::move(phases_);
  }

 private:
  bool symmetric() const { return in_.variant == Variant::symmetric; }

  Phase& add(PhaseId id, std::optional<Instant> at, std::string reason, std::string action) {
    Phase phase{id, at, {}, {}, std::move(reason), std::move(action), true, {}};
    phases_.push_back(std::move(phase));
    return phases_.back();
  }

  Phase& add_derived(PhaseId id, std::optional<Instant> at, std::string reason,
                     std::string action) {
    Phase& phase = add(id, at, std::move(reason), std::move(action));
    phase.manual = false;
    return phase;
  }

  /// pushed notes that a window moved a phase from its earliest instant.
  static void pushed(Phase& phase, Instant earliest) {
    if (!phase.at || *phase.at == earliest) return;
    phase.earliest = earliest;
    phase.reason += fmt::format(", which a window pushes from {}", show(earliest));
  }

  std::string staleness_name() const {
    if (in_.variant == Variant::first_key) return "copies of a missing set";
    return "staleness";
  }

  void describe_way_in() {
    add(PhaseId::generate, s_.generate, "the start",
        symmetric() ? "make the new secret, and back it up"
                    : "make the new key under a kid that was never used, and back it up")
        .rollback = Rollback{s_.publish, "delete the new key; nobody has seen it"};
    if (s_.allow_list) {
      add(PhaseId::allow_list, s_.allow_list,
          in_.allow_list_start ? "as given" : "together with publishing",
          fmt::format("begin to allow {} beside the old algorithm at every verifier", in_.to_alg))
          .rollback = Rollback{s_.activate, "take the algorithm out of the lists again"};
    }
    Phase& publish =
        add(PhaseId::publish, s_.publish, "the start",
            symmetric() ? "deploy the old and the new secret to every verifier; sign with the old"
            : in_.variant == Variant::first_key
                ? "publish the first key, best with a standby key beside it"
                : "publish the old and the new key; sign with the old");
    pushed(publish, s_.generate);
    publish.rollback = Rollback{
        s_.activate, symmetric() ? "take the new secret back; nothing was signed with it"
                                 : "take the new key out of the set, and never use its kid again"};
    describe_activation();
  }

  void describe_activation() {
    Formula seen("publish", s_.publish);
    seen.plus(symmetric() ? "deployment" : "publish delay", b_.publish_delay);
    if (!symmetric()) seen.plus(staleness_name(), b_.staleness);
    seen.plus("margin", b_.margin);
    Instant earliest = shift(s_.publish, b_.lead);
    std::string reason = seen.text();
    if (s_.allow_list) {
      Seconds deploy = in_.verifier_deploy ? in_.verifier_deploy->value : 0;
      Instant allowed = shift(*s_.allow_list, deploy + b_.margin);
      if (allowed > earliest) {
        earliest = allowed;
        reason = Formula("allow-list", *s_.allow_list)
                     .plus("deployment", deploy)
                     .plus("margin", b_.margin)
                     .text();
      }
    }
    Phase& activate =
        add(PhaseId::activate, s_.activate, std::move(reason),
            in_.variant == Variant::first_key ? "begin to sign" : "sign with the new key");
    pushed(activate, earliest);
    if (in_.deadline) {
      activate.latest = latest_activation(in_, b_, *in_.deadline);
      phases_[phases_.size() - 2].latest = shift(*activate.latest, -b_.lead);
    }
    if (in_.variant == Variant::first_key) return;
    activate.rollback = Rollback{
        s_.retire, fmt::format("sign with the old {} again, and keep the new one {} for {} "
                               "s after that (signer rollout + token life + skew)",
                               symmetric() ? "secret" : "key", symmetric() ? "deployed" : "listed",
                               in_.signer_rollout.value + b_.life)};
  }

  void describe_way_out() {
    if (!in_.canary.empty()) {
      add_derived(PhaseId::fully_active, s_.full,
                  Formula("activate", s_.activate).plus("canary", b_.bake).text(),
                  "every new token is signed with the new key");
    }
    Formula last(in_.canary.empty() ? "activate" : "canary over", s_.full);
    add_derived(PhaseId::last_old_signature, s_.last,
                last.plus("signer rollout", in_.signer_rollout.value).text(),
                "the last signer has switched; the old key signs no more");
    add_derived(PhaseId::drained, s_.drained,
                Formula("last old signature", s_.last)
                    .plus("token life", in_.token_ttl.value)
                    .plus("skew", in_.skew.value)
                    .text(),
                "no token by the old key is good any more");
    Phase& retire = add(PhaseId::retire, s_.retire,
                        Formula("drained", s_.drained).plus("margin", b_.margin).text(),
                        symmetric() ? "take the old secret from every verifier"
                                    : "take the old key out of the set");
    pushed(retire, shift(s_.drained, b_.margin));
    retire.rollback = Rollback{
        s_.destroy, fmt::format("put the old {} back; verifiers may need {} s to see it",
                                symmetric() ? "secret" : "key", b_.publish_delay + b_.staleness)};
    describe_untrusted(b_.staleness);
    Phase& destroy = add(PhaseId::destroy, s_.destroy,
                         Formula("retire", s_.retire).plus("margin", b_.margin).text(),
                         symmetric() ? "destroy the old secret"
                                     : "destroy the private half; keep the public one on record");
    pushed(destroy, shift(s_.retire, b_.margin));
  }

  void describe_untrusted(Seconds staleness) {
    Formula sum("retire", s_.retire);
    sum.plus(symmetric() ? "deployment" : "publish delay", b_.publish_delay);
    if (!symmetric()) sum.plus("staleness", staleness);
    if (b_.outage > 0) sum.plus("trust during an outage", b_.outage);
    add_derived(PhaseId::untrusted, s_.untrusted, sum.text(),
                s_.untrusted
                    ? "no verifier trusts the old key any more"
                    : fmt::format("{} trusts the old key until it is made to forget it",
                                  b_.outage_verifier.empty() ? "a verifier" : b_.outage_verifier));
  }

  void describe_emergency() {
    bool soft = in_.emergency == EmergencyCase::soft;
    bool standby = in_.emergency == EmergencyCase::standby;
    if (!standby) {
      Phase& publish =
          add(PhaseId::publish, s_.publish, "at once",
              soft ? "publish the old and the new key, and purge every cache in between"
                   : "publish the new key alone, and purge every cache in between");
      if (soft) publish.rollback = Rollback{s_.activate, "publish the old set again"};
    }
    Formula lead("publish", s_.publish);
    lead.plus("publish delay", b_.publish_delay).plus("staleness", b_.quick_staleness);
    Phase& activate = add(PhaseId::activate, s_.activate, soft ? lead.text() : "at once",
                          "stop to sign with the old key, sign with the new one");
    // What may be known to others must not sign again.
    if (soft) activate.rollback = Rollback{s_.retire, "sign with the old key again"};
    if (soft) {
      add_derived(
          PhaseId::last_old_signature, s_.last,
          Formula("activate", s_.activate).plus("signer rollout", in_.signer_rollout.value).text(),
          "the last signer has switched");
    }
    std::string drained = Formula("last old signature", s_.last)
                              .plus("token life", in_.token_ttl.value)
                              .plus("skew", in_.skew.value)
                              .text();
    add(PhaseId::retire, s_.retire, soft ? drained : "at once",
        standby ? "take the old key out of the set, and purge every cache in between"
        : soft  ? "take the old key out of the set"
                : "the old key is out of the set");
    describe_untrusted(b_.quick_staleness);
    add(PhaseId::destroy, s_.destroy, "with retirement",
        "destroy the private half; keep the public one to look for forged tokens");
  }

  const RotationInputs& in_;
  const Bounds& b_;
  const Schedule& s_;
  std::vector<Phase> phases_;
};

}  // namespace

std::vector<Phase> describe_phases(const RotationInputs& inputs, const Bounds& bounds,
                                   const Schedule& schedule) {
  return Describer(inputs, bounds, schedule).run();
}

}  // namespace jwtctl
