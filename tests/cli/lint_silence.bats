#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# lint passes over nothing in silence: what encodings, documents and comments do not hide.
# shellcheck disable=SC2154

setup() {
  source "$BATS_TEST_DIRNAME/helper.bash"
  cd "$BATS_TEST_TMPDIR" || return 1
  none="$(signing_input '{"alg":"none"}' '{"sub":"a"}')."
  export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
}

# tokens FILE...: "file:line:column" of every unsigned token.
tokens() {
  run_jwtctl lint "$@" --select JWT101 -f concise
  sed -n 's/: error JWT101.*//p' <<<"$output"
}

# commit FILE...: a repository here that tracks them.
commit() {
  command -v git >/dev/null || skip "git is not installed"
  git init -q . 2>/dev/null
  git add -- "$@"
}

@test "a NUL hides no token: named, walked and on stdin" {
  mkdir d
  printf '\0%s\n' "$none" >d/first
  printf 'x\0%s\0y\n' "$none" >d/around
  { head -c 9000 /dev/zero; printf '%s\n' "$none"; } >d/late
  { repeat 1500000 a; printf '\n\0 %s\n' "$none"; } >d/large
  for name in first around late large; do
    [ "$(tokens d/$name | wc -l)" -eq 1 ] || complain "$name, named"
    [ "$(tokens - <d/$name | wc -l)" -eq 1 ] || complain "$name, on stdin"
  done
  [ "$(tokens d | wc -l)" -eq 4 ] || complain walked
  run_jwtctl lint d -f json
  json .summary.binary 4
  run_jwtctl lint d
  stdout_has '4 binary files searched as bytes'
}

@test "UTF-16 and UTF-32 are read, with and without a byte order mark, at their places" {
  mkdir d
  printf 'größe: 1\n  日本 🙂 t: %s\n' "$none" >text
  for encoding in UTF-16LE UTF-16BE UTF-32LE UTF-32BE; do
    iconv -f UTF-8 -t "$encoding" text >"d/$encoding"
    printf '\xef\xbb\xbf' | cat - text | iconv -f UTF-8 -t "$encoding" >"d/$encoding.mark"
    for name in "$encoding" "$encoding.mark"; do
      [ "$(tokens "d/$name")" = "d/$name:2:11" ] || complain "$name: $output"
      [ "$(tokens - <"d/$name")" = "stdin:2:11" ] || complain "$name on stdin: $output"
    done
  done
  [ "$(tokens d | wc -l)" -eq 8 ]
  run_jwtctl lint d -f json
  json .summary.binary 0
}

@test "wide text within other bytes, and other text behind wide text" {
  { head -c 100 /dev/zero | tr '\0' '\377'; printf '\0\0\0'; printf '%s\n' "$none" | iconv -t UTF-16LE; } >inside
  { printf '\xff\xfe'; printf 'one\n' | iconv -t UTF-16LE; printf 'two %s\n' "$none"; } >behind
  { printf 'one\n'; printf 'two %s\n' "$none" | iconv -t UTF-16LE; } >appended
  [ "$(tokens inside | wc -l)" -eq 1 ]
  [ "$(tokens behind)" = behind:2:5 ]
  [ "$(tokens appended)" = appended:2:5 ]
}

@test "two programs that write to one file in their own encodings hide nothing" {
  mkdir d
  printf 'größe 日本 t: %s\n' "$none" >text
  for first in UTF-8 UTF-16LE UTF-16BE UTF-32LE UTF-32BE; do
    for second in UTF-8 UTF-16LE UTF-16BE UTF-32LE UTF-32BE; do
      for mark in '' '\xff\xfe' '\xfe\xff' '\xef\xbb\xbf' '\xff\xfe\xff\xfe'; do
        for odd in '' '\xc1'; do
          # shellcheck disable=SC2059
          { printf "$mark"; iconv -f UTF-8 -t $first text; printf "$odd"; iconv -f UTF-8 -t $second text; } >d/x
          [ "$(tokens d/x | wc -l)" -eq 2 ] || complain "$mark $first $odd $second: $output"
        done
      done
    done
  done
}

