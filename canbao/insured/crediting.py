"""Personal accounts: what a posting of the book adds to or takes from a sub-ledger."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from canbao.insured.tables import Account, AccountBalance
from canbao.kernel import rows


def hold(person_ids: Collection[UUID]) -> list[tuple[UUID, UUID]]:
    """Lock the accounts of these persons in the order of their ids; gives account and person."""
    if not person_ids:
        return []
    found = Account.here.filter(person_id__in=list(person_ids)).order_by("id")
    return list(found.select_for_update(no_key=True).values_list("id", "person_id"))


def credit(amounts: Mapping[UUID, int], sub_ledger: str) -> set[UUID]:
    """Add fen to a sub-ledger of these persons' accounts (take away where negative); four statements.

    The accounts are locked in the order of their ids. Returns the persons who have an account.
    """
    accounts = hold(amounts)
    if not accounts:
        return set()
    ids = [one for one, _ in accounts]
    rows.insert_new(
        AccountBalance, ["account_id"], account_id=ids, sub_ledger=sub_ledger, balance_fen=0
    )
    held = {
        account: (one, fen)
        for one, account, fen in AccountBalance.here.filter(
            account_id__in=ids, sub_ledger=sub_ledger
        ).values_list("id", "account_id", "balance_fen")
    }
    rows.update(
        AccountBalance,
        [held[one][0] for one in ids],
        balance_fen=[held[one][1] + amounts[person] for one, person in accounts],
    )
    return {person for _, person in accounts}
