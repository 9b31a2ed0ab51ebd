// SPDX-License-Identifier: Apache-2.0

//go:build tools

// Package tools names the programs of a Kubernetes control plane that tests run
// (build.sh). Kubernetes replaces its own modules by the same version's; so does
// go.mod, which was written by
//
//	go mod download -json k8s.io/kubernetes@VERSION   (its go.mod: `replace ... => ./staging/...`)
//	go mod tidy
package tools

import (
	_ "k8s.io/kubernetes/cmd/kube-apiserver"
	_ "k8s.io/kubernetes/cmd/kube-controller-manager"
	_ "k8s.io/kubernetes/cmd/kubectl"
)
