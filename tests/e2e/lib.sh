# SPDX-License-Identifier: Apache-2.0
# Sourced by every end-to-end test: the real program, over real TLS, on free
# ports of 127.0.0.1; whatever was started is ended by its own pid.
#
#   $FIPSGATE   the program (ctest sets it)      $SOURCE  the source tree
#   $work       a directory of this test's own   $url, $probe, $pid, $log  of the server
#
# Whatever a sanitizer says of any process ($work/said.<pid>) fails the test, and
# with MEMCHECK=1 so does whatever valgrind says of the program.
#
# shellcheck shell=bash
set -euo pipefail

SOURCE=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd)
: "${FIPSGATE:?the program under test}"
work=$(mktemp -d)
# AddressSanitizer keeps freed memory back, by default 256 MiB of it: here memory is measured.
export ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}quarantine_size_mb=1:log_path=$work/said
export UBSAN_OPTIONS=${UBSAN_OPTIONS:+$UBSAN_OPTIONS:}log_path=$work/said
export TSAN_OPTIONS=${TSAN_OPTIONS:+$TSAN_OPTIONS:}log_path=$work/said
# It and its like also keep memory for each thread and size: how much a server grew is for the release build to say.
if grep -qaE '__(a|t)san_init' "$FIPSGATE"; then export RSS_SLACK_KB=131072; fi
patience=1 # how many times as long to wait for something to happen
if [ -n "${MEMCHECK:-}" ]; then
	export MEMCHECK_PROGRAM=$FIPSGATE MEMCHECK_LOG=$work/said
	export RSS_SLACK_KB=262144 # valgrind keeps what was freed, and more
	mkdir "$work/memcheck" # some look for a program of that name on PATH
	FIPSGATE=$work/memcheck/fipsgate
	cp "$SOURCE/tests/e2e/memcheck" "$FIPSGATE"
	patience=10
fi
log=$work/log
pid=
begun= # clients in the background

# Ends the server, which must end well.
stop_server() {
	local status=0
	[ -n "$pid" ] || return 0
	kill "$pid" 2>/dev/null || true
	wait "$pid" 2>/dev/null || status=$?
	pid=
	[ "$status" = 0 ] || { echo "FAIL: the server ended with exit $status" >&2 && return 1; }
}

# finish [STATUS]: what every test does when it ends
finish() {
	local status=${1:-$?} said
	# shellcheck disable=SC2086 # a list of numbers
	[ -z "$begun" ] || kill $begun 2>/dev/null || true
	stop_server || status=1
	for said in "$work"/said.*; do
		[ -s "$said" ] || continue
		head -n 100 "$said" >&2
		status=1
	done
	rm -rf "$work"
	exit "$status"
}
trap finish EXIT

fail() {
	printf 'FAIL: %s\n' "$1" >&2
	[ ! -s "$log" ] || { printf 'the last lines of the log:\n' >&2; tail -n 5 "$log" | cut -c1-500 >&2; }
	exit 1
}

# The certificate and the FIPS module configuration, once a test.
prepare() {
	[ -f "$work/tls.crt" ] || "$SOURCE/deploy/dev-cert.sh" "$work"
	[ -f "$work/fips/openssl.cnf" ] || "$SOURCE/deploy/fips-config.sh" "$work/fips"
}

# The arguments every server gets, before those of the test.
common() {
	prepare
	arguments=(serve --listen 127.0.0.1:0 --probe-listen 127.0.0.1:0 --tls-cert "$work/tls.crt" --tls-key "$work/tls.key"
		--openssl-conf "$work/fips/openssl.cnf" --workers 2 --drain-delay 0s)
}

# serve ARGUMENTS...: starts it and waits until it is ready
serve() {
	common
	: >"$log" # what the last server said must not be taken for this one's
	"$FIPSGATE" "${arguments[@]}" "$@" 2>"$log" &
	pid=$!
	for _ in $(seq $((300 * patience))); do
		grep -q '"msg":"fipsgate serves"' "$log" && break
		kill -0 "$pid" 2>/dev/null || fail "the server did not start"
		sleep 0.1
	done
	url=https://$(started listen)
	probe=http://$(started probe)
}

# started KEY: from the line that says what a verdict depends on
started() { grep -m 1 '"msg":"fipsgate serves"' "$log" | jq -r ".$1"; }

# refuses_to_start ARGUMENTS...: its exit status; the log is $work/refused.log
refuses_to_start() {
	local status=0
	common
	timeout $((60 * patience)) "$FIPSGATE" "${arguments[@]}" "$@" 2>"$work/refused.log" || status=$?
	return "$status"
}

# post PATH FILE: prints the HTTP status, leaves the answer in $work/body
post() {
	curl -sS --max-time 60 --cacert "$work/tls.crt" -H 'Content-Type: application/json' -H 'Expect:' \
		--data-binary "@$2" -o "$work/body" -w '%{http_code}' "$url$1"
}

# Still the same process, and ready.
alive() {
	kill -0 "$pid" 2>/dev/null || fail "the server is gone"
	[ "$(curl -sS --max-time 10 -o /dev/null -w '%{http_code}' "$probe/readyz")" = 200 ] || fail "the server is not ready any more"
}

# Resident memory, KiB.
rss() { awk '/^VmRSS/ { print $2 }' "/proc/$pid/status"; }

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
