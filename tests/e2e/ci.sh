#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What deploy/ci offers, run as far as it runs without the services it is for:
# the action's steps, the script of the GitLab job, the hooks in pre-commit, the
# command of the Tekton task; and all of it clean by fipsgate itself.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"
cd "$work"
ci=$SOURCE/deploy/ci
python=/usr/bin/python3
export FIPSGATE_POLICIES='' FIPSGATE_FACTS='' # what somebody has in the environment is not what is tested

# A checkout with a pod that would be denied and one that would not.
checkout() {
	rm -rf repo
	mkdir -p repo/deploy 'repo/with blank'
	printf '%s\n' 'apiVersion: fipsgate.io/v1alpha1' 'kind: FipsPolicy' 'metadata: { name: registry }' 'spec:' \
		'  mode: enforce' '  rules: [{ name: endpoints, type: image-endpoints, allow: [registry.example.gov] }]' >repo/.policy
	mv repo/.policy policy.yaml
	pod docker.io/x >'repo/deploy/bad.yaml'
	pod registry.example.gov/x >'repo/with blank/good.yaml'
}
pod() {
	printf '%s\n' 'apiVersion: v1' 'kind: Pod' 'metadata: { name: web }' 'spec:' \
		'  containers:' '    - name: web' "      image: $1 # ::error::not a command"
}

# action STATUS INPUT...: the steps end like that; what they printed is in `said`, the outputs in `outputs`
action() {
	local wanted=$1 status=0
	shift
	: >step_summary
	(cd repo && GITHUB_STEP_SUMMARY=$work/step_summary $python "$SOURCE/tests/e2e/action.py" "$ci/github" \
		"program=$FIPSGATE" "policies=$work/policy.yaml" "$@") >said 2>errors || status=$?
	tail -n 1 said >outputs
	[ "$status" -eq "$wanted" ] || { cat said errors >&2; fail "action $*: exit $status, wanted $wanted"; }
}

the_action() {
	checkout
	action 1
	grep -q '^::error file=deploy/bad.yaml,line=7,col=14,' said || { cat said >&2; fail "action: no annotation"; }
	grep -q '^::group::' said || fail "action: the text is not shown"
	# What a manifest says stands between the stop and its token.
	token=$(sed -n 's/^::stop-commands:://p' said)
	sed -n "/^::stop-commands::/,/^::$token::\$/p" said >between
	grep -q 'not a command' between || fail "action: a manifest's line could be a command"
	grep -q 'deploy/bad.yaml' step_summary || fail "action: no summary"
	jq -e '.status == "1" and .sarif == "fipsgate.sarif"' outputs >/dev/null || fail "action: outputs"
	jq -e '.runs[0].results[0].ruleId == "registry/endpoints"' repo/fipsgate.sarif >/dev/null || fail "action: SARIF"
	action 0 fail=false
	jq -e '.status == "1"' outputs >/dev/null || fail "action: the status of a run that may fail"
	action 0 "paths=with blank" sarif=
	jq -e '.status == "0" and .sarif == ""' outputs >/dev/null || fail "action: outputs of a clean run"
	action 1 paths=$'with blank\n\ndeploy' annotations=false summary=false
	! grep -q '^::error' said && [ ! -s step_summary ] || fail "action: says what it was told not to"
	action 0 only-layer=storage
	action 2 paths=nowhere fail=false
	jq -e '.status == "2"' outputs >/dev/null || fail "action: the status of a run that could not be"
	# An input is a value, whatever is in it.
	action 2 'paths=$(touch pwned); `touch pwned`' 'namespace=$(touch pwned)'
	[ ! -e repo/pwned ] || fail "action: an input became a command"
	action 2 program=/nowhere
}

the_program_is_found() {
	mkdir -p clone/deploy/ci clone/build/ci/src bin
	cp "$ci/program.sh" clone/deploy/ci/
	[ "$(FIPSGATE_PROGRAM=$FIPSGATE clone/deploy/ci/program.sh)" = "$(realpath "$FIPSGATE")" ] || fail "program.sh: the one that is named"
	ln -sf "$FIPSGATE" bin/fipsgate
	[ "$(PATH=$work/bin:$PATH clone/deploy/ci/program.sh)" = "$work/bin/fipsgate" ] || fail "program.sh: the one on PATH"
	ln -sf "$FIPSGATE" clone/build/ci/src/fipsgate
	[ "$(clone/deploy/ci/program.sh)" = "$work/clone/build/ci/src/fipsgate" ] || fail "program.sh: the one that was built"
	rm clone/build/ci/src/fipsgate
	! clone/deploy/ci/program.sh >found 2>errors || fail "program.sh: exit 0 without a program"
	[ ! -s found ] && grep -q 'could not be built' errors || fail "program.sh: does not say that there is none"
}

