"""Writes the keys of tenant tables so that they can later be distributed by county (DESIGN 6.1).

Django sees a single `id`. The database holds `PRIMARY KEY (id, county)`, in this order because Django
joins on `id` alone, and foreign keys that can only point inside one county.
"""

from __future__ import annotations

from typing import Any

from django.db.backends.ddl_references import Columns, Statement, Table
from django.db.backends.postgresql.schema import DatabaseSchemaEditor
from django.db.models import Field, Model


def is_tenant(model: type[Model]) -> bool:
    """Whether rows of this model belong to a county."""
    return bool(getattr(model, "tenant", False)) or any(
        field.column == "county" and not field.primary_key
        for field in model._meta.local_concrete_fields
    )


class SchemaEditor(DatabaseSchemaEditor):
    """Adds the county to primary and foreign keys."""

    # An inline REFERENCES could only name `id`; without it Django adds the constraint at the end.
    sql_create_column_inline_fk = None  # type: ignore[assignment]

    def table_sql(self, model: type[Model]) -> tuple[str, Any]:
        """CREATE TABLE with the two-column key."""
        sql, params = super().table_sql(model)
        if is_tenant(model):
            if sql.count(" PRIMARY KEY") != 1:
                raise ValueError(f"{model.__name__}: a tenant table needs one uuid primary key")
            sql = sql.replace(" PRIMARY KEY", "")
            sql = f'{sql[:-1]}, PRIMARY KEY ("id", "county"))'
        return sql, params

    def _create_fk_sql(self, model: type[Model], field: Field[Any, Any], suffix: str) -> Statement:
        link: Any = field
        target = link.target_field.model
        if not (is_tenant(model) and is_tenant(target)):
            return super()._create_fk_sql(model, field, suffix)  # type: ignore[no-any-return,misc]
        return Statement(
            self.sql_create_fk,
            table=Table(model._meta.db_table, self.quote_name),
            name=self._fk_constraint_name(model, field, suffix),  # type: ignore[attr-defined]
            column=Columns(model._meta.db_table, ["county", str(field.column)], self.quote_name),
            to_table=Table(target._meta.db_table, self.quote_name),
            to_column=Columns(target._meta.db_table, ["county", "id"], self.quote_name),
            deferrable=self.connection.ops.deferrable_sql(),
        )
