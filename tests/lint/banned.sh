#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What must not be called. base/banned.h poisons most of it; here: that every
# file is compiled with it, that it bites, and the names that are fine in one
# place and wrong in another.
set -euo pipefail
source=${1:?source directory}
build=${2:?build directory}
cd "$source"
bad=0

without=$(jq -r '.[] | select(.command | contains("base/banned.h") | not) | .file' "$build/compile_commands.json")
if [ -n "$without" ]; then
	printf '%s\n' "compiled without base/banned.h (link to \`warnings\`):" "$without"
	bad=1
fi
if echo 'char *f(char *a, const char *b); char *f(char *a, const char *b) { return strcpy(a, b); }' |
	cc -include src/base/banned.h -fsyntax-only -x c - 2>/dev/null; then
	echo "src/base/banned.h lets strcpy through"
	bad=1
fi

# names | where they may be called | why
while IFS='|' read -r names where why; do
	[ -n "$names" ] || continue
	hits=$(grep -rnE --include='*.[ch]' "(^|[^a-z_>.\"])($(echo $names | tr ' ' '|'))\(" src |
		grep -vE '^[^:]*:[0-9]+: *(/?\*)' | grep -vE "^src/($(echo $where | tr ' ' '|'))" || true)
	if [ -n "$hits" ]; then
		printf '%s\n' "$hits" "  ${why# }"
		bad=1
	fi
done <<'TABLE'
alloca strdupa               | none                      | the stack has no maximum: take it from an arena
rand random srand drand48    | none                      | nothing here may be random
sleep usleep                 | none                      | wait for events, not for time
assert                       | none                      | BUG_IF stays on in release builds
exit _exit                   | main.c cli/               | only the command line ends the program
abort                        | base/bug.c                | BUG_IF is the one way to stop for our own mistakes
getenv secure_getenv setenv  | cli/                      | settings come in by the command line's table
printf fprintf puts fputs putchar perror vprintf | main.c cli/ report/ base/log.c base/bug.c | only the command line talks to people; everything else returns errors
malloc calloc realloc free strdup strndup asprintf | base/ net/ http/ cli/ report/ api/ policy/ | a review lives in its arena
time gettimeofday clock_gettime | base/ net/ http/ cli/ api/ | the day is an argument, so that every verdict can be repeated
TABLE
exit $bad
