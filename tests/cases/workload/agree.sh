#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The same pod template in every workload kind has the findings of the bare
# pod, each at its own JSON path; what would be repaired on the pod is
# will-mutate on the template. `policy test` has checked every want.json; this
# checks that they agree, so that no kind is recorded with an error in it, and
# that no workload of src/kube/kind.c is without a case.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")"

# kind's directory | where its pod spec stands
places='
pod                       /spec
deployment                /spec/template/spec
replicaset                /spec/template/spec
statefulset               /spec/template/spec
daemonset                 /spec/template/spec
job                       /spec/template/spec
cronjob                   /spec/jobTemplate/spec/template/spec
replicationcontroller     /spec/template/spec
podtemplate               /template/spec
extensions-deployment     /spec/template/spec
extensions-replicaset     /spec/template/spec
extensions-daemonset      /spec/template/spec
apps-v1beta1-deployment   /spec/template/spec
apps-v1beta1-statefulset  /spec/template/spec
apps-v1beta2-replicaset   /spec/template/spec
batch-v1beta1-cronjob     /spec/jobTemplate/spec/template/spec
rollout                   /spec/template/spec
cloneset                  /spec/template/spec
kruise-statefulset        /spec/template/spec
kruise-daemonset          /spec/template/spec
knative-service           /spec/template/spec
knative-configuration     /spec/template/spec
jobset                    /spec/replicatedJobs/0/template/spec/template/spec
pytorchjob                /spec/pytorchReplicaSpecs/Worker/template/spec
tfjob                     /spec/tfReplicaSpecs/Worker/template/spec
mpijob                    /spec/mpiReplicaSpecs/Launcher/template/spec
xgboostjob                /spec/xgbReplicaSpecs/Master/template/spec
paddlejob                 /spec/paddleReplicaSpecs/Worker/template/spec
'
# Every finding at its place inside the pod spec; a pod's violation that
# /mutate repairs reads will-mutate, off.
normal() { # directory place
	jq -S --arg place "$2" '
		([.mutate.patch // [] | .[].path]) as $repaired
		| [.validate.findings[]
			| if (.path | IN($repaired[])) then .result = "will-mutate" | .mode = "off" else . end
			| .path |= (if startswith($place + "/") then .[($place | length):] else error("\(.) is not below \($place)") end)]
		| sort_by(.path)' "$1/want.json"
}

pod=$(normal pod /spec)
bad=0
while read -r kind place; do
	[ -n "$kind" ] || continue
	[ -d "$kind" ] || { echo "no case for $kind"; bad=1; continue; }
	diff <(echo "$pod") <(normal "$kind" "$place") || { echo "$kind does not have the pod's findings"; bad=1; }
done <<<"$places"

have=$(jq -r '.request.kind | "\(.group)/\(.kind)"' */review.json)
while read -r kind; do
	grep -qx "$kind" <<<"$have" || { echo "src/kube/kind.c: $kind has no case here"; bad=1; }
done < <(sed -nE 's/^ *(WORKLOAD|TEMPLATE)\("([^"]*)", "([A-Za-z]*)".*/\2\/\3/p; s/^ *KUBEFLOW\("([A-Za-z]*)".*/kubeflow.org\/\1/p' ../../../src/kube/kind.c)
exit $bad
