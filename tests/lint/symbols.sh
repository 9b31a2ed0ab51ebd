#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A name tells its file: every external symbol of src/<folder>/<stem>.c begins
# with the stem, with the folder's name, or with a type that <stem>.h declares
# (`enum stage` in verdict.h: stage_name). A rule exports rule_<stem> alone, a
# format of reports format_<stem>.
set -euo pipefail
source=${1:?source directory}
build=${2:?build directory}

# What may begin a symbol of src/$1/$2.c, one a line.
prefixes() {
	local header="$source/src/$1/$2.h"
	printf '%s\n' "$2" "$1"
	# "findings_add" is finding.c's, "volume_classes" keeps its stem.
	if [ -f "$header" ]; then
		sed -nE 's/^(struct|enum) ([a-z_0-9]+).*/\2/p' "$header"
	fi
}

bad=0
objects=0
while read -r object; do
	folder=$(basename "$(dirname "$object")")
	stem=$(basename "$object" .c.o)
	[ -f "$source/src/$folder/$stem.c" ] || continue
	objects=$((objects + 1))
	allowed=$(prefixes "$folder" "$stem" | paste -sd'|')
	if [ "$folder" = rules ] && [ ! -f "$source/src/rules/$stem.h" ]; then
		allowed="rule_$stem\$"
	elif [ "$folder" = report ] && [ ! -f "$source/src/report/$stem.h" ]; then
		allowed="format_$stem\$"
	fi
	while read -r name; do
		echo "src/$folder/$stem.c: external symbol \`$name\` does not begin with $allowed"
		bad=1
	done < <(nm -g --defined-only "$object" | awk '{ print $NF }' | grep -vE '^(__|_?_asan|\.)' |
		grep -vE "^($allowed)" || true)
done < <(find "$build/src" -name '*.c.o' -path '*.dir/*')

[ "$objects" -gt 0 ] || { echo "no objects under $build/src: build first"; bad=1; }
exit $bad
