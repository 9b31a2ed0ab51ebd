#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A file has at most 500 lines and a function at most 80: longer ones want a cut.
set -euo pipefail
cd "${1:?source directory}"
bad=0

long=$(find src tests deploy \( -name '*.[ch]' -o -name '*.sh' -o -name CMakeLists.txt \) -exec wc -l {} + |
	awk '$2 != "total" && $1 > 500 { print $2 ": " $1 " lines" }')
[ -z "$long" ] || { echo "$long"; bad=1; }

fat=$(ctags -R --languages=C --kinds-C=f --fields=+ne --output-format=u-ctags -f - src tests deploy |
	awk -F'\t' '
		/^!/ { next }
		{
			first = last = 0
			for (i = 4; i <= NF; i++) {
				if ($i ~ /^line:/) first = substr($i, 6)
				if ($i ~ /^end:/) last = substr($i, 5)
			}
			if (last - first + 1 > 80) print $2 ":" first ": " $1 "() has " last - first + 1 " lines"
		}')
[ -z "$fat" ] || { echo "$fat"; bad=1; }
exit $bad
