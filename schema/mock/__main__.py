"""`python -m schema.mock [--port 8001] [--seed 1]`: the stand-in, without Django."""

import argparse

from schema.mock.server import Server


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=8001, help="0: any free one")
    parser.add_argument("--seed", type=int, default=1, help="another number: other values")


def serve(port: int, seed: int) -> None:
    """Serves until interrupted. Says the address on standard output."""
    server = Server(port, seed)
    print(f"http://127.0.0.1:{server.server_port}/graphql/", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()


if __name__ == "__main__":
    options = argparse.ArgumentParser(prog="python -m schema.mock")
    add_options(options)
    serve(**vars(options.parse_args()))
