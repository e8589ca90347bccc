"""The command `casetrail`, also as `python -m casetrail`."""

import sys

from casetrail.cli import interrupts


def main() -> int:
    """Run the command of this process and return its exit code."""
    try:
        interrupts.hold_interrupts_while_modules_load()
        from casetrail.cli.main import main as run

        return run()
    except KeyboardInterrupt:
        print(f"casetrail: {interrupts.STOPPED}", file=sys.stderr)
        return interrupts.INTERRUPTED
    finally:
        interrupts.ignore_interrupts()


if __name__ == "__main__":
    sys.exit(main())
