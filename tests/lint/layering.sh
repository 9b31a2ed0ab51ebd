#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# src/ is a line of folders: each includes itself and what stands to its right.
# Every folder of src/ is on the line, and quoted includes name their folder.
set -euo pipefail
cd "${1:?source directory}/src"

order="cli report api net http admission policy rules patch kube facts yaml json base"
bad=0

left=""
for folder in $order; do
	for seen in $left; do
		[ -d "$folder" ] || continue
		if grep -rHn "^ *# *include *\"$seen/" "$folder"; then
			echo "  $folder/ stands right of $seen/ and must not include it"
			bad=1
		fi
	done
	left="$left $folder"
done

for folder in */; do
	case " $order " in
	*" ${folder%/} "*) ;;
	*) echo "src/$folder has no place on the line: $order"; bad=1 ;;
	esac
done

# "x.h" and "../x/y.h" would get round the rule above.
if grep -rHnE '^ *# *include *"(\.\.?/|[^/"]*")' --include='*.[ch]' .; then
	echo "  an include names its folder: \"folder/file.h\""
	bad=1
fi

exit $bad
