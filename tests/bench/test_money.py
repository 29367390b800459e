"""What is measured is a season like another: everybody charged once, and its floor holds the same rows."""

from __future__ import annotations

import psycopg
from django.db import connection

from bench import floor, money, scratch
from bench.county import CODE
from canbao.kernel import county
from canbao.payments import checking
from canbao.payments.tables import Charge, ChargeShare


def test_the_measured_season_charges_everybody_and_its_floor_writes_the_same_rows(
    own_database: str,
) -> None:
    with county.inside(CODE):
        cast = money._cast()
        name = str(connection.settings_dict["NAME"])
        with psycopg.connect(**scratch.arguments(name)) as raw:
            money._settle(raw, 0, 60)
            beneath = floor.Floor(raw)
            _, charged = money._season(cast.finance, beneath, lambda _line: None)

        assert charged == Charge.here.count() == beneath.rows["charge"] == 60
        assert beneath.rows["charge_share"] == ChargeShare.here.count()
        assert Charge.here.filter(state="settled").count() == beneath.rows["cover"] == 4
        assert money._statements(cast, 1).keys() == {"1", "4", "12"}
        assert checking.differences() == []
