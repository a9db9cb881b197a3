// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "cli/commands.h"
#include "cli/docs/markup.h"
#include "cli/docs/messages.h"
#include "cli/docs/rules.h"
#include "lib/base/shown.h"
#include "lib/base/text.h"
#include "lib/lint/catalogue.h"
#include "lib/lint/example.h"

namespace jwtctl::cli {
namespace {

struct ExplainOptions {
  std::optional<std::string> what;
};

const ExitCodeInfo* find_exit_code(std::string_view text) {
  auto number = parse_number<int>(text);
  auto codes = exit_codes();
  auto found = std::find_if(codes.begin(), codes.end(), [&](const ExitCodeInfo& row) {
    return number ? static_cast<int>(row.code) == *number : row.name == text;
  });
  return found != codes.end() ? &*found : nullptr;
}

std::string exit_code_page(const ExitCodeInfo& info) {
  std::string out = fmt::format("exit status {}: {}\n\n", static_cast<int>(info.code), info.name);
  out += markup_to_text(info.meaning, 0);
  std::vector<std::string> others;
  for (const ForeignMessage& message : foreign_messages()) {
    if (message.exit == info.code) {
      others.push_back(fmt::format("  {}: {}\n", message.system, message.text));
    }
  }
  if (!others.empty()) out += fmt::format("\nOther systems say:\n{}", join(others, ""));
  return out;
}

std::string rule_list(const ForeignMessage& message) {
  std::string out;
  for (std::string_view id : message.rules) {
    const Rule* rule = find_rule(id);
    if (rule == nullptr) continue;
    out += fmt::format("  {} {}: {}\n", rule->id.id, rule->id.name, rule->summary);
  }
  return out;
}

std::string message_page(const std::vector<const ForeignMessage*>& messages) {
  std::string out;
  for (const ForeignMessage* message : messages) {
    out += fmt::format("{}{}: {}\n\n{}", out.empty() ? "" : "\n", message->system, message->text,
                       markup_to_text(message->meaning, 0));
    if (std::string rules = rule_list(*message); !rules.empty()) {
      out += fmt::format("\nRules (jwtctl explain RULE):\n{}", rules);
    }
    if (message->exit) {
      out += fmt::format("\njwtctl verify exits with {} ({}) and says more.\n",
                         static_cast<int>(*message->exit), to_string(*message->exit));
    }
  }
  return out;
}

Json example_json(const Example& example) {
  Json json = Json::object({{"text", example_text(example)}});
  if (!example.options.empty()) json.set("options", example.options);
  if (!example.keys.empty()) json.set("keys", example.keys);
  return json;
}

Json rule_json(const Rule& rule) {
  Json bad = Json::Array{};
  for (const Example* example : rule.bad_examples()) bad.push_back(example_json(*example));
  return Json::object({{"rule", rule.id.id},
                       {"name", rule.id.name},
                       {"level", to_string(rule.level)},
                       {"subject", rule.subject()},
                       {"summary", rule.summary},
                       {"why", rule.why},
                       {"source", rule.source},
                       {"fix", rule.fix},
                       {"bad", bad},
                       {"good", example_json(rule.good)}});
}

Json message_json(const ForeignMessage& message) {
  Json rules = Json::Array{};
  for (std::string_view id : message.rules) rules.push_back(id);
  return Json::object({{"system", message.system},
                       {"text", message.text},
                       {"meaning", message.meaning},
                       {"rules", rules},
                       {"exit", message.exit ? Json(static_cast<int>(*message.exit)) : Json()}});
}

/// Explained is a page, and the same as `jwtctl.explain/1`.
struct Explained {
  std::string page;
  Json json = Json::object({{"schema", "jwtctl.explain/1"}});
};

/// explain finds what is meant. "expired" is a rule and an exit status, and both are explained.
std::optional<Explained> explain(const std::string& what) {
  Explained explained;
  if (const Rule* rule = find_rule(what)) {
    explained.page = rule_page(*rule);
    explained.json.set("rule", rule_json(*rule));
  }
  if (const ExitCodeInfo* info = find_exit_code(what)) {
    explained.page +=
        fmt::format("{}{}", explained.page.empty() ? "" : "\n", exit_code_page(*info));
    explained.json.set("exit", Json::object({{"code", static_cast<int>(info->code)},
                                             {"name", info->name},
                                             {"meaning", info->meaning}}));
  }
  if (!explained.page.empty()) return explained;
  auto messages = find_foreign_messages(what);
  if (messages.empty()) return std::nullopt;
  Json list = Json::Array{};
  for (const ForeignMessage* message : messages) list.push_back(message_json(*message));
  explained.page = message_page(messages);
  explained.json.set("messages", list);
  return explained;
}

Result<ExitCode> run_explain(const ExplainOptions& options, const Globals& globals) {
  auto explained = explain(*options.what);
  if (!explained) {
    std::vector<std::string_view> names;
    for (const Rule* rule : catalogue()) {
      names.push_back(rule->id.id);
      names.push_back(rule->id.name);
    }
    auto near = suggest(*options.what, names);
    return fail(ErrorCode::usage, "nothing is known of {}", quote_argument(*options.what))
        .hint("{}", near ? fmt::format("did you mean {}?", *near)
                         : "give a rule (JWT202 or its name), an exit status (18), or the error "
                           "text of another system in quotes");
  }
  std::string text = std::move(explained->page);
  if (globals.format == Format::json) text = explained->json.dump(2) + "\n";
  if (globals.quiet) return ExitCode::ok;
  auto written = Io::write_result(globals, text);
  if (!written) return fail(std::move(written).error());
  return ExitCode::ok;
}

}  // namespace

void declare_explain(Spec& spec) {
  auto& options = spec.options<ExplainOptions>();
  spec.synopsis("RULE | EXIT-STATUS | MESSAGE");
  spec.details(
      "Explains a rule by its id or name: what is wrong, why that hurts and who says so, what to "
      "do, "
      "and examples. Explains an exit status by its number or name. And recognises what other "
      "systems say when they reject a token.");
  spec.formats({Format::text, Format::json});
  PositionalDoc& what =
      spec.positional("WHAT", options.what, "a rule, an exit status, or an error text");
  what.required = true;
  for (const Rule* rule : catalogue()) what.offered.emplace_back(rule->id.id);
  for (const Rule* rule : catalogue()) what.offered.emplace_back(rule->id.name);
  spec.example("jwtctl explain JWT202", "what a rule means, and what to do");
  spec.example("jwtctl explain 18", "what an exit status means");
  spec.example("jwtctl explain \"Jwks doesn't have key to match kid or alg from Jwt\"",
               "what the proxy is trying to say");
  spec.run([&options](Io&, const Globals& globals) { return run_explain(options, globals); });
}

}  // namespace jwtctl::cli
