#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The documents are checked against the tables they describe: README names
# every rule and every option of `serve` and `certs`, src/README.md every source file,
# tests/README.md every suite, and no evidence that is not there; and every rule
# has cases that pass, fail and cannot tell, is explained, and is in use in a
# shipped set.
set -euo pipefail
cd "${1:?source directory}"
program=${2:?fipsgate program}
bad=0

complain() { echo "$1"; bad=1; }

rules=$(grep -oE '&rule_[a-z_]+' src/rules/rules.c | sed 's/&rule_//' | tr _ - | sort -u)
[ -n "$rules" ] || complain "src/rules/rules.c: found no table of rules"
explained=$("$program" policy explain | sed -nE 's/^([a-z-]+) .*/\1/p')
used=$(for set in $(find policies -mindepth 2 -maxdepth 2 -name '*.yaml' -printf '%h\n' | sort -u); do
	[ "$set" = policies/facts ] || "$program" policy list --policies "$set" --output json | jq -r '.rules[].type'
done | sort -u)
for rule in $rules; do
	grep -qx -- "$rule" <<<"$explained" && "$program" policy explain "$rule" >/dev/null ||
		complain "\`fipsgate policy explain $rule\` explains nothing"
	grep -qx -- "$rule" <<<"$used" || complain "no set below policies/ uses $rule, so \`policy list\` never shows it"
	grep -q "^| \`$rule\`" README.md || complain "README.md has no row for the rule $rule"
	[ "$(find "tests/cases/$rule" -mindepth 1 -maxdepth 1 -type d 2>/dev/null | wc -l)" -ge 8 ] ||
		complain "tests/cases/$rule/ wants eight cases at least, that pass, fail, cannot tell"
done
for rule in $(sed -nE 's/^\| `([a-z][a-z-]+)` \|.*/\1/p' README.md); do
	grep -qx -- "$rule" <<<"$rules" || complain "README.md has a row for $rule, which is no rule"
done

for command in $("$program" help | sed -nE 's/^  ([a-z]+)  .*/\1/p' | grep -vx help); do
	grep -q "fipsgate $command" README.md || complain "README.md does not name fipsgate $command"
done
for command in $("$program" policy help | sed -nE 's/^  ([a-z]+)  .*/\1/p' | grep -vx help); do
	grep -q "fipsgate policy $command" README.md || complain "README.md does not name fipsgate policy $command"
done

for command in $("$program" certs help | sed -nE 's/^  ([a-z]+)  .*/\1/p' | grep -vx help); do
	grep -q "fipsgate certs $command" README.md || complain "README.md does not name fipsgate certs $command"
	for option in $("$program" certs help "$command" | grep -oE -- '^  --[a-z][a-z-]*' | tr -d ' '); do
		sed -n '/^## The webhook.s certificates/,/^## What it proves/p' README.md | grep -qE -- "\`$option\`" ||
			complain "README.md does not name the option $option of certs $command"
	done
done

options=$("$program" help serve | grep -oE -- '(^|[ ,])--[a-z][a-z-]*' | tr -d ' ,' | sort -u)
[ -n "$options" ] || complain "\`fipsgate help serve\` names no option"
for option in $options; do
	grep -qE -- "^\| \`$option( |\`)" README.md || complain "README.md has no row for the option $option of serve"
done

for file in $(find src -name '*.[ch]' | sort); do
	name=${file#src/}
	stem=${name%.[ch]}
	grep -qE "(^|[^a-z_/])${stem//./\\.}\.(\[ch\]|${file##*.})" src/README.md || complain "src/README.md does not name $name"
done
for named in $(grep -oE '[a-z]+/[a-z_0-9]+\.(\[ch\]|[ch]\b)' src/README.md | sort -u); do
	found=$(ls src/${named/.\[ch\]/.c} src/${named/.\[ch\]/.h} 2>/dev/null || true)
	[ -n "$found" ] || complain "src/README.md names $named, which does not exist"
done
[ "$(wc -l <src/README.md)" -le 170 ] || complain "src/README.md has more than 170 lines"

for suite in $(find tests -mindepth 1 -maxdepth 1 -type d -printf '%f\n' | sort); do
	grep -q "\`$suite/" tests/README.md || complain "tests/README.md does not name $suite/"
done
for suite in $(grep -oE '^\| `[a-z]+/' tests/README.md | tr -d '| `/'); do
	[ -d "tests/$suite" ] || complain "tests/README.md names $suite/, which does not exist"
done
for shown in $(sed -nE '/^## What users/,/^## A policy/p' tests/README.md | grep -oE '`[a-z0-9]+/[a-zA-Z0-9_./-]+`' | tr -d '`' | sort -u); do
	case $shown in lint/*) continue ;; esac
	[ -e "tests/$shown" ] || complain "tests/README.md names $shown as evidence, which does not exist"
done
exit $bad
