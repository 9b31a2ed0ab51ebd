# SPDX-License-Identifier: Apache-2.0
"""Is the template of a `sidecar` rule the proxy of deploy/sidecar?

    sidecar_template.py POLICY HELP CONFIG CONTAINERFILE

HELP is what `fips-proxy --help` prints, CONFIG what `fips-proxy --config`
prints without any setting. Prints what differs; exit 1 when something does.
"""
import re
import sys

import yaml

policy, help_path, config_path, containerfile_path = sys.argv[1:]
document = next(d for d in yaml.safe_load_all(open(policy)) if d["metadata"]["name"] == "sidecar")
rule = next(r for r in document["spec"]["rules"] if r["type"] == "sidecar")
container, parameters = rule["container"], {p["name"]: p for p in rule["parameters"]}
rows = [line.split("\t") for line in open(help_path).read().splitlines() if line.startswith("FIPS_PROXY_")]
variables = {name: {"type": kind, "default": default} for name, kind, default, _ in rows}
config, containerfile = open(config_path).read(), open(containerfile_path).read()
faults = []


def expect(condition, text):
    if not condition:
        faults.append(text)


env = {e["name"]: e.get("value") for e in container["env"]}
for name, value in env.items():
    if name not in variables:
        faults.append(f"{name}: the proxy has no such variable")
        continue
    placeholder = re.fullmatch(r"\$\{(\w+)\}", value or "")
    if placeholder:
        parameter = parameters[placeholder.group(1)]
        expect(parameter["type"] == variables[name]["type"], f"{name}: {parameter['type']}, and the proxy wants {variables[name]['type']}")
        expect(parameter["default"] == variables[name]["default"], f"{name}: default {parameter['default']}, in the proxy {variables[name]['default']}")
    else:
        expect(value == variables[name]["default"], f"{name}: {value}, and the proxy's default is {variables[name]['default']}")
# A Service `fips-proxy-app` would set FIPS_PROXY_APP_PORT where the template does not.
for name, row in variables.items():
    expect(row["type"] not in ("port", "hostports") or name in env, f"{name}: the template leaves it to others")

ports = [str(p["containerPort"]) for p in container["ports"]]
expect(ports == [env["FIPS_PROXY_LISTEN_PORT"]], f"ports {ports}")
metrics = env["FIPS_PROXY_METRICS_PORT"]
for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
    get = container.get(probe, {}).get("httpGet", {})
    expect(str(get.get("port")) == metrics, f"{probe}: port {get.get('port')}, metrics are on {metrics}")
    expect(get.get("path") == ("/readyz" if probe == "readinessProbe" else "/livez"), f"{probe}: path {get.get('path')}")
    expect(re.search(rf"{{ path [^}}]*{get.get('path')}\b", config), f"{probe}: the proxy has no {get.get('path')}")

mount = container["volumeMounts"][0]
expect(mount["mountPath"] == variables["FIPS_PROXY_TLS_DIR"]["default"], f"mounted at {mount['mountPath']}")
expect(mount.get("readOnly") is True, "the certificates are not mounted read-only")
expect([v["name"] for v in rule["volumes"]] == [mount["name"]] and "secret" in rule["volumes"][0], "one volume, a Secret")
expect("command" not in container and "args" not in container, "the image says what runs")

exposed = set(re.findall(r"^EXPOSE (.*)$", containerfile, re.M)[-1].split())
wanted = {variables["FIPS_PROXY_LISTEN_PORT"]["default"], variables["FIPS_PROXY_METRICS_PORT"]["default"]}
expect(exposed == wanted, f"the image exposes {sorted(exposed)}")
user = re.findall(r"^USER (\d+):\d+$", containerfile, re.M)
expect(bool(user) and user[-1] != "0", "runAsNonRoot wants a number that is not 0 as the image's USER")
expect('ENTRYPOINT ["/usr/local/bin/fips-proxy"]' in containerfile, "the image's entry point")
expect("OPENSSL_CONF=/etc/fips-proxy/openssl.cnf" in containerfile, "the image's OPENSSL_CONF")

for fault in faults:
    print(f"{policy}: {fault}")
sys.exit(bool(faults))
