#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# cluster.sh, twice in a row, in a cluster of an API server and controllers that
# is made for it and that keeps an audit log.
. "$(dirname "$(readlink -f "$0")")/lib.sh"
. "$SOURCE/tests/support/apiserver.sh"
need_apiserver

cat >"$work/audit.yaml" <<-POLICY
	apiVersion: audit.k8s.io/v1
	kind: Policy
	omitStages: [RequestReceived]
	rules: [{ level: Metadata }]
POLICY
start_apiserver --audit-policy-file "$work/audit.yaml" --audit-log-path "$work/audit.log"
start_controllers
for time in first second; do
	echo "the $time time"
	status=0
	AUDIT_LOG=$work/audit.log KUBECONFIG=$kubeconfig "$SOURCE/tests/e2e/cluster.sh" || status=$?
	[ "$status" = 0 ] || exit "$status"
done
