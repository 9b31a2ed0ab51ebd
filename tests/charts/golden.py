# SPDX-License-Identifier: Apache-2.0
"""What the defaults become is what stands in want/; `golden.py --record` writes it, read it before you keep it."""

import difflib
import sys

from chart import HERE, Complaints, render_text

ONLY = ("--show-only", "templates/webhooks.yaml", "--show-only", "templates/hooks.yaml")
GOLDEN = {
    "install": ("defaults",),
    "upgrade-webhooks": ("defaults", "--is-upgrade", *ONLY),
    "no-hooks-webhooks": ("defaults", "--set", "hooks.enabled=false", "--show-only", "templates/webhooks.yaml"),
}

wrong = Complaints()
for name, arguments in GOLDEN.items():
    file = HERE / "want" / f"{name}.yaml"
    have = render_text(*arguments)
    if "--record" in sys.argv:
        file.write_text(have)
    want = file.read_text() if file.exists() else ""
    wrong.unless(have == want, "".join(difflib.unified_diff(want.splitlines(True), have.splitlines(True),
                                                            f"want/{name}.yaml", "helm template")))
wrong.equal(render_text(*GOLDEN["upgrade-webhooks"][:2], "--show-only", "templates/webhooks.yaml"),
            render_text(*GOLDEN["no-hooks-webhooks"]), "an upgrade and an installation without hooks differ")
wrong.end()
