"""``python -m fea.cli``."""

import sys

from fea.cli.command import main

sys.exit(main())
