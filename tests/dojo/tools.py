"""AgentDojo's functions as tools of ours, on one world of theirs."""

from __future__ import annotations

import functools
from typing import Any

from pydantic import BaseModel

from bot.domain.call import Result
from bot.domain.destination import Aim
from bot.domain.grant import Permission, ServiceGrant
from bot.errors import ToolError
from bot.sdk.tool import Tool
from tests.dojo.declared import DECLARED, named
from tests.dojo.suites import Suite


def tools(suite: Suite, world: Any) -> dict[str, Tool]:
    from agentdojo.functions_runtime import FunctionsRuntime

    runtime = FunctionsRuntime(suite.raw.tools)
    made = (_tool(function, runtime, world) for function in suite.raw.tools)
    return {tool.name: tool for tool in made}


def grants(permission: Permission) -> dict[str, ServiceGrant]:
    """Every service, with every tool switched alike."""
    services = {declared.service for declared in DECLARED.values()}
    return {
        service: ServiceGrant(
            permissions={
                named(name): permission for name, declared in DECLARED.items() if declared.service == service
            }
        )
        for service in services
    }


def _tool(function: Any, runtime: Any, world: Any) -> Tool:
    from agentdojo.agent_pipeline.tool_execution import tool_result_to_str

    declared = DECLARED[function.name]

    def run(desk: Any, **given: Any) -> Result:
        try:
            answer, _ = runtime.run_function(world, function.name, given, raise_on_error=True)
        except Exception as error:
            raise ToolError(f"{type(error).__name__}: {error}") from error
        return Result(text=tool_result_to_str(answer))

    return Tool(
        name=named(function.name),
        description=function.description,
        schema=_schema(function.parameters),
        arguments=function.parameters,
        function=run,
        accesses=lambda desk, **given: declared.accesses(given),
        preview=lambda desk, **given: f"{function.name} {given}",
        destinations={name: Aim.ADDRESS if name == "url" else Aim.NAME for name in declared.to},
    )


@functools.cache
def _schema(parameters: type[BaseModel]) -> dict[str, Any]:
    return parameters.model_json_schema()
