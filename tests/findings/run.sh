#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What `policy lint` says about a directory, on 2026-11-22, with the exit status
# after it, is exactly what stands in `want`.
#
#   run.sh PROGRAM DIR             compares
#   run.sh --record PROGRAM DIR    writes `want`; read it before you keep it
set -euo pipefail
record=
[ "$1" != --record ] || { record=yes; shift; }
program=$(readlink -f "$1")
cd "$2"

arguments=(--today 2026-11-22)
[ ! -f facts.yaml ] || arguments+=(--facts facts.yaml)
# shellcheck disable=SC2207 # words
[ ! -f arguments ] || arguments+=($(cat arguments))
status=0
said=$("$program" policy lint "${arguments[@]}" policy.yaml 2>&1) || status=$?
said=$said$'\n'"exit $status"
if [ -n "$record" ]; then
	printf '%s\n' "$said" >want
else
	diff want <(printf '%s\n' "$said")
fi
