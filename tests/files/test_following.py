"""Attachments of a resident who is merged into another row go with them, and come back."""

from backend.core.access import Actor
from backend.files import actions
from backend.files.models import Attachment
from backend.people.merging import merge_residents, unmerge_residents
from backend.places.models import Community
from tests.files.making import photo, upload
from tests.people.neighbours import OTHER, PHONE, neighbour

WHY = "同一个人登记了两次"


def test_attachments_follow_a_merge_and_its_undo(community: Community, by: Actor) -> None:
    keep, drop = neighbour(community, "张三", PHONE), neighbour(community, "张三", OTHER)
    same, other = photo(), photo(seed=2)
    actions.attach(keep, upload("同意书.jpg", same), by=by, title="同意书")
    actions.attach(drop, upload("同意书.jpg", same), by=by, title="同意书")
    moved = actions.attach(drop, upload("合影.jpg", other), by=by, title="合影")
    merge_residents(keep, drop, by=by, reason=WHY)
    assert moved in Attachment.objects.on(keep)
    # The one that `keep` has already is there once, and the other stays where it was.
    assert [Attachment.objects.on(r).kept().count() for r in (keep, drop)] == [2, 1]
    drop.refresh_from_db()
    unmerge_residents(drop, by=by)
    assert moved in Attachment.objects.on(drop)
    assert [Attachment.objects.on(r).kept().count() for r in (keep, drop)] == [1, 2]
