#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The wall clock jumps, by days and by a year, while a client asks on: no time
# limit notices, and what depends on the date follows it.
. "$(dirname "$(readlink -f "$0")")/lib.sh"
. "$(dirname "$(readlink -f "$0")")/fault.sh"
: "${JUMP:?the library of jump.c}"

# A sanitizer's runtime wants to be the first library; that another comes before it does no harm here.
head -c 8 /dev/zero >"$work/offset"
cat >"$work/fipsgate" <<-PROGRAM
	#!/bin/sh
	ASAN_OPTIONS=$ASAN_OPTIONS:verify_asan_link_order=0 JUMP_FILE=$work/offset LD_PRELOAD=$JUMP exec $FIPSGATE "\$@"
PROGRAM
chmod +x "$work/fipsgate"
FIPSGATE=$work/fipsgate
# set_clock SECONDS: so many later than it is
set_clock() { python3 -c 'import struct, sys; open(sys.argv[1], "r+b").write(struct.pack("q", int(sys.argv[2])))' "$work/offset" "$1"; }
day=86400

cat >"$work/exception.yaml" <<-EXCEPTION
	apiVersion: fipsgate.io/v1alpha1
	kind: FipsException
	metadata: { name: some-days }
	spec:
	  policies: [{ name: registry }, { name: sidecar }, { name: volumes }]
	  match: { namespaces: [short], names: ["ledger*"] }
	  reason: "a clock that jumps"
	  owner: platform@example.gov
	  expires: $(date -u -d '+30 days' +%F)
EXCEPTION
serve "${site[@]}" --policies "$work/exception.yaml"
make_plan
jq -c '.request.namespace = "short" | .request.object.metadata.namespace = "short"' "$work/noncompliant.json" >"$work/short.json"
verdict() { post /validate "$work/short.json" >/dev/null && jq .response.allowed "$work/body"; }

[ "$(verdict)" = true ] || fail "the exception does not count: $(cat "$work/body")"
good 4 -r 150 -c 16 -k 20
for jump in $((60 * day)) $((-day)) 0 $((400 * day)) 0; do
	set_clock "$jump"
	sleep 0.5
done
set_clock $((60 * day))
[ "$(verdict)" = false ] || fail "60 days on, the exception still counts"
set_clock 0
[ "$(verdict)" = true ] || fail "back again, the exception does not count"
good_is "the clock goes forward and back"
[ "$(metric 'connections_dropped_total{reason="idle_timeout"}')$(metric 'connections_dropped_total{reason="request_timeout"}')" = 00 ] ||
	fail "time limits follow the wall clock"
alive
