#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# What people and programs read, word for word. JWTCTL_UPDATE_GOLDEN=1 rewrites expected/.

setup() {
  cd "$BATS_TEST_DIRNAME/../.." || return 1
  source tests/golden/cases.sh
  JWTCTL=${JWTCTL_FAST:-${JWTCTL:-jwtctl}}
  expected=tests/golden/expected
}

# python_with MODULE prints an interpreter that has it.
python_with() {
  local python
  for python in python3 /usr/bin/python3; do
    if "$python" -c "import $1" 2>/dev/null; then
      echo "$python"
      return 0
    fi
  done
  return 1
}

@test "every case prints what is expected, with the status that is expected" {
  local name status arguments got failed=0 count=0
  while read -r name status arguments; do
    got=0
    # shellcheck disable=SC2086 # the arguments are words without blanks
    "${JWTCTL:-jwtctl}" $arguments >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" \
      </dev/null || got=$?
    count=$((count + 1))
    if [ "$got" -ne "$status" ]; then
      echo "$name: status $got instead of $status"
      failed=1
    fi
    if [ -n "${JWTCTL_UPDATE_GOLDEN:-}" ]; then
      cp "$BATS_TEST_TMPDIR/out" "$expected/$name.out"
      cp "$BATS_TEST_TMPDIR/err" "$expected/$name.err"
    fi
    diff -u "$expected/$name.out" "$BATS_TEST_TMPDIR/out" || failed=1
    diff -u "$expected/$name.err" "$BATS_TEST_TMPDIR/err" || failed=1
  done < <(golden_cases)
  [ "$failed" -eq 0 ] || echo "if this is meant: JWTCTL_UPDATE_GOLDEN=1 bats tests/golden"
  [ "$failed" -eq 0 ]
  [ "$count" -ge 40 ]
}

@test "no expected file is left over from a case that is gone" {
  for file in "$expected"/*; do
    name=$(basename "${file%.*}")
    golden_cases | grep -q "^$name "
  done
}

@test "every JSON document is valid against the schema that it names" {
  python=$(python_with jsonschema) || skip "python3-jsonschema is not installed"
  "$python" - "$expected" cli/report/schema <<'PYTHON'
import json, pathlib, sys
import jsonschema

expected, schemas = map(pathlib.Path, sys.argv[1:])
count = 0
for path in sorted(expected.glob("*-json.out")):
    document = json.loads(path.read_text())
    name = document["schema"].removeprefix("jwtctl.").removesuffix("/1")
    schema = json.loads((schemas / f"{name}.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(document, schema)
    partial = document.get("partial")
    if partial:
        jsonschema.validate(partial, json.loads((schemas / "decode.json").read_text()))
    count += 1
assert count >= 12, f"only {count} documents"
PYTHON
}

# valid_document NAME ARGUMENT...: what the command prints is valid against the schema NAME.
valid_document() {
  "${JWTCTL:-jwtctl}" "${@:2}" -f json >"$BATS_TEST_TMPDIR/document.json" 2>/dev/null
  "$python" -c 'import json, sys, jsonschema
jsonschema.validate(*(json.load(open(path)) for path in sys.argv[1:]))' \
    "$BATS_TEST_TMPDIR/document.json" "cli/report/schema/$1.json"
}

@test "documents that differ each time are valid against their schemas" {
  python=$(python_with jsonschema) || skip "python3-jsonschema is not installed"
  valid_document version version
  valid_document keygen keygen
  valid_document keygen keygen -a HS256
  valid_document keygen keygen --out-private "$BATS_TEST_TMPDIR/k.pem" --encoding pem
}

@test "the README's token is the sample, and decode shows its claims" {
  token=$(sed -n 's/^\$ jwtctl decode //p' README.md)
  [ "$token" = "$(cat "$sample")" ]
  run "${JWTCTL:-jwtctl}" decode "$token"
  [ "$status" -eq 0 ]
  [[ "$output" == *'sub   "alice"'* ]]
}

@test "the README's table of exit statuses is the program's" {
  help=$("${JWTCTL:-jwtctl}" --help)
  rows=$(sed -n 's/^| \([0-9]*\) | \([a-z-]*\) |.*/\1 \2/p' README.md)
  [ "$(wc -l <<<"$rows")" -ge 14 ]
  while read -r code name; do
    grep -Eq "^ +$code  $name " <<<"$help"
  done <<<"$rows"
}

@test "every line of the README's sample outputs is printed" {
  "${JWTCTL:-jwtctl}" verify --key "$key" --issuer https://id.example.com/ --audience web \
    --now 2026-11-23T14:30:00Z "@$sample" >"$BATS_TEST_TMPDIR/out" || true
  "${JWTCTL:-jwtctl}" decode "@$sample" >>"$BATS_TEST_TMPDIR/out"
  "${JWTCTL:-jwtctl}" jwks diff $data/old.json $data/new.json >>"$BATS_TEST_TMPDIR/out" || true
  # shellcheck disable=SC2086,SC2154 # words without blanks, of cases.sh
  "${JWTCTL:-jwtctl}" rotate-plan $rotation >>"$BATS_TEST_TMPDIR/out"
  "${JWTCTL:-jwtctl}" lint $data/lint --now 2026-11-23T14:30:00Z >>"$BATS_TEST_TMPDIR/out" || true
  sed -n '/^```console/,/^```/p' README.md | grep -vE '^(```|\$ |  \.\.\.)' >"$BATS_TEST_TMPDIR/readme"
  [ "$(wc -l <"$BATS_TEST_TMPDIR/readme")" -ge 15 ]
  while IFS= read -r line; do
    grep -qxF -- "$line" "$BATS_TEST_TMPDIR/out" || { echo "not printed: $line"; return 1; }
  done <"$BATS_TEST_TMPDIR/readme"
}
