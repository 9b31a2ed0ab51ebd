#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What `check` makes of objects by others that stand beside them in its inputs,
# in another file, document or List: with it, without it, and with --isolated.
. "$(dirname "$(readlink -f "$0")")/lib.sh"

cat >"$work/policy.yaml" <<-'POLICY'
	apiVersion: fipsgate.io/v1alpha1
	kind: FipsPolicy
	metadata: { name: p }
	spec:
	  mode: enforce
	  rules:
	    - { name: claims, type: volume-classes, allow: [fast, plain], default: fast }
	    - name: ingresses
	      type: lb-ingress
	      allow: ["@elb-policies"]
	      set: ELBSecurityPolicy-TLS13-1-2-Res-FIPS-2023-04
POLICY

# claim NAME SPEC
claim() { printf -- '---\napiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: { name: %s }\nspec: { %s }\n' "$1" "$2"; }
# class NAME ENCRYPTED IS_DEFAULT
class() {
	cat <<-CLASS
		---
		apiVersion: storage.k8s.io/v1
		kind: StorageClass
		metadata: { name: $1, annotations: { storageclass.kubernetes.io/is-default-class: "$3" } }
		provisioner: ebs.csi.aws.com
		parameters: { encrypted: "$2" }
	CLASS
}

# says WANTED ARGUMENTS...: "name result path" of each finding, in the order of the inputs
says() {
	local wanted=$1 got
	shift
	"$FIPSGATE" check --policies "$work/policy.yaml" --today 2026-11-22 --exit-zero --output json "$@" >"$work/json"
	got=$(jq -r '.findings[] | "\(.resource.name) \(.result) \(.path)"' "$work/json")
	[ "$got" = "$wanted" ] || fail "check $*: $got, not $wanted"
	echo "ok      ${wanted:-nothing}"
}

mkdir "$work/in" && cd "$work/in"
claim unnamed "" >1-claims.yaml
claim fast "storageClassName: fast" >>1-claims.yaml
claim plain "storageClassName: plain" >>1-claims.yaml
alone='unnamed will-mutate /spec/storageClassName'
says "$alone" .

class fast true true >2-classes.yaml
class plain false false >>2-classes.yaml
says 'plain violation /spec/storageClassName' .
says 'plain violation /spec/storageClassName' 2-classes.yaml 1-claims.yaml
says "$alone" --isolated .
says "$alone" 1-claims.yaml

# Another default, which does not encrypt, and in a List.
{
	echo 'apiVersion: v1'
	echo 'kind: List'
	echo 'items:'
	class plain false true | sed '1d; s/^/    /; 2s/^   /  -/'
	class fast true false | sed '1d; s/^/    /; 2s/^   /  -/'
} >2-classes.yaml
says $'unnamed violation /spec/storageClassName\nplain violation /spec/storageClassName' .

# Two defaults: nobody can tell.
class fast true true >3-more.yaml
class other true true >>3-more.yaml
class plain false true >2-classes.yaml
says $'unnamed will-mutate /spec/storageClassName\nplain violation /spec/storageClassName' .

# An Ingress whose class nobody listed, its class, and the parameters of that.
rm ./*.yaml
cat >1-ingress.yaml <<-'INGRESS'
	apiVersion: networking.k8s.io/v1
	kind: Ingress
	metadata:
	  name: web
	  annotations:
	    alb.ingress.kubernetes.io/certificate-arn: arn:aws-us-gov:acm:us-gov-west-1:1:certificate/1
	spec: { ingressClassName: public }
INGRESS
says 'web unknown /spec/ingressClassName' .
cat >2-class.yaml <<-'CLASS'
	apiVersion: networking.k8s.io/v1
	kind: IngressClass
	metadata: { name: public }
	spec:
	  controller: ingress.k8s.aws/alb
	  parameters: { apiGroup: elbv2.k8s.aws, kind: IngressClassParams, name: public }
CLASS
says 'web unknown /spec/ingressClassName' .
cat >3-params.json <<-'PARAMS'
	{ "apiVersion": "elbv2.k8s.aws/v1beta1", "kind": "IngressClassParams", "metadata": { "name": "public" },
	  "spec": { "sslPolicy": "ELBSecurityPolicy-TLS13-1-2-Res-FIPS-2023-04" } }
PARAMS
says '' .
sed -i 's/-Res-FIPS-2023-04/-2021-06/' 3-params.json
says $'web violation /spec/ingressClassName\npublic violation /spec/sslPolicy' .
sed -i '/parameters/d' 2-class.yaml
says $'web violation /metadata/annotations/alb.ingress.kubernetes.io~1ssl-policy\npublic violation /spec/sslPolicy' .
says $'web unknown /spec/ingressClassName\npublic violation /spec/sslPolicy' --isolated .
