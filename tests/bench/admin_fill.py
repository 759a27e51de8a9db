"""Fills a database for the benchmark of the staff's pages: the demo, and its registers so many times.

python -m tests.bench.admin_fill TIMES
"""

import sys

from fixtures.load_demo import prepare
from tests.bench.multiply import multiply

if __name__ == "__main__":
    prepare()
    multiply(int(sys.argv[1]))
