"""What bin/demo, bin/test and bin/services are made of; standard library only, so that it runs before any set-up.

`setup`, `options` and `paths` must run on the Python that the system has (3.9 and later); the rest runs in .venv.
"""
