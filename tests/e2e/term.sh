#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# SIGTERM while clients ask: what was sent is answered, and no connection is
# closed that a request is on its way to.
. "$(dirname "$(readlink -f "$0")")/lib.sh"
. "$(dirname "$(readlink -f "$0")")/fault.sh"

# Once in three a review that takes its time to arrive.
large_too() {
	jq -c '.request.object.metadata.annotations.filler = ("x" * 2000000)' "$work/compliant.json" >"$work/large.json"
	cat "$work/plan" - >"$work/plan.new" <<<"/validate $work/large.json true"
	mv "$work/plan.new" "$work/plan"
}

# who | connections | load options
while IFS='|' read -r who connections options; do
	serve "${site[@]}"
	make_plan
	case $who in *large*) large_too ;; esac
	# shellcheck disable=SC2086
	good 20 -c "$connections" $options -s
	for _ in $(seq 100); do
		[ "$(metric 'http_responses_total{code="200"}')" -gt $((2 * connections)) ] && break
		sleep 0.05
	done
	kill -TERM "$pid"
	good_is "$who" '.lost == 0 and .wrong == 0 and .resent == 0 and .unconnected == 1'
	status=0
	wait "$pid" || status=$?
	pid=
	[ "$status" = 0 ] || fail "$who: exit $status"
done <<'TABLE'
connections that are kept|32|-r 200
connections that come and go|32|-r 200 -k 3
more than it can answer|64|-r 0
large reviews among them|8|-r 30
TABLE
