#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The policy toolkit as a person uses it: what each sub-command prints and what
# it exits with, when all is well and when it is not.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"
cd "$work"

# expect STATUS 'what must be printed' ARGUMENTS...: of fipsgate policy; stdout and stderr are left in files
expect() {
	local wanted=$1 text=$2 status=0
	shift 2
	"$FIPSGATE" policy "$@" >stdout 2>stderr || status=$?
	[ "$status" -eq "$wanted" ] || { cat stdout stderr >&2; fail "policy $*: exit $status, wanted $wanted"; }
	grep -qF -- "$text" stdout stderr || { cat stdout stderr >&2; fail "policy $*: does not say: $text"; }
}

# pod DIR: a case that passes
pod() {
	mkdir -p "$1"
	echo 2026-11-22 >"$1/today"
	printf '%s\n' 'apiVersion: v1' 'kind: Pod' 'metadata: { name: web }' 'spec:' \
		'  containers: [{ name: web, image: quay.io/x/web:1 }]' >"$1/manifest.yaml"
	printf '%s\n' 'apiVersion: fipsgate.io/v1alpha1' 'kind: FipsPolicy' 'metadata: { name: registry }' 'spec:' \
		'  mode: enforce' '  rules: [{ name: endpoints, type: image-endpoints, allow: [registry.example.gov] }]' \
		>"$1/policy.yaml"
	"$FIPSGATE" policy test --record "$1" >record.log || { cat record.log >&2; fail "policy test --record"; }
}

the_menu() {
	expect 2 'usage: fipsgate policy COMMAND' # no command at all
	expect 0 'lint' help
	expect 0 'usage: fipsgate policy lint [OPTIONS] [PATH...]' help lint
	expect 0 '--max-age DAYS' lint --help
	expect 2 'unknown command `tset`, did you mean `test`?' tset
	expect 2 'unknown command `tset`, did you mean `test`?' help tset
	expect 2 '`fipsgate policy help` lists them' certify
	expect 2 'unknown option `--strcit`, did you mean `--strict`?' lint --strcit
}

test_runs_cases() {
	pod cases/b/denied
	pod cases/a/denied
	mkdir cases/notes
	expect 0 '2 passed, 0 failed' test cases
	[ "$(head -n 1 stdout)" = 'ok   cases/a/denied' ] || fail "cases do not run in the order of their names"
	expect 0 '1 passed, 0 failed' test cases/a/denied/
	(cd cases/a/denied && "$FIPSGATE" policy test . >/dev/null) || fail "policy test ."
	"$FIPSGATE" policy test --output junit cases >junit.xml 2>stderr
	grep -qx '2 passed, 0 failed' stderr || fail "junit: no summary on stderr"
	! "$FIPSGATE" policy test cases >/dev/full 2>stderr || fail "policy test: a full disk went unnoticed"
	junit 2 0 0
}

# junit TESTS FAILURES ERRORS: junit.xml is XML and has as many
junit() {
	/usr/bin/python3 - "$@" <<-'PYTHON' || fail "junit.xml is not what it should be"
		import sys, xml.etree.ElementTree as tree
		root = tree.parse("junit.xml").getroot()
		found = [len(root.findall(path)) for path in ("testcase", "testcase/failure", "testcase/error")]
		sys.exit(found != [int(n) for n in sys.argv[1:]])
	PYTHON
}

test_tells_differences() {
	sed -i 's/"allowed": false/"allowed": true/; s/quay.io/docker.io/' cases/b/denied/want.json
	expect 1 '1 passed, 1 failed' test cases
	grep -q '^FAIL cases/b/denied' stdout || fail "the case that fails is not named"
	grep -q 'wanted allowed: true' stdout || fail "the difference is not shown"
	rm cases/a/denied/policy.yaml
	expect 2 '0 passed, 2 failed' test cases
	grep -q 'neither policy.yaml nor `policies`' stdout || fail "it is not said why a case cannot be read"
	"$FIPSGATE" policy test --output junit cases >junit.xml 2>stderr && fail "junit: exit 0"
	junit 2 1 1
}

