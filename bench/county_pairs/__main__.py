"""`python -m bench.county_pairs`."""

import sys

from bench.county_pairs.run import main

sys.exit(main())