the_gitlab_job() {
	checkout
	$python - "$ci/gitlab.yml" >job.sh <<-'PYTHON'
		import sys, yaml
		job = yaml.safe_load(open(sys.argv[1]))["fipsgate-check"]
		print("set -e\n" + "\n".join(job["script"]))
	PYTHON
	local status=0
	(cd repo && FIPSGATE_PATHS="deploy" FIPSGATE_POLICIES=$work/policy.yaml PATH=$work/bin:$PATH sh ../job.sh) >said 2>errors || status=$?
	[ "$status" -eq 1 ] || { cat said errors >&2; fail "gitlab: exit $status"; }
	jq -e '.[0].location.path == "deploy/bad.yaml"' repo/fipsgate-code-quality.json >/dev/null || fail "gitlab: code quality"
	[ -s repo/fipsgate-junit.xml ] && [ -s repo/fipsgate.sarif ] || fail "gitlab: reports are missing"
	! (cd repo && FIPSGATE_SOURCE='' PATH=/usr/bin:/bin sh ../job.sh) >said 2>errors || fail "gitlab: exit 0 without a program"
	grep -q 'set it, or FIPSGATE_IMAGE' errors || fail "gitlab: does not say what to set"
	# With a clone, which has the program that CI once built.
	git init -q clone
	git -C clone add deploy
	git -C clone -c user.name=x -c user.email=x@example.gov commit -qm x
	(cd repo && FIPSGATE_SOURCE=$work/clone FIPSGATE_PATHS='with?blank' FIPSGATE_PROGRAM=$FIPSGATE \
		FIPSGATE_POLICIES=$work/policy.yaml PATH=/usr/bin:/bin sh ../job.sh) >said 2>errors || { cat said errors >&2; fail "gitlab: from a clone"; }
}

the_hooks() {
	command -v pre-commit >/dev/null || { echo "skipped: pre-commit, which is not installed"; return 0; }
	local status=0
	export PRE_COMMIT_HOME=$work/pre-commit FIPSGATE_PROGRAM=$FIPSGATE
	pre-commit validate-manifest "$SOURCE/.pre-commit-hooks.yaml" >&2
	# The hooks as a repository of their own: what pre-commit clones.
	mkdir -p hooks/deploy
	cp "$SOURCE/.pre-commit-hooks.yaml" hooks/
	cp -r "$ci" hooks/deploy/
	commit hooks
	checkout
	echo '{{ no: yaml' >repo/notes.txt
	commit repo
	(cd repo && FIPSGATE_POLICIES=$work/policy.yaml pre-commit try-repo ../hooks fipsgate-check --all-files) >said 2>&1 || status=$?
	[ "$status" -eq 1 ] && grep -q 'deploy/bad.yaml:7:14' said || { cat said >&2; fail "pre-commit: exit $status"; }
	sed -i 's/docker.io/registry.example.gov/' repo/deploy/bad.yaml
	(cd repo && FIPSGATE_POLICIES=$work/policy.yaml pre-commit try-repo ../hooks fipsgate-check --all-files) >said 2>&1 ||
		{ cat said >&2; fail "pre-commit: what is clean fails"; }
	fixes_are_written
	unset FIPSGATE_PROGRAM
}

fixes_are_written() {
	sed 's/allow: .*/allow: [registry.example.gov], rewrite: [{ from: docker.io\/, to: registry.example.gov\/hub\/ }] }]/' policy.yaml >mend.yaml
	checkout
	commit repo
	! (cd repo && FIPSGATE_POLICIES=$work/mend.yaml pre-commit try-repo ../hooks fipsgate-fix --all-files) >said 2>&1 ||
		fail "pre-commit: a file that was changed does not fail the hook"
	grep -q 'image: registry.example.gov/hub/library/x:latest # ::error' repo/deploy/bad.yaml ||
		{ cat said repo/deploy/bad.yaml >&2; fail "pre-commit: the fix was not written"; }
	commit repo
	(cd repo && FIPSGATE_POLICIES=$work/mend.yaml pre-commit try-repo ../hooks fipsgate-fix --all-files) >said 2>&1 ||
		{ cat said >&2; fail "pre-commit: the second run changes something"; }
}

