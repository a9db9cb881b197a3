#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Builds and installs jwtctl, and shows it at work.
#   sh packaging/install.sh [--prefix DIR] [--no-deps]
# Without --no-deps it installs what the build needs with apt-get, where that is there. Names of packages and versions
# are those of Debian 12 and 13; README.md lists what they must be elsewhere.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
prefix=/usr/local
deps=yes
while [ $# -gt 0 ]; do
  case $1 in
    --prefix)
      if [ $# -lt 2 ] || [ -z "$2" ]; then
        echo "install.sh: --prefix needs a directory" >&2
        exit 2
      fi
      prefix=$2
      shift 2 ;;
    --no-deps) deps=no; shift ;;
    -h|--help) sed -n '3,6s/^# *//p' "$0"; exit 0 ;;
    *) echo "install.sh: unknown argument $1 (see --help)" >&2; exit 2 ;;
  esac
done
case $prefix in /*) ;; *) prefix=$(pwd)/$prefix ;; esac

# as_root runs a command with the rights that it needs.
as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

if [ "$deps" = yes ]; then
  . "$root/packaging/dependencies.sh"
  # shellcheck disable=SC2086 # a list of names
  install_packages $build_packages
fi

cd "$root"
cmake --preset release -DBUILD_TESTING=OFF -DCMAKE_INSTALL_PREFIX="$prefix"
cmake --build --preset release

writable=$prefix
while [ ! -e "$writable" ]; do writable=$(dirname "$writable"); done
if [ -w "$writable" ]; then
  cmake --install build/release --strip
else
  as_root cmake --install build/release --strip
fi

jwtctl=$prefix/bin/jwtctl
sample=$(mktemp -d)
trap 'rm -rf "$sample"' EXIT
echo
echo "installed: $("$jwtctl" version) as $jwtctl"
echo "at work: a key pair, a token that lasts five minutes, and its verification"
echo
set -x
"$jwtctl" keygen -a ES256 --out-private "$sample/key.jwk" --out-jwks "$sample/jwks.json"
"$jwtctl" sign -k "$sample/key.jwk" --issuer https://id.example.com --audience api --claim role=admin \
  --expires-in 5m -o "$sample/token.jwt"
"$jwtctl" verify --jwks "$sample/jwks.json" --issuer https://id.example.com --audience api --strict \
  "@$sample/token.jwt"
