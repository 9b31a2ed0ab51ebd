#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# `fipsgate check` as a person uses it: what each option does, and what it exits
# with; and that it says what a running server says.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"
cd "$work"

# expect STATUS 'what must be printed' ARGUMENTS...: of fipsgate check; stdout and stderr are left in files
expect() {
	local wanted=$1 text=$2 status=0
	shift 2
	"$FIPSGATE" check "$@" >stdout 2>stderr || status=$?
	[ "$status" -eq "$wanted" ] || { cat stdout stderr >&2; fail "check $*: exit $status, wanted $wanted"; }
	[ -z "$text" ] || grep -qF -- "$text" stdout stderr || { cat stdout stderr >&2; fail "check $*: does not say: $text"; }
}

# count JQ WANTED ARGUMENTS...: of the report in JSON
count() {
	local filter=$1 wanted=$2 got
	shift 2
	"$FIPSGATE" check --output json "$@" >report.json 2>stderr || true
	got=$(jq -c "$filter" report.json)
	[ "$got" = "$wanted" ] || { head -c 2000 report.json >&2; fail "check $*: $filter is $got, wanted $wanted"; }
}

# pod NAME IMAGE [MORE OF THE METADATA]
pod() {
	printf '%s\n' 'apiVersion: v1' 'kind: Pod' "metadata: { name: $1${3:+, $3} }" 'spec:' \
		"  containers: [{ name: $1, image: \"$2\" }]"
}

policy() {
	printf '%s\n' --- 'apiVersion: fipsgate.io/v1alpha1' 'kind: FipsPolicy' "metadata: { name: $1 }" 'spec:' "  mode: $2" \
		"  rules: [{ name: $3 }]"
}

{
	policy registry enforce 'hosts, type: image-endpoints, allow: [reg.example.gov], rewrite: [{ from: docker.io/, to: reg.example.gov/hub/ }]'
	policy digests warn 'pinned, type: image-digest'
	policy classes enforce 'encrypted, type: volume-classes, allow: [gp3-encrypted]'
} >policies.yaml
cat >>policies.yaml <<'EXCEPTION'
---
apiVersion: fipsgate.io/v1alpha1
kind: FipsException
metadata: { name: old }
spec:
  policies: [{ name: registry }]
  match: { namespaces: [payments], names: [old] }
  reason: "POA&M 42"
  owner: platform@example.gov
  expires: 2026-11-22
EXCEPTION
export FIPSGATE_POLICIES=policies.yaml FIPSGATE_TODAY=2026-11-22
good=reg.example.gov/x@sha256:$(printf '%064d' 0)
pod good "$good" >good.yaml
pod bad evil.io/x:1 >bad.yaml
pod mends nginx:1 >mends.yaml

usage() {
	expect 2 'no path given'
	expect 2 'unknown option `--ouput`, did you mean `--output`?' --ouput json
	expect 2 'did you mean `json`?' --output jsn good.yaml
	expect 2 'no layer is called `xyz`; `fipsgate help check` lists them' --only-layer xyz good.yaml
	expect 2 'no layer is called `storag`, did you mean `storage`?' --only-layer storag good.yaml
	expect 2 'low|medium|high' --min-severity severe good.yaml
	expect 2 'CREATE|UPDATE|DELETE' --operation CONNECT good.yaml
	expect 2 '`soon` is not a date' --today soon good.yaml
	expect 2 '--mutate, --diff and --fix exclude one another' --mutate --diff good.yaml
	expect 2 'and none is given' --values values.yaml good.yaml
	expect 2 'nowhere.yaml' nowhere.yaml
	expect 2 'no embedded policy set `nobody`' --policies builtin:nobody good.yaml
	expect 2 'nowhere.json' --baseline nowhere.json good.yaml
	expect 2 '--fix changes files' --fix - <good.yaml
	expect 0 'usage: fipsgate check [OPTIONS] PATH|-...' --help
	expect 0 '"https://json-schema.org/draft/2020-12/schema"' --output-schema
}

exit_codes() {
	expect 0 '' good.yaml
	expect 0 '' - <good.yaml
	expect 1 'evil.io/x' bad.yaml
	expect 1 'evil.io/x' good.yaml bad.yaml mends.yaml
	expect 0 'evil.io/x' --exit-zero bad.yaml
	expect 0 '' mends.yaml # mended, and for the rest a warning
	printf 'a: [\n' >broken.yaml
	expect 2 'broken.yaml:2:1' bad.yaml broken.yaml # 2 wins over 1
	expect 2 'broken.yaml:2:1' --exit-zero broken.yaml
	printf 'apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec: {containers: 7}\n' >odd.yaml
	expect 1 'odd.yaml:4:20' odd.yaml # what the webhook refuses
	count '[.notes[].kind]' '["refused"]' odd.yaml
	printf 'kind: Pod\nmetadata: {name: x}\n' >half.yaml
	expect 2 '`apiVersion` is missing' half.yaml
	printf 'a: {{ .Values.x }}\n' >template.yaml
	expect 2 'use --helm CHART' template.yaml
	expect 2 '`apiVersion` is a number' - <<<'{apiVersion: 1, kind: Pod, metadata: {name: x}}'
	expect 2 'makes one of them' - <<<'{"a": 1} {"a": 2}'
	{ printf 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: x }\n---\napiVersion: v1\nkind: ConfigMap\ndata: { a: "'
	head -c 60000000 /dev/zero | tr '\0' x
	printf '" }\n'; } >huge.yaml
	expect 1 'huge.yaml:5:1: error: the object needs more memory than one review may use' huge.yaml
	expect 2 '<stdin>: error: nothing came' - </dev/null # `helm template ... |` that failed
	: >empty.yaml
	expect 0 'Nothing was judged' empty.yaml
}

