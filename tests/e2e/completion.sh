#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Completion and manual pages against --help: every command, option and value
# that help shows is offered by bash, zsh and fish, and has its place in a page.
# Then the shells themselves, on a terminal, with the Tab key.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"
cd "$work"

# walk COMMAND...: what help shows, as lines: `command PATH`, `option PATH|--name|VALUE`
walk() {
	local sub option value text
	text=$("$FIPSGATE" help "${@:2}")
	echo "command $*"
	sed -nE 's/^  (--[a-z-]+) ?(.*)$/\1|\2/p' <<<"$text" | while IFS='|' read -r option value; do
		echo "option $*|$option|$value"
	done
	for sub in $(sed -nE 's/^  ([a-z]+)  +.*/\1/p' <<<"$text" | grep -vx help); do
		walk "$@" "$sub"
	done
}

# said WHAT FILE: a line of the file is, or begins with, that
said() { grep -qE -- "^$1($|[[:space:]=])" "$2"; }

# offers_bash WORD...: what bash offers for the last one
offers_bash() {
	COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE="$*"
	COMP_POINT=${#COMP_LINE}
	_fipsgate
	printf '%s\n' "${COMPREPLY[@]}"
}

bash_offers_what_help_shows() {
	local kind rest path option value word
	# shellcheck source=/dev/null
	. ./fipsgate.bash
	while read -r kind rest; do
		IFS='|' read -r path option value <<<"$rest"
		if [ "$kind" = command ]; then
			set -- $path
			[ $# -eq 1 ] || { offers_bash "${@:1:$#-1}" "" >offered && grep -qx -- "${!#}" offered; } || fail "bash does not offer $path"
			continue
		fi
		offers_bash $path -- >offered
		said "$option" offered || fail "bash does not offer $option of $path"
		[[ $value == *[a-z]\|* ]] || continue
		offers_bash $path "$option" "" >offered
		for word in ${value//|/ }; do
			[[ $word == *[A-Z]* ]] || grep -qx -- "$word" offered || fail "bash does not offer $word for $option of $path"
		done
	done <walked
}

# bash_says 'WORDS' OFFER...: for these words (cut as readline cuts them) exactly these are offered
bash_says() {
	local words=$1
	shift
	# shellcheck disable=SC2086 # a list of words
	set -- "$(offers_bash $words | sort | paste -sd' ')" "$*"
	[ "$1" = "$2" ] || fail "bash, after \`$words\`: offers \`$1\`, wanted \`$2\`"
}

bash_knows_its_words() {
	mkdir -p here/there
	touch here/file.yaml 'here/with space.yaml'
	bash_says 'fipsgate pol' policy
	bash_says 'fipsgate policy li' lint list
	bash_says 'fipsgate help policy li' lint list
	bash_says 'fipsgate policy help li' lint list
	bash_says 'fipsgate completion z' zsh
	bash_says 'fipsgate man polic' policy
	bash_says 'fipsgate serve --fips' --fips
	bash_says 'fipsgate serve --fips re' required
	bash_says 'fipsgate serve --fips = re' required
	bash_says 'fipsgate serve --fips policy --log-f' --log-format # a value is no command
	bash_says 'fipsgate policy explain lb-s' lb-service
	bash_says 'fipsgate policy explain -- --p'
	bash_says 'fipsgate policy list --policies bui' builtin:aws-govcloud builtin:azure-government builtin:baseline \
		builtin:gcp-assured-workloads builtin:on-prem
	bash_says 'fipsgate policy list --policies builtin : bas' baseline
	bash_says 'fipsgate policy list --policies = builtin : bas' baseline
	bash_says 'fipsgate policy lint here/' 'here/file.yaml' 'here/there' 'here/with space.yaml'
	bash_says 'fipsgate policy lint here/f' here/file.yaml
	bash_says 'fipsgate man --dir here/' here/there
	bash_says 'fipsgate serve --max-body x'
	bash_says 'fipsgate nobody --x'
	bash_says 'fipsgate check --output js' json
	bash_says 'fipsgate check --output = sarif = here/f' here/file.yaml
	bash_says 'fipsgate check --only-layer node-os,stor' node-os,storage
	bash_says 'fipsgate check here/file.yaml --min-severity h' high
}

zsh_names_what_help_shows() {
	local rest path option value word
	while read -r kind rest; do
		IFS='|' read -r path option value <<<"$rest"
		sed -n "/^_${path// /_}() {\$/,/^}/p" _fipsgate >body
		[ -s body ] || fail "zsh: no function for $path"
		[ "$kind" = option ] || continue
		grep -qE -- "'\*?$option(=|\[)" body || fail "zsh does not offer $option of $path"
		[[ $value == *[a-z]\|* ]] || continue
		for word in ${value//|/ }; do
			[[ $word == *[A-Z]* ]] || grep -qE -- "'\*?$option=.* $word( |')" body || fail "zsh: $option of $path without $word"
		done
	done <walked
}

fish_offers_what_help_shows() {
	local rest path option value word
	while read -r kind rest; do
		IFS='|' read -r path option value <<<"$rest"
		[ "$kind" = command ] && { echo "$path "; continue; }
		echo "$path --"
		echo "$path $option "
	done <walked | sort -u >asked
	fish --no-config -c 'source fipsgate.fish; while read -l line; echo "? $line"; complete -C "$line"; end' <asked >answered
	while read -r kind rest; do
		IFS='|' read -r path option value <<<"$rest"
		if [ "$kind" = command ]; then
			[[ $path != *' '* ]] || { answer "${path% *} " && said "${path##* }" answer || fail "fish does not offer $path"; }
			continue
		fi
		answer "$path --"
		said "$option" answer || fail "fish does not offer $option of $path"
		[[ $value == *[a-z]\|* ]] || continue
		answer "$path $option "
		for word in ${value//|/ }; do
			[[ $word == *[A-Z]* ]] || said "$word" answer || fail "fish does not offer $word for $option of $path"
		done
	done <walked
}

# answer LINE: what fish said to it
answer() { awk -v line="? $1" '/^\? / { on = $0 == line; next } on' answered >answer; }

# at_a_terminal SHELL SETUP
at_a_terminal() {
	/usr/bin/python3 "$SOURCE/tests/e2e/tab.py" "$@" || fail "$1 does not complete with Tab"
}

pages_have_what_help_shows() {
	local rest path option value page
	mkdir man1
	"$FIPSGATE" man --dir man1
	while read -r kind rest; do
		IFS='|' read -r path option value <<<"$rest"
		page=man1/${path// /-}.1
		# shellcheck disable=SC2086
		[ "$kind" = option ] || "$FIPSGATE" man ${path#fipsgate} | cmp - "$page" || fail "two pages of $path"
		[ "$kind" = option ] || continue
		sed 's/\\-/-/g; s/\\fB//' "$page" >plain
		said "$option" plain || grep -qF -- "$option\\fR" plain || fail "$page: no $option"
		value=${option#--} value=${value//-/_}
		grep -qx "\.B FIPSGATE_${value^^}" plain || fail "$page: no variable of $option"
	done <walked
	[ "$(ls man1 | wc -l)" -eq "$(grep -c ^command walked)" ] || fail "not a page for each command"
	for section in 'SYNOPSIS' 'DESCRIPTION' 'OPTIONS' 'EXIT STATUS' 'SEE ALSO'; do
		[ -z "$(grep -L "^\.SH $section" man1/*)" ] || fail "a page without $section: $(grep -L "^\.SH $section" man1/*)"
	done
	# Each names others by what they are called.
	grep -hoE '^\.BR [a-z\\-]+ \(1\)' man1/* | sed 's/\.BR //; s/\\-/-/g; s/ (1)/.1/' | sort -u | while read -r page; do
		[ -e "man1/$page" ] || fail "SEE ALSO names $page, which is not there"
	done
	# roff makes typographers' dashes of those that are not escaped; nobody can paste them. The first line has a date.
	! sed -s 1d man1/* | grep -nE -- '(^|[^\\])-' >&2 || fail "a page has a dash that is not escaped"
	! command -v mandoc >/dev/null || mandoc -T lint man1/* >&2 || fail "mandoc -T lint complains"
	command -v man >/dev/null || return 0
	for page in man1/*; do
		LC_ALL=C.UTF-8 MANWIDTH=80 man --warnings=w -l "$page" 2>complaints >/dev/null || fail "man -l $page"
		[ ! -s complaints ] || { cat complaints >&2; fail "man -l $page complains"; }
	done
}

mistakes_are_named() {
	local status
	while IFS='|' read -r arguments message; do
		status=0
		# shellcheck disable=SC2086
		"$FIPSGATE" $arguments >out 2>err || status=$?
		[ "$status" -eq 2 ] && [ ! -s out ] || fail "$arguments: exit $status"
		grep -qF -- "$message" err || { cat err >&2; fail "$arguments: does not say $message"; }
	done <<-'END'
		completion|which shell? bash, fish or zsh
		completion bash zsh|which shell?
		completion bsh|unknown shell `bsh`, did you mean `bash`?
		completion powershell|known are bash, fish and zsh
		man nobody|no command `nobody`
		man policy lint x|no command `x`
		man --dir here policy|name no command with it
	END
	! "$FIPSGATE" man --dir nowhere 2>err || fail "man --dir nowhere: exit 0"
	grep -qF 'open `nowhere/fipsgate.1`' err || fail "man --dir nowhere: does not say what could not be written"
	! "$FIPSGATE" completion bash >/dev/full || fail "a full disk went unnoticed"
}

walk fipsgate >walked
[ "$(grep -c ^option walked)" -ge 30 ] || fail "help shows hardly any option"
"$FIPSGATE" completion bash >fipsgate.bash
"$FIPSGATE" completion zsh >_fipsgate
"$FIPSGATE" completion fish >fipsgate.fish
mistakes_are_named
pages_have_what_help_shows
bash -n fipsgate.bash
bash_offers_what_help_shows
bash_knows_its_words
at_a_terminal bash
zsh_names_what_help_shows
if command -v zsh >/dev/null; then zsh -n _fipsgate; at_a_terminal zsh; else echo "skipped: completion in zsh, which is not installed"; fi
if command -v fish >/dev/null; then
	fish_offers_what_help_shows
	at_a_terminal fish
else
	echo "skipped: completion in fish, which is not installed"
fi
command -v man >/dev/null || echo "skipped: man -l, which is not installed"
command -v mandoc >/dev/null || echo "skipped: mandoc -T lint, which is not installed"
echo "completion: $(grep -c ^command walked) commands, $(grep -c ^option walked) options"
