#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# HTTP that two readers could read differently, and HTTP that is none: each gets
# one clear error, once, and is the last of its connection. And the clients that
# dawdle, hang up, or never stop.
. "$(dirname "$(readlink -f "$0")")/lib.sh"

bad=0
ok() { echo "ok      $1"; }
not_ok() {
	echo "not ok  $1"
	bad=1
}

serve --max-body 64Ki --max-inflight 56Mi
port=${url##*:}
review=$SOURCE/tests/fixtures/pod-plain-create.json
length=$(stat -c %s "$review")
head='POST /validate?timeout=5s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n'

# raw: stdin as it is, over TLS; ends when the server ends the connection
raw() { timeout 30 openssl s_client -quiet -connect "127.0.0.1:$port" >"$work/answer" 2>/dev/null || true; }

# One answer with that status, one JSON line that names `text`, then the end.
refused() { # what | status | 'text' | request, for printf
	local start=$SECONDS
	printf '%b' "$4" | raw
	judge "$1" "$2" "$3"
	[ $((SECONDS - start)) -lt 8 ] || not_ok "$1: the connection was not ended"
}
judge() {
	local body
	body=$(tail -n 1 "$work/answer")
	if [ "$(grep -c '^HTTP/1.1' "$work/answer")" != 1 ] || ! head -n 1 "$work/answer" | grep -q "^HTTP/1.1 $2 "; then
		not_ok "$1: wanted one $2: $(head -c 300 "$work/answer")"
	elif ! grep -q '^Connection: close' "$work/answer"; then
		not_ok "$1: the answer does not say that it is the last"
	elif ! jq -e --argjson code "$2" --arg text "$3" '.kind == "Status" and .code == $code and (.message | contains($text))' <<<"$body" >/dev/null 2>&1; then
		not_ok "$1: does not name \`$3\`: $body"
	else
		ok "$1: $2, $3"
	fi
}

refused "two lengths, alike" 400 "more than one Content-Length" "${head}Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}"
refused "two lengths, different" 400 "more than one Content-Length" "${head}Content-Length: 2\r\ncontent-length: 3\r\n\r\n{} "
refused "length and chunked" 411 "Transfer-Encoding" "${head}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"
refused "chunked and length" 411 "Transfer-Encoding" "${head}transfer-encoding: chunked\r\nContent-Length: 2\r\n\r\n2\r\n{}\r\n0\r\n\r\n"
refused "chunked" 411 "Transfer-Encoding" "${head}Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"
refused "an unknown coding" 411 "Transfer-Encoding" "${head}Transfer-Encoding: identity\r\nContent-Length: 2\r\n\r\n{}"
refused "no length" 411 "no Content-Length" "${head}\r\n{}"
for wrong in '+2' '-2' '0x2' '2 2' '2,2' '2, 2' '2.0' '' '99999999999999999999999' '२'; do
	refused "length \`$wrong\`" 400 "Content-Length is not a number" "${head}Content-Length: $wrong\r\n\r\n{}"
done
refused "a length beyond all bounds" 413 "of at most 65536" "${head}Content-Length: 999999999999\r\n\r\n{}"
refused "no body" 400 "not an AdmissionReview" "${head}Content-Length: 0\r\n\r\n"
refused "another method" 405 "POST only" 'GET /validate HTTP/1.1\r\nHost: localhost\r\n\r\n'
grep -q '^Allow: POST' "$work/answer" && ok "405 says what is allowed" || not_ok "405 says what is allowed"
refused "another path" 404 "no such path" 'POST /validate/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}'
refused "the path in other letters" 404 "no such path" 'POST /Validate HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}'
refused "another content type" 415 "application/json" 'POST /validate HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}'
refused "no content type" 415 "application/json" 'POST /validate HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}'
refused "two content types" 415 "exactly one" "${head}Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"

refused "no HTTP" 400 "RFC 9112" 'hello\r\n\r\n'
refused "HTTP/2" 400 "RFC 9112" 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'
refused "HTTP/0.9" 400 "RFC 9112" 'GET /validate\r\n'
refused "NUL bytes" 400 "RFC 9112" '\x00\x00\x00\r\n\r\n'
refused "a NUL byte in a field" 400 "RFC 9112" "${head}X: a\x00b\r\n\r\n"
refused "bare line feeds" 400 "RFC 9112" 'POST /validate HTTP/1.1\nHost: localhost\nContent-Length: 2\n\n{}'
refused "a folded field" 400 "RFC 9112" "${head}Content-Length: 2\r\n Transfer-Encoding: chunked\r\n\r\n{}"
refused "a blank before the colon" 400 "RFC 9112" "${head}Content-Length : 2\r\n\r\n{}"
refused "a field without a name" 400 "RFC 9112" "${head}: 2\r\n\r\n{}"
refused "an empty line before a request" 400 "RFC 9112" "\r\n${head}Content-Length: 2\r\n\r\n{}"
refused "no host" 400 "no Host" 'POST /validate HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}'
refused "two hosts" 400 "more than one" "${head}Host: example.org\r\nContent-Length: 2\r\n\r\n{}"
long=$(head -c 4200 /dev/zero | tr '\0' a)
refused "a head that is too large" 431 "4096 bytes" "${head}X: $long\r\n\r\n"
refused "a target that is too large" 431 "4096 bytes" "GET /$long HTTP/1.1\r\n\r\n"
refused "too many fields" 431 "48 fields" "${head}$(for i in $(seq 48); do printf 'X-%d: a\\r\\n' "$i"; done)\r\n"
refused "the most that a head may be" 400 "not an AdmissionReview" \
	"${head}$(for i in $(seq 44); do printf 'X-%d: a\\r\\n' "$i"; done)X: $(head -c 3300 /dev/zero | tr '\0' a)\r\nContent-Length: 2\r\n\r\n{}"

# What stands behind a refused request is never a request.
{ printf '%b' "${head}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${head}Content-Length: $length\r\n\r\n"; cat "$review"; } | raw
judge "a request smuggled behind a refused one" 411 "Transfer-Encoding"

# What stands before a wrong request is answered.
{ for _ in 1 2 3; do printf '%b' "${head}Content-Length: $length\r\n\r\n"; cat "$review"; done; printf 'wrong\n'; } | raw
[ "$(grep -c 'HTTP/1.1 200 OK' "$work/answer")" = 3 ] && tail -n 1 "$work/answer" | grep -q '"code":400' &&
	ok "three reviews in one go, then a wrong line: three answers and a refusal" || not_ok "three reviews in one go, then a wrong line: $(cut -c1-100 "$work/answer")"

# Byte by byte.
{ printf '%b' "${head}Content-Length: $length\r\nConnection: close\r\n\r\n"; cat "$review"; } >"$work/slow"
{ while IFS= read -r -n 1 -d '' byte; do
	printf '%s' "$byte"
	sleep 0.001
done <"$work/slow"; } | raw
grep -q '^HTTP/1.1 200' "$work/answer" && ok "a review that comes byte by byte" || not_ok "a review that comes byte by byte: $(head -c 200 "$work/answer")"

# Over --max-body, up to four times: read to the end, and then denied with its uid.
{ head -c -4 "$review"; printf ',"padding":"%s"}}\n' "$(head -c 100000 /dev/zero | tr '\0' a)"; } >"$work/large.json"
[ "$(post /validate "$work/large.json")" = 200 ] &&
	jq -e '.response | .allowed == false and .status.code == 413 and (.status.message | contains("--max-body")) and (.uid | length == 36)' "$work/body" >/dev/null &&
	ok "a body of 100 KB with its uid: denied, 413" || not_ok "a body of 100 KB with its uid: $(head -c 300 "$work/body")"
head -c 100000 /dev/zero | tr '\0' ' ' >"$work/blank.json"
[ "$(post /validate "$work/blank.json")" = 413 ] && ok "a body of 100 KB without uid: 413" || not_ok "a body of 100 KB without uid: $(head -c 300 "$work/body")"
head -c 300000 /dev/zero | tr '\0' ' ' >"$work/blank.json"
[ "$(post /validate "$work/blank.json")" = 413 ] && ok "a body of 300 KB: 413, unread" || not_ok "a body of 300 KB: $(head -c 300 "$work/body")"

# A body that never ends, and a head that never ends: slow clients block nobody.
# dawdle NAME 'bytes': a client that sends them and then nothing
clients=()
dawdle() {
	mkfifo "$work/$1.pipe"
	timeout 60 openssl s_client -quiet -connect "127.0.0.1:$port" <"$work/$1.pipe" >"$work/$1.answer" 2>/dev/null &
	clients+=($!)
	exec {pipe}>"$work/$1.pipe"
	printf '%b' "$2" >&"$pipe"
}
for i in 1 2 3; do dawdle "body-$i" "${head}Content-Length: 1000\r\n\r\n{"; done
dawdle head 'POST /validate HT'
connections() { curl -sS "$probe/metrics" | awk '$1 == "fipsgate_connections" { print $2 }'; }
for _ in $(seq 50); do
	[ "$(connections)" -ge 4 ] && break
	sleep 0.1
done
[ "$(post /validate "$review")" = 200 ] && ok "others are answered while four dawdle" || not_ok "others are answered while four dawdle"

# Hangs up in mid-request, without close_notify: an abort, and counted.
aborted() { curl -sS "$probe/metrics" | awk '/^fipsgate_connections_dropped_total{reason="aborted"}/ { print $2 }'; }
before=$(aborted)
mkfifo "$work/pipe"
openssl s_client -quiet -connect "127.0.0.1:$port" <"$work/pipe" >/dev/null 2>&1 &
client=$!
exec 9>"$work/pipe"
received() { curl -sS "$probe/metrics" | awk '$1 == "fipsgate_received_bytes_total" { print $2 }'; }
already=$(received)
printf '%b' "${head}Content-Length: 1000\r\n\r\n{" >&9
for _ in $(seq 50); do
	[ "$(received)" -gt "$already" ] && break
	sleep 0.1
done
kill -KILL "$client"
wait "$client" 2>/dev/null || true
exec 9>&-
for _ in $(seq 50); do
	[ "$(aborted)" -gt "$before" ] && break
	sleep 0.1
done
[ "$(aborted)" -gt "$before" ] && ok "who hangs up in mid-request has aborted" || not_ok "who hangs up in mid-request has aborted"

wait "${clients[@]}" 2>/dev/null || true
grep -q '^HTTP/1.1 408' "$work/head.answer" && ok "a head that never ends: 408" || not_ok "a head that never ends: $(head -c 200 "$work/head.answer")"
grep -q '^HTTP/1.1 408' "$work/body-1.answer" && tail -n 1 "$work/body-1.answer" | jq -e '.message | contains("too long")' >/dev/null &&
	ok "a body that never ends: 408" || not_ok "a body that never ends: $(head -c 200 "$work/body-1.answer")"

alive
grep -qx 'fipsgate_inflight_bytes 0' <<<"$(curl -sS "$probe/metrics")" && ok "no memory stays claimed" || not_ok "no memory stays claimed: $(curl -sS "$probe/metrics" | grep inflight_bytes)"
exit $bad
