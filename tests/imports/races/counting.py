"""Whether people are counted once: read from the tables, and asked of the application."""

from pathlib import Path

from tests.imports.races.databases import Database
from tests.imports.races.processes import Process, run
from tests.imports.races.roster import Row

# The last line of defence, for tests that want to know whether the ones before it hold.
UNIQUE_INDEXES = (
    "people_resident_person",
    "education_attendance_person",
    "education_attendance_name",
)


def import_into(event: str, path: Path) -> tuple[str, ...]:
    """The command that imports a sign-in sheet."""
    return "import_sheet", "attendance", str(path), "--event", event, "--json"


def hold_all_at(mark: str, racers: list[Process]) -> None:
    """Waits until every one of them stands at the mark."""
    for racer in racers:
        assert racer.reaches(mark), f"never came to {mark}"


def signed_in(database: Database, event: str) -> list[str]:
    """The names in the event's attendance, sorted, with repetitions."""
    sql = (
        "SELECT a.name FROM education_attendance a "
        "JOIN education_legaleducationevent e ON e.id = a.event_id "
        f"WHERE e.code = '{event}'"
    )
    return sorted(name for (name,) in database.ask(sql))


def doubled_people(database: Database) -> list[str]:
    """The names that stand in the roster twice with the same phone."""
    sql = "SELECT name FROM people_resident GROUP BY community_id, name, phone HAVING count(*) > 1"
    return sorted(name for (name,) in database.ask(sql))


def names(rows: list[Row]) -> list[str]:
    """Who is on a sheet, sorted."""
    return sorted(name for name, *_ in rows)


def heads(database: Database) -> dict[str, int]:
    """The heads of every event that has some, as the application counts them."""
    counted: dict[str, int] = run(database, "heads").answer
    return counted


def without_unique_indexes(database: Database) -> None:
    """Takes the database's own word on duplicates away."""
    for name in UNIQUE_INDEXES:
        database.do(f"DROP INDEX {name}")
