#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Habits that no compiler checks: the licence line, the file's own comment,
# include guards, comment form, structs by their name, nothing left for later.
set -euo pipefail
cd "${1:?source directory}"
bad=0

complain() { # lines | what
	[ -z "$1" ] || { printf '%s\n  %s\n' "$1" "$2"; bad=1; }
}
c_files=$(find src tests deploy -name '*.[ch]' | sort)
scripts=$(find deploy tests .ci -type f \( -name '*.sh' -o -name run \) | sort)

for file in $c_files; do
	{ read -r first && read -r second; } <"$file" || true
	[ "$first" = '/* SPDX-License-Identifier: Apache-2.0 */' ] || complain "$file:1" "the first line is the licence line"
	[[ "$file" == tests/unit/* || "$second" == '/*'* ]] || complain "$file:2" "a comment says what the file is"
done
for file in $(find src -name '*.h'); do
	guard=${file#src/}
	guard=${guard^^}
	guard=${guard//[\/.-]/_}
	grep -q "^#ifndef $guard\$" "$file" || complain "$file" "its include guard is $guard"
done
for file in $scripts; do
	[ -x "$file" ] || [ "${file##*/}" = lib.sh ] || complain "$file" "a script is executable"
	grep -q '^# SPDX-License-Identifier: Apache-2.0' "$file" || complain "$file" "a script names its licence"
	bash -n "$file" || bad=1
done

# shellcheck disable=SC2086 # a list of names
complain "$(grep -nE '(^|[;{}] *)//' $c_files || true)" "comments are /* ... */"
complain "$(grep -nE '^typedef (struct|union|enum)[^(]*$' $c_files || true)" "struct, union and enum keep their names"
complain "$(grep -nEw 'TODO|FIXME|XXX|HACK' $c_files $scripts | grep -v '^tests/lint/' || true)" "finish it, or write it down where work is planned"
complain "$(grep -nE '#(if|elif) +0' $c_files || true)" "dead code goes"
complain "$(grep -rnE '[[:space:]]+$' $c_files $scripts CMakeLists.txt src/CMakeLists.txt || true)" "no white space at the end of a line"

exit $bad
