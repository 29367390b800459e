"""The shape of every tenant table: an id, a county, and keys that cannot leave the county."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models.expressions import Col
from django.db.models.lookups import Exact
from django.db.models.sql.where import WhereNode

from canbao.kernel import county
from canbao.kernel.among import ManySet, RelatedAmong
from canbao.kernel.ids import new_id


class Here(models.Manager[Any]):
    """Rows of the county being worked on."""

    def get_queryset(self) -> models.QuerySet[Any]:
        """Every query starts with the county."""
        return ManySet(self.model, using=self._db).filter(county=county.current())


class Tenant(models.Model):
    """A row that belongs to a county, for ever."""

    id = models.UUIDField(primary_key=True, default=new_id)
    county = models.CharField(max_length=6)

    objects: ClassVar[models.Manager[Self]] = models.Manager()
    here: ClassVar[Here] = Here()

    class Meta:
        """Only the shape; each room has its tables."""

        abstract = True


class TenantForeignKey(models.ForeignKey[Any, Any]):
    """A foreign key inside the county: the join, too, compares the county."""

    def __init__(self, to: Any, on_delete: Any = models.DO_NOTHING, **kwargs: Any) -> None:
        super().__init__(to, on_delete, **kwargs)

    def get_extra_restriction(self, alias: str | None, related_alias: str) -> WhereNode:
        """Compare the counties of both sides of a join."""
        far: Any = self.remote_field.model._meta.get_field("county")
        near: Any = self.model._meta.get_field("county")
        same: Any = Exact(Col(str(alias), far), Col(related_alias, near))
        return WhereNode([same])


TenantForeignKey.register_lookup(RelatedAmong)
