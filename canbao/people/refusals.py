"""What this room says when it refuses or remarks: what is wrong, and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

REFUSALS: Final[Mapping[str, _StrPromise]] = {
    "phone_unclear": _(
        "This is not a mobile number of mainland China. It has 11 digits and begins with 1."
    ),
    "too_many_codes": _(
        "Five codes were sent to this phone within an hour. Wait an hour, or go to your village."
    ),
    "code_over": _("This code is used up or too old. Ask for a new one below."),
    "search_too_short": _("Type at least two characters of the name, or a whole number."),
    "search_unclear": _(
        "This date does not exist. Type birth date and last four like this: 1970-01-31 0317."
    ),
    "phone_bound_here": _("This phone is bound to this person already."),
    "phone_not_bound": _("This phone is no longer bound to this person. Nothing was changed."),
    "phone_bound_already": _("This phone belongs to somebody already. Ask at the county office."),
    "document_kind_unknown": _(
        "“%(text)s” is not a kind of document known here. Choose one from the list."
    ),
    "number_missing": _("The document number is empty. Enter it as it stands on the document."),
    "number_scientific": _(
        "A spreadsheet has shortened this number and its last digits are lost. "
        "Make the column text, and enter the number again from the document."
    ),
    "number_shape": _(
        "The number does not look like one of this document: %(kind)s. "
        "Check the number and the kind of document."
    ),
    "number_disability_suffix": _(
        "This is the number of a disability certificate, it has %(length)s characters. "
        "Enter the 18 characters that stand on the ID card."
    ),
    "number_length": _(
        "The ID number has %(length)s characters, it should have 18. "
        "Look at the ID card and enter it again."
    ),
    "number_character": _(
        "Place %(position)s of the ID number holds “%(character)s”, which does not belong there. "
        "Enter digits only, or X in the last place."
    ),
    "number_of_other_kind": _(
        "This number belongs to another document: %(other)s. "
        "Choose that kind, or look at the document again."
    ),
    "number_birth_date": _(
        "Places 7 to 14 of the ID number are no date. Look at the ID card and enter it again."
    ),
    "number_birth_future": _(
        "The birth date in the ID number has not come yet. Look at the ID card and enter it again."
    ),
    "number_birth_early": _(
        "The ID number says born in %(year)s. Look at the ID card and enter it again."
    ),
    "number_check_digit": _(
        "One digit of the ID number seems wrong. Look at the ID card and enter it again."
    ),
    "name_missing": _("The name is empty. Enter it as it stands on the ID card."),
    "name_long": _(
        "The name has %(length)s characters, at most %(limit)s can be kept. "
        "Enter only the name, without anything else."
    ),
    "name_digit": _(
        "Place %(position)s of the name holds the digit %(character)s. "
        "Enter the name as it stands on the ID card."
    ),
    "name_lost_character": _(
        "Place %(position)s of the name shows “%(character)s”, so a rare character was lost. "
        "Enter that character from the ID card."
    ),
    "name_private_character": _(
        "Place %(position)s of the name holds a character that only one computer knows "
        "(%(character)s). Enter it again with an input method for rare characters."
    ),
    "name_character": _(
        "Place %(position)s of the name holds “%(character)s”, which does not belong in a name. "
        "Enter the name as it stands on the ID card."
    ),
    "register_file_missing": _("There is no file %(path)s. Check the folder and the name."),
    "register_file_kind": _(
        "%(path)s is neither a CSV nor an XLSX file. Save the table as one of the two."
    ),
    "register_file_large": _(
        "The file has %(megabytes)s MB, at most %(limit)s MB are read at once. "
        "Save it as CSV, or divide it by township."
    ),
    "register_file_unreadable": _(
        "The file cannot be opened as a table. Save it again from the program that made it."
    ),
    "register_file_locked": _(
        "The file is protected by a password. Save it without a password first."
    ),
    "register_file_encoding": _(
        "The text of the file is neither UTF-8 nor GBK. Save it as UTF-8 CSV."
    ),
    "register_heading_missing": _(
        "No row with the headings was found in the first %(rows)s rows, missing: %(columns)s. "
        "Add them and load the file again."
    ),
    "register_heading_twice": _(
        "The column %(column)s stands twice in the headings. Remove one of the two."
    ),
    "row_unreadable": _(
        "The row cannot be read: a quotation mark is open or a cell is too long. "
        "Put the row right and load it again."
    ),
    "row_wide": _("The row has more cells than the headings. Look for a comma inside a cell."),
    "cell_missing": _("The cell is empty. Fill it in."),
    "cell_number_typed": _(
        "The number was stored as a figure, so its last digits are lost. "
        "Make the column text and enter the number again."
    ),
    "cell_date": _("“%(text)s” is no date. Write it as 1978-11-09."),
    "cell_date_future": _("The date %(text)s has not come yet. Check it."),
    "cell_code": _("“%(text)s” is not in the list for this column. Use a code or word of it."),
    "cell_yes_no": _("“%(text)s” is neither yes nor no. Write 是 or 否, 1 or 0."),
    "cell_village": _(
        "A village code has 12 digits, this one is “%(text)s”. Enter it from the list of regions."
    ),
    "cell_village_elsewhere": _(
        "The village %(text)s does not belong to the county %(county)s. Load it in its own county."
    ),
    "cell_long": _("The cell has %(length)s characters, at most %(limit)s fit. Shorten it."),
    "cell_control": _("The cell holds a character that cannot be printed. Type the text again."),
    "number_twice": _(
        "The same document number already stands in row %(row)s. Keep one of the two rows."
    ),
    "household_second_head": _(
        "The household has a head in row %(row)s already. Mark one person only."
    ),
    "head_relation": _(
        "The row is marked as head of household, but its relation says “%(text)s”. "
        "Put one of the two right."
    ),
    "moved_out_before_in": _("The person moved out before moving in. Check both dates."),
}

# Said beside a row or a field that is accepted all the same.
NOTES: Final[Mapping[str, _StrPromise]] = {
    "upgraded_from_15": _(
        "An old 15-digit number was turned into 18 digits: %(number)s. Compare it with the ID card."
    ),
    "area_retired": _(
        "The number begins with the old area code %(area)s, today %(successor)s. It stays valid."
    ),
    "area_unknown": _(
        "The area code %(area)s at the beginning of the number is not in the list. "
        "Compare it with the ID card."
    ),
    "birth_differs": _(
        "The birth date differs from the one in the ID number. The register keeps what it says."
    ),
    "sex_differs": _(
        "The sex differs from the one in the ID number. The register keeps what it says."
    ),
    "heading_ignored": _("The column “%(text)s” is not known and was not read."),
    "household_without_head": _(
        "Nobody in the household is marked as its head. Ask the police station for the head."
    ),
}

# Why two records may be one person.
LIKENESSES: Final[Mapping[str, _StrPromise]] = {
    "same_document": _("The same document number."),
    "same_name_and_birth": _("The same name and birth date."),
    "near_number": _(
        "The numbers differ in one digit or one swap, and the name or the birth date is the same."
    ),
}
