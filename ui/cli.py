"""The command line: `footnote COMMAND`. Turns errors into one line and an exit code."""

import atexit
import gc
import logging
import sys
from importlib.metadata import version
from typing import Annotated

import typer
from typer.exceptions import TyperException

from index_store.errors import FootnoteError, UsageError
from ui.commands.articles import articles
from ui.commands.ask import ask
from ui.commands.doctor import doctor
from ui.commands.evaluate import evaluate_command
from ui.commands.models import app as models
from ui.commands.search import search
from ui.commands.serve import serve
from ui.commands.sync import sync
from ui.home import Home
from ui.terminal import Terminal

_logger = logging.getLogger(__name__)


def build_cli() -> typer.Typer:
    """All commands under one name."""
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
    cli.add_typer(models, name="models")
    cli.command("eval")(evaluate_command)
    cli.command()(doctor)
    return cli


def main() -> None:
    """Run a command: 0 done, 1 failed, 2 wrong usage. No traceback: details go to the log file."""
    terminal = Terminal()
    # At the end Python would look for cycles among all that the large libraries made: two to three seconds.
    atexit.register(gc.freeze)
    try:
        sys.exit(build_cli()(standalone_mode=False))
    except UsageError as error:
        terminal.error(str(error))
        sys.exit(2)
    except TyperException as error:
        _wrong_usage(error, terminal)
        sys.exit(error.exit_code)
    except FootnoteError as error:
        _logger.exception("failed")
        terminal.error(str(error))
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        sys.exit(1)
    except Exception as error:
        _logger.exception("unexpected")
        terminal.error(f"unexpected {type(error).__name__}: {error}; details are in {Home.find().log_file}")
        sys.exit(1)


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


def _wrong_usage(error: TyperException, terminal: Terminal) -> None:
    message = error.format_message()
    if message.startswith("Usage:"):  # a group without its command: the help itself
        typer.echo(message, err=True)
        return
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "footnote"
    terminal.error(f"{message[:1].lower()}{message[1:].rstrip('.')}; see: {command} --help")


if __name__ == "__main__":
    main()
