#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# The completions of bash, zsh and fish load and complete.

load helper

setup() {
  COMPLETIONS=$BATS_TEST_DIRNAME/../../completions
}

# complete_bash WORD...: prints what bash offers for the last word, sorted, in one line.
complete_bash() {
  bash --norc --noprofile -c '
    source "$1" || exit
    shift
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE="$*" COMP_POINT=${#COMP_LINE}
    complete -p jwtctl >/dev/null || exit
    _jwtctl jwtctl "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
    printf "%s\n" "${COMPREPLY[@]}" | sort | xargs' bash "$COMPLETIONS/jwtctl.bash" "$@"
}

# offers EXPECTED WORD...
offers() {
  run --separate-stderr complete_bash "${@:2}"
  expect_status 0 || return
  [ "$output" == "$1" ] || complain "expected: $1"
  stderr_is_empty
}

@test "bash: the script is sourced twice without a word" {
  run bash --norc --noprofile -uc 'source "$0" && source "$0"' "$COMPLETIONS/jwtctl.bash"
  expect_status 0
  stdout_is_empty
}

@test "bash: commands" {
  offers "verify version" jwtctl ver
  offers "verify" jwtctl veri
  offers "completion decode explain help jwks keygen lint rotate-plan sign verify version" jwtctl ''
  offers "" jwtctl nothing
}

@test "bash: options of the command" {
  offers "--audience" jwtctl verify --au
  offers "--leeway" jwtctl verify --key k --le
  offers "--print" jwtctl decode --pr
  offers "" jwtctl decode --au
}

@test "bash: commands of two words" {
  offers "diff fetch show" jwtctl jwks ''
  offers "show" jwtctl jwks sh
  offers "--private" jwtctl jwks show --priv
  offers "json jwk jwks pem text" jwtctl jwks show -f ''
  offers "" jwtctl jwks diff --priv
  offers "--passphrase" jwtctl -q jwks diff --pass
}

@test "bash: values from closed sets" {
  offers "ES256 ES256K ES384 ES512" jwtctl verify --alg ES
  offers "ES256 ES256K ES384 ES512" jwtctl verify -a ES
  offers "github json junit text" jwtctl verify -f ''
  offers "header none payload report" jwtctl verify --print ''
  offers "all header payload signature" jwtctl decode --print ''
  offers "base64 base64url" jwtctl verify --secret-encoding base
  offers "bash fish zsh" jwtctl completion ''
  offers "verify version" jwtctl help ver
}

@test "bash: a value that anybody may choose has no offer" {
  offers "" jwtctl verify --issuer --au
  offers "" jwtctl verify --audience dec
}

@test "bash: global options in front of the command" {
  offers "--audience" jwtctl -q verify --au
  offers "verify version" jwtctl -q ver
}

@test "bash: in an interactive shell, at the tab key" {
  command -v script >/dev/null || skip "script is not installed"
  export HOME=$BATS_TEST_TMPDIR # where bash keeps its history
  cd "$HOME"
  printf '#!/bin/sh\nprintf "<%%s>" "$@"\n' >jwtctl
  chmod +x jwtctl
  printf 'PS1="$ "\nPATH=%q:$PATH\nsource %q\nbind "set enable-bracketed-paste off"\n' "$PWD" "$COMPLETIONS/jwtctl.bash" >rc
  touch some-keys.json
  printf 'jwtctl verify --au\tx\njwtctl jwks show some-\ty\nexit\n' >keys
  run timeout 30 script -qec "bash --noprofile --rcfile rc -i" /dev/null <keys
  stdout_has "<verify><--audience><x>" "<jwks><show><some-keys.json><y>"
}

@test "fish: loads and completes" {
  command -v fish >/dev/null || skip "fish is not installed"
  export HOME=$BATS_TEST_TMPDIR XDG_CONFIG_HOME=$BATS_TEST_TMPDIR XDG_DATA_HOME=$BATS_TEST_TMPDIR
  complete_fish() {
    run --separate-stderr fish --no-config -c 'source $argv[1]; and complete -C $argv[2]' "$COMPLETIONS/jwtctl.fish" "$1"
    expect_status 0 || return
    stderr_is_empty || return
    # Fish 4 offers words too that have what was typed inside of them.
    output=$(cut -f1 <<<"$output" | awk -v typed="${1##* }" 'index($0, typed) == 1' | sort | xargs)
  }
  complete_fish "jwtctl verify --au"
  [ "$output" == "--audience" ] || complain
  complete_fish "jwtctl ver"
  [ "$output" == "verify version" ] || complain
  complete_fish "jwtctl verify --alg ES"
  [ "$output" == "ES256 ES256K ES384 ES512" ] || complain
  complete_fish "jwtctl decode --au"
  [ "$output" == "" ] || complain
  complete_fish "jwtctl jwks "
  [ "$output" == "diff fetch show" ] || complain
  complete_fish "jwtctl jwks show --pri"
  [ "$output" == "--private" ] || complain
  complete_fish "jwtctl jwks diff --pri"
  [ "$output" == "" ] || complain
  cd "$BATS_TEST_TMPDIR"
  touch some-keys.json
  complete_fish "jwtctl jwks show some-k"
  [ "$output" == "some-keys.json" ] || complain
  complete_fish "jwtctl completion "
  [ "$output" == "bash fish zsh" ] || complain
}

@test "zsh: the script has no fault" {
  command -v zsh >/dev/null || skip "zsh is not installed"
  run zsh -fn "$COMPLETIONS/_jwtctl"
  expect_status 0
  stdout_is_empty
}

# complete_zsh LINE: leaves in $output what stands on the line of an interactive shell after it was
# completed. The widget completes by itself, because a key typed ahead makes zsh skip completion.
complete_zsh() {
  run --separate-stderr timeout 60 zsh -f -c '
    zmodload zsh/zpty
    zpty shell zsh -f -i
    zpty -w shell "PS1= PS2= RPS1=; stty -echo; fpath=(\$COMPLETIONS \$fpath)"
    zpty -w shell "autoload -Uz compinit; compinit -u -D"
    zpty -w shell "tell() { zle expand-or-complete; print -r -- \$BUFFER >\$HOME/line; BUFFER=; zle accept-line }"
    zpty -w shell "zle -N tell; bindkey ^X tell; print ready >\$HOME/ready"
    repeat 500; do [[ -s $HOME/ready ]] && break; sleep 0.02; done
    zpty -w -n shell "$1"$(print "\x18")
    repeat 500; do [[ -s $HOME/line ]] && break; sleep 0.02; done
    zpty -d shell
    cat $HOME/line' zsh "$1"
  rm -f "$HOME/line" "$HOME/ready"
  expect_status 0
}

needs_interactive_zsh() {
  command -v zsh >/dev/null || skip "zsh is not installed"
  zsh -fc 'zmodload zsh/zpty' || skip "zsh has no zpty"
  export COMPLETIONS HOME=$BATS_TEST_TMPDIR
}

@test "zsh: commands and values, at the tab key" {
  needs_interactive_zsh
  complete_zsh "jwtctl veri"
  [ "$output" == "jwtctl verify " ] || complain
  complete_zsh "jwtctl verify --alg HS3"
  [ "$output" == "jwtctl verify --alg HS384 " ] || complain
  complete_zsh "jwtctl jwks sh"
  [ "$output" == "jwtctl jwks show " ] || complain
  complete_zsh "jwtctl completion fi"
  [ "$output" == "jwtctl completion fish " ] || complain
}

@test "zsh: options, at the tab key" {
  needs_interactive_zsh
  complete_zsh "jwtctl version --verb"
  [ "$output" == "jwtctl version --verbose " ] || complain
  complete_zsh "jwtctl verify --au"
  [ "$output" == "jwtctl verify --audience " ] || complain
  complete_zsh "jwtctl jwks show --priv"
  [ "$output" == "jwtctl jwks show --private " ] || complain
}
