"""The sentences of the papers' refusals."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REFUSALS: Final[dict[str, Promise]] = {
    "glyph_missing": _(
        "The paper cannot be printed: no font has %(characters)s. "
        "Check whether it was typed rightly; if so, ask the county to add it to the fonts."
    ),
    "paper_damaged": _(
        "This paper cannot be opened: a byte of it was changed, or the file is gone. Tell the county office."
    ),
    "upload_empty": _("The file is empty. Choose the photo again."),
    "upload_too_big": _(
        "The file is larger than %(limit)s MB. Take the photo again with the phone's camera, "
        "or choose a smaller one."
    ),
    "upload_too_many_pixels": _(
        "The picture is too large to open. Take the photo again with the phone's camera."
    ),
    "upload_too_small": _(
        "The picture is too small to read. Choose the original photo, not its small preview."
    ),
    "upload_too_many_pages": _(
        "The file has %(pages)s pages, at most %(limit)s can be taken. "
        "Send the pages one by one as photos."
    ),
    "upload_kind_unknown": _(
        "This is not a photo. Send a photo taken with the phone (JPG, PNG, WebP, HEIC) or a PDF."
    ),
    "upload_kind_refused": _(
        "This kind of picture (%(kind)s) is not taken. Send a photo taken with the phone or a PDF."
    ),
    "upload_broken": _(
        "The file is damaged and does not open to its end. Take the photo again and send it anew."
    ),
    "upload_moving": _("The file is a moving picture. Send a photo that stands still."),
    "upload_mixed": _(
        "Something else is hidden in this file besides the picture. "
        "Take the photo again and send that one."
    ),
    "upload_pdf_locked": _(
        "The PDF is locked with a password. Save it without one, or photograph the paper."
    ),
    "upload_pdf_active": _(
        "The PDF carries programs or other files inside. Photograph the paper and send the photo."
    ),
}
