# shellcheck shell=sh disable=SC2034
# SPDX-License-Identifier: Apache-2.0
# What building and testing need, by the names of Debian and Ubuntu; sourced by the two scripts.

build_packages="g++ cmake ninja-build libssl-dev nlohmann-json3-dev libfmt-dev libcli11-dev
  libcurl4-openssl-dev ca-certificates tzdata libtomlplusplus-dev"
# Other implementations, to exchange keys and tokens with.
peer_packages="jose python3-jwt python3-jwcrypto"
# What reads the calendars and alerts that rotate-plan writes.
reader_packages="python3-icalendar prometheus"
# Of names with | between them one will do, the first that this release has.
test_packages="$build_packages clang-14|clang-19 libclang-rt-14-dev|libclang-rt-19-dev catch2 bats parallel jq
  openssl python3 python3-jsonschema zsh fish bash-completion man-db bsdutils strace libxml2-utils $peer_packages $reader_packages"

# installed NAME
installed() {
  [ "$(dpkg-query -W -f '${Status}' "$1" 2>/dev/null || true)" = "install ok installed" ]
}

# first_with TEST NAMES: prints the first of names with | between them that passes.
first_with() {
  for name in $(echo "$2" | tr '|' ' '); do
    if $1 "$name"; then
      echo "$name"
      return
    fi
  done
  return 1
}

# offered NAME: apt has it.
offered() {
  apt-cache show "$1" >/dev/null 2>&1
}

# install_packages installs those of its arguments that are missing.
install_packages() {
  missing=
  for package in "$@"; do
    first_with installed "$package" >/dev/null || missing="$missing $package"
  done
  [ -n "$missing" ] || return 0
  if ! command -v apt-get >/dev/null; then
    echo "these are missing and apt-get is not here to install them:$missing" >&2
    return 0
  fi
  run=
  [ "$(id -u)" = 0 ] || run=sudo
  $run apt-get update -q
  chosen=
  for package in $missing; do
    chosen="$chosen $(first_with offered "$package" || echo "$package")"
  done
  # shellcheck disable=SC2086 # a list of names
  $run env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $chosen
}
