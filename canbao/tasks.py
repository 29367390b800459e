"""What the queue's worker can do; procrastinate finds tasks through this module."""

from canbao.cases import closing, messages, sets  # noqa: F401 - being imported is what makes them known
from canbao.kernel import jobs  # noqa: F401 - as above
from canbao.payments import season  # noqa: F401 - as above
