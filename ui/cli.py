"""The command line: `footnote COMMAND`. Turns errors into one line and an exit code."""

import atexit
import gc
import logging
import signal
import sys
from importlib.metadata import version
from typing import TYPE_CHECKING, Annotated

import typer
from typer.exceptions import TyperException

if TYPE_CHECKING:
    from ui.terminal import Terminal

_logger = logging.getLogger(__name__)
_STOPPED = 130


def build_cli() -> typer.Typer:
    """All commands under one name."""
    from ui.commands.articles import articles
    from ui.commands.ask import ask
    from ui.commands.bench import bench
    from ui.commands.bundle import bundle
    from ui.commands.compare import compare
    from ui.commands.doctor import doctor
    from ui.commands.evaluate import evaluate_command
    from ui.commands.log import log
    from ui.commands.models import app as models
    from ui.commands.search import search
    from ui.commands.serve import serve
    from ui.commands.sources import app as sources
    from ui.commands.sync import sync
    from ui.commands.users import app as users

    cli = typer.Typer(
        name="footnote",
        help="Answers questions from a library of articles, on this machine, and footnotes every sentence.",
        invoke_without_command=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    cli.callback()(_options)
    for command in (serve, ask, search, sync, articles):
        cli.command()(command)
    cli.add_typer(sources, name="sources")
    cli.add_typer(models, name="models")
    cli.add_typer(users, name="users")
    cli.command("eval")(evaluate_command)
    cli.command()(compare)
    cli.command()(bench)
    cli.command()(log)
    cli.command()(doctor)
    cli.command()(bundle)
    return cli


def main() -> None:
    """Run a command: 0 done, 1 failed, 2 wrong usage, 130 stopped by Ctrl+C.

    No traceback: details go to the log file.
    """
    # At the end Python would look for cycles among all that the large libraries made: two to three seconds.
    atexit.register(gc.freeze)
    try:
        code = _run()
    except KeyboardInterrupt:
        # So early that not even the terminal was there.
        sys.stderr.write("footnote: stopped; nothing was changed\n")
        code = _STOPPED
    if code == _STOPPED:
        # Whoever presses it again while the last threads end is not answered by a traceback.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.exit(code)


def _run() -> int:
    # The commands are loaded here and not with this file: so Ctrl+C is heard from the first moment on.
    from index_store.errors import FootnoteError, UsageError
    from index_store.quiet_libraries import silence_libraries
    from index_store.shared_processors import share_processors
    from ui.home import Home
    from ui.stopped import NOTHING_CHANGED, Stopped
    from ui.terminal import Terminal

    silence_libraries()
    share_processors()
    terminal = Terminal()
    try:
        code: int | None = build_cli()(standalone_mode=False)
        if code == _STOPPED:  # what Typer makes of Ctrl+C
            raise Stopped(NOTHING_CHANGED)
    except Stopped as stopped:
        terminal.error(f"stopped; {stopped}")
        return _STOPPED
    except UsageError as error:
        terminal.error(str(error))
        return 2
    except TyperException as error:
        _wrong_usage(error, terminal)
        return error.exit_code
    except FootnoteError as error:
        _logger.exception("failed")
        terminal.error(str(error))
        return 1
    except BrokenPipeError:
        return 1
    except Exception as error:
        _logger.exception("unexpected")
        terminal.error(f"unexpected {type(error).__name__}: {error}; details are in {Home.find().log_file}")
        return 1
    return code or 0


def _options(
    context: typer.Context,
    shown: Annotated[bool, typer.Option("--version", help="Print the version and end.")] = False,
) -> None:
    if shown:
        typer.echo(f"footnote {version('footnote')}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help(), err=True)
        raise typer.Exit(2)


def _wrong_usage(error: TyperException, terminal: "Terminal") -> None:
    message = error.format_message()
    if message.startswith("Usage:"):  # a group without its command: the help itself
        typer.echo(message, err=True)
        return
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "footnote"
    message = _with_value(error) or message
    terminal.error(f"{message[:1].lower()}{message[1:].rstrip('.')}; see: {command} --help")


def _with_value(error: TyperException) -> str | None:
    """An option's value, and what it may be; Typer's own words leave the value out."""
    from pydantic import ValidationError

    option = getattr(error, "param", None)
    if not isinstance(error.__cause__, ValidationError) or option is None:
        return None
    from ui.settings.plain_words import plain_words

    wrong = error.__cause__.errors()[0]
    return f"{' / '.join(option.opts)} {wrong['input']!r} is not usable ({plain_words(wrong)})"


if __name__ == "__main__":
    main()
