#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The state of the FIPS provider, wherever it is shown: before, and after it
# fails a test of its own, which ends the server. $SPOIL is the library of
# spoil.c (ctest sets it).
. "$(dirname "$(readlink -f "$0")")/lib.sh"
: "${SPOIL:?the library of spoil.c}"

ok() { echo "ok      $1"; }
metric() { curl -sS --max-time 5 "$probe/metrics" | awk -v name="fipsgate_$1" '$1 == name { print $2 }'; }
says() { # what | pattern | text
	grep -qE -- "$2" <<<"$3" && ok "$1" || fail "$1: $3"
}
ready() { curl -s --max-time 5 -o "$work/readyz" -w '%{http_code}' "$probe/readyz?verbose" || true; }

# What facts say of the version in use: nothing, something, and something that has ended.
facts() {
	cat <<-FACTS
		apiVersion: fipsgate.io/v1alpha1
		kind: FipsFacts
		metadata: { name: cmvp-certificates }
		spec:
		  layer: application-dependencies
		  sources: { here: "made up for this test" }
		  rows:
		    - { value: "9999", verdict: strict, sure: A, source: here, asOf: 2026-11-01, module: M, standard: "140-3",
		        status: active, sunset: $1, provider: "$2", versions: ["$3"] }
	FACTS
}
common
version=$("$FIPSGATE" version --openssl-conf "$work/fips/openssl.cnf" --output json)
name=$(jq -r .fipsProvider <<<"$version") number=$(jq -r .fipsVersion <<<"$version")
says "version: Debian's build is not a validated one" '"fipsCertificate":"none".*not a CMVP-validated build' "$version"
facts 2999-01-01 "$name" "$number" >"$work/facts.yaml"
says "version: what newer facts know" '^FIPS certificate 9999$' "$("$FIPSGATE" version --openssl-conf "$work/fips/openssl.cnf" --facts "$work/facts.yaml")"
says "version: without a provider it says why" '"fipsActive":false.*there is no file' "$("$FIPSGATE" version --openssl-conf "$work/nowhere" --output json)"

# version_refuses 'text' ARGUMENTS...: exit 2
version_refuses() {
	local status=0
	"$FIPSGATE" version "${@:2}" >"$work/version" 2>&1 || status=$?
	[ "$status" = 2 ] && says "version ${*:2}" "$1" "$(cat "$work/version")" || fail "version ${*:2}: exit $status"
}
version_refuses 'unknown option .--cnf.' --cnf x
version_refuses '/nowhere/facts.yaml' --openssl-conf "$work/fips/openssl.cnf" --facts /nowhere/facts.yaml

serve --facts "$work/facts.yaml"
says "the first line names the certificate" '"fipsCertificate":"9999","fipsCertificateStatus":"active","fipsNote":"certificate 9999 \(FIPS 140-3, active, sunset 2999-01-01\)' "$(head -n 1 "$log")"
[ "$(metric fips_validated)" = 1 ] && ok "the metric says validated" || fail "fips_validated is $(metric fips_validated)"
says "the info metric names it" 'fipsgate_fips_info\{provider="[^"]+",version="[^"]+",build="[^"]+",self_test="passed",certificate="9999",certificate_status="active"\} 1' "$(curl -sS --max-time 5 "$probe/metrics")"
ready >/dev/null
says "readyz names it" '^\[\+\]fips ok: .*, build .*, self test passed; certificate 9999 ' "$(cat "$work/readyz")"
# A sunset that passes, and facts about another version, are taken up while it serves.
for row in "historical 2026-01-01 $number" "none 2999-01-01 $number.1"; do
	read -r status sunset of <<<"$row"
	facts "$sunset" "$name" "$of" >"$work/facts.yaml"
	for _ in $(seq 100); do
		[ "$(curl -sS --max-time 5 "$probe/metrics" | grep -c "certificate_status=\"$status\"")" = 0 ] || break
		sleep 0.05
	done
	[ "$(curl -sS --max-time 5 "$probe/metrics" | grep -c "certificate_status=\"$status\"")" = 1 ] && [ "$(metric fips_validated)" = 0 ] &&
		curl -sS "$probe/version" | jq -e --arg status "$status" '.fipsCertificateStatus == $status' >/dev/null &&
		ok "facts that change: $status" || fail "facts that change: $status: $(curl -sS --max-time 5 "$probe/metrics" | grep fips)"
done
stop_server

# The error state. It is looked at once a second, so that it can be seen from
# outside first: mostly not ready, now and then already gone.
review=$SOURCE/tests/fixtures/pod-plain-create.json
# Alone in its directory: what changes there is read again, which fails in the error state.
mkdir "$work/cert"
cp "$work/tls.crt" "$work/tls.key" "$work/cert"
error_state() {
	local code status=0 seen=
	rm -f "$work/now"
	LD_PRELOAD=$SPOIL SPOIL_WHEN=$work/now ASAN_OPTIONS=$ASAN_OPTIONS:verify_asan_link_order=0 serve --tls-cert "$work/cert/tls.crt" --tls-key "$work/cert/tls.key"
	[ "$(post /validate "$review")" = 200 ] || fail "no answer before"
	[ "$(ready)" = 200 ] || fail "not ready before"
	: >"$work/now"
	for _ in $(seq 1000); do
		code=$(ready)
		kill -0 "$pid" 2>/dev/null || break
		if [ "$code" = 503 ]; then
			[ -n "$seen" ] || cp "$work/readyz" "$work/unready"
			seen=1
			[ "$(post /validate "$review" 2>/dev/null || true)" != 200 ] || fail "an answer in the error state"
		elif [ -n "$seen" ] && [ "$code" = 200 ]; then
			fail "ready again"
		fi
	done
	! kill -0 "$pid" 2>/dev/null || fail "it still runs"
	wait "$pid" || status=$?
	pid=
	[ "$status" = 3 ] || fail "exit $status, not 3"
	[ "$(grep -c '"level":"error"' "$log")" = 1 ] || fail "more than one error, or none"
	grep '"level":"error"' "$log" | grep -q "ending at once, not ready: the FIPS provider .* is in its error state" || fail "the log does not say why"
	[ -n "$seen" ]
}
for attempt in 1 2 3 4 5; do
	if error_state; then break; fi
	[ "$attempt" -lt 5 ] || fail "it was never seen not ready"
done
ok "a provider in its error state ends the server, with 3 and one line"
says "readyz says so first" '^\[-\]fips failed: .*IN ITS ERROR STATE' "$(cat "$work/unready")"
says "and that it is not ready" '^readyz check failed$' "$(cat "$work/unready")"
