"""What is not held to a rule of the house, each with its reason. Nothing stands here without one."""

# Tables without a scope of their own.
UNSCOPED: dict[str, str] = {
    "regions.Region": "the tree of regions is public knowledge",
    "regions.RegionChange": "merges and renames are public decisions",
    "identity.User": "signing in reads it before anybody is an actor; lists go through identity.selectors",
    "identity.Post": "offices and posts are public; lists go through identity.selectors",
    "identity.Grant": "it is what scope is made of; lists go through identity.selectors",
    "identity.ApiToken": "one's own only, by identity.selectors.own_tokens",
    "identity.RecoveryCode": "one-time codes by digest, read by the act that uses one, never listed",
    "identity.CodeTry": "wrong codes by digest, counted by the throttle, forgotten after a day",
    "limits.Tally": "counts of requests by digest, no content, forgotten after their window",
    "identity.PersonKey": "keys, read by their number from the record they belong to, never listed",
    "files.PartialUpload": "one's own only, by files.services.own_uploads",
    "journal.ActKey": "idempotency keys, read by the skeleton of acts alone",
    "journal.BulkLoad": "a transaction's own declaration, read by triggers",
    "journal.StepTaken": "read through the record it belongs to",
    "events.EventRow": "the outbox; read by flows and, under office.operate, by whoever runs the platform",
    "events.Delivery": "the outbox; read by flows and, under office.operate, by whoever runs the platform",
    "notify.Message": "one's own inbox only, by notify.services.inbox",
    "codes.Counter": "running numbers, no content",
    "codes.Parameter": "local rules are public",
    "deadlines.HolidayNotice": "days off are public",
    "intake.Progress": "counts of a batch, read with the batch",
    "registry.FormerName": "read through its unit",
    "registry.Difference": "read through the two units it tells apart",
    "registry.StatusChange": "read through its site",
    "registry.PhoneLook": "that somebody looked people up by telephone, counted by the throttle, forgotten after a day",
    "registry.Post": "read through the person who holds it",
    "statutes.Statute": "laws are public",
    "statutes.Edition": "laws are public",
    "statutes.Article": "laws are public",
    "statutes.CheckList": "statutory lists are public; an office's own by statutes.selectors.check_lists",
    "statutes.CheckItem": "read through its check list, by statutes.selectors",
    "tallies.Reconciliation": "a night's comparison of kept numbers, read by whoever runs the platform",
    "ui.SavedFilter": "one's own and those of one's office, by ui.selectors.saved_filters",
    "ui.BulkRun": "one's own, by ui.selectors.bulk_runs",
}

# Permissions that no role carries: only the platform itself acts under them.
SYSTEM_ONLY: dict[str, str] = {
    "deadlines.sweep": "the clock advances deadlines",
    "deadlines.notices": "whoever runs the machine, by `anlan load holidays`",
    "duty.watch": "the clock looks at rosters",
    "chemicals.watch": "the clock compares ledgers with stocks",
    "compliance.watch": "the clock and flows judge the duties of units",
    "installations.watch": "flows compare installations with ledgers",
    "risks.watch": "the clock follows what places decided on the assessment of areas",
    "alarms.take_in": "the historian tells what the alarm engine found",
    "alarms.watch": "the clock raises alarms to the office above, takes them off the shelf, finds neglect",
    "warning.reckon": "the clock reckons the index, proposes warnings, ends what expired",
    "monitoring.take_in": "the historian counts what was refused, flows carry gateways",
    "welcome.deliver": "the worker sends the short messages an officer asked for",
    "tallies.reconcile": "the clock compares the kept numbers",
    "identity.rescue": "whoever runs the machine, by `anlan admin --emergency`",
    "intake.sweep": "the clock forgets batches nobody confirmed",
}

# Files longer than 500 lines.
LONG: dict[str, str] = {}

# Functions in services that are neither acts nor marked.
LOOSE: dict[str, str] = {
    "anlan.kernel.files.services.own_upload": "reads for the actor",
    "anlan.kernel.files.services.own_uploads": "reads for the actor",
    "anlan.kernel.files.services.take_uploads": "reads for the actor; the act that keeps them marks them used",
    "anlan.kernel.files.services.visible_file": "reads for the actor",
    "anlan.kernel.notify.services.inbox": "reads for the actor",
    "anlan.kernel.notify.services.unread_count": "reads for the actor",
    "anlan.modules.registry.services.intake.admission": "makes the judge of rows for the actor; writes nothing",
    "anlan.modules.registry.services.intake.describe": "puts an admitted row into words",
}

# Selectors without an actor that are not marked.
ACTORLESS: dict[str, str] = {
    "anlan.modules.cockpit.selectors.numbers.as_number": "a value for a chart",
    "anlan.modules.cockpit.selectors.sources.fetch": "runs a statement that was made from the actor's own rows",
    "anlan.modules.cockpit.selectors.sources.inner": "the statement of rows that were admitted",
    "anlan.modules.cockpit.selectors.sources.inside": "a condition, no rows",
    "anlan.modules.cockpit.selectors.sources.part_key": "a piece of a statement",
    "anlan.modules.cockpit.selectors.trend.late_by_month": "a statement over rows that were admitted",
    "anlan.modules.cockpit.selectors.trend.months_back": "days, no rows",
    "anlan.modules.office.selectors.validity": "a condition, no rows",
}

# Rights that roles carry and nothing asks for.
UNASKED: dict[str, str] = {}
