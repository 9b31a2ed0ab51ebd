#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What a report prints of a story is exactly what stands in want/.
#
#   run.sh STORY-PROGRAM STORY FORMAT             compares
#   run.sh --record STORY-PROGRAM STORY FORMAT    writes want/STORY.FORMAT; read it before you keep it
set -euo pipefail
record=
[ "$1" != --record ] || { record=yes; shift; }
program=$(readlink -f "$1")
story=$2
format=$3
want=$(dirname "$0")/want/$story.$format

# Of the page what it says, not how it looks: page.py looks at that.
without_style() {
	sed '/^<style>/,/<\/style>$/d; /^<script>/,/<\/script>$/d; /Content-Security-Policy/d'
}

tell() {
	case $format in
	colored) "$program" "$story" text colored ;;
	html) "$program" "$story" html | without_style ;;
	*) "$program" "$story" "$format" ;;
	esac
}
if [ -n "$record" ]; then
	tell >"$want"
else
	diff --text "$want" <(tell)
fi
