"""Somebody known already applies at eight desks at once: the lock on the person decides, not the constraint."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import partial
from uuid import uuid4

from canbao.cases import application
from canbao.cases.claim import Channel
from canbao.cases.tables import Case
from canbao.kernel import clock
from canbao.kernel.ids import new_id
from canbao.kernel.taken import Outcome
from tests import small as cast
from tests.concurrency.clients import together
from tests.small import Small


def test_of_eight_applications_of_a_known_person_one_is_taken_and_seven_are_told_why(
    desks: Small,
) -> None:
    claim = cast.claim(7)
    [first] = cast.submit(desks.chen, [claim], Channel.VILLAGE)
    assert application.withdraw(desks.chen, {first: 1}, at=clock.now()).done
    stacks = [
        [replace(claim, id=new_id()), *(cast.claim(20 * clerk + one) for one in range(1, 5))]
        for clerk in range(8)
    ]

    answers = together(
        [
            partial(
                application.submit,
                desks.chen if clerk % 2 else desks.hu,
                stack,
                Channel.VILLAGE,
                at=clock.now(),
                key=str(uuid4()),
            )
            for clerk, stack in enumerate(stacks)
        ]
    )

    # A constraint would have turned the whole stack of the seven away, with four people who did nothing.
    assert all(isinstance(one, Outcome) for one in answers), answers
    assert Counter(len(one.done) for one in answers) == {5: 1, 4: 7}
    assert {one.code for answer in answers for one in answer.refused.values()} == {"already_open"}
    assert Case.here.filter(is_open=True).count() == 33
