"""Translation engines behind one protocol (`protocol.py`). To add one, add a module and a line in `registry.py`.

An engine only translates. Time-outs are given to it; quotas and pauses are kept by `guarded.py` and `circuit.py`, retries and the
next engine in its place by `policy.py` and `sentences.py`.
"""
