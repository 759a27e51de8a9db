"""A sheet's addresses, looked up among the community's buildings."""

from backend.imports.asking import LEAVE_OUT, question
from backend.imports.cells import Address
from backend.imports.directions import Choice
from backend.people.persons import NOWHERE, Placed, Question
from backend.places.models import Building

WHICH_ESTATE = question("address_ambiguous", "几个小区都有这个楼号")


class Addresses:
    """The community's buildings, by the number that staff write."""

    def __init__(self, community_id: int) -> None:
        self._buildings: dict[str, list[tuple[int, str, int]]] = {}
        # What a building is called where people are to be told apart.
        self.labels: dict[int, str] = {}
        rows = Building.objects.filter(community=community_id).values_list(
            "name", "pk", "estate__name", "estate_id"
        )
        for name, pk, estate, estate_id in rows:
            self._buildings.setdefault(name, []).append((pk, estate, estate_id))
            self.labels[pk] = f"{estate}{name}号楼"
        self._memory: dict[Address, Placed | Question] = {}

    def place(self, address: Address | None) -> Placed | Question:
        """Where an address is; a question if several buildings fit; text if none does."""
        if address is None:
            return NOWHERE
        known = self._memory.get(address)
        if known is None:
            known = self._memory[address] = self._place(address)
        return known

    def _place(self, address: Address) -> Placed | Question:
        text = address.text[:100]
        if not address.building:
            return Placed(text=text)
        fitting = self._buildings.get(address.building, [])
        if address.estate:
            # Written out it is that one, though its name may stand within another's.
            exact = [f for f in fitting if f[1] == address.estate]
            fitting = exact or [
                f for f in fitting if address.estate in f[1] or f[1] in address.estate
            ]
        if len(fitting) > 1:
            return _which_estate(address, text, sorted(fitting, key=lambda one: one[1]))
        if not fitting:
            return Placed(text=text)
        return Placed(fitting[0][0], address.unit, address.room)


def _which_estate(address: Address, text: str, fitting: list[tuple[int, str, int]]) -> Question:
    estates = "、".join(estate for _, estate, _ in fitting)
    places = {str(of): Placed(pk, address.unit, address.room) for pk, _, of in fitting}
    return Question(
        "address",
        WHICH_ESTATE,
        f"有几个小区都有这个楼号（{estates}），请在住址前写上小区名。",
        (
            *(Choice(f"in:{of}", f"在{estate}") for _, estate, of in fitting),
            Choice("text", "按原文保存，不对应楼栋"),
            LEAVE_OUT,
        ),
        places=places | {"": Placed(text=text)},
    )
