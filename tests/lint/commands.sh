#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What documents tell people to type is what the program takes: in code (four
# spaces or backquotes) each `fipsgate COMMAND` is a command, each option behind it
# is one of its, and each value that `helm --set` sets is one of the chart's.
set -euo pipefail
cd "${1:?source directory}"
program=${2:?fipsgate program}
bad=0
count=0
declare -A known
commands=$("$program" help)

complain() { echo "$1"; bad=1; }

# The code of a document, a command a line: continued lines are joined.
code() {
	sed -e ':a' -e '/\\$/N; s/\\\n *//; ta' "$1" | sed -nE 's/^    //p'
	grep -oE '`(fipsgate|helm) [^`]+`' "$1" | tr -d '`' || true
}

# options COMMAND...: those it has, in $known
options() {
	known[$*]=$("$program" "${@:1:$#-1}" help "${@: -1}" 2>/dev/null | grep -oE -- '^  --[a-z][a-z-]*' | tr -d ' ') || known[$*]=
}

# check FILE WORD...: the words behind `fipsgate`, up to the next command
check() {
	local file=$1 command=$2 word
	case $2 in
	policy | certs) [[ ! ${3:-} =~ ^[a-z]+$ ]] || command="$2 $3" ;;
	esac
	# shellcheck disable=SC2086 # one or two words
	[ -n "${known[$command]+set}" ] || options $command
	grep -qE "^  $2( |$)" <<<"$commands" || complain "$file: there is no fipsgate $2"
	for word in "${@:3}"; do
		[[ $word =~ ^--[a-z] ]] || continue
		count=$((count + 1))
		grep -qx -- "${word%%=*}" <<<"${known[$command]}" || complain "$file: fipsgate $command has no ${word%%=*}"
	done
}

for file in README.md $(find deploy charts policies -name '*.md' | sort); do
	while read -r -a words; do
		[ "${words[0]}" = help ] || check "$file" "${words[@]}"
	done < <(code "$file" | grep -oE '(^|[|$] |&& |-- )fipsgate [a-z]+( [^|]*)?' | sed -E 's/^[^f]*fipsgate //' || true)
	for value in $(code "$file" | grep -E '^helm ' | grep -oE -- '--set(-string)? [^ =]+' | sed 's/.* //' || true); do
		count=$((count + 1))
		grep -qF "| \`$value\` |" charts/fipsgate/README.md || complain "$file: the chart has no value $value"
	done
done
[ "$count" -ge 30 ] || complain "only $count options were found in documents"
exit $bad
