#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Every finding of the manifests in this directory stands where `want` says:
# file, line, column (in characters, from 1), what it is and by which rule; then
# what is no finding. `want` was written by reading the manifests.
#
#   run.sh FIPSGATE
set -euo pipefail
program=${1:?fipsgate program}
cd "$(dirname "$(readlink -f "$0")")/manifests"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
arguments=(--policies ../policies.yaml --today 2026-11-22 --output json)
bad=0

complain() { echo "$1"; bad=1; }

# judge PATH...: what is found there, in the form of `want`, goes to $work/got; its exit status to $status
judge() {
	status=0
	"$program" check "${arguments[@]}" "$@" >"$work/json" || status=$?
	jq -r --arg name "$name" '(.findings[] | . + { as: "\(.result) \(.policy)/\(.rule)" }), (.notes[] | . + { as: .kind })
		| "\(if .file == "-" then $name else .file end):\(.line):\(.column) \(.as)"' "$work/json" >"$work/got"
}

# expect WHAT STATUS REGEX: they are the lines of `want` whose file matches
expect() {
	[ "$status" -eq "$2" ] || complain "$1: exit $status, wanted $2"
	diff <(grep -E "^$3" ../want) "$work/got" || complain "$1 (<: wanted, >: found)"
}

# What a file exits with, told from its lines: of these, records and warnings deny nothing.
status_of() {
	case $(grep "^$1:" ../want) in
	*' error'*) echo 2 ;;
	*' refused'*) echo 1 ;;
	*' violation '*) case $1 in plain/node.yaml | plain/pinned.yaml) echo 0 ;; *) echo 1 ;; esac ;;
	*) echo 0 ;;
	esac
}

name=
judge anchors faulty json kustomize list multi plain templates text
expect "all at once" 2 ''
judge anchors json kustomize list multi plain templates text
expect "without what cannot be read" 1 '(anchors|json|kustomize|list|multi|plain|templates|text)/'
judge plain/clean.yaml plain/cronjob.yaml plain/node.yaml plain/pinned.yaml kustomize/kustomization.yaml
expect "nothing that denies" 0 '(plain/(clean|cronjob|pinned|node)|kustomize/kustomization)\.yaml'
# One file at a time says the same, and so does it as standard input, which has no name.
for name in $(find . -type f | sed 's,^\./,,' | LC_ALL=C sort); do
	judge "$name"
	expect "$name alone" "$(status_of "$name")" "$name:"
	judge - <"$name"
	expect "$name as standard input" "$(status_of "$name")" "$name:"
done

count=$(find . -type f | wc -l)
[ "$count" -ge 40 ] || complain "only $count manifests"
[ "$bad" -eq 0 ] && echo "$count manifests, $(wc -l <../want) places"
exit "$bad"
