// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "cli/spec.h"

namespace jwtctl::cli {

/// Command is one row of the list that parser, helps, manual and completions read.
struct Command {
  std::string_view name;
  std::string_view summary;
  void (*declare)(Spec& spec);
  bool hidden = false;
};

void declare_decode(Spec& spec);
void declare_verify(Spec& spec);
void declare_sign(Spec& spec);
void declare_keygen(Spec& spec);
void declare_jwks_fetch(Spec& spec);
void declare_jwks_show(Spec& spec);
void declare_jwks_diff(Spec& spec);
void declare_lint(Spec& spec);
void declare_explain(Spec& spec);
void declare_rotate_plan(Spec& spec);
void declare_rotate_check(Spec& spec);
void declare_help(Spec& spec);
void declare_version(Spec& spec);
void declare_completion(Spec& spec);
void declare_generate(Spec& spec);

/// kCommands stand in the order of the help.
inline constexpr Command kCommands[] = {
    {"decode", "show what is in a token, without checking it", declare_decode},
    {"verify", "check a token's signature and claims, and say why not", declare_verify},
    {"sign", "make a signed token from claims", declare_sign},
    {"keygen", "make a key pair or a secret", declare_keygen},
    {"jwks fetch", "fetch a key set from a URL or an issuer", declare_jwks_fetch},
    {"jwks show", "show the keys of a file, or convert them", declare_jwks_show},
    {"jwks diff", "compare two key sets", declare_jwks_diff},
    {"lint", "find what is wrong with tokens and keys, wherever they lie", declare_lint},
    {"explain", "explain a rule, an exit status or an error text", declare_explain},
    {"rotate-plan", "plan when a signing key may change", declare_rotate_plan},
    {"rotate-plan check", "is the next step of a plan safe now", declare_rotate_check},
    {"completion", "print the completion script of a shell", declare_completion},
    {"help", "explain jwtctl or one of its commands", declare_help},
    {"version", "name the version", declare_version},
    {"generate", "write the manual pages and completion scripts", declare_generate, true},
};

/// describe fills in everything about one command; `globals` must outlive the result.
CommandDoc describe(const Command& command, Globals& globals);

/// describe_all does so for the commands that users see.
std::vector<CommandDoc> describe_all(Globals& globals);

/// command_names lists the commands that users see.
std::vector<std::string> command_names();

}  // namespace jwtctl::cli
