"""The historian: one process that takes readings in, has them judged for alarms, keeps them, and answers for them.

In: the stream ``TELEMETRY`` of the message server. The order of a round is decode, check, judge, store, checkpoint,
acknowledge: whatever dies in between, what was not acknowledged comes again and changes nothing the second time.
``decode`` and ``checks`` are pure, ``store`` is the only place that knows the telemetry store.
"""
