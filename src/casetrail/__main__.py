"""`python -m casetrail`: the command without its script."""

import sys

from casetrail.cli.main import main

sys.exit(main())
