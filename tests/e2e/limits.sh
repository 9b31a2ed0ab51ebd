#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Every limit of `serve`, exceeded (limits.py): who does gets an answer or the
# end of the connection, in time; who does not notices nothing; and nothing stays behind.
. "$(dirname "$(readlink -f "$0")")/lib.sh"

review=$SOURCE/tests/fixtures/pod-plain-create.json
limits=(--max-connections 32 --max-connections-per-address 8 --max-requests 5 --max-body 4Mi --max-inflight 16Mi
	--max-arena 8Mi --queue-time 500ms --handshake-timeout 2s --header-timeout 2s --body-timeout 3s --answer-timeout 3s
	--idle-timeout 3s --linger-timeout 1s)
metric() { curl -sS --max-time 5 "$probe/metrics" | awk -v name="fipsgate_$1" '$1 == name { print $2 }'; }
# counted REASON: that many connections were ended for it
counted() { [ "$(metric "connections_dropped_total{reason=\"$1\"}")" -gt 0 ] || fail "no connection was ended for $1"; }

while IFS='|' read -r option says; do
	# shellcheck disable=SC2086
	refuses_to_start $option && fail "$option starts" || [ $? = 2 ] || fail "$option: exit status"
	grep -qF -- "$says" "$work/refused.log" || fail "$option: $(cat "$work/refused.log")"
done <<'TABLE'
--max-inflight 20Mi|--max-inflight must have room for one review
--max-arena 1Mi|--max-arena must be from 2 to 48 MiB
--max-body 0|--max-body must be more than nothing
--workers 1000|--workers must be at most
--max-header 1Ki|--max-header must be from 4 to 64 KiB
--max-requests 0|--max-requests must be more than nothing
--idle-timeout 0s|a timeout of nothing lets nobody in
--max-connections many|--max-connections: `many` is not a number
TABLE

serve "${limits[@]}"
idle_fds=$(find "/proc/$pid/fd" | wc -l)
# ask NAME
ask() {
	said=$(timeout 120 python3 "$SOURCE/tests/e2e/limits.py" "${url#https://}" "$work/tls.crt" "$review" "$1" 2>&1) ||
		fail "$said"
	echo "ok      $said"
	alive
}
for name in $(python3 "$SOURCE/tests/e2e/limits.py" x:1 "$work/tls.crt" "$review" names); do
	ask "$name"
done
for reason in handshake_timeout request_timeout idle_timeout connection_limit address_limit made_room protocol; do
	counted "$reason"
done
for _ in $(seq 100); do
	[ "$(metric connections)" = 0 ] && [ "$(metric inflight_bytes)" = 0 ] && break
	sleep 0.1
done
[ "$(metric connections)" = 0 ] || fail "$(metric connections) connections are left"
[ "$(metric inflight_bytes)" = 0 ] || fail "$(metric inflight_bytes) bytes are still claimed"
left=$(find "/proc/$pid/fd" | wc -l)
[ "$left" -le "$((idle_fds + 1))" ] || fail "$left descriptors, at the start there were $idle_fds"
echo "ok      nothing is left of it"
stop_server

serve "${limits[@]}" --max-requests 100000
before=$(rss)
ask answer
counted request_timeout
[ "$(($(rss) - before))" -le "${RSS_SLACK_KB:-16384}" ] || fail "who reads no answer costs $(($(rss) - before)) KiB"
