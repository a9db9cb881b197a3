#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Keys and tokens of other programs, both ways: exchange.py does it once, each peer is judged here.
# JWTCTL_REQUIRE_PEERS=1 makes a missing peer a failure.

# python_with MODULES prints an interpreter that has them.
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

setup_file() {
  local python
  export REPORT=$BATS_FILE_TMPDIR/report STATUS=0
  export JWTCTL=${JWTCTL_FAST:-${JWTCTL:-jwtctl}}
  python=$(python_with "jwt, jwcrypto" || python_with jwt || python_with jwcrypto || echo python3)
  "$python" "$BATS_TEST_DIRNAME/exchange.py" >"$REPORT" 2>&1 || STATUS=$?
}

# exchanged PEER FLOOR: skipped by name, or at least so many pairs ran and none failed.
exchanged() {
  local reason pairs
  reason=$(sed -n "s/^skipped: \($1: .*\)/\1/p" "$REPORT")
  [ -z "$reason" ] || skip "$reason"
  pairs=$(sed -n "s/^$1: \([0-9]*\) pairs ran, 0 failed$/\1/p" "$REPORT")
  if [ -z "$pairs" ] || [ "$pairs" -lt "$2" ]; then
    echo "expected at least $2 pairs with $1, and no failure"
    cat "$REPORT"
    return 1
  fi
}

@test "every exchange ended, and none failed" {
  cat "$REPORT"
  [ "$STATUS" -eq 0 ]
  tail -n1 "$REPORT" | grep -Eq '^[0-9]+ pairs ran, 0 failed$'
}

@test "openssl" { exchanged "openssl" 110; }
@test "PyJWT" { exchanged "PyJWT" 90; }
@test "jwcrypto" { exchanged "jwcrypto" 80; }
@test "panva jose (npm)" { exchanged "panva jose (npm)" 70; }
@test "latchset jose" { exchanged "latchset jose" 48; }
