#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Each third-party library is visible from its own place only, and there is no
# library this table does not know.
set -euo pipefail
cd "${1:?source directory}"

# header, and the files that may include it: two regular expressions
places='
openssl/       src/net/|src/base/digest\.c|tests/
microhttpd\.h  src/http/|tests/bench/
yyjson\.h      src/json/
yaml\.h        src/yaml/
jansson\.h     src/admission/respond\.c|src/report/|src/cli/cmd_[a-z_]*\.c
curl/          src/api/
cmocka\.h      tests/(unit|support)/
'
system='(std[a-z]+|string|strings|errno|limits|ctype|time|inttypes|math|setjmp|signal|locale|unistd|fcntl|poll|pthread|sched|netdb|dirent|malloc|semaphore|spawn|dlfcn|termios|sys/[a-z_]+|netinet/[a-z_]+|arpa/inet|net/if|linux/[a-z_]+|sanitizer/[a-z_]+)\.h'

place_of() {
	local prefix where
	while read -r prefix where; do
		[ -n "$prefix" ] && [[ "$1" =~ ^$prefix ]] && echo "$where" && return
	done <<<"$places"
}

bad=0
while IFS=: read -r file line header; do
	where=$(place_of "$header" || true)
	if [ -z "$where" ]; then
		echo "$file:$line: <$header> belongs to no library that tests/lint/libraries.sh knows"
		bad=1
	elif ! [[ "$file" =~ ^($where) ]]; then
		echo "$file:$line: <$header> may be included from $where only"
		bad=1
	fi
done < <(grep -rnoE --include='*.[ch]' '^ *# *include *<[^>]+>' src tests |
	sed -E 's/ *# *include *<([^>]+)>/\1/' | grep -vE ":$system\$")

exit $bad
