#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The log: one whole line a review, in which nobody can forge another and of
# which no content of an object is part; and a server to which it does not
# matter whether its log is read, has room, or is there at all.
. "$(dirname "$(readlink -f "$0")")/lib.sh"

bad=0
ok() { echo "ok      $1"; }
not_ok() {
	echo "not ok  $1"
	bad=1
}
check() { # text command...
	local text=$1
	shift
	if "$@" >"$work/said"; then
		ok "$text"
		return
	fi
	not_ok "$text"
	head -n 5 "$work/said" | cut -c1-500
}

plain=$SOURCE/tests/fixtures/pod-plain-create.json
id=0af7651916cd43dd8448eb211c80319c
parent=b7ad6b7169203331

# make NAME 'jq filter'
make() { jq -c "$2" "$plain" >"$work/$1.json"; }
# ask FILE CURL-ARGUMENTS...: a review; its status
ask() {
	local file=$1
	shift
	curl -sS --max-time 60 --cacert "$work/tls.crt" -H 'Content-Type: application/json' -H 'Expect:' "$@" \
		--data-binary "@$file" -o "$work/body" -w '%{http_code}' "$url/validate"
}
# ask_many N FILE: so many on one connection; how many were answered 200, and rightly
ask_many() {
	curl -sS --max-time 120 --cacert "$work/tls.crt" -H 'Content-Type: application/json' -H 'Expect:' \
		--data-binary "@$2" -w '\n%{http_code}\n' "$url/validate?[1-$1]" 2>"$work/curl" |
		grep -A 1 '"uid":"bb99cf32-8913-475c-8d08-ded59c80a832"' | grep -c '^200$' || true
}
metric() { curl -sS --max-time 10 "$probe/metrics" | awk -v name="fipsgate_$1" '$1 == name { print $2 }'; }
await() { # text command...
	local text=$1
	shift
	for _ in $(seq 100); do
		if "$@"; then
			ok "$text"
			return
		fi
		sleep 0.1
	done
	not_ok "$text"
}
reviews() { jq -c 'select(.msg == "review")' "$log"; }
has_reviews() { [ "$(grep -c '"msg":"review"' "$log")" -ge "$1" ]; }
told() { jq -s 'map(select(.msg == "log lines were dropped").lines) | add // 0' "$@"; }

# Who logs which name is of no consequence to the form.
make newline '.request.name = "x\n{\"time\":\"2026-11-22T00:00:00.000Z\",\"level\":\"info\",\"msg\":\"review\",\"answer\":\"allowed\"}"'
make user '.request.userInfo.username = "eve\",\"answer\":\"allowed\",\"x\":\"\u2028\u2029\u0085\u001b[2J\u202e"'
make namespace '.request.namespace = "a\r\nb\u0000c" | .request.object.metadata.namespace = .request.namespace'
make long '.request |= (.name = "é" * 300 | .userInfo.username = "x" + "🔒" * 100 | .namespace = "\n" * 1000)'
make kind '.request.kind.kind = "P\"\n" + "k" * 500 | .request.object.kind = .request.kind.kind'
make traced '.request.name = "traced"'
make secret '.request.object |= (.metadata.annotations = {note: "CANARY-1"} | .metadata.labels.x = "CANARY-2"
	| .spec.containers[0] |= (.env = [{name: "PASSWORD", value: "CANARY-3"}] | .args = ["CANARY-4"] | .image = "CANARY-5:latest"))
	| .request.options = {x: "CANARY-6"} | .request.userInfo.extra = {token: ["CANARY-7"]}'
make secret-type '.request.object.spec.containers = "CANARY-8"'
make secret-env '.request.object.spec.containers[0].env = [{name: "PASSWORD", value: ["CANARY-9"]}]'
make secret-operation '.request.options = "CANARY-10" | .request.object.spec.containers[0].command = {x: "CANARY-11"}'
sed 's/"spec":{/"spec":{"CANARY-12":CANARY-13,/' "$plain" >"$work/secret-syntax.json"
injections=(newline user namespace long kind)
secrets=(secret secret-type secret-env secret-operation secret-syntax)

