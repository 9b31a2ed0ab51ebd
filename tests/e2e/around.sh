#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What happens to the process and not to a connection, while a client asks on:
# the log has no room, the process is stopped for a while, the clock jumps,
# descriptors run out.
. "$(dirname "$(readlink -f "$0")")/lib.sh"
. "$(dirname "$(readlink -f "$0")")/fault.sh"
: "${JUMP:?the library of jump.c}"

await() { # text command...
	local text=$1
	shift
	for _ in $(seq 100); do
		"$@" && return
		sleep 0.1
	done
	fail "$text"
}
serve "${site[@]}"
make_plan
ports=("${url##*:}" "${probe##*:}")
stop_server
# launch ARGUMENTS...: on the same ports; its standard error is ours
launch() {
	common
	arguments[2]=127.0.0.1:${ports[0]} arguments[4]=127.0.0.1:${ports[1]}
	"${under[@]}" "$FIPSGATE" "${arguments[@]}" "${site[@]}" "$@" &
	pid=$!
	await "the server does not start" eval '[ "$(curl -s --max-time 5 -o /dev/null -w "%{http_code}" "$probe/readyz")" = 200 ]'
}
under=()
ends_well() {
	local status=0
	kill -TERM "$pid"
	wait "$pid" || status=$?
	pid=
	[ "$status" = 0 ] || fail "exit $status"
}

launch 2>/dev/full
good 1.5 -r 300 -c 16 -k 50
good_is "a disk that is full"
await "lines are not counted" eval '[ "$(metric log_lines_dropped_total)" -ge 400 ]'
ends_well
launch 2>&-
good 1.5 -r 300 -c 16 -k 50
good_is "no standard error"
ends_well
mkfifo "$work/pipe"
exec {unread}<>"$work/pipe"
launch 2>"$work/pipe"
good 1.5 -r 300 -c 16 -k 50
good_is "a log that nobody reads"
ends_well
exec {unread}<&-

# No descriptor is left but those in use; then there are some again.
launch 2>"$log"
idle=$(descriptors)
good 5 -r 100 -c 16
await "nobody is connected" eval '[ "$(metric connections)" -ge 16 ]'
sleep 0.2
prlimit --pid "$pid" --nofile=$(($(descriptors) + 5)):"$(ulimit -Hn)"
crowd idle 60 3
sleep 1
kill -HUP "$pid"
sleep 1
prlimit --pid "$pid" --nofile="$(ulimit -Hn)"
crowd_is "many come where none fits" '.came >= 1'
good_is "no descriptor is left"
[ "$(post /validate "$work/compliant.json")" = 200 ] || fail "nobody new is let in when there are descriptors again"
alive
nothing_is_left "$idle"
ends_well

# Stopped for longer than any limit; large reviews are on their way all the time.
jq -c '.request.object.metadata.annotations.filler = ("x" * 4000000)' "$work/compliant.json" >"$work/large.json"
echo "/validate $work/large.json true" >>"$work/plan"
launch --header-timeout 2s --body-timeout 2s --answer-timeout 2s --handshake-timeout 2s 2>"$log"
good 5.5 -r 40 -c 24 -k 20
sleep 1
kill -STOP "$pid"
sleep 4
kill -CONT "$pid"
good_is "stopped for four seconds" '.lost == 0 and .wrong == 0 and .resent == 0 and .unconnected == 0'
[ "$(metric 'connections_dropped_total{reason="request_timeout"}')" = 0 ] || fail "who was in time was told that it was not"
alive
ends_well
