#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# keygen that is killed, or that the system fails, at every step: what is published has its private
# half, nothing that was there is lost, and the next run says what it finds.

load helper
load keys

setup() { in_a_folder; }

CALLS="write fchmod fsync rename renameat2 link unlink openat flock"

# published_are_kept: whoever is in set.json has a private half in one of the files.
published_are_kept() {
  local key
  while IFS= read -r key; do
    [ -n "$key" ] || continue
    grep -lqF -- "$key" ./*.jwk ./*.jwk.?????? 2>/dev/null || complain "no private half of $key" "$(ls -la)" || return
  done < <(jq -r '.keys[] | .x' set.json)
}

# nothing_is_shown: no file with private members is for others.
nothing_is_shown() {
  local file
  for file in ./* ./.[!.]*; do
    [ -f "$file" ] || continue
    grep -q '"d"' "$file" || [[ $file == *pending* ]] || continue
    mode_is 600 "$file" || return
  done
}

# walk WHAT ARGUMENT...: keygen with WHAT injected at the first six calls of each kind; before each
# run prepare makes the folder, after it the rules hold and the status is not 0, or all is done.
walk() {
  local call nth
  needs_strace
  for call in $CALLS; do
    for nth in 1 2 3 4 5 6; do
      rm -rf ./* ./.[!.]*
      prepare
      traced "inject=$call:$1:when=$nth" keygen "${@:2}"
      if [ -e set.json ]; then
        jq -e .keys set.json >/dev/null || complain "$call $nth: the set is broken" || return
        published_are_kept || complain "$call $nth" || return
      fi
      [ ! -e old.x ] || jq -e --arg x "$(<old.x)" '.keys[0].x == $x' set.json >/dev/null || complain "$call $nth: an earlier key is lost" || return
      nothing_is_shown || complain "$call $nth" || return
      [ "$status" -ne 0 ] || [ -s new.jwk ] || complain "$call $nth: status 0 without a key" || return
      if [[ $1 == error* && $status -ne 0 && $call != unlink && $call != openat ]]; then
        # Taken back: no name is there that was not, and none is missing.
        [ "$(ls -A | grep -v '^old\.x$' | xargs)" == "$LEFT" ] || complain "$call $nth: left: $(ls -A | xargs)" || return
      fi
      grep -q INJECTED ../trace || [[ $1 == signal* ]] || break
    done
  done
}

fresh() { :; }
appended() {
  "$JWTCTL" keygen -q --kid old --out-private old.jwk --out-jwks set.json </dev/null
  jq -r .x old.jwk >old.x
}

@test "killed at every step of --append, to no set and to one that is there" {
  prepare() { fresh; }
  walk signal=KILL --kid k --out-private new.jwk --out-jwks set.json --append
  prepare() { appended; }
  walk signal=KILL --kid k --out-private new.jwk --out-jwks set.json --append
  walk signal=TERM --kid k --out-private new.jwk --out-jwks set.json --append
}

@test "an error at every step of --append is taken back" {
  prepare() { appended; }
  LEFT="old.jwk set.json"
  walk error=EIO --kid k --out-private new.jwk --out-jwks set.json --append
  walk error=ENOSPC --kid k --out-private new.jwk --out-public new.pub --out-jwks set.json --append
  prepare() { fresh; }
  LEFT=""
  walk error=EIO --kid k --out-private new.jwk --out-jwks set.json --append
}

@test "killed, and failed, without --append" {
  prepare() { fresh; }
  LEFT=""
  walk signal=KILL --kid k --out-private new.jwk --out-public new.pub --out-jwks set.json
  walk error=EIO --kid k --out-private new.jwk --out-public new.pub --out-jwks set.json
}

@test "killed, and failed, with --force: what was overwritten is there as long as the set is the old one" {
  prepare() {
    "$JWTCTL" keygen -q --kid old --out-private new.jwk --out-jwks set.json </dev/null
    jq -r .x new.jwk >old.x
    cp new.jwk ../before.jwk
  }
  LEFT="new.jwk set.json"
  needs_strace
  for what in error=EIO signal=KILL; do
    for call in rename renameat2 fsync; do
      for nth in 1 2 3 4 5; do
        rm -rf ./* ./.[!.]*
        prepare
        traced "inject=$call:$what:when=$nth" keygen --kid k --force --out-private new.jwk --out-jwks set.json --append
        [ "$status" -ne 0 ] || continue
        nothing_is_shown
        # The key that the set has last is in one of the files; so is the old one until that changed.
        if ! jq -e '.keys[1]' set.json >/dev/null; then
          cat new.jwk new.jwk.?????? 2>/dev/null | grep -qF -- "$(<old.x)" || complain "$what $call $nth: the old key is lost" "$(ls -la)"
        else
          published_are_kept || [ "$(jq -r '.keys[1].x' set.json)" == "$(jq -r .x new.jwk)" ] || complain "$what $call $nth"
        fi
        [[ $what != error* ]] || cmp new.jwk ../before.jwk || complain "$call $nth: not taken back"
      done
    done
  done
}

@test "many at once to one private file: one wins, nothing of the others is left" {
  echo '{"keys":[]}' >set.json
  for i in $(seq 30); do
    "$JWTCTL" keygen -q --out-private one.jwk --out-public "p$i" --out-jwks set.json --append \
      </dev/null 2>>../said && echo won >>../won &
  done
  wait
  [ "$(wc -l <../won)" -eq 1 ] || complain "$(wc -l <../won) won"
  [ "$(grep -c 'one.jwk exists already' ../said)" -eq 29 ] || complain "$(<../said)"
  json_file set.json '[.keys[].x]' "[$(jq .x one.jwk)]"
  files_are one.jwk "$(ls p*)" set.json
}

@test "many at once to one private file, each with a set of its own" {
  for i in $(seq 20); do
    "$JWTCTL" keygen -q --out-private one.jwk --out-jwks "s$i.json" </dev/null 2>>../said &
  done
  wait
  [ "$(ls s*.json | wc -l)" -eq 1 ] || complain "$(ls)"
  json_file s*.json '.keys[0].x' "$(jq .x one.jwk)"
}

@test "many at once make one set of nothing" {
  for i in $(seq 20); do
    "$JWTCTL" keygen -q --out-private "k$i.jwk" --out-jwks set.json --append </dev/null 2>>../said &
  done
  wait
  [ ! -s ../said ] || complain "$(<../said)"
  json_file set.json '.keys | length' 20
  [ ! -e .set.json.pending ]
}

@test "everybody may read the set, nobody else the note or the key" {
  umask 022
  needs_strace
  for nth in 1 2; do
    rm -rf ./* ./.[!.]*
    traced "inject=rename:signal=KILL:when=$nth" keygen --kid k --out-private new.jwk --out-jwks set.json --append
    nothing_is_shown
  done
  rm -rf ./* ./.[!.]*
  keygen --kid k --out-private new.jwk --out-jwks set.json --append
  mode_is 644 set.json
  mode_is 600 new.jwk
}

# note KID PATH: a note as an interrupted run leaves it.
note() {
  jq -nc --arg kid "$1" --arg path "$2" '{schema:"jwtctl.keygen-pending/1",kid:$kid,private:$path}' >.set.json.pending
  chmod 600 .set.json.pending
}

next() { keygen --kid next --out-private next.jwk --out-jwks set.json --append; }

@test "the next run says what an interrupted one left, and goes on" {
  appended
  note old "$PWD/old.jwk"
  next
  expect_status 0
  stderr_has 'jwtctl: warning: an earlier --append was interrupted: the key "old" is complete'
  [ ! -e .set.json.pending ]

  rm next.jwk
  note lost "$PWD/old.jwk"
  keygen --kid b --out-private next.jwk --out-jwks set.json --append
  expect_status 0
  stderr_has 'does not have its key "lost"' "$PWD/old.jwk" "jwtctl jwks show"

  rm next.jwk
  note old "$PWD/gone.jwk"
  keygen --kid c --out-private next.jwk --out-jwks set.json --append
  expect_status 0
  stderr_has 'the set has the key "old"' "$PWD/gone.jwk is gone"

  rm next.jwk
  note lost "$PWD/gone.jwk"
  keygen --kid d --out-private next.jwk --out-jwks set.json --append
  expect_status 0
  stderr_has 'nothing is left of the key "lost"'
  well_spoken
  keygen --kid e --out-private e.jwk --out-jwks set.json --append
  expect_status 0
  [[ $stderr != *interrupted* ]] || complain "said twice"
}

@test "a run that is refused leaves the note for the next" {
  appended
  note lost "$PWD/gone.jwk"
  echo x >next.jwk
  refuses 5 "next.jwk exists" next
  rm next.jwk
  next
  stderr_has 'the key "lost"'
}

@test "a real interruption is reported" {
  needs_strace
  appended
  traced "inject=renameat2:signal=KILL:when=2+" keygen --kid k --out-private new.jwk --out-jwks set.json --append
  traced "inject=rename:signal=KILL:when=2" keygen --kid l --out-private new2.jwk --out-jwks set.json --append
  [ -e .set.json.pending ] || complain "no note: $(ls -A)"
  mode_is 600 .set.json.pending
  next
  expect_status 0
  stderr_has "an earlier --append was interrupted"
  [ ! -e .set.json.pending ]
}

@test "a note that others may have written, or that is none, is named, not believed, and stays" {
  appended
  for kind in group link foreign folder nonsense relative large; do
    rm -rf .set.json.pending next.jwk ../elsewhere
    note evil /etc/passwd
    case $kind in
      group) chmod 620 .set.json.pending ;;
      link) mv .set.json.pending ../elsewhere && ln -s ../elsewhere .set.json.pending ;;
      foreign) [ "$(id -u)" -eq 0 ] || continue && chown 12345 .set.json.pending ;;
      folder) rm .set.json.pending && mkdir .set.json.pending ;;
      nonsense) echo '{"kid":"evil"}' >.set.json.pending ;;
      relative) note evil ../passwd ;;
      large) repeat 70000 x >.set.json.pending ;;
    esac
    keygen --kid "$kind" --out-private next.jwk --out-jwks set.json --append
    expect_status 0 || complain "$kind"
    stderr_has ".set.json.pending is no note of yours"
    nothing_has evil passwd
    [ -e .set.json.pending ] || complain "$kind: removed"
    json_file set.json '.keys[-1].kid' "\"$kind\""
  done
}

@test "what a note says is shown escaped and bounded" {
  appended
  note $'\e[31m::error::\n##[error]'"$(repeat 5000 k)" $'/\e[0m'"$(repeat 3000 p)"
  next
  expect_status 0
  [[ $stderr != *$'\e'* && $stderr != *'##['* ]] || complain "raw"
  [ "${#stderr}" -lt 2500 ] || complain "${#stderr} characters"
  well_spoken
}
