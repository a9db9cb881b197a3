# SPDX-License-Identifier: Apache-2.0
# What the tests of the network share, on top of helper.bash: a server that misbehaves (server.py),
# keys and tokens of three generations, certificates, and a look at the copies that are kept.

# Neither the proxies of this machine nor the copies of its user take part.
unset http_proxy https_proxy all_proxy no_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY
# The tests of a file share a server, so they must run one after another.
export BATS_NO_PARALLELIZE_WITHIN_FILE=true

# What most files need; those that need more define their own.
setup_file() {
  make_generations
  start_server
}
teardown_file() { stop_server "$SERVER_PID"; }
setup() { in_a_new_world; }

# http_date DATE: as headers have it.
http_date() { LC_ALL=C TZ=UTC date -d "$1" '+%a, %d %b %Y %H:%M:%S GMT'; }

# --- servers ---------------------------------------------------------------------------------

# start_server [NAME [OPTION...]]: leaves its address in $PORT, $BASE and $BLACKHOLE, its folder in
# $SERVER. It ends with the shell that started it, at the latest.
start_server() {
  local name=${1:-server} scheme=http
  SERVER=$BATS_FILE_TMPDIR/$name-$((RANDOM)) && mkdir -p "$SERVER/www" && : >"$SERVER/log"
  python3 "$BATS_TEST_DIRNAME/server.py" "$SERVER" "${@:2}" </dev/null >"$SERVER/out" 2>&1 3>&- &
  SERVER_PID=$!
  until [ -f "$SERVER/port" ]; do
    kill -0 "$SERVER_PID" || { cat "$SERVER/out" >&2; return 1; }
    sleep 0.02
  done
  [[ " $* " != *" --certificate "* ]] || scheme=https
  PORT=$(<"$SERVER/port") BASE=$scheme://127.0.0.1:$PORT
  BLACKHOLE=http://127.0.0.1:$(<"$SERVER/blackhole")
  export SERVER SERVER_PID PORT BASE BLACKHOLE
}

stop_server() {
  kill "$1" 2>/dev/null || true
  # Its port must refuse before the test goes on.
  while kill -0 "$1" 2>/dev/null; do sleep 0.02; done
}

