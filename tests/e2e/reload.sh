#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Policies, facts and the certificate change while the server serves: what is
# right is taken up, what is wrong is told and leaves things as they are, and no
# request notices. Mounted as the kubelet mounts (a link is swapped) and edited in place.
. "$(dirname "$(readlink -f "$0")")/lib.sh"

ok() { echo "ok      $1"; }

# policy MODE: nothing but a digest will do
policy() {
	cat <<-POLICY
		apiVersion: fipsgate.io/v1alpha1
		kind: FipsPolicy
		metadata: { name: images }
		spec:
		  mode: $1
		  rules: [{ name: digest, type: image-digest }]
	POLICY
}

# mount_policy MODE: a new version of the mounted directory, made aside and swapped in at once
version=0
mount_policy() {
	version=$((version + 1))
	mkdir -p "$work/mount/..$version"
	if [ "$1" = broken ]; then
		policy enforce | sed 's/rules:/rulse:/' >"$work/mount/..$version/images.yaml"
	else
		policy "$1" >"$work/mount/..$version/images.yaml"
	fi
	ln -s "..$version" "$work/mount/..data_tmp"
	mv -T "$work/mount/..data_tmp" "$work/mount/..data"
	ln -sfn ..data/images.yaml "$work/mount/images.yaml"
}
verdict() {
	[ "$(post /validate "$SOURCE/tests/fixtures/pod-plain-create.json")" = 200 ] || fail "no answer"
	jq .response.allowed "$work/body"
}
metric() { curl -sS --max-time 5 "$probe/metrics" | awk -v name="fipsgate_$1" '$1 == name { print $2 }'; }
verbose() { curl -sS --max-time 5 "$probe/readyz?verbose"; }
# until_is WANTED COMMAND...: waits for what a reload brings
until_is() {
	local wanted=$1 got=
	shift
	for _ in $(seq 200); do
		got=$("$@")
		[ "$got" = "$wanted" ] && return
		sleep 0.05
	done
	fail "$*: $got, not $wanted"
}
replaced() { metric "reloads_total{what=\"$1\",outcome=\"replaced\"}"; }
failed() { metric "reload_failures_total{what=\"$1\"}"; }
serial() { openssl s_client -connect "${url#https://}" </dev/null 2>/dev/null | openssl x509 -noout -serial; }

# expired_copy KEY OUT: a certificate of that key that ended long ago
expired_copy() {
	mkdir -p "$work/ca" && : >"$work/ca/index" && echo 01 >"$work/ca/serial"
	printf '[ca]\ndefault_ca=d\n[d]\ndatabase=%s\nserial=%s\nnew_certs_dir=%s\ndefault_md=sha256\npolicy=p\n[p]\ncommonName=supplied\n' \
		"$work/ca/index" "$work/ca/serial" "$work/ca" >"$work/ca/conf"
	openssl req -new -key "$1" -subj /CN=localhost -out "$work/ca/csr" 2>/dev/null
	openssl ca -batch -selfsign -config "$work/ca/conf" -keyfile "$1" -in "$work/ca/csr" -notext \
		-startdate 20250101000000Z -enddate 20250102000000Z -out "$2" 2>"$work/ca/log" || fail "$(cat "$work/ca/log")"
}

mount_policy enforce
serve --policies "$work/mount"
[ "$(verdict)" = false ] || fail "the first policy does not deny"
grep -q '^\[+\]reload ok: policies: as at the start; certificate: as at the start$' <<<"$(verbose)" || fail "readyz: $(verbose)"

mount_policy warn
until_is true verdict
[ "$(replaced policies)" = 1 ] || fail "$(replaced policies) replaced"
ok "a swapped ConfigMap is taken up"

mount_policy broken
until_is 1 failed policies
[ "$(verdict)" = true ] || fail "a broken policy changed the verdict"
grep -q '"msg":"reload failed, keeping what is in use".*images.yaml:6:3: unknown key `rulse`, did you mean `rules`?' "$log" || fail "the log does not say where"
grep -q '^\[+\]reload ok: policies: kept, could not be read .*images.yaml:6:3: unknown key' <<<"$(verbose)" || fail "readyz: $(verbose)"
alive
ok "a broken one is told with its place, and the old one stays"

mount_policy enforce
until_is false verdict
grep -q '^\[+\]reload ok: policies: read ' <<<"$(verbose)" || fail "readyz: $(verbose)"
ok "a mended one is taken up"

policy warn >"$work/mount/..$version/other.yaml" && mv "$work/mount/..$version/other.yaml" "$work/mount/..$version/images.yaml"
kill -HUP "$pid"
until_is true verdict
ok "SIGHUP reads what no watch could see"

unchanged() { metric 'reloads_total{what="policies",outcome="unchanged"}'; }
before=$(replaced policies)
next=$(($(unchanged) + 1))
kill -HUP "$pid"
until_is "$next" unchanged
[ "$(replaced policies)" = "$before" ] || fail "the same set replaced itself"
ok "what is as it was changes nothing"

# The certificate comes before its key: until both are there the old pair serves.
old=$(serial)
"$SOURCE/deploy/dev-cert.sh" "$work/next"
mv "$work/next/tls.crt" "$work/tls.crt"
until_is 1 failed certificate
[ "$(serial)" = "$old" ] || fail "half of a pair was taken up"
grep -q '"msg":"reload failed.*"what":"certificate".*cannot use the private key' "$log" || fail "the log does not say why"
mv "$work/next/tls.key" "$work/tls.key"
until_is 1 replaced certificate
[ "$(serial)" != "$old" ] || fail "the old certificate is still served"
[ "$(verdict)" = true ] || fail "no answer with the new certificate"
ok "a certificate is taken up when it and its key are there"

cp "$work/tls.crt" "$work/good.crt"
expired_copy "$work/tls.key" "$work/expired.crt"
mv "$work/expired.crt" "$work/tls.crt"
until_is 2 replaced certificate
grep -q '^\[+\]certificate ok: EXPIRED 2025-01-02T00:00:00Z' <<<"$(verbose)" || fail "readyz: $(verbose)"
[ "$(metric certificate_not_after_seconds)" = 1735776000 ] || fail "its end: $(metric certificate_not_after_seconds)"
alive
mv "$work/good.crt" "$work/tls.crt"
until_is 3 replaced certificate
ok "an expired one is told"

# Reloads and requests at once: no request fails, each verdict is one of the two.
(
	for i in $(seq 20); do
		mount_policy "$([ $((i % 2)) = 0 ] && echo warn || echo enforce)"
		sleep 0.3
	done
) &
storm=$!
count=0
while kill -0 "$storm" 2>/dev/null; do
	case $(verdict) in
	true | false) count=$((count + 1)) ;;
	*) fail "an answer that is none: $(cat "$work/body")" ;;
	esac
done
wait "$storm"
[ "$count" -ge $((20 / patience)) ] || fail "only $count answers during the reloads"
until_is true verdict
ok "$count requests during 20 reloads, none of them failed"

# The directory itself is replaced.
mv "$work/mount" "$work/gone"
until_is 2 failed policies
[ "$(verdict)" = true ] || fail "without its policies the server forgot them"
mkdir "$work/mount" && policy enforce >"$work/mount/images.yaml"
until_is false verdict
ok "a directory that was replaced is found again"
alive
