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

fresh() {
	rm -rf "$tree" "$work/build"
	mkdir -p "$tree" "$work/build"
	(cd "$source" && tar -c --exclude='./build*' --exclude=./.git --exclude='./tests/cases/*/*/*' --exclude='./tests/policies/*/*' \
		--exclude='./tests/fuzz/corpus/*/*' --exclude='./policies/*/cases/*/*' --exclude='./tests/findings/*/*' .) | tar -x -C "$tree"
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

bites layering "stands right of" "echo '#include \"policy/policy.h\"' >>src/kube/kind.c"
bites layering "has no place" "mkdir src/misc"
bites layering "names its folder" "echo '#include \"kind.h\"' >>src/kube/kind.c"

bites libraries "<openssl/ssl.h> may be included from" "echo '#include <openssl/ssl.h>' >>src/http/server.c"
bites libraries "<openssl/evp.h> may be included from" "echo '#include <openssl/evp.h>' >>src/base/base64.c"
bites libraries "<jansson.h> may be included from" "echo '#  include <jansson.h>' >>src/policy/policy.c"
bites libraries "<gnutls/gnutls.h> belongs to no library" "echo '#include <gnutls/gnutls.h>' >>src/net/tls.c"

bites style "first line is the licence" "sed -i 1d src/base/buf.c"
bites style "says what the file is" "sed -i 2,12d src/base/arena.h"
bites style "include guard is BASE_BUF_H" "sed -i 's/BASE_BUF_H/BUFFER_H/' src/base/buf.h"
bites style "comments are /*" "echo '// why' >>src/base/buf.c"
bites style "keep their names" "echo 'typedef struct thing thing;' >>src/base/buf.h"
bites style "finish it" "echo '/* TODO: all of it */' >>src/base/buf.c"
bites style "end of a line" "echo 'int x; ' >>src/base/buf.c"
bites style "a script is executable" "chmod -x deploy/packages.sh"

bites format "src/base/buf.c" "echo 'int  f( void ) ;' >>src/base/buf.c"
bites size "src/base/buf.c: " "printf '/* a line */%.0s\n' {1..500} >>src/base/buf.c"
bites size "f() has 83 lines" "{ echo 'int f(void)'; echo '{'; printf '    g();%.0s\n' {1..80}; echo '}'; } >>src/base/date.c"

bites toplevel "notes.txt" "touch notes.txt"
bites toplevel "missing at the top level: LICENSE" "rm LICENSE"

bites docs "no row for the rule lb-service" "sed -i '/^| .lb-service/d' README.md" "$program"
bites docs "which is no rule" "echo '| \`no-such-rule\` | x |' >>README.md" "$program"
bites docs "option --max-body" "sed -i '/^| .--max-body/d' README.md" "$program"
bites docs "eight cases" "rm -rf tests/cases/sidecar/[f-z]*" "$program"
bites docs "policy explain quantum-safe" "echo '&rule_quantum_safe' >>src/rules/rules.c" "$program"
bites docs "no set below policies/ uses mesh-tls" "rm policies/*/mesh.yaml" "$program"
bites docs "fipsgate policy lint" "sed -i 's/fipsgate policy lint/fipsgate lint/' README.md" "$program"
bites docs "does not name base/nobody.c" "touch src/base/nobody.c" "$program"
bites docs "kube/nobody.c, which does not exist" "echo kube/nobody.c >>src/README.md" "$program"
bites docs "does not name nobody/" "mkdir tests/nobody" "$program"

compile() { # folder stem code...
	mkdir -p "$work/build/src/CMakeFiles/$1.dir/$1"
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
bites banned "an argument" "$with; echo 'long f(void) { return time(NULL); }' >>src/policy/policy.c"
bites banned "lives in its arena" "$with; echo 'void *f(void) { return malloc(1); }' >>src/rules/sidecar.c"
bites banned "only the command line talks" "$with; echo 'void f(void) { printf(\"x\"); }' >>src/json/doc.c"

# And the tree as it stands has none of these mistakes: the other lints say so.
[ "$bad" -eq 0 ] && echo "$count mistakes made, each one named"
exit $bad
