"""``paihao asyncapi``: the MQTT contract of this version for the tools of an integrator."""

import json
from importlib.metadata import version

from paihao_hall.asyncapi import asyncapi
from paihao_runtime.command import OK, print_lines, run_app


def main(argv: list[str]) -> int:
    """Print the AsyncAPI document of the MQTT contract."""
    import typer

    app = typer.Typer(add_completion=False)

    @app.command()
    def print_asyncapi() -> int:
        """Print the AsyncAPI 3.0 document of the MQTT contract as JSON."""
        document = asyncapi(version("paihao"))
        print_lines([json.dumps(document, ensure_ascii=False, indent=2)])
        return OK

    return run_app(app, argv, name="asyncapi")
