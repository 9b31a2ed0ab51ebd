#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The second step of action.yml: runs `fipsgate check` with the inputs that
# arrive as variables. Those named FIPSGATE_... are options that fipsgate reads
# itself. Nothing of an input is ever part of a command's text.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
outputs=(--output "text=$work/text")
[ "$ANNOTATIONS" != true ] || outputs+=(--output github)
[ "$SUMMARY" != true ] || outputs+=(--output "markdown=$work/summary")
[ -z "$SARIF" ] || outputs+=(--output "sarif=$SARIF")

# shellcheck disable=SC2153 # set by action.yml
mapfile -t paths < <(grep . <<<"$PATHS")

status=0
"$PROGRAM" check "${outputs[@]}" -- "${paths[@]}" || status=$?

if [ -s "$work/text" ]; then
	echo "::group::All findings"
	# A line of a manifest is not to be taken for a command to the runner.
	token=$(cat /proc/sys/kernel/random/uuid)
	echo "::stop-commands::$token"
	cat "$work/text"
	echo "::$token::"
	echo "::endgroup::"
fi
# The runner takes a megabyte at most.
[ ! -s "$work/summary" ] || head -c 1000000 "$work/summary" >>"$GITHUB_STEP_SUMMARY"
echo "status=$status" >>"$GITHUB_OUTPUT"
[ -z "$SARIF" ] || [ ! -s "$SARIF" ] || echo "sarif=$SARIF" >>"$GITHUB_OUTPUT"

[ "$status" -ne 1 ] || [ "$FAIL" = true ] || status=0
exit "$status"
