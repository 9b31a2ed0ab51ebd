#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds the fuzz targets with libFuzzer and runs each for SECONDS (default
# 600); prints a table. What a run found new stays below the build directory
# until --keep merges it into corpus/, minimised.
#
#   tests/fuzz/run.sh [-j N] [--keep] [SECONDS [TARGET...]]
#
# Needs clang with libFuzzer (deploy/packages.sh full). BUILD_DIR says where to
# build. Stops after the first target that finds something and names the input.
set -euo pipefail

here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
source=$(cd "$here/../.." && pwd)
build=${BUILD_DIR:-$source/build}/fuzz
jobs=1
keep=no

while [ $# -gt 0 ]; do
	case $1 in
	-j) jobs=$2; shift 2 ;;
	-j*) jobs=${1#-j}; shift ;;
	--keep) keep=yes; shift ;;
	-*) sed -n '3,11s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
	*) break ;;
	esac
done
seconds=${1:-600}
[ $# -eq 0 ] || shift
targets=("$@")
[ ${#targets[@]} -gt 0 ] || mapfile -t targets < <(sed -nE 's/^fuzz\(([a-z_]+) .*/\1/p' "$here/CMakeLists.txt")

export ASAN_OPTIONS=detect_leaks=1:strict_string_checks=1:detect_stack_use_after_return=1
export UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1

mkdir -p "$build"
cmake -S "$source" -B "$build" -G Ninja -DCMAKE_C_COMPILER=clang -DCMAKE_BUILD_TYPE=Debug -DFUZZ=ON >"$build/configure.log" ||
	{ cat "$build/configure.log"; exit 1; }
cmake --build "$build" --target fuzzers >"$build/build.log" || { grep -v '^\[' "$build/build.log"; exit 1; }

dictionary() {
	case $1 in
	image_*) echo image ;;
	edit | yaml) echo yaml ;;
	exception | facts | policy | selector) echo policy ;;
	patch | pointer | review) echo json ;;
	esac
}

# fuzz TARGET: runs it, and leaves a line of the table in TARGET/row.
fuzz() {
	local name=$1 dir=$build/run/$1 words result=nothing
	words=$(dictionary "$name")
	mkdir -p "$dir/new"
	rm -f "$dir/row"
	nice -n 19 "$build/tests/fuzz/fuzz_$name" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=3000 -max_len=16384 \
		-print_final_stats=1 -artifact_prefix="$dir/" ${words:+-dict="$here/dict/$words.dict"} \
		"$dir/new" "$here/corpus/$name" >"$dir/log" 2>&1 || result=$(ls -t "$dir"/{crash,leak,oom,slow-unit,timeout}-* 2>/dev/null | head -n 1)
	printf '| `%s` | %s | %s s | %s | %s |\n' "$name" \
		"$(sed -n 's/^stat::number_of_executed_units: *//p' "$dir/log")" "$seconds" \
		"$(sed -nE 's/^#[0-9]+.* corp: ([0-9]+)\/.*/\1/p' "$dir/log" | tail -n 1)" "${result:-see $dir/log}" >"$dir/row"
	if [ "$result" != nothing ]; then
		tail -n 40 "$dir/log" >&2
		return 1
	fi
}

bad=0
for name in "${targets[@]}"; do
	while [ "$(jobs -rp | wc -l)" -ge "$jobs" ]; do
		wait -n || bad=1
	done
	[ "$bad" -eq 0 ] || break
	fuzz "$name" &
done
while [ -n "$(jobs -rp)" ]; do
	wait -n || bad=1
done
wait

echo '| target | executions | time | corpus in use | found |'
echo '|---|---|---|---|---|'
for name in "${targets[@]}"; do
	[ ! -f "$build/run/$name/row" ] || cat "$build/run/$name/row"
	grep -qs '| nothing |$' "$build/run/$name/row" || bad=1
done

if [ "$keep" = yes ] && [ "$bad" -eq 0 ]; then
	for name in "${targets[@]}"; do
		rm -rf "$build/run/$name/kept"
		mkdir -p "$build/run/$name/kept"
		"$build/tests/fuzz/fuzz_$name" -merge=1 -max_len=2048 "$build/run/$name/kept" "$here/corpus/$name" "$build/run/$name/new" \
			>>"$build/run/$name/log" 2>&1
		rm -rf "${here:?}/corpus/$name"
		cp -r "$build/run/$name/kept" "$here/corpus/$name"
	done
fi
exit $bad
