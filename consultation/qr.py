"""QR codes of addresses, drawn here: as SVG, which takes every size, and as PNG for programs that take no SVG."""

from io import BytesIO

import segno

SCALE = 20  # pixels of a module: a poster's code is some 700 across
QUIET = 4  # modules of white around it, as the standard wants


def svg(address: str) -> str:
    """Black on white, without a style or a size of its own."""
    return _drawn(address, "svg", xmldecl=False, omitsize=True, svgclass=None, lineclass=None, nl=False).decode()


def png(address: str) -> bytes:
    """Black on white."""
    return _drawn(address, "png", scale=SCALE)


def _drawn(address: str, kind: str, **options: object) -> bytes:
    """With the correction that survives a crease in the paper."""
    file = BytesIO()
    segno.make_qr(address, error="m").save(file, kind=kind, border=QUIET, dark="#000", light="#fff", **options)
    return file.getvalue()
