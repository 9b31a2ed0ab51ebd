#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Certificates that are rotated every 30 seconds, and their CA every few minutes,
# while objects are applied all the time in the cluster of an API server made for
# it: no request may fail. Each review has a TLS handshake of its own. Counts
# failures, not time. Prints Markdown; exits 1 if a request failed, an answer
# was wrong, or the certificates did not change as they should.
#
#   tests/bench/rotation.sh [SECONDS [RATE]]     default 600 at 50 objects a second
set -euo pipefail

source=$(cd "$(dirname "$(readlink -f "$0")")/../.." && pwd)
build=${BUILD_DIR:-$source/build}/bench
seconds=${1:-600}
rate=${2:-50}
every=30 # seconds: not fewer certificates than one in

"$source/deploy/packages.sh" test
mkdir -p "$build"
cmake -S "$source" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DBENCH=ON >"$build.log"
cmake --build "$build" --target fipsgate >"$build.log" || { cat "$build.log"; exit 1; }
export FIPSGATE=$build/src/fipsgate
. "$source/tests/e2e/lib.sh"
. "$SOURCE/tests/support/apiserver.sh"
. "$SOURCE/tests/cluster/lib.sh"
need_apiserver

# As a CronJob that is in a hurry; a pod's mount follows some seconds later. Each certificate is due after 28 seconds, a
# CA after 120, and a certificate that is due waits until its new CA is known to everybody.
turn() {
	rotate --leaf-life 112s --ca-life 480s --renew-at 1/4 || cat "$work/rotated" >>"$work/wrong"
	made=$((made + $(grep -c '^certificate *made' "$work/rotated" || true)))
	cas=$((cas + $(grep -c '^CA *made' "$work/rotated" || true)))
	sleep $((RANDOM % 3 + 1))
	mount_certificate || echo "the Secret cannot be read" >>"$work/wrong"
}
replaced() { curl -s "$probe/metrics" | sed -n 's/^fipsgate_reloads_total{what="certificate",outcome="replaced"} //p'; }
reviews() { curl -s "$probe/metrics" | awk '/^fipsgate_reviews_total/ { n += $NF } END { print n }'; }

start_apiserver
start_controllers
export KUBECONFIG=$kubeconfig
kubectl create namespace "$judged" >/dev/null
install_all
stop_server
serve_pod --max-requests 1
eventually is_judged
kubectl -n "$ns" delete secret fipsgate-tls fipsgate-ca >/dev/null # so that short lives begin; what serves stays trusted

made=0 cas=0
python3 "$SOURCE/tests/bench/rotation.py" "$api" "$api_ca" "/api/v1/namespaces/$judged/pods" "$seconds" "$rate" >"$work/applied" &
begun=$!
began=$SECONDS
while [ $((SECONDS - began)) -lt "$seconds" ]; do turn; done
status=0
wait "$begun" || status=1
begun=

cat "$work/applied"
echo "| certificates made; taken up by the program; CAs | $made; $(replaced); $cas |"
echo "| reviews, each with a handshake | $(reviews) |"
[ ! -s "$work/wrong" ] || { cat "$work/wrong"; status=1; }
[ "$made" -ge $((seconds / every)) ] && [ "$(replaced)" -ge $((made - 1)) ] || { echo "too few certificates"; status=1; }
exit $status
