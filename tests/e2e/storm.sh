#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Policies change five times a second and the certificate once, while a client
# asks on and comes anew all the time: no answer is lost, none is wrong.
. "$(dirname "$(readlink -f "$0")")/lib.sh"
. "$(dirname "$(readlink -f "$0")")/fault.sh"

# One CA that the client trusts, and four certificates to serve in turn.
ca=$work/ca.crt
new_key=(-newkey ec -pkeyopt ec_paramgen_curve:P-256 -sha256 -nodes)
openssl req -x509 "${new_key[@]}" -days 1 -subj /CN=ca -keyout "$work/ca.key" -out "$ca" 2>/dev/null
for i in 0 1 2 3; do
	mkdir -p "$work/certs/..$i"
	openssl req "${new_key[@]}" -subj /CN=localhost -keyout "$work/certs/..$i/tls.key" -out "$work/csr" 2>/dev/null
	openssl x509 -req -in "$work/csr" -CA "$ca" -CAkey "$work/ca.key" -CAcreateserial -days 1 \
		-extfile <(echo 'subjectAltName=DNS:localhost,IP:127.0.0.1') -out "$work/certs/..$i/tls.crt" 2>/dev/null
done

# Versions of one directory: in every other one the namespace `flip` wants digests.
for i in $(seq 0 45); do
	mkdir -p "$work/policies/..$i"
	cat >"$work/policies/..$i/flip.yaml" <<-POLICY
		apiVersion: fipsgate.io/v1alpha1
		kind: FipsPolicy
		metadata: { name: flip }
		spec:
		  mode: $([ $((i % 2)) = 0 ] && echo warn || echo enforce)
		  match: { namespaces: { include: [flip] } }
		  rules: [{ name: digest-$i, type: image-digest }]
	POLICY
done
# swap DIRECTORY VERSION: as the kubelet does it
swap() {
	ln -s "..$2" "$work/$1/..data_tmp"
	mv -T "$work/$1/..data_tmp" "$work/$1/..data"
}
swap policies 0
swap certs 0
ln -s ..data/flip.yaml "$work/policies/flip.yaml"
ln -s ..data/tls.crt ..data/tls.key "$work/certs/"
cp "$ca" "$work/tls.crt" # what `post` trusts

serve "${site[@]}" --policies "$work/policies" --tls-cert "$work/certs/tls.crt" --tls-key "$work/certs/tls.key"
make_plan
jq -c '.request.namespace = "flip" | .request.object.metadata.namespace = "flip"' "$work/compliant.json" >"$work/flip.json"
echo "/validate $work/flip.json true false" >>"$work/plan"
idle=$(descriptors)
replaced() { metric "reloads_total{what=\"$1\",outcome=\"replaced\"}"; }
answer() { post /validate "$work/flip.json" >/dev/null && jq .response.allowed "$work/body"; }
serial() { openssl s_client -connect "${url#https://}" </dev/null 2>/dev/null | openssl x509 -noout -serial; }

good 10 -r 150 -c 16 -k 10
for i in $(seq 45); do
	swap policies "$i"
	[ $((i % 5)) != 0 ] || swap certs $((i / 5 % 4))
	sleep 0.2
done
good_is "while everything changes"
[ "$(replaced policies)" -ge 3 ] || fail "policies were replaced only $(replaced policies) times"
[ "$(replaced certificate)" -ge 3 ] || fail "the certificate was replaced only $(replaced certificate) times"
echo "        policies were replaced $(replaced policies) times, the certificate $(replaced certificate) times"
[ "$(metric 'reload_failures_total{what="policies"}')$(metric 'reload_failures_total{what="certificate"}')" = 00 ] ||
	fail "a reload failed"
for _ in $(seq 100); do
	[ "$(answer)" = false ] && break
	sleep 0.1
done
[ "$(answer)" = false ] || fail "the last policies are not in use"
[ "$(serial)" = "$(openssl x509 -noout -serial -in "$work/certs/tls.crt")" ] || fail "the last certificate is not in use"
echo "ok      what came last is in use"
nothing_is_left "$idle"
echo "ok      nothing is left of it"