# refusing_port: a port that nobody listens on.
refusing_port() {
  python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# put PATH BODY [LINE...]: what the server says from now on; the lines are those of server.py.
put() {
  local file=$SERVER/www/$1
  mkdir -p "${file%/*}"
  rm -f "$file.answer"
  printf '%s' "$2" >"$file.new" && mv "$file.new" "$file"
  [ $# -lt 3 ] || { printf '%s\n' "${@:3}" >"$file.new" && mv "$file.new" "$file.answer"; }
}

# answer PATH LINE...: the same without a body.
answer() { put "$1" '' "${@:2}"; rm "$SERVER/www/$1"; }

# put_issuer [PATH] [FILTER]: a discovery document of the issuer $BASE$PATH, whose set is at /jwks.
put_issuer() {
  ISSUER=$BASE${1-}
  put "${1:+${1#/}/}.well-known/openid-configuration" \
    "$(jq -nc --arg i "$ISSUER" --arg u "$BASE/jwks" "{issuer:\$i,jwks_uri:\$u} | ${2:-.}")"
}

# requests_are N: so many since clear_log. Leaves them in $requests, targets alone.
requests_are() {
  requests=$(cut -f1 "$SERVER/log")
  [ "$(wc -l <"$SERVER/log")" -eq "$1" ] || complain "expected $1 requests:" "$requests"
}

# asked_for TARGET...: these were asked for since clear_log, in this order.
asked_for() {
  requests_are $# || return
  [ $# -eq 0 ] || [ "$requests" == "$(printf 'GET %s\n' "$@")" ] || complain "requests:" "$requests"
}

clear_log() { : >"$SERVER/log"; }

# sent HEADER, never_sent HEADER: a header line, in lower case up to its colon, in any request.
sent() { grep -qF "$1" "$SERVER/log" || complain "not sent: $1" "$(<"$SERVER/log")"; }
never_sent() { ! grep -qF "$1" "$SERVER/log" || complain "sent: $1" "$(<"$SERVER/log")"; }

# --- keys and tokens -------------------------------------------------------------------------

# make_generations: keys old, new and lost (in no set), their JWKs and sets of them, and for each a
# token that verifies until 600 s after $NOW.
make_generations() {
  local name
  cd "$BATS_FILE_TMPDIR" || return
  for name in old new lost; do
    make_ec $name.pem
    jwk $name.pem "{kid:\"$name\",alg:\"ES256\",use:\"sig\"}" >$name.jwk
    mint $name "{\"exp\":$((NOW + 600))}" >$name.jwt
  done
  jwks "$(<old.jwk)" >old.jwks
  jwks "$(<new.jwk)" >new.jwks
  jwks "$(<old.jwk)" "$(<new.jwk)" >both.jwks
}

# mint KEY CLAIMS [HEADER]: a token of that generation.
mint() {
  local header="{\"alg\":\"ES256\",\"kid\":\"$1\"}"
  sign_es256 "${3:-$header}" "$2" "$BATS_FILE_TMPDIR/$1.pem"
}

# token_of KEY [CLAIM-JSON]: a token for the issuer $ISSUER and the audience api.
token_of() {
  local more=${2:-{\}}
  mint "$1" "$(jq -nc --arg i "$ISSUER" "{iss:\$i,aud:\"api\",exp:($NOW + 600)} + $more")"
}

# use_generations: what make_generations made, as variables of a test.
use_generations() {
  local folder=$BATS_FILE_TMPDIR
  OLD=$(<"$folder/old.jwt") NEW=$(<"$folder/new.jwt") LOST=$(<"$folder/lost.jwt")
  OLD_JWK=$(<"$folder/old.jwk") NEW_JWK=$(<"$folder/new.jwk")
  OLD_SET=$(<"$folder/old.jwks") NEW_SET=$(<"$folder/new.jwks") BOTH_SET=$(<"$folder/both.jwks")
}

# --- certificates ----------------------------------------------------------------------------

# make_ca: ca.pem, which signs those of make_certificate.
make_ca() {
  make_ec ca.key
  openssl req -x509 -new -key ca.key -subj "/CN=Test CA" -days 30 -out ca.pem \
    -addext keyUsage=critical,keyCertSign -addext basicConstraints=critical,CA:TRUE
}

# make_certificate NAME SUBJECT-ALTERNATIVE-NAMES [expired]: NAME.pem and NAME.key.
make_certificate() {
  local validity=(-days 30)
  make_ec "$1.key"
  openssl req -new -key "$1.key" -subj "/CN=$1" -out "$1.csr"
  if [ "${3-}" == expired ]; then
    # A negative length is for OpenSSL before 3.4 alone, dates for those after.
    validity=(-days -1)
    if openssl x509 -help 2>&1 | grep -q -- -not_after; then
      validity=(-not_before 20200101000000Z -not_after 20210101000000Z)
    fi
  fi
  openssl x509 -req -in "$1.csr" -CA ca.pem -CAkey ca.key -set_serial "$((RANDOM + 1))" \
    "${validity[@]}" -extfile <(echo "subjectAltName=$2") -out "$1.pem" 2>/dev/null
}

# --- running ---------------------------------------------------------------------------------

# in_a_new_world: an empty working folder and cache, an empty log, nothing served.
in_a_new_world() {
  mkdir "$BATS_TEST_TMPDIR/work"
  cd "$BATS_TEST_TMPDIR/work" || return
  export HOME=$BATS_TEST_TMPDIR/home XDG_CACHE_HOME=$BATS_TEST_TMPDIR/cache
  CACHE=$XDG_CACHE_HOME/jwtctl/jwks
  rm -rf "$SERVER/www" && mkdir "$SERVER/www" && clear_log
  use_generations
}

fetch() { run_jwtctl jwks fetch "$@" </dev/null; }

# verify_with URL TOKEN [OPTION...]: against a key set; the clock of the verdict is $NOW.
verify_with() { run_jwtctl verify --jwks "$1" --now "$NOW" "$2" "${@:3}" </dev/null; }

# verify_issuer TOKEN [OPTION...]: against what the issuer $ISSUER publishes.
verify_issuer() {
  run_jwtctl verify --issuer "$ISSUER" --discover --audience api --now "$NOW" "$@" </dev/null
}

# fails STATUS CODE TEXT...: an error with this status and code, both in -f json and for people. The
# command must have been run with -f json.
fails() {
  expect_error "$1" "${@:3}" || return
  local said
  said=$(jq -r '"\(.schema) \(.error.exit) \(.error.code)"' <<<"$output") || complain "no JSON" || return
  # shellcheck disable=SC2053 # the code may be a pattern
  [[ $said == "jwtctl.error/1 $1 "$2 ]] || complain "expected the error $1, $2"
}

# --- copies ----------------------------------------------------------------------------------

# entry_of URL: the file that holds the copy.
entry_of() {
  local hash
  hash=$(printf %s "$1" | sha256sum)
  printf '%s/%s.json' "$CACHE" "${hash%% *}"
}

# plant URL BODY [JQ-OBJECT]: a copy as an earlier run would have left it, now fresh for an hour.
plant() {
  local now hash
  printf -v now '%(%s)T'
  hash=$(printf %s "$2" | sha256sum)
  mkdir -p -m 700 "$XDG_CACHE_HOME/jwtctl" "$CACHE"
  (umask 077 && jq -nc --arg url "$1" --arg body "$2" --arg hash "${hash%% *}" "{version:1,url:\$url,
    final_url:\$url,fetched_at:$now,validated_at:$now,lifetime:3600,stale_if_error:0,forced_at:0,
    etag:\"\",last_modified:\"\",body_sha256:\$hash,body:\$body} + ${3:-{\}}" >"$(entry_of "$1")")
}

# change_copies FILTER: what a jq filter makes of every copy; the mode stays.
change_copies() {
  local file changed
  for file in "$CACHE"/*.json; do
    changed=$(jq -c "$1" "$file") && printf '%s\n' "$changed" >"$file" || return
  done
}

# age_copies SECONDS: as if that time had gone by.
age_copies() { change_copies ".fetched_at -= $1 | .validated_at -= $1"; }

# copies: every file but locks, byte for byte, without the time of the last forced request.
copies() {
  [ ! -d "$XDG_CACHE_HOME" ] || find "$XDG_CACHE_HOME" -type f ! -name '*.lock' -printf '%p %m %U\n' \
    -exec sed 's/"forced_at":[0-9]*/"forced_at":0/' {} \; -exec echo end \;
}

keep_copies() { kept_copies=$(copies); }

copies_are_unchanged() {
  local now
  now=$(copies)
  [ "$now" == "$kept_copies" ] || complain "copies before:" "$kept_copies" "after:" "$now"
}

no_copies() {
  local found
  found=$(copies)
  [ -z "$found" ] || complain "expected no copies:" "$found"
}

copies_number() {
  local found
  found=$(find "$CACHE" -name '*.json' | wc -l)
  [ "$found" -eq "$1" ] || complain "$found copies, expected $1"
}

# copy_has URL FILTER EXPECTED: what the copy says of itself.
copy_has() {
  local actual
  actual=$(jq -c "$2" "$(entry_of "$1")") || complain "no copy of $1" || return
  [ "$actual" == "$3" ] || complain "$2 of the copy is $actual, expected $3"
}

# PAST: of a copy that was good for 60 s, 120 s ago.
printf -v PAST '%(%s)T'
PAST="{fetched_at: ($PAST - 120), validated_at: ($PAST - 120), lifetime: 60}"

# --- faults ----------------------------------------------------------------------------------

# survives URL STATUS CODE TEXT [OPTION...]: what every fault must leave in order. Without a copy,
# and with a good one that is no longer fresh, the fault is an error with this status, code and
# text, and no verdict; nothing is stored, and the copy stays as it is and serves when it is asked
# for. A token of no known key is never let in.
survives() {
  local url=$1 status_of_fault=$2 code=$3 text=$4
  shift 4
  rm -rf "$XDG_CACHE_HOME"
  verify_with "$url" "$OLD" -f json "$@"
  fails "$status_of_fault" "$code" "$text" && no_copies || return

  plant "$url" "$OLD_SET" "$PAST" && keep_copies
  fetch "$url" -f json "$@"
  fails "$status_of_fault" "$code" "$text" "a copy of " "--offline uses it" &&
    copies_are_unchanged || return
  verify_with "$url" "$OLD" --offline
  expect_status 0 && stdout_has VALID && copies_are_unchanged || return
  verify_with "$url" "$LOST" --offline
  expect_status 12 && copies_are_unchanged
}
