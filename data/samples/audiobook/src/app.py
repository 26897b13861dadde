# SPDX-License-Identifier: GPL-3.0-or-later
import sys

from audiobook_generator.cli import main

sys.exit(main())
