"""``python -m paihao_runtime`` is ``paihao``."""

import sys

from paihao_runtime.command import main

sys.exit(main())
