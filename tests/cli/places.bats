#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# What the program reads by itself, and its exit statuses, stand in the manual, from one table each.

load helper

ROOT=$BATS_TEST_DIRNAME/../..
MAN=$ROOT/man/jwtctl.1

# section NAME: a section of jwtctl(1) as plain text.
section() {
  sed -n "/^\.SH $1\$/,/^\.SH /p" "$MAN" | sed -E 's/\\-/-/g; s/\\f[BRI]//g; s/^\.(TP|PP)$//'
}

@test "the environment is read in one place, and names come from the table alone" {
  found=$(grep -rnE '[^_a-z]getenv *\(' "$ROOT/cli" "$ROOT/lib" --include=*.cpp --include=*.h | grep -v '^[^:]*/cli/io\.cpp:' || true)
  [ -z "$found" ] || complain "getenv outside of cli/io.cpp: $found"
  # No literal goes to what reads a variable; line breaks do not matter.
  found=$(grep -rlzP '(getenv|environment|is_set|is_forced|first_variable)\s*\(\s*\{?\s*[^)]*"[A-Za-z_]+"' \
    "$ROOT/cli" "$ROOT/lib" --include=*.cpp --include=*.h || true)
  [ -z "$found" ] || complain "a name that is not from cli/places.h: $found"
  [ "$(grep -c 'constexpr const char\* k' "$ROOT/cli/places.h")" -ge 14 ]
}

@test "every variable and file is in the manual" {
  text=$(section ENVIRONMENT)
  for name in $(sed -nE 's/.*constexpr const char\* k[A-Za-z]+ = "([^"]+)";/\1/p' "$ROOT/cli/places.h") \
    TZ OPENSSL_CONF OPENSSL_MODULES; do
    grep -qE "^([A-Za-z_]+, )*$name(, [A-Za-z_]+)*\$" <<<"$text" || complain "$name is not in ENVIRONMENT"
  done
  text=$(section FILES)
  for name in jwtctl.toml '$XDG_CACHE_HOME/jwtctl/jwks' '$XDG_STATE_HOME/jwtctl/rotation/PLAN-ID-START.json' .NAME.pending; do
    [[ $text == *"$name"* ]] || complain "$name is not in FILES"
  done
}

@test "options that the manual's tables name exist" {
  for option in $({ section ENVIRONMENT; section FILES; } | grep -oE -- '--[a-z-]+' | sort -u); do
    grep -qF -- "${option//-/\\-}" "$ROOT"/man/*.1 || complain "no option $option"
  done
}

@test "the README says what the manual says of each exit status, and so does explain" {
  rows=0
  while IFS='|' read -r _ code name meaning _; do
    code=${code// /} name=${name// /} meaning=$(sed -E 's/`//g; s/^ +| +$//g' <<<"$meaning")
    run_jwtctl explain "$code" -f json
    expect_status 0
    [ "$(jq -r .exit.name <<<"$output")" == "$name" ] || complain "$code: name"
    [ "$(jq -r .exit.meaning <<<"$output")" == "$meaning" ] || complain "$code: README says $meaning"
    rows=$((rows + 1))
  done < <(grep -E '^\| [0-9]+ \|' "$ROOT/README.md")
  [ "$rows" -eq 19 ] || complain "$rows rows"
}

@test "exit status 1 of lint stands in its page" {
  sed -n '/^\.SH EXIT STATUS/,/^\.SH EX/p' "$ROOT/man/jwtctl-lint.1" | grep -A2 'fB1 negative' | grep -q 'lint: findings'
  run_jwtctl explain 1
  stdout_has "lint: findings at or above --fail-on"
}

@test "the folders of copies and of memory: variables, then HOME, absolute paths alone" {
  cd "$BATS_TEST_TMPDIR"
  in_state() {
    run env -i PATH="$PATH" "$@" "$JWTCTL" rotate-plan check plan.json --jwks https://127.0.0.1:1/jwks \
      --timeout 1 --retries 0 -f json
    jq -r .state <<<"$(sed -n '/^{/,/^}/p' <<<"$output")"
  }
  "$JWTCTL" rotate-plan --old-kid a --new-kid b --token-ttl 1h --verifier-cache 5m -f json -o plan.json </dev/null
  id=$(jq -r '"\(.id)-\(.inputs.start)"' plan.json)
  [ "$(in_state HOME="$PWD/h")" == "$PWD/h/.local/state/jwtctl/rotation/$id.json" ]
  [ "$(in_state HOME="$PWD/h" XDG_STATE_HOME="$PWD/s")" == "$PWD/s/jwtctl/rotation/$id.json" ]
  [ "$(in_state HOME="$PWD/h" XDG_STATE_HOME=relative)" == "$PWD/h/.local/state/jwtctl/rotation/$id.json" ]
}
