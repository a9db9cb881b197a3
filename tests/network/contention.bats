#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Many processes at once, processes that die, disks that are full and folders that are read-only:
# one request, whole copies, and a verdict that stands.

load ../cli/helper
load ../cli/keys
load network

setup_file() {
  make_generations
  start_server
}

teardown_file() {
  stop_server "$SERVER_PID"
}

setup() { in_a_new_world; }

teardown() {
  [ ! -d "$BATS_TEST_TMPDIR/disk" ] || umount "$BATS_TEST_TMPDIR/disk" 2>/dev/null || true
}

# fifty STATUS TOKEN: so many verifications at once, all with this status.
fifty() {
  local number pids=()
  for number in {1..50}; do
    {
      code=0
      "$JWTCTL" verify --jwks "$BASE/jwks" --now "$NOW" -q "$2" >out."$number" 2>&1 || code=$?
      echo $code >"status.$number"
    } </dev/null 3>&- &
    pids+=($!)
  done
  wait "${pids[@]}"
  [ "$(cat status.* | sort | uniq -c | xargs)" == "50 $1" ] && return
  sort status.* out.* | uniq -c >&2
  return 1
}

@test "fifty processes at once ask once" {
  put jwks "$OLD_SET"
  fifty 0 "$OLD"
  requests_are 1
  copies_number 1
}

@test "fifty processes at once with a copy that has just ended ask once" {
  plant "$BASE/jwks" "$OLD_SET" '{lifetime:60,etag:"\"v1\""}'
  age_copies 100
  put jwks "$OLD_SET" 'ETag: "v1"'
  fifty 0 "$OLD"
  requests_are 1
}

@test "fifty tokens of an unknown kid at once ask once" {
  plant "$BASE/jwks" "$OLD_SET"
  put jwks "$OLD_SET"
  fifty 12 "$LOST"
  requests_are 1
}

@test "who holds the lock and hangs does not stop the others for good" {
  put jwks "$OLD_SET"
  fetch "$BASE/jwks"
  age_copies 7200
  exec 7<"$(echo "$CACHE"/*.lock)"
  flock 7
  verify_with "$BASE/jwks" "$OLD" --timeout 6
  expect_status 0
  exec 7>&-
}

# killed_at CALL: a --refresh that is killed in the place of this system call.
killed_at() {
  # The call would still be made after the signal, so it is made to fail too.
  ASAN_OPTIONS="${ASAN_OPTIONS-}:detect_leaks=0" LSAN_OPTIONS="${LSAN_OPTIONS-}:detect_leaks=0" \
    run --separate-stderr strace -f -o trace -e "trace=$1" -e "inject=$1:signal=KILL:error=EIO" \
    "$JWTCTL" jwks fetch "$BASE/jwks" --refresh </dev/null
  [ "$status" -eq 137 ] || complain "expected to be killed at $1" "$(<trace)"
}

@test "kill -9 between write and rename leaves the good copy, and the next run mends all" {
  needs_strace
  put jwks "$OLD_SET" 'ETag: "v1"'
  fetch "$BASE/jwks"
  entry=$(entry_of "$BASE/jwks")
  before=$(sha256sum <"$entry")
  put jwks "$NEW_SET" 'ETag: "v2"'
  killed_at /^rename
  [ "$(sha256sum <"$entry")" = "$before" ]
  verify_with "$BASE/jwks" "$OLD" --offline
  expect_status 0
  verify_with "$BASE/jwks" "$NEW" --refresh
  expect_status 0
  verify_with "$BASE/jwks" "$OLD" --offline
  expect_status 12
  copies_number 1
}

@test "kill -9 in the middle of the write" {
  needs_strace
  put jwks "$OLD_SET"
  fetch "$BASE/jwks"
  keep_copies
  before=$(sha256sum <"$(entry_of "$BASE/jwks")")
  put jwks "$NEW_SET"
  killed_at /^f.*sync
  [ "$(sha256sum <"$(entry_of "$BASE/jwks")")" = "$before" ]
  verify_with "$BASE/jwks" "$OLD"
  expect_status 0
}

