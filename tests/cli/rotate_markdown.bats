#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# What comes from outside is text in a runbook, a chart, a calendar and in rules for alerts: nothing
# of it is markup, a link (but that renderers make one of a mail address), a tag, a cell, a directive or a template.

load helper
load rotate

setup() { cd "$BATS_TEST_TMPDIR"; }

hostile_names() {
  printf '%s\0' '\<img src=x onerror=alert(1)>' '<img src=x onerror=alert(1)>' '\\<b>x</b>' '&lt;b&gt;' \
    '[evil](https://evil.test)' '\[evil](https://evil.test)' '![evil](https://evil.test/x.png)' '<https://evil.test>' \
    'https://evil.test/x' 'www.evil.test' 'WWW.evil.test' 'x@evil.test' '[evil]: https://evil.test' \
    'a|evil|c' '\|evil|' 'a`<b>evil</b>`c' '`' '``' '`a``b```c' ' a ' '\' '\\' '**evil**' '*evil*' '_evil_' '__evil__' \
    '~~evil~~' '# evil' 'evil ##' '$evil$' $'a\n# evil' $'a\n\n<b>evil</b>' $'\e[31mevil' $'\u202eevil' \
    '<script>evil()</script>' '<!-- evil' '](https://evil.test)' "'\"<b>"
}

# each_plan FORMAT: a plan with hostile names of that format in "out"; then judge.
each_plan() {
  local arguments
  while IFS= read -r -d '' text; do
    for arguments in "" "--emergency --standby" "--to-alg ES384"; do
      # shellcheck disable=SC2086 # words
      base_plan --old-kid "$text" --new-kid "n$text" $arguments -f "$1"
      [ "$status" -eq 0 ] || continue
      printf '%s\n' "$output" >out
      judge || complain "by: $text" || return
      made=yes
    done
  done < <(hostile_names)
  [ "$made" == yes ]
}

@test "a runbook, rendered: no tag, link, picture or cell comes from a name" {
  command -v cmark-gfm >/dev/null || skip "cmark-gfm is not installed"
  base_plan --old-kid old --new-kid new -f markdown
  cmark-gfm --unsafe -e table -e autolink -e strikethrough <<<"$output" | grep -o '<[a-z/][^>]*>' | sort | uniq -c >usual
  judge() {
    cmark-gfm --unsafe -e table -e autolink -e strikethrough out >html
    ! grep -nP '<(img|b|script)\b|<!--|href="(?!#|mailto:)|<del>' html || return
    # As many rows and cells as without.
    [ "$(grep -c '<td>' html)" -eq "$(grep -c '<td>' cells)" ] || complain "cells" || return
    ! grep -nE '<h[1-6]>[^<]*</h[1-6]>' html | grep -vE '<h[1-6]>([0-9]+\. |Rotation|Emergency|Migration|Timeline|Before|Verifiers|The numbers)' || return
    ! grep -nE '<(em|strong)>[^<]*evil' html
  }
  each_cells
}

# each_cells: each_plan with the number of cells of the same plan with plain names.
each_cells() {
  local arguments
  for arguments in "" "--emergency --standby" "--to-alg ES384"; do
    # shellcheck disable=SC2086 # words
    base_plan --old-kid a --new-kid b $arguments -f markdown
    cmark-gfm --unsafe -e table -e autolink <<<"$output" >cells
    while IFS= read -r -d '' text; do
      # shellcheck disable=SC2086 # words
      base_plan --old-kid "$text" --new-kid "n$text" $arguments -f markdown
      [ "$status" -eq 0 ] || continue
      printf '%s\n' "$output" >out
      judge || complain "by: $text" || return
      made=yes
    done < <(hostile_names)
  done
  [ "$made" == yes ]
}

@test "a runbook shows a name as it is" {
  command -v cmark-gfm >/dev/null || skip "cmark-gfm is not installed"
  for text in 'a<b' 'a&lt;b' 'a\b' 'a`b' 'a|b' 'a_b_c' '`x`' 'www.x.test' 'a*b*'; do
    base_plan --old-kid "$text" --new-kid "n$text" -f markdown
    expect_status 0
    cmark-gfm -e table -e autolink <<<"$output" | sed 's/<[^>]*>//g; s/&lt;/</g; s/&gt;/>/g; s/&quot;/"/g; s/&amp;/\&/g' >plain
    grep -qF "from \"$text\" to \"n$text\"" plain || complain "heading of $text: $(head -2 plain)"
    grep -qE "the old key $(sed 's/[][\\|*.^$]/\\&/g' <<<"$text")" plain || complain "code of $text"
  done
}

@test "every backslash, tag, pipe and bracket of a name is escaped in the text outside of code" {
  base_plan --old-kid '\<img|[x](y)>' --new-kid b -f markdown
  expect_status 0
  stdout_has '\\\<img\|\[x\](y)\>'
  ! grep -F '"\<img' <<<"$output" || complain "unescaped"
}

@test "a chart has no directive, comment or tag from a name" {
  judge() { ! grep -nE '%%|[<>{}]' out; }
  made=no
  for text in '%%{init: {"securityLevel":"loose"}}%%' '<img src=x onerror=x>' '%% x' 'a:b;c#d,e'; do
    base_plan --old-kid "$text" --new-kid b -f mermaid
    expect_status 0
    printf '%s\n' "$output" >out
    judge || complain "by: $text"
  done
  each_plan mermaid
}

@test "a calendar has the properties of one without hostile names" {
  base_plan --old-kid a --new-kid b -f ics
  printf '%s\n' "$output" | tr -d '\r' | sed -z 's/\n //g' | cut -d: -f1 >names
  judge() {
    [ "$(tr -d '\r' <out | sed -z 's/\n //g' | cut -d: -f1 | sort -u)" == "$(sort -u names)" ]
  }
  made=no
  each_plan ics
}

@test "rules for alerts are YAML whose strings say the name, and no template" {
  while IFS= read -r -d '' text; do
    rm -rf kit
    base_plan --old-kid "$text{{ evil }}" --new-kid b --out kit
    [ "$status" -eq 0 ] || continue
    python3 - kit/alerts.yaml <<'PYTHON'
import re, sys, json
for line in open(sys.argv[1], encoding="utf-8"):
    found = re.match(r'\s+(?:- )?[a-z]+: (".*)$', line.rstrip("\n"))
    if found: json.loads(found.group(1))
    text = re.sub(r'\{\{\\?"\{\\?"\}\}', "", line)
    if "summary" in line and ("{{ " in text): sys.exit("a template: " + line)
PYTHON
  done < <(hostile_names)
}
