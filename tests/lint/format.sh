#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# clang-format agrees with every C file. Its output differs from version to
# version, so only version 14 (Debian bookworm's) is asked; 77 is "skipped".
set -euo pipefail
cd "${1:?source directory}"

tool=$(command -v clang-format-14 || command -v clang-format || true)
if [ -z "$tool" ]; then
	echo "skipped: clang-format is not installed"
	exit 77
fi
version=$("$tool" --version | sed -nE 's/.*version ([0-9]+).*/\1/p')
if [ "$version" != 14 ]; then
	echo "skipped: clang-format is version $version, and the files are formatted with 14"
	exit 77
fi
find src tests deploy -name '*.[ch]' -print0 | xargs -0 "$tool" --dry-run -Werror
