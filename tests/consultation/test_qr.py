"""QR codes: read by another program than the one that drew them."""

from io import BytesIO
from xml.etree import ElementTree

import segno
import zxingcpp
from PIL import Image

from consultation import qr

ADDRESS = "https://connected.example.org/ga/consultations/plean-don-phobal/"


def read(image):
    return [found.text for found in zxingcpp.read_barcodes(image)]


def test_the_png_says_the_address_to_another_reader():
    image = Image.open(BytesIO(qr.png(ADDRESS)))

    assert read(image.convert("L")) == [ADDRESS]


def test_the_png_is_still_read_with_a_crease_across_it():
    image = Image.open(BytesIO(qr.png(ADDRESS))).convert("L")
    place = image.width * 2 // 3
    image.paste(255, (place, 0, place + qr.SCALE, image.height))

    assert read(image) == [ADDRESS]


def test_the_svg_has_the_modules_of_the_png_and_no_style_of_its_own():
    drawing = qr.svg(ADDRESS)

    assert drawn(drawing) == [list(row) for row in segno.make_qr(ADDRESS, error="m").matrix_iter(border=qr.QUIET)]
    assert read(Image.frombytes("L", *pixels(drawn(drawing)))) == [ADDRESS]
    assert not any(word in drawing for word in ("style", "class", "<script", "width=", "<?xml"))


def drawn(drawing):
    """The modules of an SVG, from its path alone: M to begin, m to move, h to draw one module high."""
    root = ElementTree.fromstring(drawing)
    size = int(root.attrib["viewBox"].split()[2])
    rows = [[0] * size for _row in range(size)]
    path = root[-1].attrib["d"].replace("h", " h").replace("m", " m").split()
    x, y, at = 0.0, 0.0, 0
    while at < len(path):
        step = path[at]
        if step[0] in "Mm":
            along, down = float(step[1:]), float(path[at + 1])
            x, y = (along, down) if step[0] == "M" else (x + along, y + down)
            at += 2
        else:
            for module in range(int(step[1:])):
                rows[int(y)][int(x) + module] = 1
            x += int(step[1:])
            at += 1
    return rows


def pixels(rows, scale=8):
    side = len(rows) * scale
    line = b"".join
    data = line(line(bytes([255 * (1 - module)]) * scale for module in row) * scale for row in rows)
    return (side, side), data


def test_a_code_with_one_module_that_is_wrong_is_not_taken_for_the_same():
    other = qr.svg(ADDRESS + "x")

    assert drawn(other) != [list(row) for row in segno.make_qr(ADDRESS, error="m").matrix_iter(border=qr.QUIET)]
