# SPDX-License-Identifier: Apache-2.0
"""Applies pods at a steady rate and looks at every answer; for rotation.sh.

    rotation.py API CA PATH SECONDS RATE

By server-side apply, over a few hundred names: the first time an object is made, later its labels change. Three of
four are pods that have to be repaired, so both webhooks must have answered, and every fourth has to be denied. Ends with 1 if a
request failed or an answer was another.
"""

import collections
import http.client
import json
import ssl
import sys
import threading
import time
import urllib.parse

NAMES = 300
CLIENTS = 16
api, ca, path, seconds, rate = *sys.argv[1:4], int(sys.argv[4]), int(sys.argv[5])
host = urllib.parse.urlsplit(api).netloc
counts = collections.Counter()
wrong = []
slowest = 0.0
lock = threading.Lock()


def pod(n):
    """The n-th object, and whether it has to be denied."""
    denied = n % 4 == 3
    image = "registry.example.com/web:1" if denied else "nginx:1.27"
    return denied, {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": f"p{n % NAMES}", "labels": {"n": str(n)}},
                    "spec": {"containers": [{"name": "web", "image": image}]}}


def judge(denied, status, answer):
    """What is wrong with the answer; None if nothing is."""
    if denied:
        well = status == 403 and 'admission webhook "enforce.fipsgate.io" denied the request: fipsgate' in answer["message"]
        return None if well else "not denied"
    if status not in (200, 201):
        return "not applied"
    first = answer["spec"].get("initContainers", [{}])[0]
    return None if first.get("name") == "fips-proxy" else "not repaired"


def apply(connection, n):
    denied, body = pod(n)
    connection.request("PATCH", f"{path}/p{n % NAMES}?fieldManager=rotation&force=true", json.dumps(body),
                       {"Authorization": "Bearer admin-token", "Content-Type": "application/apply-patch+yaml"})
    response = connection.getresponse()
    text = response.read().decode()
    complaint = judge(denied, response.status, json.loads(text))
    kind = "denied" if denied else {200: "changed", 201: "made"}.get(response.status, "refused")
    return kind, complaint and f"{time.strftime('%T')} object {n}: {complaint}: HTTP {response.status} {text[:500]}"


def client(first):
    global slowest
    connection = http.client.HTTPSConnection(host, context=ssl.create_default_context(cafile=ca), timeout=60)
    for n in range(first, seconds * rate, CLIENTS):
        wait = began + n / rate - time.monotonic()
        if wait > 0:
            time.sleep(wait)
        asked = time.monotonic()
        try:
            kind, complaint = apply(connection, n)
        except (OSError, http.client.HTTPException, ValueError, KeyError) as error:
            kind, complaint = "lost", f"{time.strftime('%T')} object {n}: {error!r}"
            connection.close()
        with lock:
            counts[kind] += 1
            counts["late"] += wait < -1
            slowest = max(slowest, time.monotonic() - asked)
            wrong.extend([complaint] if complaint else [])


began = time.monotonic()
clients = [threading.Thread(target=client, args=(n,)) for n in range(CLIENTS)]
for one in clients:
    one.start()
for one in clients:
    one.join()
took = time.monotonic() - began
total = sum(counts[kind] for kind in ("made", "changed", "denied", "refused", "lost"))
print("\n".join(wrong[:20]), file=sys.stderr)
print("| what | how many |\n|---|---|")
print(f"| objects applied | {total} in {took:.0f} s, {total / took:.1f} a second |")
print(f"| made and repaired; changed; denied as they have to be | {counts['made']}; {counts['changed']}; {counts['denied']} |")
print(f"| failed or answered otherwise | {len(wrong)} |")
print(f"| begun more than a second late; the slowest answer | {counts['late']}; {slowest:.2f} s |")
sys.exit(1 if wrong or total != seconds * rate else 0)
