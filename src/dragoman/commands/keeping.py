"""Keeping a ledger: ``recode``, and the ledger's part of ``doctor``."""

from __future__ import annotations

from typing import Annotated

import typer

from dragoman.commands.options import ActorFiles, Jobs, Least, ModelFolder, Where, opened
from dragoman.commands.page import put
from dragoman.terminal import counted, fail, progress, say

# Documents on which a coder fails, by name: more are counted.
_MOST_TOLD = 20


def recode(
    again: Annotated[bool, typer.Option("--again", help="Also what this same coder coded.")] = False,
    jobs: Jobs = 1,
    min_confidence: Least = None,
    model: ModelFolder = None,
    actors: ActorFiles = None,
    ledger: Where = None,
) -> None:
    """Code the stored reports anew with what is installed now, or with a model or actors of your own.

    What people judged is laid over what the new coding finds. Reports that were coded by this same coder are left out,
    so that a run that was interrupted is taken up by the same command.

    Examples:

      dragoman recode --jobs 2

      dragoman recode --model my-model --actors my-actors.yaml

    Exit status: 0 all well, 1 when a report could not be coded, 2 wrong use, 130 interrupted.
    """
    from dragoman.ledger import LedgerError
    from dragoman.ledger.recode import Recoded

    done = Recoded()
    with opened(ledger) as book, progress(to_file=True, left=True) as bar:
        task = bar.add_task("", total=None, rate="") if bar else None

        def tell(now: Recoded) -> None:
            nonlocal done
            done = now
            if bar and task is not None:
                speed = bar.tasks[0].speed
                rate = f"{speed:.1f}/s" if speed else ""
                bar.update(task, completed=now.coded + len(now.failed), total=now.total, rate=rate)

        interrupted = False
        try:
            book.recode(
                again=again,
                jobs=jobs,
                min_confidence=min_confidence,
                model=model,
                actors=tuple(actors or ()),
                tell=tell,
            )
        except KeyboardInterrupt:
            interrupted = True
        except LedgerError:
            raise
        except OSError as error:
            raise fail(f"{error.filename}: {error.strerror or error}") from error
        except (ValueError, RuntimeError) as error:
            raise fail(str(error)) from error
    for refusal in done.failed[:_MOST_TOLD]:
        say(str(refusal), "yellow")
    textless = f", {done.textless} without text left as they are" if done.textless else ""
    put(f"{done.coded} of {done.total} coded anew, {len(done.failed)} failed{textless}\n")
    if interrupted:
        say("interrupted: the same command goes on from here")
        raise typer.Exit(130)
    if done.failed:
        raise typer.Exit(1)


def examine(where: str | None) -> list[tuple[str, str, str]]:
    """What there is to say of a ledger: what, how it is found, and what to do about it, empty when all is well.

    Raises typer.Exit when it cannot be opened.
    """
    from dragoman.ledger.coders import coder_name

    with opened(where) as book:
        counts = book.counts()
        rows = [("ledger", book.name, "")]
        rows.append(
            ("holds", ", ".join(counted(number, name.removesuffix("s")) for name, number in counts.items()), "")
        )
        now = coder_name()
        coders = book.coders()
        for name, number in coders.items():
            rows.append(("coded by", f"{name}: {counted(number, 'report')}", ""))
        if stale := sum(number for name, number in coders.items() if name != now):
            other = (
                f"{counted(stale, 'report')} not coded by {now}, which is installed: dragoman recode codes them anew"
            )
            rows.append(("stale", other, ""))
        faults = book.faults()
        for fault in faults:
            rows.append(("fault", fault, "restore a copy, or ingest and replay the judgements into a new ledger"))
        if not faults:
            rows.append(("sound", "all that follows from the reports is as it should be", ""))
    return rows
