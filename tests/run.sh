#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds and runs every test, from any directory, in a fresh clone.
#
#   tests/run.sh           gcc with AddressSanitizer and UBSan, then a release build
#   tests/run.sh --full    and clang, ThreadSanitizer, valgrind, and line coverage of at least 90 %
#
# Installs what is missing (deploy/packages.sh). Stops at the first stage that
# is red. BUILD_DIR says where to build (default: build/ in the source tree).
set -euo pipefail

source=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd)
build=${BUILD_DIR:-$source/build}
jobs=$(nproc)
[ "$jobs" -le 8 ] || jobs=8
started=$SECONDS
least_coverage=90
# Under valgrind the server is 20 times slower: what these want is that it is not late.
too_slow_for_valgrind='^e2e/(around|clock|crowds|heavy|idle|limits|sizes|storm|term)$'
# To valgrind vfork is fork, so nobody is told that a program cannot be started, which is what this asks.
not_for_valgrind='/unit_cli_render$'
# What no machine is asked for: another day, another version of clang-format, more descriptors than it may have.
expected_skips='^skipped: (a new day began|clang-format is version |[0-9]+ idle connections)'
stages=()

case ${1:-} in
"") tier=test ;;
--full) tier=full ;;
*) sed -n '3,10s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac

export ASAN_OPTIONS=detect_leaks=1:strict_string_checks=1:detect_stack_use_after_return=1:check_initialization_order=1
export UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
export TSAN_OPTIONS=halt_on_error=1:second_deadlock_stack=1
export CTEST_PARALLEL_LEVEL=$jobs
unset CFLAGS CXXFLAGS LDFLAGS

say() { printf '\n== %s\n' "$*"; }
stop() {
	printf '\nRED: %s\n' "$1" >&2
	exit 1
}

# compile NAME CC cmake-options...: builds in $build/NAME
compile() {
	local name=$1 cc=$2
	shift 2
	say "$name: build ($cc $*)"
	cmake -S "$source" -B "$build/$name" -G Ninja -DCMAKE_C_COMPILER="$cc" -DBUILD_TESTING=ON "$@" >"$build/$name.log" 2>&1 ||
		{ cat "$build/$name.log"; stop "$name does not configure"; }
	cmake --build "$build/$name" -j "$jobs" >"$build/$name.log" 2>&1 ||
		{ grep -v '^\[' "$build/$name.log"; stop "$name does not build; $build/$name.log has it all"; }
}

# check NAME ctest-options...: runs the tests of $build/NAME
check() {
	local name=$1 log=$build/$1/Testing/Temporary/LastTest.log summary
	shift
	say "$name: test"
	ctest --test-dir "$build/$name" --output-on-failure --timeout 900 "$@" 2>&1 | tee "$build/$name.log" |
		grep -vE '^ *[0-9/]+ Test +#[0-9]+: .* Passed |^ +Start +[0-9]+: |^$|^Internal ctest|^Test project|^Errors while|^Output from|^Use "' || true
	grep -E '^skipped: ' "$log" | sort -u | tee -a "$build/skipped" || true
	summary=$(grep -E 'tests passed, [0-9]+ tests? failed out of' "$build/$name.log" || true)
	case $summary in
	"100% tests passed"*) stages+=("$name: $(sed -E 's/^100% tests passed, 0 tests failed out of ([0-9]+)/\1 passed, 0 failed/' <<<"$summary")") ;;
	*) stop "$name: ${summary:-ctest did not finish}; run one test with: ctest --test-dir $build/$name -R NAME -V" ;;
	esac
}

# Valgrind on the programs themselves: every unit test, and all cases in one process.
memcheck() {
	local count=0 program
	local valgrind=(valgrind -q --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite,indirect)
	say "valgrind: test"
	for program in "$build"/valgrind/tests/unit/unit_*; do
		[[ ! $program =~ $not_for_valgrind ]] || continue
		"${valgrind[@]}" "$program" >"$build/valgrind.log" 2>&1 || { cat "$build/valgrind.log"; stop "valgrind: ${program##*/}"; }
		count=$((count + 1))
	done
	"${valgrind[@]}" "$build/valgrind/src/fipsgate" policy test "$source/tests/cases" >"$build/valgrind.log" 2>&1 ||
		{ tail -n 50 "$build/valgrind.log"; stop "valgrind: the cases"; }
	stages+=("valgrind: $((count + 1)) passed, 0 failed")
}

# Lines of src/ that no unit test, case or script reaches: how many, and those
# for which tests/coverage.md has no reason.
coverage() {
	local percent
	say "coverage: lines"
	gcovr --root "$source" --filter "$source/src/" --object-directory "$build/coverage" --json "$build/coverage.json" \
		--txt "$build/coverage.txt" "$build/coverage" || stop "coverage: gcovr failed"
	python3 "$source/tests/coverage.py" "$build/coverage.json" "$source" | tee "$build/coverage.log"
	percent=$(awk 'END { print $1 }' "$build/coverage.log")
	awk -v have="$percent" -v want="$least_coverage" 'BEGIN { exit !(have >= want) }' ||
		stop "coverage: $percent % of the lines, less than $least_coverage %; $build/coverage.txt has them by file"
	stages+=("coverage: $percent % of the lines")
}

mkdir -p "$build"
: >"$build/skipped"
"$source/deploy/packages.sh" "$tier" || stop "packages are missing (deploy/packages.sh $tier)"

compile sanitize gcc -DCMAKE_BUILD_TYPE=Debug -DSANITIZE=address,undefined
check sanitize
compile release gcc -DCMAKE_BUILD_TYPE=Release
check release

if [ "$tier" = full ]; then
	compile clang clang -DCMAKE_BUILD_TYPE=Debug -DSANITIZE=address,undefined
	check clang -E '^lint/'
	compile thread gcc -DCMAKE_BUILD_TYPE=Debug -DSANITIZE=thread
	check thread -R '^(unit/(base|policy|net|http|cli)|e2e)/'
	compile valgrind gcc -DCMAKE_BUILD_TYPE=Debug
	memcheck
	MEMCHECK=1 check valgrind --timeout 1800 -R '^e2e/' -E "$too_slow_for_valgrind"
	compile coverage gcc -DCMAKE_BUILD_TYPE=Debug -DCOVERAGE=ON
	find "$build/coverage" -name '*.gcda' -delete # what an earlier run counted
	check coverage -E '^(lint|fuzz)/|^differential$'
	coverage
fi

# What a machine cannot do is said above; where everything is to be done (.ci/run), that is red.
if [ -n "${NO_SKIPS:-}" ] && grep -vE "$expected_skips" "$build/skipped" | grep -q .; then
	stop "skipped, and not expected to be: $(grep -vE "$expected_skips" "$build/skipped" | sort -u | head -5)"
fi

say "all green in $((SECONDS - started)) seconds"
printf '%s\n' "${stages[@]}"
