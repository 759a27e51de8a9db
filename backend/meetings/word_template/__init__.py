"""The default template of 会议纪要, made by `make.py` beside it."""
