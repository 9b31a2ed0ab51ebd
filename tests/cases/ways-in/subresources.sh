#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Every subresource that pods and scalable kinds have (Kubernetes 1.20 to 1.34)
# has a case here. Given the answer of an API server to GET /api/v1, fails on a
# subresource of pods that nobody has thought of:
#
#     kubectl get --raw /api/v1 >api.json && tests/cases/ways-in/subresources.sh api.json
set -euo pipefail
discovery=${1:+$(readlink -f "$1")}
cd "$(dirname "$(readlink -f "$0")")"
bad=0

# `log` is read only and never comes to admission.
known='attach binding ephemeralcontainers eviction exec portforward proxy resize scale status'

have=$(jq -r '.request.subResource // empty' */review.json | sort -u)
for name in $known; do
	grep -qx "$name" <<<"$have" || { echo "no case for the subresource $name"; bad=1; }
done
if [ -n "$discovery" ]; then
	for name in $(jq -r '.resources[].name | select(startswith("pods/")) | .[5:]' "$discovery"); do
		[[ " $known log " == *" $name "* ]] || { echo "pods/$name is new: it wants a case"; bad=1; }
	done
fi
exit $bad