# what is no object for the API server, and what nobody may excuse himself with
skips() {
	printf 'a: 1\n---\napiVersion: v2\nname: chart\n---\n[1]\n---\n# nothing\n---\n' >other.yaml
	sed -n '/FipsException/,$!d; p' policies.yaml | sed '1i apiVersion: fipsgate.io/v1alpha1' >>other.yaml
	printf -- '---\napiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [x]\n' >>other.yaml
	expect 0 '' other.yaml
	! grep -q 'other.yaml:1:1' stdout || fail "what was skipped is named without being asked for"
	expect 0 'policies come from --policies' --show-skipped other.yaml
	grep -qF 'other.yaml:1:1' stdout || fail "what was skipped has no place"
	count '[.summary.skipped, .summary.objects, .summary.errors]|tostring' '"[5,0,0]"' other.yaml
}

days_and_people() {
	pod old evil.io/x:1 'namespace: payments' >old.yaml
	expect 0 '' old.yaml # the exception's last day
	count '[.findings[]|select(.policy == "registry").result]|tostring' '"[\"excepted\"]"' old.yaml
	expect 1 'evil.io/x' --today 2026-11-23 old.yaml
	pod old evil.io/x:1 >elsewhere.yaml
	expect 1 'evil.io/x' elsewhere.yaml
	expect 0 '' --namespace payments elsewhere.yaml
	expect 0 '' --namespace kube-system bad.yaml # only warned there
	expect 1 '' --namespace kube-system --never-deny-namespaces own bad.yaml
	sed 's/^  mode: enforce/&\n  match: { operations: [UPDATE], users: { exclude: [ci-*] } }/' policies.yaml >updates.yaml
	expect 0 '' --policies updates.yaml bad.yaml
	expect 1 'evil.io/x' --policies updates.yaml --operation UPDATE bad.yaml
	expect 0 '' --policies updates.yaml --operation UPDATE --user ci-1 bad.yaml
	expect 0 '' --operation DELETE bad.yaml
}

filters() {
	count '.findings|length' 2 bad.yaml
	count '[.findings[].policy]|tostring' '"[\"registry\"]"' --min-severity high bad.yaml
	count '.findings|length' 0 --only-layer storage,node-os bad.yaml
	expect 0 'Nothing that was asked for would be refused' --only-layer storage bad.yaml
	expect 1 '' --only-layer storage,container-registry bad.yaml
	count '[.findings[]|select(.result == "pass")]|length > 0' true --show-passes good.yaml
	count '.findings|length' 0 good.yaml
}

outputs() {
	expect 1 '' --output json=out.json --output text=out.txt bad.yaml
	[ ! -s stdout ] || fail "something on stdout though all outputs are files"
	grep -q 'bad.yaml:5:' out.txt || fail "no place in the text"
	jq -e '.findings[0] | .file == "bad.yaml" and .line == 5 and .column == 36' out.json >/dev/null || fail "places in JSON"
	cp bad.yaml both.yaml
	expect 2 '`both.yaml` is read' --output text=./both.yaml both.yaml
	expect 2 '`both.yaml` is read' --write-baseline both.yaml both.yaml
	cmp bad.yaml both.yaml || fail "what is judged was written to"
	expect 2 'are one file' --output text=out.txt --output json=./out.txt bad.yaml
	expect 2 'are one file' --output json=out.json --write-baseline ./out.json bad.yaml
	expect 0 'reg.example.gov/hub/library/nginx:1' --mutate mends.yaml good.yaml
	grep -qx -- --- stdout || fail "--mutate prints no documents"
	! grep -q 'namespace' stdout || fail "--mutate adds what only the server knows"
	grep -q 'mends.yaml:5:' stderr || fail "the text is not on stderr"
	expect 0 '' --color always mends.yaml
	grep -q "$(printf '\033')" stdout || fail "no colours"
	expect 0 '' --color auto mends.yaml
	! grep -q "$(printf '\033')" stdout stderr || fail "colours in a file"
}

