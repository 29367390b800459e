"""What happens to people during a season: a list names them or no longer does, they die."""

from __future__ import annotations

import datetime

from canbao.kernel import rows
from canbao.payments import changing
from canbao.payments.tables import Charge
from canbao.people.tables import Category, Person
from canbao.simulate import insured
from canbao.simulate.season.world import OFTEN, World, act


@act(5)
def change_category(world: World) -> None:
    """Somebody is put on a list or leaves it, and finance corrects the charge."""
    insurance = world.insurance()
    persons = world.persons(insurance, max(1, world.size // 10))
    if world.maybe(OFTEN):
        rows.insert(
            Category,
            person_id=persons,
            code=[world.rng.choice(insured.GROUPS) for _ in persons],
            evidence=f"{world.on:%Y-%m}",
            from_on=world.on,
        )
    else:
        ended = world.on - datetime.timedelta(days=1)
        Category.here.filter(person_id__in=persons, from_on__lt=ended).update(to_on=ended)
    wanted = list(Charge.here.filter(person_id__in=persons).values_list("id", flat=True))
    world.do(changing.reprice, world.finance(insurance), wanted)


@act(2)
def die(world: World) -> None:
    """Somebody dies who was insured before."""
    home = world.rng.choice(world.homes[world.insurance()])
    Person.here.filter(id=world.rng.choice(home)).update(dead_on=world.on)
