"""What stands on every form that a case is built on: opinions, the applicant's mark, the archive's stamp."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext

from canbao.cases import words
from canbao.cases.prints import shared
from canbao.cases.queries import CaseView
from canbao.kernel import clock, office
from canbao.papers import store
from canbao.papers.forms import ApplicantMark, ArchiveStamp, Desk, HowMarked, Opinion
from canbao.papers.queries import MarkRow

_HOW: Final = {
    "drawn": HowMarked.DRAWN,
    "paper": HowMarked.PHOTO,
    "fingerprint": HowMarked.FINGERPRINT,
}


def opinions(view: CaseView) -> list[Opinion]:
    """Each desk's opinion with signature and seal, where it has signed."""
    seals = shared.seals_of(view.marks)
    found = []
    for desk in Desk:
        mine = [mark for mark in view.marks if mark.box == desk and mark.paper_id == view.form.id]
        signature = _last(mine, "signature")
        seal = _last(mine, "seal")
        if signature is None:
            continue
        found.append(
            Opinion(
                desk=desk,
                text=words.opinion(
                    desk, view.fields, view.case.kind, refused=view.refused_at(desk)
                ),
                # A sheet that a correction made is signed by two.
                officer_name=gettext(", ").join(
                    dict.fromkeys(one.acted_by_name for one in mine if one.kind == "signature")
                ),
                office_name=signature.office_name,
                on=signature.acted_on,
                seal=seals.get(seal.id) if seal else None,
                broken=not (signature.holds and (seal is None or seal.holds)),
                note=_recorded(signature) if signature.how == "paper" else "",
            )
        )
    return found


def _recorded(mark: MarkRow) -> str:
    """That a mark was entered from the paper, by whom and when."""
    return gettext("from the paper, entered by %(name)s on %(day)s") % {
        "name": office.officer_name(mark.recorded_by), "day": clock.on(mark.recorded_at),
    }  # fmt: skip


def _last(marks: list[MarkRow], kind: str) -> MarkRow | None:
    return next((mark for mark in reversed(marks) if mark.kind == kind), None)


def applicant(view: CaseView) -> ApplicantMark | None:
    """How the applicant confirmed the form."""
    mine = [one for one in view.marks if one.box == "applicant" and one.paper_id == view.form.id]
    if not mine:
        return None
    mark = mine[-1]
    picture = store.content(mark.blob_id) if mark.blob_id and mark.how == "drawn" else None
    return ApplicantMark(
        how=_how(view, mark),
        name=mark.acted_by_name,
        on=mark.acted_on,
        signature_png=picture,
        witness_name=mark.witness,
        broken=not mark.holds,
    )


def _how(view: CaseView, mark: MarkRow) -> HowMarked:
    """How it was confirmed; of a paper that nobody has scanned there is no photo to point at."""
    how = _HOW.get(mark.how, HowMarked.INK)
    seen = mark.blob_id or any(one.kind == "signed_sheet" for one in view.scans)
    return HowMarked.INK if how is HowMarked.PHOTO and not seen else how


def stamp(view: CaseView) -> ArchiveStamp | None:
    """Where the case is filed, if it is."""
    if view.archive is None:
        return None
    number = view.archive.number.split("-")
    return ArchiveStamp(
        fonds=number[0],
        year=number[1],
        series=number[2],
        retention=words.retention(view.archive.retention),
        box=gettext("box %(number)s") % {"number": view.archive.box.rpartition("-")[2]},
        item=gettext("item %(number)s") % {"number": view.archive.position},
    )
