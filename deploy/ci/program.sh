#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Prints the path of a fipsgate program, for CI jobs that have a clone of this
# repository and perhaps nothing else:
#
#   1 $FIPSGATE_PROGRAM, when it is set
#   2 `fipsgate` on PATH
#   3 the one in build/ci of this clone, built now if it is not there yet
#
# Building needs Debian 12 or later (deploy/packages.sh installs what is missing)
# or the packages that it names; it takes half a minute, once a clone.
set -euo pipefail

source=$(cd "$(dirname "$(readlink -f "$0")")/../.." && pwd)
build=$source/build/ci

say() { printf 'fipsgate: %s\n' "$1" >&2; }

if [ -n "${FIPSGATE_PROGRAM:-}" ]; then
	[ -x "$FIPSGATE_PROGRAM" ] || { say "FIPSGATE_PROGRAM is \`$FIPSGATE_PROGRAM\`, which cannot be run"; exit 2; }
	realpath "$FIPSGATE_PROGRAM"
	exit
fi
if command -v fipsgate; then exit; fi
if [ ! -x "$build/src/fipsgate" ]; then
	mkdir -p "$build"
	exec 9>"$build/lock"
	flock 9 # pre-commit runs a hook several times at once
fi
if [ ! -x "$build/src/fipsgate" ]; then
	say "no program is given or on PATH; building it in $build"
	{
		"$source/deploy/packages.sh" run ||
			say "packages were not installed; trying with what is there"
		cmake -S "$source" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DBUILD_TESTING=OFF
		cmake --build "$build" --target fipsgate
	} >"$build/log" 2>&1 9>&- || { tail -n 20 "$build/log" >&2; say "it could not be built; $build/log says why"; exit 2; }
fi
echo "$build/src/fipsgate"