@test "a line that is appended to a UTF-16 log is found at its place" {
  { printf '\xff\xfe'; printf 'größe 日本\r\n' | iconv -f UTF-8 -t UTF-16LE; printf 't: %s\r\n' "$none"; } >echo.log
  [ "$(tokens echo.log)" = echo.log:2:4 ] || complain "$output"
  { printf 'one\n\xff\xfe'; printf 't: %s\n' "$none" | iconv -t UTF-16LE; } >type.log
  [ "$(tokens type.log | cut -d: -f1,2)" = type.log:2 ] || complain "$output"
}

@test "keys in UTF-16: a set is judged as one, PEM is found" {
  run_jwtctl keygen -a ES256 --encoding jwk
  printf '{"keys":[%s]}' "$output" | iconv -t UTF-16 >set.json
  run_jwtctl lint set.json -f concise
  expect_status 1
  stdout_has 'error JWKS005'
  make_ec k.pem
  mkdir d && iconv -t UTF-16LE k.pem >d/k.pem
  run_jwtctl lint d --select JWK021 -f concise
  stdout_has 'd/k.pem:1:1: warning JWK021'
}

@test "what a key set or a key has beside its keys is searched too, and nothing is said twice" {
  make_ec k.pem
  run_jwtctl keygen -a ES256 --encoding jwk
  private=$output
  public=$(jq -c 'del(.d)' <<<"$private")
  mkdir d
  jq -n --arg t "$none" --rawfile pem k.pem --argjson k "$public" '{keys: [$k], token: $t, pem: $pem}' >d/set.json
  jq -n --arg t "$none" --rawfile pem k.pem --argjson k "$public" '$k + {token: $t, pem: $pem}' >d/key.json
  jq -n --argjson k "$public" --argjson p "$private" '$p + {keys: [$k]}' >d/both.json
  [ "$(tokens d)" = "$(printf 'd/key.json:9:13\nd/set.json:13:13')" ] || complain "$output"
  run_jwtctl lint d --select JWK021,JWKS005 -f json
  json '[.findings[] | select(.rule == "JWK021") | .file] | sort' '["d/both.json","d/key.json","d/set.json"]'
  run_jwtctl lint d -f json
  json '[.findings[] | [.file, .line, .column, .rule, .message]] | length == (unique | length)' true
}

@test "an array keys without a key is no key set, unless one says so" {
  printf '{"keys":["ctrl+a","ctrl+b"],"layers":[[1]]}' >keymap.json
  printf '{"keys":[{"key":"ctrl+a","command":"x"}]}' >bindings.json
  printf '{"keys":[]}' >none.json
  run_jwtctl lint keymap.json bindings.json none.json
  expect_status 0
  stdout_has '0 errors, 0 warnings, 0 notes in 3 files'
  run_jwtctl lint keymap.json --kind jwks -f concise
  expect_status 1
  stdout_has 'error JWK'
  printf '{"keys":["ctrl+a",{"kty":"EC"}]}' >half.json
  run_jwtctl lint half.json -f concise
  expect_status 1
}

@test "comments count in what git tracks or has staged" {
  printf 'token: %s # jwtctl:ignore JWT101 -- a fixture\n' "$none" | tee tracked.yaml staged.yaml >untracked.yaml
  commit tracked.yaml
  git -c user.name=a -c user.email=a@example.com commit -qm one
  git add staged.yaml
  for version in 2 3 4; do
    git update-index --index-version $version
    [ "$(tokens .)" = untracked.yaml:1:8 ] || complain "version $version: $output"
    [ -z "$(tokens tracked.yaml)" ]
    [ "$(tokens untracked.yaml)" = untracked.yaml:1:8 ]
  done
  run_jwtctl lint . --select JWT101
  stderr_has 'untracked.yaml:1: jwtctl:ignore has no effect here'
  git update-index --split-index
  printf x >other && git add other
  [ "$(tokens .)" = untracked.yaml:1:8 ] || complain "split: $output"
  mkdir sub && cd sub
  [ -z "$(tokens ../tracked.yaml)" ] || complain "from below: $output"
}

