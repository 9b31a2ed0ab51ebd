#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds a program of this source tree for an image: /usr/local/bin/PROGRAM,
# which finds the libraries of libraries.sh by itself.
#
#   deploy/image/program.sh PROGRAM     fipsgate, or fips-proxy
#
# With SOURCE_DATE_EPOCH the same sources and packages give the same bytes.
set -euo pipefail

[ $# -eq 1 ] || { echo "usage: deploy/image/program.sh PROGRAM" >&2; exit 2; }
source=$(cd "$(dirname "$(readlink -f "$0")")/../.." && pwd)
build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT

if command -v ninja >/dev/null; then export CMAKE_GENERATOR=Ninja; fi
cmake -S "$source" -B "$build" -DCMAKE_BUILD_TYPE=Release -DBUILD_TESTING=OFF \
	-DCMAKE_C_FLAGS="-ffile-prefix-map=$build=. -ffile-prefix-map=$source=." \
	-DCMAKE_BUILD_WITH_INSTALL_RPATH=ON -DCMAKE_INSTALL_RPATH=/usr/local/lib -DCMAKE_RUNTIME_OUTPUT_DIRECTORY="$build/bin" >/dev/null
cmake --build "$build" -j "$(nproc)" --target "$1" >"$build/log" 2>&1 || { cat "$build/log" >&2; exit 1; }
install -D -s -m 755 "$build/bin/$1" "/usr/local/bin/$1"
