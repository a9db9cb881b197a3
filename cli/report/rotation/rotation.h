// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>

#include "cli/report/report.h"
#include "lib/rotation/plan.h"
#include "lib/rotation/verifiers.h"

/// Reports about rotations. What comes from outside is escaped here.
namespace jwtctl::cli {

/// plan_text is the timeline for a terminal.
std::string plan_text(const RotationPlan& plan, const View& view);

/// Kit says which files lie beside a runbook.
enum class Kit { none, folder };

/// plan_markdown is a runbook: what to do, when, how to see that it worked, when to give up.
std::string plan_markdown(const RotationPlan& plan, Kit kit);

/// plan_ics is a calendar (RFC 5545) with one event for each phase.
std::string plan_ics(const RotationPlan& plan);

/// plan_mermaid is a gantt chart.
std::string plan_mermaid(const RotationPlan& plan);

/// plan_alerts is a file of Prometheus rules over the metrics of `rotate-plan check -f metrics`.
std::string plan_alerts(const RotationPlan& plan);

/// plan_command returns the command that makes this plan again, as far as files are concerned with
/// the names that the plan knows.
std::string plan_command(const RotationPlan& plan);

std::string verifiers_text(std::span<const KnownVerifier> verifiers);
std::string verifiers_json(std::span<const KnownVerifier> verifiers);

/// show_instant renders UTC, or "never by itself".
std::string show_instant(const std::optional<Instant>& instant);

/// heading says in a line what the plan is about, escaped.
std::string plan_heading(const RotationPlan& plan);

/// shell_word quotes `text` for a POSIX shell, where it needs that.
std::string shell_word(std::string_view text);

/// show_share renders millionths as a percentage.
std::string show_share(std::int64_t millionths);

}  // namespace jwtctl::cli
