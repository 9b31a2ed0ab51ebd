#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# --max-mode: a shipped set that enforces is only watched. Nothing is refused,
# nothing is repaired, each finding says the lowered mode, and whoever looks is
# told; a reload keeps it; `check` says the same.
. "$(dirname "$(readlink -f "$0")")/lib.sh"

ok() { echo "ok      $1"; }
review=$SOURCE/tests/fixtures/pod-plain-create.json
with=(--policies builtin:aws-govcloud --facts "$SOURCE/policies/sample-site.yaml")
metrics() { curl -sS --max-time 10 "$probe/metrics"; }
# Not in a pipe: a grep that has seen enough would end curl early, which fails.
counts() { grep -q "$1" <<<"$(metrics)"; }
# answer PATH FILTER: of the webhook, by jq
answer() {
	[ "$(post "$1" "$review")" = 200 ] || fail "$1: no answer"
	jq -r ".response | $2" "$work/body"
}
# is WANTED GOT WHAT
is() { [ "$1" = "$2" ] || fail "$3: $2, not $1"; }
modes() { answer /validate '.auditAnnotations.findings // "" | split("; ") | map(split(" ")[0]) | unique | join(" ")'; }

# lowered MODE: the whole of it, at every path
lowered() {
	is "$1" "$(started maxMode)" "the first line"
	grep -q "\"level\":\"warn\".*nothing is denied for its policies and nothing is repaired: --max-mode $1\"" "$log" || fail "no warning in the log"
	grep -q "^\[+\]policies ok: .*; NOTHING IS DENIED OR REPAIRED: --max-mode $1$" <<<"$(curl -sS "$probe/readyz?verbose")" ||
		fail "readyz: $(curl -sS "$probe/readyz?verbose")"
	counts "^fipsgate_policy_set_info{hash=\"$(started policyHash)\",max_mode=\"$1\"} 1$" || fail "metrics: $(metrics | grep policy_set_info)"
	for path in /validate /validate/enforce /validate/audit; do is true "$(answer "$path" .allowed)" "$path"; done
	is "true null" "$(answer /mutate '"\(.allowed) \(.patch)"')" /mutate
	case " $(modes) " in *" enforce "*) fail "a finding still enforces: $(modes)" ;; esac
	grep -q ", at most $1$" <<<"$(answer /validate '.auditAnnotations."policy-set"')" || fail "the audit annotation: $(cat "$work/body")"
	! counts '^fipsgate_findings_total{.*mode="enforce"' || fail "a series of mode enforce"
	ok "at most $1"
}

serve "${with[@]}"
is enforce "$(started maxMode)" "the first line"
is false "$(answer /validate .allowed)" "as it is written"
is patched "$(answer /mutate 'if .patch then "patched" else "as it was" end')" "as it is written"
! grep -q "max-mode" "$log" || fail "the log warns of nothing"
stop_server

serve "${with[@]}" --max-mode warn
lowered warn
is true "$(answer /validate '.warnings | length > 0')" "warnings"
/usr/bin/python3 "$SOURCE/tests/e2e/check_agree.py" "$FIPSGATE" "$url" "$work/tls.crt" "$work" \
	"$SOURCE"/tests/fixtures/*-create.json -- "${with[@]}" --max-mode warn || fail "check and the server differ"
counts '^fipsgate_findings_total{policy="registry",.*mode="warn"} [1-9]' || fail "warnings are not counted"
stop_server

FIPSGATE_MAX_MODE=audit serve "${with[@]}"
lowered audit
is null "$(answer /validate .warnings)" "warnings"
is audit "$(modes)" "modes"
stop_server

# A reload brings other policies, and they are lowered too.
mkdir "$work/policies"
policy() { printf 'apiVersion: fipsgate.io/v1alpha1\nkind: FipsPolicy\nmetadata: { name: images }\nspec: { mode: %s, rules: [{ name: digest, type: image-digest }] }\n' "$1" >"$work/policies/p.yaml"; }
policy audit
serve --policies "$work/policies" --max-mode warn
is audit "$(modes)" "raised"
policy enforce
for _ in $(seq 200); do
	[ "$(modes)" = audit ] || break
	sleep 0.05
done
is warn "$(modes)" "after a reload"
is true "$(answer /validate .allowed)" "after a reload"
grep -q ', at most warn$' <<<"$(answer /validate '.auditAnnotations."policy-set"')" || fail "a reload forgot it"
alive
ok "a reload keeps it"
stop_server

# check alone: its exit code, and who does not know the word
pod=$work/pod.yaml
jq .request.object "$review" >"$pod"
for row in "1 enforce" "0 warn" "0 audit"; do
	status=0
	"$FIPSGATE" check --policies "$work/policies" --max-mode "${row#* }" --output json "$pod" >"$work/report" || status=$?
	is "${row% *}" "$status" "check --max-mode ${row#* }"
	is "${row#* }" "$(jq -r '.findings[0].mode' "$work/report")" "the mode that check tells"
done
status=0
refuses_to_start --max-mode off || status=$?
is 2 "$status" "--max-mode off"
grep -q -- '--max-mode: `off` is not enforce|warn|audit' "$work/refused.log" || fail "$(cat "$work/refused.log")"
ok "check, and what is no mode"
