"""The magics `%%slurm` and `%sluice`."""

from __future__ import annotations

import sys
import uuid
from typing import Any

from IPython.core.interactiveshell import InteractiveShell
from IPython.core.magic import Magics, cell_magic, line_magic, magics_class

from ..connection import Client
from ..connection.unix_http import Abort
from .commands import Commands
from .files import bring, file_words
from .follow import Follower, error_of
from .kernel_side import capture_cell, load_variable, restore_variables
from .options import CellOptions, parse_cell_options, parse_line_command, usage_error
from .origin import find_origin, find_project_dir, lines_above
from .outputs import OutputWriter
from .plan_view import plan_bundle
from .prompts import Prompts, can_ask
from .remote_error import CellInterruptedError
from .task_words import end_lines
from .trust import settle_trust


@magics_class
class SluiceMagics(Magics):
    """Run cells on a Slurm cluster as if they ran here.

    Parameters
    ----------
    shell : InteractiveShell
        The shell whose cells they are.
    client : Client, optional
        The service; by default that of the environment.
    """

    def __init__(self, shell: InteractiveShell, client: Client | None = None) -> None:
        super().__init__(shell)
        self._the_shell = shell
        self._client = client

    @cell_magic
    def slurm(self, line: str, cell: str) -> None:
        """Run this cell on a target: `%%slurm [TARGET] [--cpus N] [--memory 8G] …`."""
        options = parse_cell_options(line)
        if not cell.strip():
            raise usage_error("The cell is empty", "Write the code below the line with `%%slurm`.")
        kit = self._service().capture_kit(options.target, find_project_dir())
        request = self._request(options, cell, kit)
        if options.dry_run:
            bundle = plan_bundle(self._plan({**request, "rehearse": options.rehearse}))
            self._the_shell.display_pub.publish(data=bundle, metadata={})
            return
        settle_trust(self._service(), kit, self._the_shell, find_project_dir())
        task = self._submit(request)
        if options.detach:
            name, target = task["id"], task["target"]
            print(f"Task {name} goes to {target}; `%sluice fetch {name}` brings its results.")
            return
        self._follow(task["id"])

    @line_magic
    def sluice(self, line: str) -> None:
        """See and steer tasks: jobs, logs ID, cancel ID, fetch ID, load ID NAME, targets …."""
        asked = parse_line_command(line)
        commands = Commands(self._service())
        if asked.command == "fetch":
            self._fetch(asked.id, asked.paths)
            return
        if asked.command == "load":
            self._load(asked.id, asked.names)
            return
        if asked.command == "trust":
            told = self._service().trust(asked.target, asked.trust, find_project_dir())
            print(f"{told['target']} is trusted with “{told['trust']}” (noted in {told['path']})")
            return
        if asked.command == "login":
            self._log_in(asked.target)
            return
        if asked.command == "logout":
            self._service().logout(asked.target, find_project_dir())
            print(f"The connection to {asked.target} is closed; jobs there go on.")
            return
        argument = getattr(asked, "id", None) or getattr(asked, "target", None)
        with self._prompts().answering(getattr(asked, "target", None)):
            for piece in commands.run(asked.command, argument):
                sys.stdout.write(piece)

    def _service(self) -> Client:
        if self._client is None:
            self._client = Client()
            self._client.is_attended = lambda: can_ask(self._the_shell)
        return self._client

    def _prompts(self) -> Prompts:
        return Prompts(self._service(), self._the_shell)

    def _request(self, options: CellOptions, source: str, kit: dict[str, Any]) -> dict[str, Any]:
        shell = self._the_shell
        return {
            "requestId": uuid.uuid4().hex,
            "target": options.target,
            "resources": options.resources,
            "payload": {"kind": "cell", "source": source, "outputs": options.outputs},
            "origin": find_origin(shell),
            "projectDir": find_project_dir(),
            "capture": capture_cell(
                kit, source, options, shell.user_ns, lines_above(shell, source)
            ),
            "files": {
                "include": list(options.include_files),
                "exclude": list(options.exclude_files),
            },
            "fetch": {"include": list(options.fetch), "none": options.no_fetch},
        }

    def _plan(self, request: dict[str, Any]) -> Any:
        try:
            client = self._service()
            return self._prompts().during(
                request["target"], lambda abort: client.plan(request, abort)
            )
        except KeyboardInterrupt:
            # The service sees that nobody waits any more, and ends a rehearsal.
            what = "rehearsal" if request["rehearse"] else "dry run"
            raise CellInterruptedError(f"the {what} was ended; nothing was sent") from None

    def _submit(self, request: dict[str, Any]) -> dict[str, Any]:
        client = self._service()
        try:
            task: dict[str, Any] = client.submit(request)
        except KeyboardInterrupt:
            # It may have arrived all the same.
            for known in client.tasks():
                if known["requestId"] == request["requestId"]:
                    client.cancel(known["id"])
            raise
        return task

    def _follow(self, task_id: str) -> None:
        writer = OutputWriter(self._the_shell, task_id)
        follower = Follower(self._service(), writer, task_id, self._prompts())
        try:
            task = follower.run()
        except KeyboardInterrupt:
            raise follower.cancel() from None
        self._end(task, writer)

    def _fetch(self, task_id: str, paths: list[str]) -> None:
        """Wait for a task that runs by itself; an interrupt ends the waiting, not the task.

        With paths, bring those of its files instead.
        """
        if paths:
            for piece in bring(self._service(), task_id, paths):
                sys.stdout.write(piece)
            return
        writer = OutputWriter(self._the_shell, task_id)
        task = Follower(self._service(), writer, task_id, self._prompts()).run()
        self._end(task, writer)

    def _load(self, task_id: str, names: list[str]) -> None:
        """Bring values that were kept, and bind them: the person's word for pickles, too."""
        client = self._service()
        task = client.task(task_id)
        for name in names:

            def bring(abort: Abort, name: str = name) -> Any:
                return client.value(task_id, name, load=True, abort=abort)

            variable = self._prompts().during(task["target"], bring)
            print(load_variable(client, task, variable, self._the_shell.user_ns))

    def _log_in(self, target: str) -> None:
        client, folder = self._service(), find_project_dir()
        self._prompts().during(target, lambda abort: client.login(target, folder, abort))
        print(f"Logged in to {target}; the service keeps the connection.")

    def _end(self, task: dict[str, Any], writer: OutputWriter) -> None:
        for line in restore_variables(self._service(), task, self._the_shell.user_ns):
            print(line, file=sys.stderr)
        if task.get("files"):
            words = file_words(task["files"], task["target"])
            print(f"sluice: {words} (`%sluice files {task['id']}`)", file=sys.stderr)
        for line in end_lines(task):
            print(f"sluice: {' '.join(line.split())}", file=sys.stderr)
        error = error_of(task, writer.error)
        if error is not None:
            raise error