serve --policies builtin:aws-govcloud --facts "$SOURCE/policies/sample-site.yaml"
ports=("${url##*:}" "${probe##*:}")
for name in "${injections[@]}" "${secrets[@]}"; do ask "$work/$name.json" >/dev/null; done
for header in "00-$id-$parent-01" "fe-$id-$parent-01-later"; do ask "$work/traced.json" -H "traceparent: $header" >/dev/null; done
for header in "ff-$id-$parent-01" "00-00000000000000000000000000000000-$parent-01" "00-${id^^}-$parent-01" \
	"00-$id\",\"x\":\"y-$parent-01" "00-$id-$parent" "$(printf '%02000d' 0)"; do
	ask "$plain" -H "traceparent: $header" >/dev/null
done
await "every review has its line" has_reviews $((${#injections[@]} + ${#secrets[@]} - 1 + 2 + 6))
check "each is one object" jq -es 'all(type == "object" and has("time") and has("level") and has("msg"))' "$log"
check "there is not one more than there were reviews" [ "$(reviews | wc -l)" = $((${#injections[@]} + ${#secrets[@]} - 1 + 2 + 6)) ]
check "with all that is asked of them" jq -es 'map(select(.msg == "review")) | all(
	(.uid, .stage, .operation, .kind, .namespace, .name, .user, .answer | type == "string") and
	(.code, .denied, .warned, .recorded, .microseconds | type == "number") and
	(.patched, .dryRun | type == "boolean") and (.findings | type == "array"))' "$log"
check "no text is longer than 256 bytes, and each ends at a character" jq -es 'map(select(.msg == "review")[] | strings)
	| all(utf8bytelength <= 256 and (contains("\ufffd") | not)) and any(utf8bytelength > 250)' "$log"
check "nothing in them moves a cursor or ends a line" eval \
	'! LC_ALL=C grep -qP "[\x00-\x08\x0b-\x1f\x7f]|\xe2\x80[\xa8-\xae]|\xc2[\x80-\x9f]" "$log"'
check "a trace is named" [ "$(reviews | jq -r 'select(.name == "traced").trace' | sort | uniq -c | xargs)" = "2 $id" ]
check "what is no traceparent names none" [ "$(reviews | jq -r 'select(.name != "traced" and has("trace")) | 1' | wc -l)" = 0 ]
check "no content of an object is in the log" eval '! grep -o "CANARY-[0-9]*" "$log"'

# Plain HTTP on the TLS port, fifty times within a second or two.
before=$(grep -c 'tls handshake refused' "$log" || true)
for _ in $(seq 50); do printf 'GET / HTTP/1.0\r\n\r\n' >"/dev/tcp/127.0.0.1/${url##*:}" 2>/dev/null || true; done
refused() { jq -s 'map(select(.msg == "tls handshake refused") | .repeated // 1) | add // 0' "$log"; }
all_refused() { [ "$(refused)" = $((before + 50)) ]; }
await "what repeats is counted" all_refused
check "and not written each time" [ "$(grep -c 'tls handshake refused' "$log")" -lt 45 ]
alive
stop_server

# launch ARGUMENTS...: on the ports of the first server; its standard error is ours
launch() {
	common
	arguments[2]=127.0.0.1:${ports[0]} arguments[4]=127.0.0.1:${ports[1]}
	"$FIPSGATE" "${arguments[@]}" "$@" &
	pid=$!
	url=https://127.0.0.1:${ports[0]} probe=http://127.0.0.1:${ports[1]}
	for _ in $(seq 300); do
		[ "$(curl -s --max-time 5 -o /dev/null -w '%{http_code}' "$probe/readyz")" = 200 ] && return
		sleep 0.1
	done
	fail "a server with another standard error did not start"
}
ends_well() {
	local status=0
	kill -TERM "$pid"
	wait "$pid" || status=$?
	pid=
	[ "$status" = 0 ]
}

# For people: nobody makes a line or a field of a name.
launch --log-format text 2>"$log"
for name in "${injections[@]}"; do ask "$work/$name.json" >/dev/null; done
stop_server
check "text: a line a review, each with its time" [ "$(grep -cE '^[0-9T:.-]{23}Z info  review uid=' "$log")" = ${#injections[@]} ]
check "text: and no other lines" eval '! grep -vE "^[0-9T:.-]{23}Z (info |warn |error|debug) " "$log"'
unquoted() { sed -E 's/"([^"\\]|\\.)*"/quoted/g' "$log"; }
check "text: fields are fields" eval '! unquoted | grep " review " | grep -vE "^[^ ]+ info  review( [a-zA-Z]+=[^ =]+)+$"'
check "text: one answer a line" [ "$(unquoted | grep -o ' answer=' | wc -l)" = ${#injections[@]} ]
check "text: an answer is not what a user says" eval '! unquoted | grep -w eve'

# A pipe that nobody reads.
mkfifo "$work/pipe"
exec {unread}<>"$work/pipe"
launch 2>"$work/pipe"
check "nobody reads: 1500 reviews are answered" [ "$(ask_many 1500 "$work/long.json")" = 1500 ]
dropped=$(metric log_lines_dropped_total)
check "nobody reads: lines are dropped, and counted: $dropped" [ "$dropped" -gt 100 ]
alive
cat <"$work/pipe" >"$log" &
reader=$!
is_told() { [ "$(told "$log" 2>/dev/null)" = "$(metric log_lines_dropped_total)" ]; }
await "somebody reads: the count is told" is_told
ask "$plain" >/dev/null
says_plain() { grep -q '"name":"plain"' "$log"; }
await "somebody reads: lines come again" says_plain
check "what came and what was dropped is all there was" [ $(($(grep -c '"msg":"review"' "$log") + dropped)) = 1501 ]
check "and every line is whole" jq -es 'all(type == "object")' "$log"
kill "$reader"
wait "$reader" 2>/dev/null || true
ask_many 1500 "$work/long.json" >/dev/null
begin=$SECONDS
check "nobody reads: it ends well" ends_well
check "nobody reads: and soon" [ $((SECONDS - begin)) -le 5 ]
exec {unread}<&-

# Nobody at the other end; no standard error at all; a full disk.
mkfifo "$work/left"
exec {left}<>"$work/left"
launch 2>"$work/left" {left}<&-
exec {left}<&-
check "nobody at the other end: reviews are answered" [ "$(ask_many 20 "$plain")" = 20 ]
lost_twenty() { [ "$(metric log_lines_dropped_total)" -ge 20 ]; }
await "nobody at the other end: lines are counted" lost_twenty
check "nobody at the other end: it ends well" ends_well
launch 2>&-
check "closed: reviews are answered" [ "$(ask_many 20 "$plain")" = 20 ]
await "closed: lines are counted" lost_twenty
# Valgrind takes the lowest number for its own log.
[ -n "${MEMCHECK:-}" ] || check "closed: its number is given to nothing else" [ "$(readlink "/proc/$pid/fd/2")" = /dev/null ]
check "closed: it ends well" ends_well
launch 2>/dev/full
check "full: reviews are answered" [ "$(ask_many 20 "$plain")" = 20 ]
await "full: lines are counted" lost_twenty
check "full: it ends well" ends_well

# A disk that fills in the middle of a line, and has room again.
: >"$log"
ulimit -S -f 8
launch 2>>"$log"
ulimit -S -f unlimited
check "fills: reviews are answered" [ "$(ask_many 50 "$plain")" = 50 ]
lost_some() { [ "$(metric log_lines_dropped_total)" -ge 10 ]; }
await "fills: lines are counted" lost_some
prlimit --pid "$pid" --fsize=unlimited
whole() { jq -cR 'fromjson? // empty' "$log"; }
is_told() { [ "$(whole | told)" = "$(metric log_lines_dropped_total)" ]; }
await "has room again: the count is told" is_told
ask "$work/traced.json" >/dev/null
says_traced() { grep -q '"name":"traced"' <<<"$(whole)"; }
await "has room again: lines come again" says_traced
check "at most one line is torn" [ $(($(wc -l <"$log") - $(whole | wc -l))) -le 1 ]
check "and none is lost without a count" [ $(($(whole | grep -c '"msg":"review"') + $(metric log_lines_dropped_total))) = 51 ]
check "has room again: it ends well" ends_well
exit $bad
