"""Whether words of the answers may be quoted in public. Whoever leaves it out has not consented."""

from dataclasses import replace

from consultation.kinds.choice import ORDINARY, SINGLE

# The options by id, with roles of the same name.
AGREED, REFUSED = "agreed", "refused"

CONSENT = replace(
    SINGLE,
    name="consent",
    roles=(ORDINARY, AGREED, REFUSED),
    fixed={AGREED: AGREED, REFUSED: REFUSED},
    once=True,
    steers=False,
)
