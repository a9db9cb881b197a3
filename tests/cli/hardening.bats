#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# The protections of the optimised build, as the headers of its file have them.

load helper

setup() {
  PROGRAM=${JWTCTL_RELEASE-}
  [ -x "$PROGRAM" ] || skip "no optimised build here"
  command -v readelf >/dev/null || skip "no readelf here"
  readelf --wide --file-header --program-headers --dynamic --notes "$PROGRAM" >"$BATS_TEST_TMPDIR/headers"
  readelf --wide --dyn-syms "$PROGRAM" >"$BATS_TEST_TMPDIR/symbols"
  cd "$BATS_TEST_TMPDIR"
}

# has PATTERN FILE
has() {
  grep -qE -e "$1" "$2" || complain "no $1 in" "$(cat "$2")"
}

# has_not PATTERN FILE
has_not() {
  ! grep -qE -e "$1" "$2" || complain "$1 in" "$(cat "$2")"
}

@test "position independent" {
  has '^ *Type: +DYN' headers
  has 'FLAGS_1.*\bPIE\b' headers
  has_not 'TEXTREL' headers
}

@test "what the loader has bound is read-only from then on, all of it" {
  has 'GNU_RELRO' headers
  has '(FLAGS\).*BIND_NOW|FLAGS_1\).*\bNOW\b)' headers
}

@test "neither stack nor any segment is writable and executable" {
  has 'GNU_STACK .* RW +0x' headers
  has_not '(LOAD|GNU_STACK) .* RWE' headers
}

@test "no path in the file says where libraries are to be searched" {
  has_not '\((RPATH|RUNPATH)\)' headers
}

@test "stack protector, fortified functions, and bounds of containers" {
  has '__stack_chk_fail' symbols
  has '__[a-z]+_chk(@|$)' symbols
  # The function is linked in and has no name once the program is stripped; what it would say stays.
  grep -qa 'this->size()' "$PROGRAM"
}

@test "indirect jumps land where they may" {
  case $(uname -m) in
    x86_64) landing=endbr64 feature='x86 feature: IBT, SHSTK' ;;
    aarch64) landing='bti\b' feature='AArch64 feature: BTI' ;;
    *) skip "nothing like it on this processor" ;;
  esac
  # Every function whose address is taken begins so: hundreds in our code, a handful in what the linker adds.
  [ "$(objdump -d --no-show-raw-insn "$PROGRAM" | grep -cE "\b$landing")" -gt 100 ]
  # The file as a whole says so only when libc's own start-up objects do, which Debian's do not.
  ! readelf --notes "$(c++ -print-file-name=crt1.o)" | grep -qE "$feature" || has "$feature" headers
}
