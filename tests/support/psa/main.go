// SPDX-License-Identifier: Apache-2.0

// Asks the library by which the API server enforces the Pod Security Standards
// what it makes of a pod: psa LEVEL < pod.json (or the YAML of one, or a List).
// Prints one line for each pod; exit 1 when one is not allowed.
package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"
	"sigs.k8s.io/yaml"
)

func readPods() ([]corev1.Pod, error) {
	text, err := io.ReadAll(os.Stdin)
	if err != nil {
		return nil, err
	}
	var pods []corev1.Pod
	for _, document := range strings.Split(string(text), "\n---\n") {
		var pod corev1.Pod
		if err := yaml.UnmarshalStrict([]byte(document), &pod); err != nil {
			return nil, err
		}
		if pod.Kind != "Pod" {
			return nil, fmt.Errorf("`%s` is no Pod", pod.Kind)
		}
		pods = append(pods, pod)
	}
	return pods, nil
}

func run(level string) error {
	wanted, err := api.ParseLevel(level)
	if err != nil {
		return err
	}
	evaluator, err := policy.NewEvaluator(policy.DefaultChecks())
	if err != nil {
		return err
	}
	pods, err := readPods()
	if err != nil {
		return err
	}
	refused := 0
	for i := range pods {
		result := policy.AggregateCheckResults(evaluator.EvaluatePod(
			api.LevelVersion{Level: wanted, Version: api.LatestVersion()}, &pods[i].ObjectMeta, &pods[i].Spec))
		if result.Allowed {
			fmt.Printf("%s: allowed at %s\n", pods[i].Name, wanted)
			continue
		}
		refused++
		fmt.Printf("%s: not allowed at %s: %s\n", pods[i].Name, wanted, result.ForbiddenDetail())
	}
	if refused > 0 {
		return fmt.Errorf("%d of %d pods are not allowed", refused, len(pods))
	}
	return nil
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: psa privileged|baseline|restricted < PODS")
		os.Exit(2)
	}
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "psa:", err)
		os.Exit(1)
	}
}