@test "comments count in a worktree and with names of SHA-256" {
  command -v git >/dev/null || skip "git is not installed"
  printf 'token: %s # jwtctl:ignore JWT101 -- a fixture\n' "$none" >t.yaml
  git init -q --object-format=sha256 . 2>/dev/null || skip "this git has no SHA-256"
  git add t.yaml
  [ -z "$(tokens .)" ] || complain "$output"
  git -c user.name=a -c user.email=a@example.com commit -qm one
  git worktree add -q ../tree 2>/dev/null
  cd ../tree && [ -z "$(tokens .)" ] || complain "worktree: $output"
  rm -rf ../tree
}

@test "without a repository comments count below a folder, not in a file that is named" {
  mkdir d
  printf 'token: %s # jwtctl:ignore JWT101 -- a fixture\n' "$none" >d/t.yaml
  [ -z "$(tokens d)" ]
  [ "$(tokens d/t.yaml)" = d/t.yaml:1:8 ]
}

@test "comments in a log do not count, tracked or not" {
  line="2026 GET /?t=$none UA=\"jwtctl:ignore JWT101 -- x\""
  mkdir -p d/logs e
  for name in d/app.log d/app.log.1 d/APP.LOG d/access_log d/error-log d/x.log-20261126 d/logs/x.txt d/log; do
    printf '%s\n' "$line" >"$name"
  done
  for name in nohup.out catalina.out catalina.2026-11-27.out syslog syslog.1 messages messages-20261126 \
    a.jsonl a.har a.err a.out access_log.1 access_log-20261126 mail.eml mbox app.stderr x.ndjson syslog.2.gz; do
    printf '%s\n' "$line" >"d/$name"
  done
  # Names that only resemble it are sources.
  for name in e/catalog.txt e/logic.c e/dialog e/a.logic e/log.go e/logger.py e/CHANGELOG e/change_log.md \
    e/messages.properties e/syslog.c e/out.c e/a.json e/catalog e/outline e/err.h; do printf '%s\n' "$line" >"$name"; done
  [ "$(tokens d | wc -l)" -eq 26 ] || complain "$output"
  [ -z "$(tokens e)" ] || complain "$output"
  commit d e
  [ "$(tokens d | wc -l)" -eq 26 ]
  [ -z "$(tokens e)" ]
}

@test "comments do not count outside the repository, through links to there, or in a broken index" {
  mkdir repo out
  printf 'token: %s # jwtctl:ignore JWT101 -- a fixture\n' "$none" | tee repo/t.yaml >out/t.yaml
  cd repo
  ln -s ../out/t.yaml link.yaml
  commit t.yaml link.yaml
  [ "$(tokens ../out)" = ../out/t.yaml:1:8 ]
  [ "$(tokens link.yaml)" = link.yaml:1:8 ]
  [ -z "$(tokens t.yaml)" ]
  head -c 60 .git/index >cut && mv cut .git/index
  [ "$(tokens t.yaml)" = t.yaml:1:8 ]
  printf garbage >.git/index
  [ "$(tokens t.yaml)" = t.yaml:1:8 ]
}

@test "nothing that a repository configures is run" {
  printf 'token: %s # jwtctl:ignore JWT101 -- a fixture\n' "$none" >t.yaml
  commit t.yaml
  git config core.fsmonitor "touch $PWD/ran"
  [ -z "$(tokens .)" ]
  [ ! -e ran ]
}

@test "comments never count on stdin, but with --stdin-filename" {
  line="token: $none # jwtctl:ignore JWT101 -- a fixture"
  run --separate-stderr "$JWTCTL" lint - --select JWT101 -f concise <<<"$line"
  expect_status 1
  stderr_has 'stdin:1: jwtctl:ignore has no effect here'
  run --separate-stderr "$JWTCTL" lint - --stdin-filename ./src//new.yaml --select JWT101 -f json <<<"$line"
  expect_status 0
  json '[.suppressed[] | [.file, .line, .reason]]' '[["src/new.yaml",1,"a fixture"]]'
  make_ec k.pem
  run --separate-stderr "$JWTCTL" lint - --stdin-filename src/k.pem --select JWK021 -f concise <k.pem
  stdout_has 'src/k.pem:1:1: warning JWK021'
  run --separate-stderr "$JWTCTL" lint . --stdin-filename x.yaml
  expect_error 2 '--stdin-filename names what stdin is'
  run --separate-stderr "$JWTCTL" lint - --stdin-filename '' <<<x
  [ "$status" -eq 2 ]
}

