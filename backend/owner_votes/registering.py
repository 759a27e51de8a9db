"""The verb of the register: a room with its owners, in one go."""

from collections.abc import Sequence

from backend.core import gate
from backend.core.access import Actor
from backend.owner_votes.models import OwnedRoom, Ownership, PropertyOwner


def enter_room(room: OwnedRoom, owners: Sequence[PropertyOwner], *, by: Actor) -> OwnedRoom:
    """The room, new or changed, owned by these and nobody else. An owner that is new is written too.

    Raises: room_taken; room_missing; area_invalid; owner_taken; what the gate raises.
    """
    with gate.change_set("enter room", by=by, community_id=room.community_id) as changes:
        gate.save(room, by=by, within=changes)
        for owner in owners:
            if owner.pk is None:
                gate.save(owner, by=by, within=changes)
        now = {owner.pk for owner in owners}
        before = list(Ownership.objects.filter(room=room))
        # Who sells a room owns it no more: a correction of the register, so an edit.
        gone = [row for row in before if row.owner_id not in now]
        gate.delete_many(gone, by=by, within=changes, action="edit")
        known = {row.owner_id for row in before}
        gate.save_many(
            [
                Ownership(community_id=room.community_id, room=room, owner=owner)
                for owner in owners
                if owner.pk not in known
            ],
            by=by,
            within=changes,
        )
    return room
