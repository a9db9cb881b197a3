#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# The formats of lint and verify: valid whatever the input says.
# shellcheck disable=SC2154

setup_file() {
  export SECRET=$BATS_FILE_TMPDIR/secret
  source "$BATS_TEST_DIRNAME/helper.bash"
  make_secret "$SECRET"
}

setup() {
  source "$BATS_TEST_DIRNAME/helper.bash"
  cd "$BATS_TEST_TMPDIR" || return 1
  schemas=${JWTCTL_VECTORS:-$BATS_TEST_DIRNAME/../../../shared/vectors}/schemas
  # Claims and a name that try to break out of every format.
  evil='{"alg":"none","kid":"::error::owned","x":"##[group]"}'
  nasty=$(printf '{"iss":"]]>\\"<&\x27","sub":"::set-output name=a::b\\u0000\\u001b[31m\\u202e\\uffff","exp":"%%0A::warning::x"}')
  token="$(signing_input "$evil" "$nasty")."
  name=$'a,b:c%0A & <"x>.txt'
  printf 'one\n  t: %s\n' "$token" >"$name"
  printf '\xff\xfe %s\n' "$token" >latin1.log
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

# valid_sarif FILE
valid_sarif() {
  python=$(python_with jsonschema) || skip "python3-jsonschema is not installed"
  [ -f "$schemas/sarif-schema-2.1.0.json" ] || skip "no folder of schemas: $schemas"
  "$python" -c 'import json, sys, jsonschema
document, schema = (json.load(open(path)) for path in sys.argv[1:])
jsonschema.Draft7Validator(schema).validate(document)' "$1" "$schemas/sarif-schema-2.1.0.json"
}

valid_junit() {
  command -v xmllint >/dev/null || skip "xmllint is not installed"
  [ -f "$schemas/JUnit.xsd" ] || skip "no folder of schemas: $schemas"
  xmllint --noout --schema "$schemas/JUnit.xsd" "$1"
}

@test "SARIF is valid against the schema of OASIS" {
  run_jwtctl lint . -f sarif -o ../out.sarif
  expect_status 1
  valid_sarif ../out.sarif
}

@test "SARIF of nothing and of what cannot be read is valid too" {
  run_jwtctl lint nowhere latin1.log --select JWT202 -f sarif -o out.sarif
  expect_status 3
  [ "$(jq -c '[.runs[0].invocations[0] | .executionSuccessful, .exitCode]' out.sarif)" = '[false,3]' ]
  valid_sarif out.sarif
}

@test "SARIF has every rule with its help, regions, and no text of the token" {
  run_jwtctl lint "$name" -f sarif
  json '.runs[0].tool.driver.rules | length >= 80' true
  json '[.runs[0].tool.driver.rules[] | select((.help.text | length) < 40 or (.shortDescription.text | length) < 10)] | length' 0
  json '[.runs[0].results[] | select(.ruleId == "JWT101") | .locations[0].physicalLocation.region | .startLine, .startColumn]' '[2,6]'
  json '.runs[0].results[0].locations[0].physicalLocation.artifactLocation.uri' '"a,b%3Ac%250A%20&%20%3C%22x%3E.txt"'
  json '[.runs[0].results[] | .ruleId as $id | .ruleIndex as $i | $i >= 0] | all' true
  json '[.runs[0].results[].partialFingerprints["jwtctl/v1"] | length] | unique' '[32]'
  nothing_has "$token" "$(cut -d. -f2 <<<"$token")"
}

@test "rule indexes point at the rule of the result" {
  run_jwtctl lint "$name" -f sarif --select JWT1 --select JWT3
  json '. as $log | [.runs[0].results[] | .ruleId == $log.runs[0].tool.driver.rules[.ruleIndex].id] | all' true
}

@test "JUnit of lint and verify is valid against the schema" {
  run_jwtctl lint . nowhere --report junit=../out.xml
  expect_status 3
  valid_junit ../out.xml
  printf 'x' >../clean.txt
  run_jwtctl lint ../clean.txt -f junit -o ../clean.xml
  expect_status 0
  valid_junit ../clean.xml
  run_jwtctl verify --secret "$SECRET" "$(token "$nasty")" --now "$NOW" -f junit -o ../verify.xml
  [ "$status" -ge 10 ]
  valid_junit ../verify.xml
}

@test "JUnit fails a case from --fail-on up, and skips the others" {
  run_jwtctl lint "$name" --select JWT101 -f junit
  stdout_has 'failures="1" errors="0" skipped="0"'
  run_jwtctl lint "$name" --select JWT101 --fail-on never -f junit
  stdout_has 'failures="0" errors="0" skipped="1"'
}

@test "GitHub gets one command a line, and nothing of the input becomes one" {
  run_jwtctl lint . -f github
  expect_status 1
  [ "$(grep -cvE '^::(error|warning|notice) title=[^:,]*,file=[^:,]*,line=[0-9]+,col=[0-9]+(,endLine=[0-9]+,endColumn=[0-9]+)?::' <<<"$output")" -eq 0 ]
  stdout_has 'file=a%2Cb%3Ac%250A & <"x>.txt,line=2'
  nothing_has '::set-output' '##[group]' $'\x1b' "$token"
}

@test "the worst findings come first for GitHub" {
  run_jwtctl lint "$name" -f github
  levels=$(cut -d' ' -f1 <<<"$output" | uniq)
  [ "$levels" = "$(sort -u <<<"$levels" | sed 's/::error/1&/;s/::warning/2&/;s/::notice/3&/' | sort | sed 's/^.//')" ]
}

@test "verify annotates what failed" {
  run_jwtctl verify --secret "$SECRET" "$(token '{"exp":1,"iss":"::error::x"}')" --now "$NOW" -f github
  expect_status 18
  stdout_has '::error title=jwtctl verify%3A exp::JWT202 expired: expired '
  [ "$(grep -c '^::' <<<"$output")" -eq "$(wc -l <<<"$output")" ]
  run_jwtctl verify --secret "$SECRET" "$(token "{\"exp\":$((NOW + 60))}")" --now "$NOW" -f github
  expect_status 0
}

@test "GitLab has the members that it demands, with unique fingerprints" {
  run_jwtctl lint . -f gitlab
  json 'length > 2' true
  json '[.[] | has("description") and has("check_name") and has("fingerprint") and (.severity | IN("info","minor","major","critical","blocker")) and (.location.path | startswith("./") | not) and (.location.lines.begin >= 1)] | all' true
  json '([.[].fingerprint] | unique | length) == length' true
}

@test "JSON is valid against its schema" {
  python=$(python_with jsonschema) || skip "python3-jsonschema is not installed"
  schema=$BATS_TEST_DIRNAME/../../cli/report/schema
  run_jwtctl lint . nowhere -f json
  printf '%s' "$output" >../lint.json
  run_jwtctl lint --list-rules -f json
  printf '%s' "$output" >../rules.json
  run_jwtctl explain JWT101 -f json
  printf '%s' "$output" >../explain.json
  for kind in lint rules explain; do
    "$python" -c 'import json, sys, jsonschema
jsonschema.validate(*(json.load(open(path)) for path in sys.argv[1:]))' "../$kind.json" "$schema/$kind.json"
  done
}

@test "several reports are written in one run" {
  run_jwtctl lint . --report sarif=../a.sarif --report junit=../a.xml --report json=../a.json -f concise
  expect_status 1
  [ -s ../a.sarif ] && [ -s ../a.xml ] && [ -s ../a.json ]
  [ "$(jq '.findings | length' ../a.json)" -eq "$(wc -l <<<"$output")" ]
}

@test "paths are relative to the repository for the systems that want it so" {
  mkdir -p repo/.git repo/sub && cp latin1.log repo/sub/x.log
  cd repo/sub
  run_jwtctl lint x.log -f sarif --select JWT101
  json '.runs[0].results[0].locations[0].physicalLocation.artifactLocation.uri' '"sub/x.log"'
  run_jwtctl lint "$PWD/x.log" -f gitlab --select JWT101
  json '.[0].location.path' '"sub/x.log"'
  run_jwtctl lint x.log -f concise --select JWT101
  stdout_has 'x.log:1:4: error'
}

@test "no format shows a token, a secret or a control character" {
  local format
  jwks '{"kty":"oct","kid":"a","k":"c2VjcmV0LXZhbHVlLW5ldmVyLXRvLWJlLXNob3du"}' >s.json
  for format in text concise json sarif github gitlab junit; do
    run_jwtctl lint . -f "$format"
    nothing_has "$token" c2VjcmV0LXZhbHVl secret-value $'\x1b' $'\u202e'
    ! grep -qP '[\x00-\x08\x0b-\x1f]' <<<"$output"
  done
}
