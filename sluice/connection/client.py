"""Ask the service; start it again when it is gone."""

from __future__ import annotations

import codecs
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Callable
from urllib.parse import quote, urlencode

from .errors import SluiceError
from .health import Health, service_down
from .launch import Launcher
from .state import place_from_environment
from .unix_http import Abort, Request, ServiceGoneError, exchange, exchange_json

#: Pauses before each further try after the service died or was leaving.
RETRY_PAUSES_S = (0.05, 0.2, 0.5, 1.0, 2.0)

# What is asked with this deadline is answered at once.
_SHORT_S = 30.0
# A plan may have to ask the host over a slow line.
_PLAN_TIMEOUT_S = 180.0
# Each question of a login has a time of its own, which the service keeps.
_LOGIN_TIMEOUT_S = 900.0
# Some terabytes over a slow line; the service gives up by itself where nothing comes any more.
_VALUE_TIMEOUT_S = 7 * 86_400.0
# A rehearsal has a limit of its own, which the service keeps and says; this lies above it.
_REHEARSAL_TIMEOUT_S = 900.0


class Client:
    """The service's REST interface, synchronously.

    Each call survives the death of the service in its middle: a new one is started and asked
    again. That is safe because every call is idempotent (a submit by its request id).

    Parameters
    ----------
    launcher : Launcher, optional
        How to reach the service; by default as the environment says.
    sleep : Callable
        How to wait between tries.
    """

    def __init__(
        self, launcher: Launcher | None = None, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self.launcher = launcher or Launcher(place_from_environment())
        self._sleep = sleep
        #: Tells whether a person can be asked here what a login asks.
        self.is_attended: Callable[[], bool] = lambda: True
        #: Makes the calls that may take long, and does something else meanwhile.
        self.waiter: Callable[[Callable[[Abort], Any]], Any] | None = None
        self._health: Health | None = None

    def health(self) -> Any:
        """Give `GET /health`."""
        return self.call(Request("GET", "/health"))

    def targets(self) -> Any:
        """Give the targets and the default one."""
        return self.call(Request("GET", "/api/targets"))

    def capture_kit(self, target: str | None = None, project_dir: str | None = None) -> Any:
        """Give what is needed to ask a kernel what a cell reads that goes to a target."""
        asked = {"target": target, "projectDir": project_dir}
        query = urlencode({key: value for key, value in asked.items() if value is not None})
        return self.call(Request("GET", f"/api/capture-kit?{query}"))

    def submit(self, body: dict[str, Any]) -> Any:
        """Hand over a task; the same `requestId` is the same task."""
        return self.call(Request("POST", "/api/submit", body))

    def plan(self, body: dict[str, Any], abort: Abort | None = None) -> Any:
        """Tell what a submit of the same body would do; with `rehearse`, after trying it here."""
        timeout_s = _REHEARSAL_TIMEOUT_S if body.get("rehearse") else _PLAN_TIMEOUT_S
        return self.call(Request("POST", "/api/plan", body, timeout_s, abort))

    def tasks(self) -> Any:
        """List the tasks."""
        return self.call(Request("GET", "/api/tasks"))["tasks"]

    def task(self, task_id: str) -> Any:
        """Give one task."""
        return self.call(Request("GET", f"/api/status/{quote(task_id, safe='')}"))

    def cancel(self, task_id: str) -> Any:
        """Ask for the end of a task."""
        return self.call(Request("POST", f"/api/cancel/{quote(task_id, safe='')}", {}))

    def files(self, task_id: str, offset: int = 0, limit: int = 1000) -> Any:
        """Give a page of the files that a task wrote."""
        query = urlencode({"offset": offset, "limit": limit})
        return self.call(Request("GET", f"/api/files/{quote(task_id, safe='')}?{query}"))

    def act_on_files(self, task_id: str, action: str, paths: list[str] | None) -> Any:
        """Fetch files, give them up, end what is being fetched, or look at them; None: all."""
        body = {"action": action, "paths": paths, "into": None}
        return self.call(Request("POST", f"/api/files/{quote(task_id, safe='')}", body))

    def value(
        self, task_id: str, name: str, *, load: bool = False, abort: Abort | None = None
    ) -> Any:
        """Bring a kept value here, however long it takes; `load`: also a withheld pickle."""
        path = f"/api/values/{quote(task_id, safe='')}"
        return self.call(
            Request("POST", path, {"name": name, "load": load}, _VALUE_TIMEOUT_S, abort)
        )

    def trust(self, target: str, trust: str, project_dir: str | None) -> Any:
        """Note how far a person trusts a target: `none`, `outputs` or `pickles`."""
        path = f"/api/trust/{quote(target, safe='')}"
        return self.call(Request("POST", path, {"trust": trust, "projectDir": project_dir}))

    def prompts(self) -> Any:
        """List the questions of logins that nobody has answered."""
        return self.call(Request("GET", "/api/prompts"))["prompts"]

    def answer_prompt(self, prompt_id: str, answers: list[str] | None) -> None:
        """Give one answer for each field, or None to give the login up."""
        path = f"/api/prompts/{quote(prompt_id, safe='')}"
        self.call(Request("POST", path, {"answers": answers}))

    def login(self, target: str, project_dir: str | None, abort: Abort | None = None) -> Any:
        """Log in to the host of a target; waits for every question of the login."""
        path = f"/api/login/{quote(target, safe='')}"
        body = {"projectDir": project_dir}
        return self.call(Request("POST", path, body, _LOGIN_TIMEOUT_S, abort))["connection"]

    def logout(self, target: str, project_dir: str | None) -> Any:
        """Give the connection to the host of a target up."""
        path = f"/api/logout/{quote(target, safe='')}"
        return self.call(Request("POST", path, {"projectDir": project_dir}))["connection"]

    def events(self, task_id: str, after: int, wait_ms: int, known: int | None = None) -> Any:
        """Give the task and its events after an index; waits up to `wait_ms` for news.

        With the revision that is `known`, another one is news, too.
        """
        asked = {"after": after, "waitMs": wait_ms}
        query = urlencode(asked if known is None else {**asked, "known": known})
        path = f"/api/events/{quote(task_id, safe='')}?{query}"
        return self.call(Request("GET", path, timeout_s=wait_ms / 1000 + 30))

    def logs(self, task_id: str) -> Iterator[str]:
        """Give what the task printed, in pieces."""
        request = Request("GET", f"/api/logs/{quote(task_id, safe='')}")
        self.task(task_id)  # an unknown one is refused in words before anything is printed
        health = self._reach()
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        try:
            with exchange(health.socket_path, self.launcher.place.config, request) as response:
                if response.status != 200:
                    raise SluiceError.from_body(None, response.status)
                while chunk := response.read1(65536):
                    yield decoder.decode(chunk)
        except (ServiceGoneError, TimeoutError) as error:
            raise self._down(error) from error
        yield decoder.decode(b"", final=True)

    def call(self, request: Request) -> Any:
        """Send one request and give the JSON of its answer.

        Raises
        ------
        SluiceError
            What the service said, or `service-down` after a few tries.
        """
        if self.waiter is not None and request.abort is None and request.timeout_s > _SHORT_S:
            return self.waiter(lambda abort: self.call(replace(request, abort=abort)))
        for pause_s in RETRY_PAUSES_S:
            try:
                return self._send(request)
            except ServiceGoneError:
                if request.abort is not None and request.abort.is_set:
                    raise
                self._health = None
            except SluiceError as error:
                if error.code != "draining":
                    raise
                self._health = None
            self._sleep(pause_s)
        try:
            return self._send(request)
        except ServiceGoneError as error:
            raise self._down(error) from error

    def _send(self, request: Request) -> Any:
        health = self._reach()
        if not self.is_attended():
            request = replace(request, unattended=True)
        try:
            return exchange_json(health.socket_path, self.launcher.place.config, request)
        except TimeoutError as error:
            raise self._down(error) from error

    def _reach(self) -> Health:
        if self._health is None:
            self._health = self.launcher.ensure()
        return self._health

    def _down(self, error: Exception) -> SluiceError:
        return service_down(self.launcher.place, str(error))