test_wants_cases() {
	expect 2 'no path given' test
	expect 2 'no case below `cases/notes`' test cases/notes
	expect 2 'open directory `nowhere`: No such file or directory' test nowhere
	expect 2 'open `cases/other/review.json`: No such file' test "$(without review.json)"
	expect 2 'today: `tomorrow` is no date' test "$(with today tomorrow)"
	expect 2 'operation: `CONNECT` is not CREATE, UPDATE or DELETE' test "$(with operation CONNECT)"
	expect 2 'manifest.yaml: one document is wanted, there are more' test "$(with manifest.yaml 'a: 1
---
b: 2')"
	expect 2 'manifest.yaml:1:1: a manifest says what it is: `apiVersion` is missing' test "$(with manifest.yaml 'kind: Pod')"
	expect 2 'old.yaml goes with operation UPDATE only' test "$(with old.yaml 'kind: Pod')"
	expect 2 'policy.yaml:3:1: unknown key `x`' test "$(with policy.yaml 'apiVersion: fipsgate.io/v1alpha1
kind: FipsPolicy
x: 1')"
}

# with FILE TEXT: a case with another file; without review.json: with none of what is asked
with() {
	rm -rf cases/other
	pod cases/other
	printf '%s\n' "$2" >"cases/other/$1"
	echo cases/other
}
without() {
	with today 2026-11-22 >/dev/null
	rm cases/other/manifest.yaml
	echo cases/other
}

# A case of a set is judged by the set, and by its site or the sample.
test_knows_sets() {
	mkdir -p sets
	cp -r "$SOURCE/policies/baseline" sets/ours
	rm -rf sets/ours/cases
	pod sets/ours/cases/pod
	rm sets/ours/cases/pod/policy.yaml
	"$FIPSGATE" policy test --record sets/ours >/dev/null
	expect 0 '1 passed, 0 failed' test sets
	jq -e '.validate.findings[] | select(.rule == "fips-proxy" and .result == "unknown" or .result == "violation")' \
		sets/ours/cases/pod/want.json >/dev/null || fail "the set did not judge"
	cp "$SOURCE/policies/sample-site.yaml" sets/
	sed -i 's,123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com,quay.io,' sets/sample-site.yaml
	expect 1 '0 passed, 1 failed' test sets
	cp "$SOURCE/policies/sample-site.yaml" sets/ours/cases/site.yaml
	"$FIPSGATE" policy test --record sets >/dev/null
	jq -e '.validate.findings[] | select(.rule == "fips-endpoints" and .result == "violation")' \
		sets/ours/cases/pod/want.json >/dev/null || fail "the sample won over the set's own site"
	sed -i 's/mode: warn.*/mode: enforce/' sets/ours/registry.yaml
	expect 1 'wanted and missing' test sets
}

lint_reads_as_serve_does() {
	expect 0 'policies: ' lint
	expect 0 'errors: 0, warnings: 0' lint --facts "$SOURCE/policies/sample-site.yaml" --today 2026-11-22
	expect 1 'no facts are called `site-mirror`' lint --strict
	expect 2 'policy.yaml:6:3: unknown key `rulse`, did you mean `rules`?' lint "$SOURCE/tests/policies/misspelt-key"
	expect 2 'no embedded policy set `nobody`' lint --policies builtin:nobody
	expect 2 '--today: `soon` is not a date' lint --today soon
	expect 2 'max-age: `-1` is not a number' lint --max-age -1
	for set in "$SOURCE"/policies/*/README.md; do
		set=$(basename "$(dirname "$set")")
		expect 0 'errors: 0' lint --policies "builtin:$set" --facts "$SOURCE/policies/sample-site.yaml" --today 2026-11-22
	done
}

explain_knows_every_rule() {
	expect 0 'says more about one' explain
	sed -n '/^$/q; s/ .*//p' stdout >rules
	[ "$(wc -l <rules)" -ge 6 ] || fail "explain lists no rules"
	while read -r rule; do
		expect 0 "type: $rule" explain "$rule"
		sed -n 's/^    //; /^apiVersion/,$p' stdout >"example-$rule.yaml"
		for part in judges why fix repairs 'looks at'; do
			grep -q "^  $part  *[a-zA-Z]" stdout || fail "explain $rule says nothing after \`$part\`"
		done
		expect 0 'policies: 1, exceptions: 0, errors: 0' lint "example-$rule.yaml"
	done <rules
	expect 0 'registry/fips-endpoints: mode warn' explain fips-endpoints
	expect 0 'registry/fips-endpoints: mode enforce' explain registry/fips-endpoints --policies builtin:aws-govcloud
	expect 0 'nowhere' explain image-endpoints --policies example-sidecar.yaml
	expect 2 'did you mean `image-endpoints`?' explain image-endpoint
	expect 2 'no rule is called `quantum`' explain quantum
	sed 's/name: example/name: other/' example-sidecar.yaml >other.yaml
	expect 2 'name it as POLICY/RULE' explain fips-proxy --policies example-sidecar.yaml --policies other.yaml
}

