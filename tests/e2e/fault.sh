#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Sourced by the tests of what goes wrong around a server, after lib.sh: a good
# client ($LOAD, load.c) asks all the while and counts lost, wrong and late
# answers; many bad ones ($CROWD, crowd.c) stand beside it.
#
# shellcheck shell=bash
: "${LOAD:?the client of load.c}" "${CROWD:?the clients of crowd.c}"

site=(--policies builtin:aws-govcloud --facts "$SOURCE/policies/sample-site.yaml")
metric() { curl -sS --max-time 10 "$probe/metrics" | awk -v name="fipsgate_$1" '$1 == name { print $2 }'; }

# The reviews, and which answers to them are right: $work/plan, for servers with "${site[@]}".
make_plan() {
	local name
	for name in compliant noncompliant repairable; do
		jq -c . "$SOURCE/deploy/examples/$name.json" >"$work/$name.json"
	done
	[ "$(post /mutate "$work/repairable.json")" = 200 ] || fail "no answer to make a plan of"
	jq -e '.response | .allowed and (.patch | @base64d | fromjson | length) > 0' "$work/body" >/dev/null || fail "$(cat "$work/body")"
	cat >"$work/plan" <<-PLAN
		/validate $work/compliant.json true
		/validate $work/noncompliant.json false
		/mutate $work/repairable.json true:$(jq -r .response.patch "$work/body")
		/validate/enforce $work/noncompliant.json false
		/validate/audit $work/noncompliant.json true
	PLAN
}

# good SECONDS LOAD-OPTIONS...: the good client begins
good() {
	"$LOAD" "${url#https://}" "${ca:-$work/tls.crt}" "$work/plan" -t "$@" >"$work/good.json" 2>"$work/good.log" &
	good_pid=$!
	begun="$begun $good_pid"
}

# good_is WHAT [FILTER]: it is through, and the numbers are as FILTER (jq) says; by default no answer
# was lost or wrong, none had to be asked for twice, and hardly one came late
good_is() {
	local filter=${2:-'.lost == 0 and .wrong == 0 and .resent == 0 and .unconnected == 0 and .late * 20 <= .answered'}
	wait "$good_pid" || fail "$1: $(cat "$work/good.log")"
	jq -e "(.answered > 0) and ($filter)" "$work/good.json" >/dev/null || fail "$1: $(cat "$work/good.json")"
	echo "ok      $1: $(jq -r '"\(.answered) answers, \(.lost) lost, \(.wrong) wrong, \(.late) late, \(.resent) asked for twice; the slowest took \(.maxus / 1000 | floor) ms"' "$work/good.json")"
}

# crowd KIND COUNT SECONDS: begins, and is here
crowd() {
	"$CROWD" "${url#https://}" "${ca:-$work/tls.crt}" "$@" "$work/noncompliant.json" >"$work/crowd.json" &
	crowd_pid=$!
	begun="$begun $crowd_pid"
}
crowd_is_here() {
	for _ in $(seq 300); do
		grep -q 'all here' "$work/crowd.json" && return
		sleep 0.1
	done
	fail "the crowd does not come in"
}
# crowd_is WHAT FILTER
crowd_is() {
	wait "$crowd_pid" || fail "$1: the crowd ended"
	tail -n 1 "$work/crowd.json" | jq -e "$2" >/dev/null || fail "$1: $(tail -n 1 "$work/crowd.json")"
}

# Nothing is left of anybody: connections, memory, descriptors.
nothing_is_left() {
	for _ in $(seq 150); do
		[ "$(metric connections)" = 0 ] && [ "$(metric inflight_bytes)" = 0 ] && break
		sleep 0.1
	done
	[ "$(metric connections)" = 0 ] || fail "$(metric connections) connections are left"
	[ "$(metric inflight_bytes)" = 0 ] || fail "$(metric inflight_bytes) bytes are still claimed"
	[ "$(descriptors)" -le "$(($1 + 1))" ] || fail "$(descriptors) descriptors, at the start there were $1"
}
descriptors() { find "/proc/$pid/fd" -mindepth 1 | wc -l; }
