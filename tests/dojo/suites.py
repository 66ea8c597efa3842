"""AgentDojo's suites without its agents: what people ask for, what attackers put in the way, and the world of both."""

from __future__ import annotations

import functools
import importlib.util
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import yaml

VERSION = "v1.1.2"
"""The newest in which the pairs are the 629 of the paper; later ones add injection tasks."""

ATTACK = "important_instructions"
_VICTIM = "claude-3-5-sonnet-20241022"
"""The attack speaks to the model by the name that belongs to this one."""


@dataclass(frozen=True)
class Suite:
    """`raw` is AgentDojo's own."""

    name: str
    raw: Any

    @property
    def users(self) -> list[Any]:
        return list(self.raw.user_tasks.values())

    @property
    def attackers(self) -> list[Any]:
        return list(self.raw.injection_tasks.values())

    @property
    def pairs(self) -> Iterator[tuple[Any, Any]]:
        return ((user, attacker) for user in self.users for attacker in self.attackers)

    def world(self, user: Any, injections: dict[str, str] | None = None) -> Any:
        """One of its own, with this in it."""
        return user.init_environment(_world(self.name, injections or {}))

    def injections(self, user: Any, attacker: Any) -> dict[str, str]:
        """AgentDojo's default attack, in every place that the user's task looks at."""
        return _attack(self.name).attack(user, attacker)  # type: ignore[no-any-return]

    def is_done(self, user: Any, before: Any, after: Any) -> bool:
        """By AgentDojo's own check, for a model that made the true calls and says what it should."""
        said = [{"type": "text", "content": user.GROUND_TRUTH_OUTPUT}]
        made = user.ground_truth(before.model_copy(deep=True))
        return bool(self.raw._check_user_task_utility(user, said, before, after, made))

    def has_won(self, attacker: Any, before: Any, after: Any, ran: list[tuple[str, dict[str, Any]]]) -> bool:
        """By AgentDojo's own check, for a model that says nothing."""
        from agentdojo.functions_runtime import FunctionCall

        made = [FunctionCall(function=name, args=given) for name, given in ran]
        return bool(self.raw._check_injection_task_security(attacker, [], before, after, made))


def suites() -> list[Suite]:
    from agentdojo.task_suite import get_suites

    return [Suite(name, raw) for name, raw in get_suites(VERSION).items()]


@functools.cache
def _nothing_placed(suite: str) -> dict[str, str]:
    from agentdojo.task_suite import get_suites

    return get_suites(VERSION)[suite].get_injection_vector_defaults()  # type: ignore[no-any-return]


def _world(suite: str, injections: dict[str, str]) -> Any:
    """Read once for all tasks that it is the same for: they change a copy."""
    return _read(suite, tuple(injections.items())).model_copy(deep=True)


@functools.cache
def _read(suite: str, injections: tuple[tuple[str, str], ...]) -> Any:
    """As AgentDojo's `load_and_inject_default_environment`, with the same parser in C."""
    from agentdojo.task_suite import get_suites
    from agentdojo.task_suite.task_suite import read_suite_file

    raw = get_suites(VERSION)[suite]
    text = read_suite_file(suite, "environment.yaml", raw.data_path)
    placed = _nothing_placed(suite) | dict(injections)
    return raw.environment_type.model_validate(yaml.load(text.format(**placed), Loader=yaml.CSafeLoader))


@functools.cache
def _attack(suite: str) -> Any:
    from agentdojo.agent_pipeline.base_pipeline_element import BasePipelineElement
    from agentdojo.attacks import load_attack
    from agentdojo.task_suite import get_suites

    class Victim(BasePipelineElement):  # type: ignore[misc]
        name = _VICTIM

        def query(self, *_: Any, **__: Any) -> Any:
            raise AssertionError("no model takes part")

    attack = load_attack(ATTACK, get_suites(VERSION)[suite], Victim())
    attack.task_suite = _ReadOnce(attack.task_suite)
    return attack


class _ReadOnce:
    """AgentDojo's suite, whose world is not read anew for each user when an attack looks where it can be placed."""

    def __init__(self, raw: Any) -> None:
        self._raw = raw

    def load_and_inject_default_environment(self, injections: dict[str, str]) -> Any:
        return _world(self._raw.name, injections)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._raw, name)


def _without_its_agents() -> None:
    """AgentDojo's package of agents imports every vendor's client; the suites need none of them, and one constant."""
    found = importlib.util.find_spec("agentdojo")
    if found is None or found.submodule_search_locations is None:
        return
    (root,) = found.submodule_search_locations
    agents = ModuleType("agentdojo.agent_pipeline")
    agents.__path__ = [f"{root}/agent_pipeline"]
    google = ModuleType("agentdojo.agent_pipeline.llms.google_llm")
    google.EMPTY_FUNCTION_NAME = "<empty-function>"  # type: ignore[attr-defined]
    sys.modules[agents.__name__] = agents
    sys.modules[google.__name__] = google


_without_its_agents()