commit() {
	[ -d "$1/.git" ] || git init -q "$1"
	git -C "$1" add -A
	git -C "$1" -c user.name=x -c user.email=x@example.gov commit -qm x
}

# The command of the task, with the defaults of its parameters.
the_tekton_task() {
	checkout
	$python - "$ci/tekton-task.yaml" >task.json <<-'PYTHON'
		import json, re, sys, yaml
		task = yaml.safe_load(open(sys.argv[1]))
		assert task["apiVersion"] == "tekton.dev/v1" and task["kind"] == "Task"
		(step,) = task["spec"]["steps"]
		known = {p["name"]: p for p in task["spec"]["params"]}
		used = set(re.findall(r"\$\(params\.([a-z]+)", json.dumps(step)))
		assert used == set(known), used ^ set(known)
		assert step["workingDir"] == "$(workspaces.%s.path)" % task["spec"]["workspaces"][0]["name"]
		def values(word):
		    array = re.fullmatch(r"\$\(params\.([a-z]+)\[\*\]\)", word)
		    if array:
		        assert known[array[1]]["type"] == "array"
		        return known[array[1]]["default"]
		    return [re.sub(r"\$\(params\.([a-z]+)\)", lambda m: known[m[1]]["default"], word)]
		print(json.dumps({"argv": [v for w in step["command"] + step["args"] for v in values(w)],
		                  "env": {e["name"]: values(e["value"])[0] for e in step["env"]}}))
	PYTHON
	local status=0 argv
	mapfile -t argv < <(jq -r '.argv[]' task.json)
	[ "${argv[0]}" = fipsgate ] || fail "tekton: runs ${argv[0]}"
	# The default of its parameter does not know our registry; a site's does.
	(cd repo && PATH=$work/bin:$PATH FIPSGATE_POLICIES=$work/policy.yaml "${argv[@]}") >said 2>errors || status=$?
	[ "$status" -eq 1 ] || { cat said errors >&2; fail "tekton: exit $status"; }
	jq -e '.summary.denied == 1' repo/fipsgate.json >/dev/null && [ -s repo/fipsgate.sarif ] || fail "tekton: reports"
	jq -e '.env.FIPSGATE_POLICIES == "builtin:baseline"' task.json >/dev/null || fail "tekton: policies"
	status=0
	(cd repo && eval "$(jq -r '.env | to_entries[] | @sh "export \(.key)=\(.value)"' task.json)" && PATH=$work/bin:$PATH "${argv[@]}") >said 2>errors || status=$?
	[ "$status" -eq 0 ] || { cat said errors >&2; fail "tekton: by the defaults: exit $status"; }
}

we_keep_our_own_rules() {
	local set
	for set in "$SOURCE"/policies/*/README.md; do
		set=$(basename "$(dirname "$set")")
		"$FIPSGATE" check --policies "builtin:$set" --facts "$SOURCE/policies/sample-site.yaml" --today 2026-11-22 "$ci" >said ||
			{ cat said >&2; fail "deploy/ci is not clean by $set"; }
	done
}

schemas_hold() {
	# Debian has no package of it; the schemas come with it.
	python3 -m venv "$work/venv" >&2 && "$work/venv/bin/pip" install --quiet --disable-pip-version-check check-jsonschema==0.37.4 >&2 ||
		{ echo "skipped: the schemas of GitHub and GitLab: check-jsonschema cannot be had"; return 0; }
	PATH=$work/venv/bin:$PATH
	check-jsonschema --builtin-schema vendor.github-actions "$ci/github/action.yml" >&2
	check-jsonschema --builtin-schema vendor.gitlab-ci "$ci/gitlab.yml" >&2
}

the_program_is_found
the_action
the_gitlab_job
the_tekton_task
the_hooks
we_keep_our_own_rules
schemas_hold
echo "ci: action, job, hooks, task"
