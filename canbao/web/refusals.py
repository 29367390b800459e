"""What the pages themselves say no to."""

from typing import Final

from django.utils.translation import gettext_lazy as _

REFUSALS: Final = {
    "code_wrong": _("This is not the code of the message. Look at it again and type it once more."),
    "signature_empty": _(
        "Nothing is written on the line yet. Write the name with a finger, or choose another way below."
    ),
    "not_signed": _("Somebody has not signed yet. Go back and sign."),
    "bank_reason_needed": _(
        "Write beside it why the bank did not pay; the first officer mends it then."
    ),
    "act_gone": _(
        "This was done already, or something changed since the page was opened. Look at how it stands now."
    ),
}
