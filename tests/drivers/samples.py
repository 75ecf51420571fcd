"""The ticket that the tests print, and how they look at paper."""

from io import BytesIO

import zxingcpp
from PIL import Image, ImageChops

from paihao_drivers.printer.slip import Slip

SLIP = Slip(
    hall="郑州市政务服务大厅",
    floor="1 楼",
    zone="房屋交易及不动产登记",
    number="B146",
    service="不动产转移登记",
    service_en="Property transfer",
    ticket_class="普通",
    cases=1,
    go_to="1 楼东侧 不动产区",
    windows="1-30 号",
    ahead=23,
    wait_min=(13, 21),
    issued_at="2026-03-18 10:24",
    phone_url="https://h.example/t/7F3KQ2M8",
    missed_rule=("叫 3 次没到算过号。", "30 分钟内拿票回窗口，", "后移 3 位，号不作废。"),
    kiosk="1 楼 2 号机",
    ticket_id="7F3K-Q2M8",
)


def opened(png: bytes) -> Image.Image:
    """Return a PNG file as a grey picture."""
    with Image.open(BytesIO(png)) as picture:
        return picture.convert("L")


def qr_texts(picture: Image.Image) -> list[str]:
    """Return what a stranger's decoder reads from the codes in a picture."""
    return [code.text for code in zxingcpp.read_barcodes(picture.convert("L"))]


def ink(picture: Image.Image, box: tuple[int, int, int, int] | None = None) -> int:
    """Return the number of black dots, in all or within a box."""
    part = picture.convert("L").crop(box) if box else picture.convert("L")
    return part.histogram()[0]


def different_dots(one: Image.Image, other: Image.Image) -> int:
    """Return how many dots differ between two pictures of one size."""
    assert one.size == other.size
    return sum(ImageChops.difference(one.convert("L"), other.convert("L")).histogram()[1:])
