#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A lint that cannot fail is a wish. On a copy of the tree this makes one
# mistake for every claim of every lint and expects the lint to name it.
set -euo pipefail
source=${1:?source directory}
build=${2:?build directory}
program=${3:?fipsgate program}
lints=$(dirname "$(readlink -f "$0")")

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tree=$work/tree
bad=0
count=0

# What lints read, once; then a tree of links to it for each mistake, which is
# cheap as long as a mistake replaces a file instead of writing into it.
mkdir "$work/pristine"
(cd "$source" && find . \( -name .git -o -name 'build*' -o -name corpus \) -prune -o \
	\( -type d -o -name '*.[ch]' -o -name '*.sh' -o -name '*.md' -o -name '*.txt' -o -path './policies/*.yaml' \
		-o -name LICENSE -o -name .clang-format -o -name run \) -print0 |
	tar -c --no-recursion --null -T -) | tar -x -C "$work/pristine"

fresh() {
	rm -rf "$tree" "$work/build"
	cp -al "$work/pristine" "$tree"
	mkdir "$work/build"
}

# add FILE LINE...
add() {
	local file=$1
	shift
	{ cat "$file" && printf '%s\n' "$@"; } >"$file.new"
	chmod --reference="$file" "$file.new"
	mv "$file.new" "$file"
}

# bites LINT 'what it must say' 'the mistake, a command run in the copy'
bites() {
	local output status=0
	fresh
	(cd "$tree" && eval "$3")
	output=$("$lints/$1.sh" "$tree" "${4:-$work/build}" 2>&1) || status=$?
	count=$((count + 1))
	if [ "$status" -eq 0 ]; then
		echo "$1.sh says nothing against: $3"
		bad=1
	elif [ "$status" -ne 77 ] && ! grep -qF -- "$2" <<<"$output"; then
		printf '%s\n' "$1.sh does not say \`$2\` against: $3" "$output"
		bad=1
	fi
}

c_file() { printf '%s\n' '/* SPDX-License-Identifier: Apache-2.0 */' '/* A file. */' "$@"; }

bites layering "stands right of" "add src/kube/kind.c '#include \"policy/policy.h\"'"
bites layering "has no place" "mkdir src/misc"
bites layering "names its folder" "add src/kube/kind.c '#include \"kind.h\"'"

bites libraries "<openssl/ssl.h> may be included from" "add src/http/server.c '#include <openssl/ssl.h>'"
bites libraries "<openssl/evp.h> may be included from" "add src/base/base64.c '#include <openssl/evp.h>'"
bites libraries "<jansson.h> may be included from" "add src/policy/policy.c '#  include <jansson.h>'"
bites libraries "<gnutls/gnutls.h> belongs to no library" "add src/net/tls.c '#include <gnutls/gnutls.h>'"

bites style "first line is the licence" "sed -i 1d src/base/buf.c"
bites style "says what the file is" "sed -i 2,12d src/base/arena.h"
bites style "include guard is BASE_BUF_H" "sed -i 's/BASE_BUF_H/BUFFER_H/' src/base/buf.h"
bites style "comments are /*" "add src/base/buf.c '// why'"
bites style "keep their names" "add src/base/buf.h 'typedef struct thing thing;'"
bites style "finish it" "add src/base/buf.c '/* TODO: all of it */'"
bites style "end of a line" "add src/base/buf.c 'int x; '"
bites style "a script is executable" "add deploy/packages.sh && chmod -x deploy/packages.sh"

bites format "src/base/buf.c" "add src/base/buf.c 'int  f( void ) ;'"
bites size "src/base/buf.c: " "add src/base/buf.c \$(printf 'x; %.0s' {1..500})"
bites size "f() has 83 lines" "add src/base/date.c 'int f(void)' '{' \$(printf 'g(); %.0s' {1..80}) '}'"

bites toplevel "notes.txt" "touch notes.txt"
bites toplevel "missing at the top level: LICENSE" "rm LICENSE"

bites docs "no row for the rule lb-service" "sed -i '/^| .lb-service/d' README.md" "$program"
bites docs "which is no rule" "add README.md '| \`no-such-rule\` | x |'" "$program"
bites docs "option --max-body" "sed -i '/^| .--max-body/d' README.md" "$program"
bites docs "eight cases" "rm -rf tests/cases/sidecar/[f-z]*" "$program"
bites docs "policy explain quantum-safe" "add src/rules/rules.c '&rule_quantum_safe'" "$program"
bites docs "no set below policies/ uses mesh-tls" "rm policies/*/mesh.yaml" "$program"
bites docs "fipsgate policy lint" "sed -i 's/fipsgate policy lint/fipsgate lint/' README.md" "$program"
bites docs "fipsgate certs wait" "sed -i 's/fipsgate certs wait/certs wait/' README.md" "$program"
bites docs "option --leaf-life of certs make" "sed -i '/^| .--leaf-life/d' README.md" "$program"
bites commands "there is no fipsgate chekc" "sed -i 's/fipsgate check --diff/fipsgate chekc --diff/' README.md" "$program"
bites commands "fipsgate check has no --polices" "sed -i 's/check --policies/check --polices/' deploy/README.md" "$program"
bites commands "fipsgate certs rotate has no --secrets" "sed -i 's/--secret fipsgate-tls/--secrets fipsgate-tls/' README.md" "$program"
bites commands "the chart has no value webhooks.glass" "sed -i 's/--set webhooks.breakGlass/--set webhooks.glass/' deploy/README.md" "$program"
bites docs "does not name fipsgate completion" "sed -i 's/fipsgate completion/its completion/' README.md" "$program"
bites docs "as evidence" "rm -r tests/cases/ways-in/delete-is-never-a-patch" "$program"
bites docs "does not name base/nobody.c" "touch src/base/nobody.c" "$program"
bites docs "kube/nobody.c, which does not exist" "add src/README.md kube/nobody.c" "$program"
bites docs "does not name nobody/" "mkdir tests/nobody" "$program"

compile() { # folder stem code...
	mkdir -p "$work/build/src/CMakeFiles/$1.dir/$1"
	rm -f "$tree/src/$1/$2.c"
	c_file "${@:3}" >"$tree/src/$1/$2.c"
	cc -c "$tree/src/$1/$2.c" -o "$work/build/src/CMakeFiles/$1.dir/$1/$2.c.o"
}
bites symbols "external symbol \`helper\`" "compile base date 'int helper;'"
bites symbols "external symbol \`rule_other\`" "compile rules lb_service 'int rule_other;'"
bites symbols "build first" "true"

commands() { jq -n --arg command "$1" '[{ command: $command, file: "src/base/buf.c" }]' >"$work/build/compile_commands.json"; }
bites banned "compiled without base/banned.h" "commands 'cc -c src/base/buf.c'"
with="commands 'cc -include src/base/banned.h'"
bites banned "lets strcpy through" "$with; sed -i '/poison/d' src/base/banned.h"
bites banned "an argument" "$with; add src/policy/policy.c 'long f(void) { return time(NULL); }'"
bites banned "lives in its arena" "$with; add src/rules/sidecar.c 'void *f(void) { return malloc(1); }'"
bites banned "only the command line talks" "$with; add src/json/doc.c 'void f(void) { printf(\"x\"); }'"

# And the tree as it stands has none of these mistakes: the other lints say so.
[ "$bad" -eq 0 ] && echo "$count mistakes made, each one named"
exit $bad
