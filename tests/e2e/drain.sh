#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# SIGTERM: no new connections, idle ones are ended, what has begun to arrive is
# answered, then exit 0. A second signal ends it at once.
. "$(dirname "$(readlink -f "$0")")/lib.sh"

bad=0
ok() { echo "ok      $1"; }
not_ok() {
	echo "not ok  $1"
	bad=1
}

serve
port=${url##*:}
review=$SOURCE/tests/fixtures/pod-plain-create.json
length=$(stat -c %s "$review")

# open_client NAME: its input is the descriptor $pipe, its output $work/NAME
open_client() {
	mkfifo "$work/$1.pipe"
	timeout 60 openssl s_client -quiet -connect "127.0.0.1:$port" <"$work/$1.pipe" >"$work/$1" 2>/dev/null &
	client=$!
	exec {pipe}>"$work/$1.pipe"
}
metric() { curl -sS --max-time 5 "$probe/metrics" | awk -v name="fipsgate_$1" '$1 == name { print $2 }'; }
await() { # metric value
	for _ in $(seq 100); do
		[ "$(metric "$1")" -ge "$2" ] && return
		sleep 0.05
	done
	fail "$1 never reached $2"
}

open_client idle
idle=$client
printf 'POST /validate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n' "$length" >&"$pipe"
cat "$review" >&"$pipe"
await 'http_responses_total{code="200"}' 1
open_client busy
busy=$client
before=$(metric received_bytes_total)
printf 'POST /validate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n' "$length" >&"$pipe"
head -c 1000 "$review" >&"$pipe"
await received_bytes_total $((before + 1000))

kill -TERM "$pid"
wait "$idle" || true
ok "an idle connection is ended"
! timeout 5 openssl s_client -connect "127.0.0.1:$port" </dev/null >/dev/null 2>&1 && ok "nobody new is let in" || not_ok "nobody new is let in"
[ "$(curl -sS --max-time 5 -o /dev/null -w '%{http_code}' "$probe/readyz")" = 503 ] && ok "readyz says that it is stopping" || not_ok "readyz says that it is stopping"
[ "$(curl -sS --max-time 5 -o /dev/null -w '%{http_code}' "$probe/livez")" = 200 ] && ok "livez does not" || not_ok "livez does not"
kill -0 "$pid" 2>/dev/null && ok "it waits for what has begun" || not_ok "it waits for what has begun"
tail -c +1001 "$review" >&"$pipe"
wait "$busy" || true
grep -q '^HTTP/1.1 200' "$work/busy" && grep -q '^Connection: close' "$work/busy" && ok "what had begun is answered, and is the last" ||
	not_ok "what had begun is answered: $(head -c 300 "$work/busy")"
status=0
wait "$pid" || status=$?
pid=
[ "$status" = 0 ] && ok "exit 0" || not_ok "exit $status"
tail -n 1 "$log" | grep -q '"msg":"stopped"' && ok "the last line says so" || not_ok "the last line says so"

serve
port=${url##*:}
open_client stubborn
printf 'POST /validate HT' >&"$pipe"
await connections 1
kill -INT "$pid"
for _ in $(seq 100); do
	grep -q 'stopping on signal' "$log" && break
	sleep 0.05
done
kill -INT "$pid"
status=0
wait "$pid" || status=$?
pid=
[ "$status" = 130 ] && ok "a second signal ends it at once" || not_ok "a second signal: exit $status"

serve --drain-delay 2s
kill -TERM "$pid"
for _ in $(seq 100); do
	[ "$(curl -sS --max-time 5 -o /dev/null -w '%{http_code}' "$probe/readyz")" = 503 ] && break
	sleep 0.05
done
[ "$(post /validate "$review")" = 200 ] && ok "not ready, it goes on serving for --drain-delay" || not_ok "--drain-delay does not serve"
status=0
wait "$pid" || status=$?
pid=
[ "$status" = 0 ] && ok "and then it stops" || not_ok "exit $status"

exit $bad
