"""Pages to look at, on the command line: words into a struct, and the page written where it belongs. The page itself is runs/page's."""

from typing import TYPE_CHECKING, Annotated

from typer import Argument, Option

from .. import answers as a
from ..core.malformed import Malformed
from . import telling
from .errands import WritePage
from .places import shown
from .settings import Settings

if TYPE_CHECKING:
    from ..runs.page.order import Voice

STDOUT = "-"


def page(
    output: Annotated[str, Option("--output", "-o", metavar="FILE", help="Write it to this new file; - is standard output.")],
    id: Annotated[str | None, Argument(metavar="ID", help="The order, or a purchase with its lines; without one the list.", show_default=False)] = None,
    at: Annotated[str | None, Option("--at", metavar="INSTANT", help="As it was then, or as silence would make it.")] = None,
) -> WritePage:
    """Write an order's page, or the list, as one HTML file."""
    return WritePage(id=id, output=output, at=at)


def run(errand: WritePage, settings: Settings, query: telling.Query | None) -> int:
    """Write the page into a new file, or bare on standard output, where nothing else goes then."""
    from ..runs.page.document import page as written
    from .call import service
    from .output import say_bytes
    from .writing import check_new, write

    if errand.output == STDOUT and settings.json:
        raise Malformed("output", "the page and a JSON answer cannot both go to standard output: name a file.")
    if errand.output != STDOUT:
        check_new("output", errand.output)
    with service(settings).reading() as session:
        data, now = written(session, errand.id, errand.at, voice(settings)), session.now
    if errand.output == STDOUT:
        say_bytes(data)
        return 0
    if not settings.dry_run:
        write("output", errand.output, data)
    answer = a.PageWritten(command="page", now=now, file=errand.output, size=len(data), dry_run=settings.dry_run)
    return telling.tell(answer, settings, query, errand)


def voice(settings: Settings) -> "Voice":
    """How this command line speaks; commands to paste name the store where it is not the default one."""
    from ..runs.page.order import Voice
    from .printing import pasted
    from .text.shape import Paste, length
    from .text.sheet import asking, urgency
    from .visible import visible

    store = shown(settings.store) if settings.store != Settings().store else None
    return Voice(visible, lambda choice: pasted(Paste(choice.command, asking(choice)), store), length, urgency)
