"""The commands of ``dragoman users``: who may come to a desk, as what, and by which password or token."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dragoman.commands.options import Format, checked
from dragoman.commands.page import Column, listed, put
from dragoman.commands.serving import UsersFile, need_web
from dragoman.terminal import fail, say

if TYPE_CHECKING:
    from dragoman.web.guard.users import User, UserFile

app = typer.Typer(
    name="users",
    help="Who may come to the desk that dragoman serve opens: passwords for browsers, tokens for programs.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)

Name = Annotated[str, typer.Argument(metavar="NAME", help="The user's name.", show_default=False)]
FromStdin = Annotated[
    bool, typer.Option("--password-stdin", help="Take the password from the first line of standard input.")
]
Label = Annotated[str, typer.Option("--name", help="What the token is for.")]


@contextmanager
def _file(path: Path | None) -> Iterator[UserFile]:
    """The file to work with; what goes wrong with it is one line."""
    need_web()
    from dragoman.web.guard.users import BadUsers, UserFile

    try:
        yield UserFile(path)
    except BadUsers as error:
        raise fail(str(error)) from error


@app.command()
def add(
    name: Name,
    role: Annotated[str, typer.Option("--role", help="editor, or reader: who may change nothing.")] = "reader",
    password_stdin: FromStdin = False,
    no_password: Annotated[
        bool, typer.Option("--no-password", help="For a program, which comes by token alone.")
    ] = False,
    users: UsersFile = None,
) -> None:
    """Add a user. Asks for a password; a server that runs knows the user at once.

    Examples:

      dragoman users add ada --role editor

      dragoman users add newsroom-feed --role editor --no-password

      pass show desk/ada | dragoman users add ada --password-stdin

    Exit status: 0 all well, 2 wrong use.
    """
    if no_password and password_stdin:
        raise fail("--no-password and --password-stdin exclude each other")
    with _file(users) as file:
        file.check_new(name, role)
        file.add(name, role, None if no_password else _password(password_stdin))
        say(f"{name} may now {'work' if role == 'editor' else 'read'} at the desks of {file.path}")
    if no_password:
        say(f"give {name} a token: dragoman users token {name}")


@app.command("list")
def list_(format: Format = "table", users: UsersFile = None) -> None:
    """List the users: role, whether there is a password, names of tokens.

    Examples:

      dragoman users list

      dragoman users list --format jsonl

    Exit status: 0 all well, 2 wrong use.
    """
    columns: list[Column[User]] = [
        Column("name", lambda user: user.name, ratio=2),
        Column("role", lambda user: user.role),
        Column("password", lambda user: user.password is not None),
        Column("tokens", lambda user: tuple(token.name for token in user.tokens), ratio=3),
    ]
    with _file(users) as file:
        found = file.users()
        number = listed(
            checked(format),
            sorted(found.named.values(), key=lambda user: user.name) if found else (),
            columns,
            lambda user: {
                "name": user.name,
                "role": user.role,
                "password": user.password is not None,
                "tokens": [token.name for token in user.tokens],
            },
        )
        if not number:
            say(f"there are no users in {file.path}: add one with dragoman users add NAME --role editor")


@app.command()
def remove(name: Name, users: UsersFile = None) -> None:
    """Remove a user: sessions and tokens end at once. What the user judged stays in the ledger.

    Examples:

      dragoman users remove ada

    Exit status: 0 all well, 2 wrong use.
    """
    with _file(users) as file:
        file.remove(name)
        say(f"{name} is removed")


@app.command()
def password(name: Name, password_stdin: FromStdin = False, users: UsersFile = None) -> None:
    """Give a user another password: sessions under the old one end at once, tokens stay.

    Examples:

      dragoman users password ada

    Exit status: 0 all well, 2 wrong use.
    """
    with _file(users) as file:
        file.user(name)
        file.set_password(name, _password(password_stdin))
        say(f"{name} has another password")


@app.command()
def token(name: Name, label: Label = "api", users: UsersFile = None) -> None:
    """Make a token with which a program comes to the API as this user. It is printed once and kept nowhere.

    Programs send it as Authorization: Bearer TOKEN.

    Examples:

      dragoman users token newsroom-feed

      dragoman users token ada --name laptop > token.txt

    Exit status: 0 all well, 2 wrong use.
    """
    with _file(users) as file:
        put(file.add_token(name, label) + "\n")
        say(f"this is shown once; dragoman users untoken {name} --name {label} takes it away")


@app.command()
def untoken(name: Name, label: Label = "api", users: UsersFile = None) -> None:
    """Take a token away: programs that use it are refused at once.

    Examples:

      dragoman users untoken ada --name laptop

    Exit status: 0 all well, 2 wrong use.
    """
    with _file(users) as file:
        file.remove_token(name, label)
        say(f"the token {label} of {name} is worth nothing any more")


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise fail("there is no terminal to ask for a password: give it with --password-stdin")
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))
