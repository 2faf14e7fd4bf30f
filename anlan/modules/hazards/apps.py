"""The hazards module as a Django app."""

from django.apps import AppConfig


class HazardsConfig(AppConfig):
    """隐患排查治理."""

    name = "anlan.modules.hazards"
    label = "hazards"
    verbose_name = "Hazards"

    def ready(self) -> None:
        """Declare the local parameters, the noun that ledgers may be taken in as, what follows a counted day, and whose
        name goes over to a successor."""
        from anlan.kernel.deadlines.notices import AFTER_RECOUNT
        from anlan.kernel.intake.duplicates import Duplicates
        from anlan.kernel.intake.services import Noun, register
        from anlan.kernel.tallies import keeping
        from anlan.modules.hazards.rows import LEDGER
        from anlan.modules.hazards.services import (
            _handing,
            _terms,  # noqa: F401  # declares the parameters
        )
        from anlan.modules.hazards.services._desks import follow_recount
        from anlan.modules.hazards.services.intake import admission, describe, intake_hazards

        register(
            Noun(
                schema=LEDGER,
                permission="hazards.intake",
                admission=admission,
                take_in=intake_hazards,
                describe=describe,
                duplicates=Duplicates(code="", name="", same=("unit", "found_on", "description")),
                icon="alert-triangle",
                done_url="/hazards/",
            )
        )
        keeping.register("hazards", "tallied_hazards")
        _handing.start()
        if follow_recount not in AFTER_RECOUNT:
            AFTER_RECOUNT.append(follow_recount)
