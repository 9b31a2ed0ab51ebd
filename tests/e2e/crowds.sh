#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Hundreds of clients that do one wrong thing each, all at once, and one that
# does everything right beside them: it must not notice.
. "$(dirname "$(readlink -f "$0")")/lib.sh"
. "$(dirname "$(readlink -f "$0")")/fault.sh"

serve "${site[@]}" --handshake-timeout 1s --header-timeout 1s --body-timeout 1s --answer-timeout 1s --linger-timeout 1s
make_plan
idle=$(descriptors)
crowded() { [ "$(metric "connections_dropped_total{reason=\"$1\"}")" -gt "${2:-0}" ] || fail "nobody was sent away for $1"; }

# kind | how many | for seconds | why they are sent away, if that is counted | what they must find in the end
while IFS='|' read -r kind count seconds reason found; do
	before=$(metric "connections_dropped_total{reason=\"$reason\"}")
	crowd "$kind" "$count" "$seconds"
	good 2 -r 100 -c 16 -k 20
	good_is "beside $count who do this: $kind"
	crowd_is "$kind" "$found"
	[ "$reason" = - ] || crowded "$reason" "$before"
done <<'TABLE'
silent|300|2.2|handshake_timeout|.sentAway > 0
hello|300|2.2|handshake_timeout|.sentAway > 0
header|300|2.2|request_timeout|.sentAway > 0
body|300|2.2|request_timeout|.sentAway > 0
half-open|300|2.2|request_timeout|.came >= 100
answer|10|4.5|request_timeout|.came >= 10
garbage|200|2.2|protocol|.sentAway > 100
bad-record|100|2.2|-|.sentAway > 50
renegotiate|50|2.2|-|.sentAway > 20
key-update|50|2.2|protocol|.sentAway > 50
TABLE
alive
nothing_is_left "$idle"
echo "ok      nothing is left of them"