# repair_of SPEC yes|no: what the table says of a sidecar's policy that says so
repair_of() {
	sed "s/^  mode: warn/  $1/" example-sidecar.yaml >repair.yaml
	expect 0 'example' list --policies repair.yaml
	[ "$(awk 'NR == 2 { print $6 }' stdout)" = "$2" ] || fail "list: repair is not $2 with $1"
}

list_has_every_rule() {
	expect 0 'registry ' list
	local rows=$(($(wc -l <stdout) - 1))
	expect 0 '"schemaVersion": "1"' list --output json
	[ "$(jq '.rules | length' stdout)" -eq "$rows" ] || fail "JSON and text do not have the same rules"
	jq -e '.missingFacts | index("site-mirror")' stdout >/dev/null || fail "list does not say what is missing"
	jq -e '.rules[] | select(.rule == "classes-encrypt") | .layer == "storage" and .mode == "enforce"
		and .repair == false and (.controls | index("SC-28"))' stdout >/dev/null || fail "a rule is not as it is"
	expect 0 'example' list --policies example-sidecar.yaml
	repair_of 'mode: warn' no
	repair_of 'mode: enforce' yes
	repair_of 'mode: enforce\n  repair: false' no
	expect 2 'open `nowhere`' list --policies nowhere
	expect 2 'unexpected argument `x`' list x
}

# Some mistakes are not of form: names that have to exist, values that exclude each other.
beyond='bad-glob builtin-facts-are-no-policies duplicate-key duplicate-policy-name duplicate-rule-name empty-glob empty-directory
exception-by-labels-alone exception-given-twice exception-of-an-unknown-policy exception-of-an-unknown-rule
exception-of-every-name exception-with-a-bad-image exception-with-a-namespace-glob exception-without-namespace
facts-duplicate-value facts-set-given-twice no-such-builtin no-such-file
policy-given-as-facts selector-without-values unknown-fact-set'
# And some are not even YAML, or nothing that a YAML reader should be asked to expand.
not_yaml='cyclic-alias not-utf-8 not-yaml tab-indent unknown-alias yaml-bomb too-deep'

schema_says_what_the_program_says() {
	expect 0 '"https://json-schema.org/draft/2020-12/schema"' schema
	cp stdout schema.json
	/usr/bin/python3 "$SOURCE/tests/e2e/schema.py" schema.json "$SOURCE"/policies/*.yaml "$SOURCE"/policies/*/*.yaml \
		example-*.yaml "$SOURCE"/tests/cases/exception/*/policy.yaml >accepted
	! grep '^no' accepted || fail "the schema refuses what the program takes"
	# A key too many, and nothing else wrong, at each level.
	local where
	for where in 's/^spec:/x: 1\n&/' 's/^  mode:/  x: 1\n&/' 's/^      type:/      x: 1\n&/' 's/name: example/&, x: "1"/'; do
		sed "$where" example-sidecar.yaml >too-many.yaml
		/usr/bin/python3 "$SOURCE/tests/e2e/schema.py" schema.json too-many.yaml >refused
		grep -q "'x' was unexpected" refused || fail "the schema knows the key x: $where"
		expect 2 'unknown key `x`' lint too-many.yaml
	done
	local dir name
	for dir in "$SOURCE"/tests/policies/*/; do
		name=$(basename "$dir")
		[[ " $(echo $beyond $not_yaml) " != *" $name "* ]] || continue
		find "$dir" -name '*.yaml' -exec /usr/bin/python3 "$SOURCE/tests/e2e/schema.py" schema.json {} + >refused
		grep -q '^no' refused || fail "the schema takes what the program refuses: tests/policies/$name"
	done
	for kind in FipsPolicy FipsException FipsFacts; do
		expect 0 "\"const\": \"$kind\"" schema "$kind"
		/usr/bin/python3 "$SOURCE/tests/e2e/schema.py" stdout >/dev/null || fail "schema $kind is no JSON Schema"
	done
	expect 2 'unknown kind `FipsPolice`, did you mean `FipsPolicy`?' schema FipsPolice
	expect 2 'one kind at a time' schema FipsPolicy FipsFacts
}

the_menu
test_runs_cases
test_tells_differences
test_wants_cases
test_knows_sets
lint_reads_as_serve_does
explain_knows_every_rule
list_has_every_rule
schema_says_what_the_program_says
echo "policy: all sub-commands"