@test "a comment beside something covers its line, one alone the next" {
  mkdir d
  local lead tail
  while IFS='|' read -r lead tail; do
    printf 'a: %s %sjwtctl:ignore JWT101 -- why%s\n' "$none" "$lead" "$tail" >d/x
    [ -z "$(tokens d)" ] || complain "beside: $lead"
    printf 'a: %s %sjwtctl:ignore JWT101 -- why%s\nb: %s\n' "$none" "$lead" "$tail" "$none" >d/x
    [ "$(tokens d)" = d/x:2:4 ] || complain "beside, the next line: $lead"
    printf '  %sjwtctl:ignore JWT101 -- why%s\na: %s\nb: %s\n' "$lead" "$tail" "$none" "$none" >d/x
    [ "$(tokens d)" = d/x:3:4 ] || complain "alone: $lead"
  done <<'CASES'
# |
// |
/* | */
<!-- | -->
{{!-- | --}}
{# | #}
<%# | %>
(* | *)
-- |
; |
CASES
}

@test "a reason ends with its comment, and shows no token in any format" {
  mkdir d
  printf '/* jwtctl:ignore JWT101 -- fixture */ t = "%s";\n' "$none" >d/a.js
  printf '<!-- jwtctl:ignore JWT101 -- fixture --> <a t="%s">\n' "$none" >d/b.html
  printf 't = "%s" # jwtctl:ignore JWT101 -- %s\n' "$none" "$none" >d/c.py
  run_jwtctl lint d --select JWT101 -f json
  expect_status 0
  json '[.suppressed[] | select(.file != "d/c.py") | .reason] | unique' '["fixture"]'
  json '[.suppressed[] | select(.file == "d/c.py")] | length >= 1' true
  for format in text concise json sarif github gitlab junit; do
    run_jwtctl lint d --select JWT101 -f "$format"
    nothing_has "$none" "${none%.*}" "$(cut -d. -f1 <<<"$none")"
  done
}

@test "what was not searched is counted and named" {
  mkdir -p d/node_modules
  printf x | tee d/a d/node_modules/b >/dev/null
  ln -s a d/link && ln -s node_modules d/folder && mkfifo d/pipe
  { printf '{"keys":[{"kty":"oct","k":"'; repeat 1100000 A; printf '"}]}'; } >d/big.json
  run_jwtctl lint d --exclude node_modules -f json
  json '.summary.unsearched' '{"link":2,"special":1,"excluded":1,"size":1,"history":0,"unreadable":0,"runs":0}'
  json '[.unsearched[] | [.file, .why]] | sort' '[["d/big.json","size"],["d/folder","link"],["d/link","link"],["d/node_modules","excluded"],["d/pipe","special"]]'
  for format in text sarif github junit; do
    run_jwtctl lint d --exclude node_modules -f "$format"
    stdout_has '2 symbolic links not followed' '1 special file not read' '1 left out by --exclude' '1 document too large'
  done
  for format in sarif github junit; do
    run_jwtctl lint d --exclude node_modules -f "$format"
    stdout_has 'not searched: d/pipe (special)' 'not searched: d/big.json (size)'
  done
  run_jwtctl lint d --exclude node_modules
  [[ $output != *'not searched'* ]] || complain 'named without -v'
  run_jwtctl lint d --exclude node_modules -v
  stdout_has 'not searched: d/pipe (special)'
  for format in concise gitlab; do
    run_jwtctl lint d --exclude node_modules -f "$format"
    stderr_has '2 symbolic links not followed' '1 special file not read'
    run_jwtctl lint d --exclude node_modules -f "$format" -v
    stderr_has 'not searched: d/pipe (special)'
  done
}

@test "findings over the limit are counted, not kept, and fail all the same" {
  mkdir d
  yes "$none" | head -13000 >d/many
  run_jwtctl lint d --select JWT101 -f json
  expect_status 1
  json '[.summary.error, .summary.total, .summary.kept, (.findings | length)]' '[13000,13000,10000,10000]'
  run_jwtctl lint d --select JWT101
  stdout_has '13000 errors' '13000 findings, of which 10000 are listed'
  run_jwtctl lint d --select JWT101 -f concise
  stderr_has '13000 findings, of which 10000 are listed'
  run_jwtctl lint d --select JWT101 --rule JWT101=warning --max-warnings 12999 -q
  expect_status 1
  run_jwtctl lint d --select JWT101 --rule JWT101=warning --max-warnings 13000 -q
  expect_status 0
  run_jwtctl lint d --select JWT101 --write-baseline b.json
  expect_status 0
  run_jwtctl lint d --select JWT101 --baseline b.json
  expect_status 0
  stdout_has '13000 known'
}

@test "a jwtctl.toml of another user is refused, and one of his repository; --config names it" {
  [ "$(id -u)" = 0 ] || skip "only root can give a file away"
  mkdir -p repo/.git repo/sub
  printf '[lint]\nignore = ["JWT101"]\n' >repo/jwtctl.toml
  printf '%s' "$none" >repo/sub/t
  cd repo/sub
  run_jwtctl lint t --select JWT1
  expect_status 0
  local path
  for path in ../jwtctl.toml ../.git ..; do
    chown 1234 "$path"
    run_jwtctl lint t
    expect_error 3 'belongs to another user' '--config ../jwtctl.toml'
    run_jwtctl lint t --no-config --select JWT101
    expect_status 1
    run_jwtctl lint t --config ../jwtctl.toml --select JWT1
    expect_status 0
    stdout_has 'settings from ../jwtctl.toml'
    SUDO_UID=1234 run_jwtctl lint t --select JWT1
    expect_status 0
    SUDO_UID=1235 run_jwtctl lint t
    expect_status 3
    chown 0 "$path"
  done
  run_jwtctl lint t --config ../jwtctl.toml --no-config
  expect_error 2 'exclude each other'
  run_jwtctl lint t --config nowhere.toml
  expect_error 3 'nowhere.toml'
}

@test "a jwtctl.toml that everybody may write to is refused; --config names it" {
  printf '[lint]\nignore = ["JWT101"]\n' >jwtctl.toml
  printf '%s' "$none" >t
  local mode
  for mode in 600 644 664 660; do
    chmod $mode jwtctl.toml
    run_jwtctl lint t --select JWT1
    expect_status 0
  done
  for mode in 666 646 602; do
    chmod $mode jwtctl.toml
    run_jwtctl lint t
    expect_error 3 'jwtctl.toml is not read: everybody may write to it' 'chmod o-w jwtctl.toml' '--config jwtctl.toml'
    run_jwtctl lint t --no-config --select JWT101
    expect_status 1
    run_jwtctl lint t --config jwtctl.toml --select JWT1
    expect_status 0
  done
}

@test "every format names the settings that applied" {
  printf '[lint]\nselect = ["JWT101"]\n' >jwtctl.toml
  printf '%s' "$none" >t
  for format in text sarif github junit json; do
    run_jwtctl lint t -f "$format"
    stdout_has jwtctl.toml
  done
  for format in concise gitlab; do
    run_jwtctl lint t -f "$format"
    stderr_has 'settings from jwtctl.toml'
    run_jwtctl lint t --report "$format=r" -f json
    stderr_has 'settings from jwtctl.toml'
  done
}

# private_jwk: sets jwk, on one line.
private_jwk() {
  run_jwtctl keygen -a ES256 --encoding jwk
  jwk=$(jq -c . <<<"$output")
}

@test "a private JWK is never passed over in silence, whatever is wrong with its text" {
  private_jwk
  mkdir d
  # Each is judged.
  while IFS='|' read -r name before after; do
    # shellcheck disable=SC2059
    { printf "$before"; printf '%s' "$jwk"; printf "$after"; } >d/x
    run_jwtctl lint d --select JWK021 -f json
    json '[.findings[] | .rule]' '["JWK021"]' || complain "$name"
    json .summary.unsearched.unreadable 0
  done <<'CASES'
mark|\xef\xbb\xbf|
lines before|{"a":1}\n|
lines behind||\n{"a":1}
trailing text|| and so on
prose|the key is |, keep it
array|[|]
nested|{"signing":{"key":|}}
deep|[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[|]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]
source|const key = "%%s" == \x27"\x27 ? {} :\n  |;
CASES
  # Each is counted and named.
  while IFS='|' read -r name text; do
    # shellcheck disable=SC2059
    printf "$text" >d/x
    run_jwtctl lint d -f json
    json '[.summary.unsearched.unreadable, .unsearched]' '[1,[{"file":"d/x","why":"unreadable"}]]' || complain "$name"
    run_jwtctl lint d
    stdout_has '1 file with what may be keys in no JSON that can be read'
  done <<'CASES'
surrogate|{"kty":"oct","k":"AAAA","x":"\\ud800"}
number|{"kty":"oct","k":"AAAA","x":1e999}
Latin-1|{"kty":"oct","k":"AAAA","x":"\xe9"}
comma|{"kty":"oct","k":"AAAA",}
escaped name|{"kt\\u0079":"oct","k":"AAAA",}
comment|{ // mine\n"kty":"oct","k":"AAAA"}
cut|{"kty":"oct","k":"AAAA"
set|{"keys":[{"kty":"oct","k":"AAAA"},]
within prose|as in {"kty":"oct","k":"AAAA",} there
deep|{"kty":"oct","k":"AAAA","x":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}
CASES
  { printf '{"kty":"oct","k":"AAAA"'; for i in $(seq 1000); do printf ',"m%d":1' "$i"; done; printf '}'; } >d/x
  run_jwtctl lint d -f json
  json .summary.unsearched.unreadable 1
}

@test "an escaped kty is a kty; what names no private member is not counted in source" {
  mkdir d
  printf '{"kt\\u0079":"oct","k":"AAAA"}' >d/x
  run_jwtctl lint d --select JWK021 -f concise
  stdout_has 'd/x:1:1: warning JWK021'
  printf 'jwk = {"kty": kty, "n": n, "e": e}\nk = {"keys": [a, b]}\n' >d/x
  run_jwtctl lint d -f json
  expect_status 0
  json '[.summary.unsearched.unreadable, .summary.total]' '[0,0]'
  printf 'see {"kty":"EC","crv":"P-256"} there' >d/x
  run_jwtctl lint d -f json
  json '[.summary.unsearched.unreadable, .summary.total]' '[0,0]'
}

@test "each key of a file of lines is judged at its place, and each key of a set once" {
  private_jwk
  mkdir d
  printf '%s\n%s\n' "$jwk" "$jwk" >d/x
  run_jwtctl lint d --select JWK021 -f concise
  stdout_has 'd/x:1:1: ' 'd/x:2:1: '
  printf '{"keys":[%s],"old":%s}' "$jwk" "$jwk" >d/x
  run_jwtctl lint d --select JWK021,JWKS005 -f json
  json '[.findings[].rule] | sort' '["JWK021","JWKS005"]'
}

@test "keys that stand behind the limit of a document are named" {
  mkdir d
  { printf '{"a":"'; repeat 1100000 A; printf '","kty":"oct","k":"AAAA"}'; } >d/x
  run_jwtctl lint d -f json
  json '.unsearched' '[{"file":"d/x","why":"size"}]'
  { repeat 1100000 ' '; printf ' {"kt\\u0079":"oct"}'; } >d/x
  run_jwtctl lint d -f json
  json '.unsearched' '[{"file":"d/x","why":"size"}]'
  { repeat 1100000 ' '; printf ' "keys" of a piano'; } >d/x
  run_jwtctl lint d -f json
  json '.unsearched' '[]'
}

@test "folders of version history are counted and named" {
  mkdir -p d/.git d/sub/.hg d/.svn
  printf x | tee d/.git/x d/sub/.hg/x d/.svn/x >/dev/null
  run_jwtctl lint d -f json
  json '.summary.unsearched.history' 3
  json '[.unsearched[] | [.file, .why]] | sort' '[["d/.git","history"],["d/.svn","history"],["d/sub/.hg","history"]]'
  run_jwtctl lint d
  stdout_has '3 folders of version history not searched'
  # Named, it is searched.
  printf '%s' "$none" >d/.git/x
  [ "$(tokens d/.git)" = d/.git/x:1:1 ] || complain "$output"
}

@test "letters in which not every place was tried are counted" {
  mkdir d
  decoy=$(printf '{"":}}' | b64url)
  # At most 32 places are tried behind the first.
  { printf 'x '; for i in $(seq 32); do printf %s "$decoy"; done; printf '%s\n' "$none"; } >d/x
  run_jwtctl lint d --select JWT101 -f json
  json '[.summary.unsearched.runs, .summary.total]' '[0,1]'
  { printf 'x '; for i in $(seq 33); do printf %s "$decoy"; done; printf '%s\n' "$none"; } >d/x
  run_jwtctl lint d --select JWT101 -f json
  json '[.summary.unsearched.runs, .summary.total]' '[1,0]'
  { repeat 70000 A; printf '.%s\n' "${none#*.}"; } >d/x
  run_jwtctl lint d -f json
  json .summary.unsearched.runs 1
  run_jwtctl lint d
  stdout_has '1 file with runs of letters'
}

@test "comments in an archive do not count, tracked or not, whatever its name" {
  mkdir in d
  printf 'token: %s # jwtctl:ignore JWT101 -- a fixture\n' "$none" | tee in/a.txt >d/source
  tar -C in -cf d/one a.txt && tar -C in --format=v7 -cf d/two.txt a.txt && ar rc d/three in/a.txt
  { printf 'PK\003\004'; cat in/a.txt; } >d/four.js
  [ "$(tokens d | cut -d: -f1 | sort | xargs)" = 'd/four.js d/one d/three d/two.txt' ] || complain "$output"
  commit d
  [ "$(tokens d | cut -d: -f1 | sort | xargs)" = 'd/four.js d/one d/three d/two.txt' ] || complain "$output"
}

@test "a private key that git tracks is in the open, whatever its mode" {
  make_ec k.pem
  mkdir d
  cp k.pem d/k.pem
  chmod 600 d/k.pem
  commit k.pem
  run_jwtctl lint d --select JWK021 -f concise
  expect_status 0
  [ -z "$output" ] || complain untracked
  git add d/k.pem
  run_jwtctl lint d --select JWK021 -f concise
  stdout_has 'd/k.pem:1:1: warning JWK021' 'a file that git tracks'
}

@test "of what was not searched the first 100 are named, and JSON says how many it names" {
  mkdir d
  for i in $(seq 101); do ln -s x "d/$i"; done
  for format in sarif github junit; do
    run_jwtctl lint d -f "$format"
    stdout_has 'and 1 more'
    [ "$(grep -o 'not searched: ' <<<"$output" | wc -l)" -eq 100 ] || complain "$format"
  done
  rm d/1
  for format in sarif github junit; do
    run_jwtctl lint d -f "$format"
    ! grep -qE 'and [0-9]+ more' <<<"$output" || complain "$format"
  done
  for i in $(seq 101 1001); do ln -sf x "d/$i"; done
  run_jwtctl lint d -f json
  json '[.summary.unsearched.link, .summary.unsearched_listed, (.unsearched | length)]' '[1000,1000,1000]'
  ln -s x d/more
  run_jwtctl lint d -f json
  json '[.summary.unsearched.link, .summary.unsearched_listed, (.unsearched | length)]' '[1001,1000,1000]'
}

@test "a list of tokens that is one word is searched" {
  for separator in ',' ';' '|' '&'; do
    printf '%s%s%s' "$none" "$separator" "$none" >x
    [ "$(tokens x | cut -d: -f3 | xargs)" = "1 $((${#none} + 2))" ] || complain "$separator $output"
  done
  # One token with a wrong letter stays one.
  printf '%s,x' "$none" >x
  run_jwtctl lint x --select JWT002 -f concise
  stdout_has 'error JWT002'
}

@test "a baseline hides no other key, be it one without a thumbprint" {
  mkdir d
  first() { printf '{"kty":"oct","k":"%s"}' "$1"; }
  key() { printf -- '-----BEGIN OPENSSH PRIVATE KEY-----\n%s\n-----END OPENSSH PRIVATE KEY-----\n' "$(repeat 120 "$1")"; }
  first AAAA >d/secret
  key A >d/key
  run_jwtctl lint d --write-baseline b.json
  expect_status 0
  run_jwtctl lint d --baseline b.json -f json
  json .summary.total 0
  first AAAAAAAA >d/secret
  run_jwtctl lint d --baseline b.json -f json
  json '[.findings[].file] | unique' '["d/secret"]'
  first AAAA >d/secret
  key B >d/key
  run_jwtctl lint d --baseline b.json -f json
  json '[.findings[].file] | unique' '["d/key"]'
}
