#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Thousands of connections on which nothing happens cost memory, a little, and
# nobody's time.
. "$(dirname "$(readlink -f "$0")")/lib.sh"
. "$(dirname "$(readlink -f "$0")")/fault.sh"

# Each holds a socket and both ends of a pair, and our own clients one more.
many=5000
if [ "$(ulimit -Hn)" -lt $((3 * many + 200)) ]; then
	echo "skipped: $many idle connections take $((3 * many)) descriptors, and this machine's hard limit is $(ulimit -Hn)"
	exit 0
fi
ulimit -Sn "$(ulimit -Hn)"
serve "${site[@]}"
make_plan
idle=$(descriptors)
before=$(rss)
crowd idle "$many" 40
crowd_is_here
good 2 -r 100 -c 16 -k 20
good_is "beside $many idle connections"
[ "$(metric connections)" -ge "$many" ] || fail "only $(metric connections) are connected"
echo "        each costs $((($(rss) - before) / many)) KiB"
kill "$crowd_pid"
crowd_is "idle" ".here == $many and .sentAway == 0"
nothing_is_left "$idle"
echo "ok      nothing is left of them"
