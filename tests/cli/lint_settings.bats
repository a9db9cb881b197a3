#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# jwtctl.toml: what it may set, where it is looked for, and what is wrong with it.
# shellcheck disable=SC2154

setup() {
  source "$BATS_TEST_DIRNAME/helper.bash"
  cd "$BATS_TEST_TMPDIR" || return 1
  mkdir -p repo/.git repo/sub
  none="$(signing_input '{"alg":"none"}' '{"sub":"a"}')."
  printf '%s' "$none" >repo/sub/t.txt
  cd repo/sub || return 1
}

@test "the nearest file up to the root of the repository applies, and is named" {
  printf '[lint]\nignore = ["JWT101"]\nselect = ["JWT1"]\n' >../jwtctl.toml
  run_jwtctl lint t.txt
  expect_status 0
  stdout_has 'settings from ../jwtctl.toml'
  run_jwtctl lint t.txt -f json
  json .config '"../jwtctl.toml"'
  run_jwtctl lint t.txt --no-config
  expect_status 1
}

@test "a file above the repository, or above a folder in none, does not apply" {
  printf '[lint]\nignore = ["JWT101"]\n' >../../jwtctl.toml
  run_jwtctl lint t.txt --select JWT101
  expect_status 1
  rmdir ../.git
  printf '[lint]\nignore = ["JWT101"]\n' >../jwtctl.toml
  run_jwtctl lint t.txt --select JWT101
  expect_status 1
  mv ../jwtctl.toml .
  run_jwtctl lint t.txt --select JWT101
  expect_status 0
}

@test "options go before the file, and levels are joined" {
  printf '[lint]\nselect = ["JWT101"]\nfail-on = "never"\nrule = { JWT101 = "note", JWT201 = "error" }\n' >jwtctl.toml
  run_jwtctl lint t.txt -f concise
  expect_status 0
  stdout_has ': note JWT101'
  run_jwtctl lint t.txt --fail-on error --select JWT101 --select JWT201 --rule JWT101=warning -f concise
  expect_status 1
  stdout_has ': warning JWT101' ': error JWT201'
}

@test "every key is understood" {
  cat >jwtctl.toml <<'TOML'
[lint]
select = ["JWT1"]
ignore = ["JWT115"]
exclude = ["*.log"]
issuer = ["https://id.example.com"]
audience = ["api"]
fail-on = "warning"
profile = "at+jwt"
max-warnings = 3
max-size = 4096
leeway = "30s"
max-ttl = "1h"
baseline = "known.json"
rule = { JWT101 = "warning" }
TOML
  run_jwtctl lint t.txt --write-baseline known.json --no-config
  run_jwtctl lint t.txt
  stdout_has 'settings from jwtctl.toml'
}

@test "what the file may not say, or says wrongly, is named with its line" {
  local content text
  while IFS='|' read -r content text; do
    printf '%b' "$content" >jwtctl.toml
    run_jwtctl lint t.txt
    expect_error 3 "jwtctl.toml:" "$text"
  done <<'CASES'
[lint|error while parsing table
[lint]\noutput = "x"|unknown key "output"
[lint]\nwrite-baseline = "x"|unknown key "write-baseline"
[lint]\nkey = "x"|unknown key "key"
[lint]\nselct = []|did you mean select?
[verify]\nissuer = "x"|unknown table "verify"
lint = 1|"lint" must be a table
[lint]\nselect = "JWT1"|"select" must be an array of strings
[lint]\nselect = [1]|"select" must be an array of strings
[lint]\nprofile = []|"profile" must be a string or a number
[lint]\nleeway = "soon"|"leeway"
[lint]\nrule = []|"rule" must be a table of levels
[lint.rule]\nJWT101 = 1|a level must be a string
CASES
}

@test "rules and levels of the file are checked like those of options" {
  local content text
  while IFS='|' read -r content text; do
    printf '[lint]\n%b\n' "$content" >jwtctl.toml
    run_jwtctl lint t.txt
    expect_error 2 "jwtctl.toml:2: $text"
  done <<'CASES'
ignore = ["JWT999"]|unknown rule "JWT999"
select = ["JWT999"]|unknown rule "JWT999"
rule = { JWT999 = "error" }|unknown rule "JWT999"
rule = { JWT101 = "loud" }|unknown level "loud"
max-size = "x"|max-size: "x" is not a number
max-warnings = -1|max-warnings: "-1" is not a number
fail-on = "loud"|unknown level "loud"
profile = "x"|unknown profile "x"
CASES
}

@test "what is installed refuses a broken jwtctl.toml as well" {
  # An exception of a shared library must find its handler there too: one C++ runtime, not two.
  [ -x "${JWTCTL_RELEASE-}" ] || skip "nothing is installed beside this build"
  mkdir broken
  echo '{' >broken/jwtctl.toml
  run --separate-stderr env -C broken "$JWTCTL_RELEASE" lint .
  expect_status 3
  stderr_has "jwtctl.toml:1: "
}
