#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What the formats promise whoever reads them: JSON keeps to its schema,
# fingerprints differ, comments fit, and nothing in a file is a command to what
# reads the log.
set -euo pipefail
program=$(readlink -f "$1")
here=$(dirname "$(readlink -f "$0")")
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
bad=0

complain() { echo "$1"; bad=1; }
expect() { # what | wanted | got
	[ "$2" = "$3" ] || complain "$1: $3, not $2"
}

"$program" schema >"$dir/schema.json"
for story in clean hostile many mixed; do
	"$program" "$story" json >"$dir/$story.json"
done
python3 "$here/../e2e/schema.py" "$dir/schema.json" "$dir"/{clean,hostile,many,mixed}.json | grep -v '^ok ' && bad=1
jq '.findings[0].line = 0' "$dir/mixed.json" >"$dir/wrong.json"
expect "a report with line 0" no "$(python3 "$here/../e2e/schema.py" "$dir/schema.json" "$dir/wrong.json" | cut -d' ' -f1)"

"$program" many gitlab >"$dir/gitlab.json"
expect "issues for GitLab" 800 "$(jq length "$dir/gitlab.json")"
expect "different fingerprints for GitLab" 800 "$(jq -r '.[].fingerprint' "$dir/gitlab.json" | sort -u | wc -l)"

"$program" many github >"$dir/github"
expect "errors for GitHub" 400 "$(grep -c '^::error ' "$dir/github")"
expect "notices for GitHub" 10 "$(grep -c '^::notice ' "$dir/github")"
expect "the last notice" 1 "$(grep -c '^::notice title=fipsgate::GitHub shows 10 .* 400 errors, 0 warnings and 400 notices' "$dir/github")"
expect "lines that say what is no annotation" 391 "$(grep -c '^notice: ' "$dir/github")"
"$program" mixed github >"$dir/github"
expect "last notices where all is shown" 0 "$(grep -c 'GitHub shows' "$dir/github" || true)"

"$program" many markdown >"$dir/comment.md"
[ "$(wc -c <"$dir/comment.md")" -lt 65536 ] || complain "a comment of $(wc -c <"$dir/comment.md") bytes"
expect "sections that are cut and say so" 2 "$(grep -c 'more are left out here' "$dir/comment.md")"
shown=$(grep -c '^- \*\*' "$dir/comment.md")
missing=$(sed -nE 's/^\*([0-9]+) more are left out here.*/\1/p' "$dir/comment.md" | awk '{ n += $1 } END { print n }')
expect "findings shown and left out" 800 $((shown + missing))

# A mention, a reference or a link outside code spans; table cells.
"$program" hostile markdown | sed -E 's/(`+)[^`].*[^`]\1//g' >"$dir/prose.md"
for pattern in '@[a-z]' '[^&]#[0-9]' '://' 'www\.' '<script' '[^\\]\]\('; do
	grep -nE -- "$pattern" "$dir/prose.md" && complain "a comment holds \`$pattern\` from a file"
done

for format in text json sarif junit github gitlab markdown html; do
	"$program" hostile "$format" >"$dir/out"
	iconv -f UTF-8 -t UTF-8 "$dir/out" >"$dir/again" || complain "$format: not UTF-8"
	LC_ALL=C grep -naP '[\x00-\x08\x0b-\x1f\x7f]|\xe2\x80\xae' "$dir/out" && complain "$format: control characters"
	grep -nE '##[a-z]*\[' "$dir/out" && complain "$format: a command wherever it stands"
	grep -nE '^[[:space:]]*::' "$dir/out" | grep -vE '^[0-9]+:::(error|warning|notice) (file|title)=' &&
		complain "$format: a command at the start of a line"
done
exit $bad
