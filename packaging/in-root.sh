#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs a command in a bare Debian system: does it build there, with nothing but what our scripts install?
#   sudo sh packaging/in-root.sh [--fresh] SUITE COMMAND [ARGUMENT...]
# e.g. sh packaging/in-root.sh trixie sh packaging/install.sh
# SUITE is bookworm, trixie, sid... The system is made with mmdebstrap from the archive, and by way of the proxy, that
# apt uses here; it stays in build/roots/SUITE for the next run, unless that says --fresh. The command runs as its
# root in a copy of this checkout as it is now (what git tracks or would add), with the test vectors beside it where
# they are here, and its exit status is that of this script; 125 when it could not be started.
set -eu

checkout=$(cd "$(dirname "$0")/.." && pwd)
roots=$checkout/build/roots

# stop MESSAGE STATUS
stop() {
  echo "in-root.sh: $1" >&2
  exit "$2"
}

# The second half runs where mounts are its own and vanish with its last process.
if [ "${1-}" = --inside ]; then
  root=$2
  shift 2
  for tree in proc dev; do
    mount --rbind "/$tree" "$root/$tree" || echo "in-root.sh: goes on without /$tree" >&2
  done
  mount -t proc proc "$root/proc" 2>/dev/null || true # that of this namespace, where one may
  # No exec: the first process of a namespace has to collect orphans, as a shell does.
  status=0
  env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
    ${http_proxy:+"http_proxy=$http_proxy"} ${https_proxy:+"https_proxy=$https_proxy"} \
    ${no_proxy:+"no_proxy=$no_proxy"} ${JWTCTL_REQUIRE_PEERS:+"JWTCTL_REQUIRE_PEERS=$JWTCTL_REQUIRE_PEERS"} \
    chroot "$root" sh -c 'cd /src/jwtctl && exec "$@"' sh "$@" || status=$?
  exit "$status"
fi

fresh=no
case ${1-} in
  -h | --help) sed -n '3,9s/^# *//p' "$0"; exit 0 ;;
  --fresh) fresh=yes; shift ;;
  -*) stop "unknown option $1 (see --help)" 2 ;;
esac
[ $# -ge 2 ] || stop "a suite and a command are needed (see --help)" 2
suite=$1
shift
case $suite in '' | *[!a-z]*) stop "a suite has a name like trixie, not \"$suite\"" 2 ;; esac
[ "$(id -u)" = 0 ] || stop "only root may make a root (say sudo)" 125
for tool in mmdebstrap apt-get unshare flock git; do
  command -v $tool >/dev/null || stop "$tool is missing (apt-get install mmdebstrap util-linux git)" 125
done

# sources prints Debian's archives as apt has them here, for another suite.
sources() {
  # shellcheck disable=SC2016 # apt's variables
  apt-get indextargets --format '$(ORIGIN) $(CODENAME) $(REPO_URI) $(COMPONENT)' 'Identifier: Packages' |
    awk -v suite="$suite" '$1 == "Debian" {
      part = index($2, "-") ? substr($2, index($2, "-")) : ""
      if (part != "" && (suite == "sid" || suite == "unstable")) next
      if (part ~ /^(-updates|-security)?$/ && $4 == "main") print "deb " $3 " " suite part " main"
    }' | sort -u
}

# make_root makes the system under a name of its own: an interrupted one is never taken for one that is ready.
make_root() {
  rm -rf "$root" "$root.new"
  sources >"$root.sources"
  if [ ! -s "$root.sources" ]; then
    apt-get update -q >&2 # indexes that were cleaned away say nothing of their origin
    sources >"$root.sources"
  fi
  [ -s "$root.sources" ] || stop "apt here knows no archive of Debian" 125
  apt-config dump | grep -E '^Acquire::(https?|Check-|Retries|Force)' >"$root.apt" || true
  set -- --variant=minbase --aptopt="$root.apt"
  if grep -q 'deb https:' "$root.sources"; then
    set -- "$@" --include=ca-certificates
    if [ -d /usr/local/share/ca-certificates ]; then # of this network, perhaps
      # shellcheck disable=SC2016 # the hook's argument
      set -- "$@" --essential-hook='mkdir -p "$1/usr/local/share"' \
        --essential-hook='cp -r /usr/local/share/ca-certificates "$1/usr/local/share/"'
    fi
  fi
  mmdebstrap "$@" "$suite" "$root.new" - <"$root.sources" >&2 || return
  mv "$root.new" "$root"
}

# copy_checkout brings the copy up to date, without what was built there.
copy_checkout() {
  copy=$root/src/jwtctl
  mkdir -p "$copy" "$root/src/shared"
  find "$copy" -mindepth 1 -maxdepth 1 ! -name build -exec rm -rf {} +
  # Names of deleted files are still in the index.
  # shellcheck disable=SC2016 # the other shell's
  git -C "$checkout" ls-files -z --cached --others --exclude-standard |
    (cd "$checkout" && xargs -0 sh -c 'for f; do [ ! -e "$f" ] || printf "%s\0" "$f"; done' sh) |
    tar -C "$checkout" -c --null --files-from=- | tar -C "$copy" -x --no-same-owner || return
  rm -rf "$root/src/shared/vectors"
  vectors=${JWTCTL_VECTORS:-$checkout/../shared/vectors}
  [ ! -d "$vectors" ] || cp -r "$vectors" "$root/src/shared/vectors"
}

mkdir -p "$roots"
root=$roots/$suite
exec 9>"$root.lock"
flock -n 9 || stop "another run uses $root" 125
[ "$fresh" = no ] || rm -rf "$root"
[ -d "$root" ] || make_root || stop "no root was made" 125
copy_checkout || stop "the checkout could not be copied" 125
for file in resolv.conf hosts; do
  [ ! -e "/etc/$file" ] || cp -L "/etc/$file" "$root/etc/$file"
done

# run_apart runs the second half, and takes all of it down when this script is stopped: unshare itself would wait.
run_apart() {
  exec 8<&0 # what runs in the background has no stdin otherwise
  "$@" <&8 8<&- &
  apart=$!
  trap 'kill -9 $apart; exit 143' TERM HUP
  trap 'kill -9 $apart; exit 130' INT
  status=0
  wait $apart || status=$?
  exit $status
}

set -- sh "$checkout/packaging/in-root.sh" --inside "$root" "$@"
if unshare --mount --pid --fork true 2>/dev/null; then
  run_apart unshare --mount --pid --fork --kill-child "$@"
fi
unshare --mount true 2>/dev/null || stop "mounts of its own are not allowed here" 125
run_apart unshare --mount "$@"
