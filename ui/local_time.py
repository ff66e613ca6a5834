"""Times of this machine, as the pages tell them: the hour, and the day where it is not today."""

from datetime import UTC, datetime

from ui.markup import Html, html

_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def local_now() -> datetime:
    """The time in the zone of this machine."""
    return datetime.now().astimezone()


def parsed(moment: str | None) -> datetime | None:
    """An ISO 8601 time, in UTC where it names no zone; None for what is none."""
    try:
        then = datetime.fromisoformat(moment or "")
    except ValueError:
        return None
    return then if then.tzinfo else then.replace(tzinfo=UTC)


def clock_time(moment: datetime, now: datetime) -> str:
    """15:00 today, "26 Nov 15:00" on another day, with the year in another year; in the zone of `now`."""
    here = moment.astimezone(now.tzinfo)
    hour = f"{here:%H:%M}"
    if here.date() == now.date():
        return hour
    year = "" if here.year == now.year else f" {here.year}"
    return f"{here.day} {_MONTHS[here.month - 1]}{year} {hour}"


def clock_html(moment: datetime, now: datetime) -> Html:
    """The same as a <time> element."""
    machine = moment.astimezone(UTC).isoformat(timespec="seconds")
    return html('<time datetime="{}">{}</time>', machine, clock_time(moment, now))


def last_and_next(last: datetime | None, next_one: datetime | None, now: datetime) -> Html:
    """ "Last 15:00 | Next 21:00" as HTML; a next time that has come already is "now"."""
    before = html("Last {}", clock_html(last, now)) if last else html("Not synced yet")
    if next_one is None:
        return html("{} | Next by hand", before)
    return html("{} | Next {}", before, clock_html(next_one, now) if next_one > now else "now")