@test "a read-only folder: a warning, and the verdict stands" {
  put jwks "$OLD_SET"
  fetch "$BASE/jwks"
  age_copies 7200
  keep_copies
  chmod 0555 "$CACHE"
  # Root may write anywhere, until it gives that power away.
  local powerless=()
  [ "$(id -u)" -ne 0 ] || powerless=(setpriv --bounding-set=-all --inh-caps=-all)
  ! "${powerless[@]}" touch "$CACHE/probe" 2>/dev/null || skip "setpriv leaves root its power"
  for place in "$CACHE" "$CACHE/below"; do
    for token in "0 $OLD" "12 $LOST"; do
      run --separate-stderr "${powerless[@]}" "$JWTCTL" verify --jwks "$BASE/jwks" --now "$NOW" \
        --cache-dir "$place" "${token#* }" </dev/null
      expect_status "${token%% *}"
      stderr_has "jwtctl: warning: no copy is kept:" "$place"
    done
  done
  copies_are_unchanged
  chmod 0755 "$CACHE"
}

@test "a file where the folder should be: a warning, and the verdict stands" {
  put jwks "$OLD_SET"
  : >file
  for place in file file/below /dev/null /proc/nothing; do
    verify_with "$BASE/jwks" "$OLD" --cache-dir $place
    expect_status 0 || complain "$place"
    stderr_has "jwtctl: warning: no copy is kept:"
  done
}

@test "a full disk: a warning, the verdict stands, and the good copy too" {
  disk=$BATS_TEST_TMPDIR/disk
  mkdir "$disk"
  mount -t tmpfs -o size=64k jwtctl-test "$disk" 2>/dev/null || skip "no small disk can be mounted"
  put jwks "$OLD_SET"
  fetch "$BASE/jwks" --cache-dir "$disk/copies"
  expect_status 0
  stderr_is_empty
  before=$(cat "$disk"/copies/*.json | sha256sum)
  dd if=/dev/zero of="$disk/pad" bs=4k 2>/dev/null || true
  put jwks "$NEW_SET"
  verify_with "$BASE/jwks" "$NEW" --cache-dir "$disk/copies" --refresh
  expect_status 0
  stderr_has "jwtctl: warning: no copy is kept:" "No space left"
  [ "$(cat "$disk"/copies/*.json | sha256sum)" = "$before" ]
  # Nothing half-written stays to fill it further.
  [ "$(find "$disk/copies" -type f ! -name '*.lock' | wc -l)" = 1 ]
  rm "$disk/pad"
  verify_with "$BASE/jwks" "$OLD" --cache-dir "$disk/copies" --offline
  expect_status 0
}

@test "a full disk under the verdict itself is 5, and the copy is kept" {
  put jwks "$OLD_SET"
  run bash -c '"$@" >/dev/full' - "$JWTCTL" jwks fetch "$BASE/jwks" </dev/null
  expect_status 5
  copies_number 1
}

@test "stopped by a signal while it waits: no copy, and the next run works" {
  put jwks "$OLD_SET" '!fault no-answer'
  for signal in INT TERM; do
    clear_log
    rm -rf "$XDG_CACHE_HOME"
    # A child in the background would ignore SIGINT.
    python3 - "$JWTCTL" jwks fetch "$BASE/jwks" <<PYTHON
import pathlib, signal, subprocess, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)
child = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL)
while not pathlib.Path("$SERVER/log").read_text():
    time.sleep(0.02)
child.send_signal(signal.SIG$signal)
status = child.wait()
expected = 128 + signal.SIG$signal
sys.exit(0 if status in (expected, -signal.SIG$signal) else f"status {status}")
PYTHON
    no_copies
  done
  put jwks "$OLD_SET"
  verify_with "$BASE/jwks" "$OLD"
  expect_status 0
}
