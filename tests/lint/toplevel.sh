#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The top level holds CMakeLists.txt README.md LICENSE src/ policies/ tests/
# deploy/ charts/ and dotfiles, and nothing else that is not ignored.
set -euo pipefail
cd "${1:?source directory}"

names() {
	if git rev-parse --git-dir >/dev/null 2>&1; then
		git ls-files --cached --others --exclude-standard | cut -d/ -f1 | sort -u
	else
		ls -A | grep -v '^build'
	fi
}
extra=$(names | grep -vxE 'CMakeLists\.txt|README\.md|LICENSE|src|policies|tests|deploy|charts|\..*' || true)
[ -z "$extra" ] || { printf '%s\n' "does not belong at the top level:" "$extra"; exit 1; }
for name in CMakeLists.txt README.md LICENSE src policies tests deploy; do
	[ -e "$name" ] || { echo "missing at the top level: $name"; exit 1; }
done