# repairs keep comments, and a second time there is nothing to repair
repairs() {
	mkdir -p tree/below
	sed 's/^metadata/# the first\n&/' mends.yaml >tree/below/mends.yaml
	cp good.yaml tree/good.yaml
	cp -r tree before
	expect 0 '+  containers' --diff tree
	patch -s -p1 <stdout || fail "the difference does not apply"
	expect 0 '' --diff tree
	[ ! -s stdout ] || fail "there is a difference after the repair"
	cp -r tree patched
	rm -r tree && cp -r before tree
	expect 0 'fixed tree/below/mends.yaml (1 change)' --fix tree
	diff -r tree patched || fail "--fix does not write what --diff shows"
	grep -qx '# the first' tree/below/mends.yaml || fail "a comment is gone"
	! find tree -name '*fipsgate*' | grep . || fail "--fix leaves a file behind"
	expect 0 '' --fix tree
	! grep -q fixed stderr || fail "a second --fix changes something"
	ln -s mends.yaml link.yaml
	expect 0 'link.yaml: repairs are written into files only' --fix link.yaml
	expect 0 '-: repairs are written into files only' --diff - <mends.yaml
	chmod 600 mends.yaml
	expect 0 'fixed mends.yaml' --fix mends.yaml
	[ "$(stat -c %a mends.yaml)" = 600 ] || fail "--fix changes a mode"
	if [ "$(id -u)" -eq 0 ]; then
		pod mends nginx:1 >mends.yaml
		chown 7:8 mends.yaml
		expect 0 'fixed mends.yaml' --fix mends.yaml
		[ "$(stat -c %u:%g mends.yaml)" = 7:8 ] || fail "--fix changes an owner"
	fi
	# in a CI job both streams are one, and a line of it may be a command
	odd=$'odd\n::error::x.yaml'
	for i in 1 2 3 4 5 6 7 8 9; do pod "mends$i" nginx:1; echo ---; done >"$odd"
	"$FIPSGATE" check --fix "$odd" >both 2>&1 || fail "check --fix of many"
	grep -qx 'fixed odd\\x0a::error::x.yaml (9 changes)' both || fail "a line begins within another"
	! grep -q '^::' both || fail "a name of a file is a command"
}

baselines() {
	expect 0 '' --write-baseline known.json bad.yaml
	[ "$(jq '.findings|length' known.json)" = 2 ] || fail "not all findings are in the baseline"
	expect 0 '' --baseline known.json bad.yaml
	count '[.summary.known, .summary.denied, .summary.violations]|tostring' '"[2,0,0]"' --baseline known.json bad.yaml
	(printf '# moved\n\n' && cat bad.yaml) >moved.yaml
	expect 0 '' --baseline known.json moved.yaml # by object and path, not by line
	! grep -q 'no longer' stderr || fail "what is there is called gone"
	sed 's/evil/worse/' bad.yaml >worse.yaml
	expect 1 'no longer found: ' --baseline known.json worse.yaml
	expect 0 '' --baseline known.json --only-layer storage bad.yaml
	! grep -q 'no longer' stderr || fail "what is not shown is called gone"
	cp known.json first.json
	expect 0 '' --baseline known.json --write-baseline known.json bad.yaml
	cmp known.json first.json || fail "a baseline written anew is another"
	expect 2 'unknown key' --baseline bad.yaml bad.yaml
}

# lists as kubectl prints them
lists() {
	jq -n --arg image evil.io/x:1 '{apiVersion: "v1", kind: "List", items: [range(3000) |
		{apiVersion: "v1", kind: "Pod", metadata: {name: "p\(.)"}, spec: {containers: [{name: "a", image: $image}]}}]}' >list.json
	count '[.summary.objects, .summary.denied, .findings[-1].resource.name, .findings[-1].line]|tostring' \
		"\"[3000,3000,\\\"p2999\\\",$(grep -n '"image"' list.json | tail -n 1 | cut -d: -f1)]\"" list.json
	jq -c . list.json >line.json
	count '[.summary.denied, .findings[-1].resource.name, .findings[-1].line]|tostring' '"[3000,\"p2999\",1]"' line.json
	jq -c '{apiVersion: "v1", kind: "PodList", items: [.items[] | del(.kind, .apiVersion)]}' list.json >pods.json
	count '.summary.denied' 3000 pods.json
}

server_says_the_same() {
	unset FIPSGATE_POLICIES FIPSGATE_TODAY
	local with=(--policies builtin:aws-govcloud --facts "$SOURCE/policies/sample-site.yaml")
	serve "${with[@]}"
	/usr/bin/python3 "$SOURCE/tests/e2e/check_agree.py" "$FIPSGATE" "$url" "$work/tls.crt" "$work" \
		"$SOURCE"/tests/fixtures/*-create.json -- "${with[@]}" || fail "check and the server differ"
	alive
}

usage
exit_codes
skips
days_and_people
filters
outputs
repairs
baselines
lists
server_says_the_same
echo "check: all options"
