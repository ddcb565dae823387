"""A QR code as a picture a page may show: the policy allows images of its own data."""

from base64 import b64encode
from io import BytesIO

from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_L
from qrcode.image.svg import SvgPathImage


def qr_picture(text: str) -> str:
    """`data:image/svg+xml;base64,…`"""
    code = QRCode(error_correction=ERROR_CORRECT_L, border=2, image_factory=SvgPathImage)
    code.add_data(text)
    file = BytesIO()
    code.make_image().save(file)
    return f"data:image/svg+xml;base64,{b64encode(file.getvalue()).decode('ascii')}"
