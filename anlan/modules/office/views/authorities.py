"""Authorities and posts: who may do what where, giving, ending, emergencies."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from anlan.kernel.actor import Actor
from anlan.kernel.identity import services
from anlan.kernel.identity.models import Grant, Post, User
from anlan.modules.office import choices, selectors
from anlan.modules.office.filters import GrantFilters, PostFilters
from anlan.modules.office.forms import EndForm, GiveForm, GlassForm, PostForm, ReasonForm, UnitForm
from anlan.modules.office.tables import GrantTable, PostTable
from anlan.modules.registry.public import sectors, unit_of_holder
from anlan.ui import links
from anlan.ui.pages import Action, ActPage, Empty, Export, Item, ListPage, RecordPage, Section, Tab
from anlan.ui.rights import permission_labels

MANAGE = "identity.grants"


class GiveToUser(ActPage):
    """Giving is about the account on whose page it was asked for."""

    def perform(self, request: Any, form: Any, record: Any) -> Any:
        """Call the act for that account."""
        return self.act(actor=request.actor, key=form.key, user=record, **form.arguments())

    def target_of(self, request: Any, outcome: Any, record: Any) -> str:
        """Back to the account."""
        return links.url_of(record)


def grant_facts(grant: Grant, actor: Actor) -> list[Item]:
    """What is known of an authority."""
    unit = unit_of_holder(grant.holder) if grant.holder else None
    given_by = User.objects.filter(pk=grant.granted_by[5:]).first() if _by_person(grant) else None
    return [
        Item(_("Account"), grant.user.name, url=links.url_of(grant.user)),
        Item(_("Kind"), grant.get_kind_display()),
        Item(_("Region"), grant.region.path if grant.region else "", kind="region"),
        Item(_("Unit"), unit.name if unit else ""),
        Item(_("Sector line"), dict(sectors()).get(grant.sector, grant.sector) or _("All lines")),
        Item(_("Post"), str(grant.post) if grant.post else "", url=links.url_of(grant.post) if grant.post else ""),
        Item(_("From"), grant.valid_from),
        Item(_("To"), grant.expires_at or grant.valid_to),
        Item(_("Given by"), given_by.name if given_by else ""),
        Item(_("Document"), grant.basis),
        Item(_("Delegated from"), grant.origin.user.name if grant.origin else "",
             url=links.url_of(grant.origin) if grant.origin else ""),
        Item(_("Reason"), grant.reason, kind="lines", wide=True),
    ]


def _by_person(grant: Grant) -> bool:
    return grant.granted_by.startswith("user:") and grant.granted_by[5:].isdigit()


def may_do(grant: Grant, actor: Actor) -> list[Item]:
    """The permissions the role carries."""
    return [Item(area, permission_labels(codes)) for area, codes in sorted(choices.permissions(grant.role).items())]


def endable(grant: Grant, actor: Actor) -> bool:
    """One that is still in force or to come, within the actor's reach."""
    return selectors.endable_grants(actor).filter(pk=grant.pk).exists()


def post_facts(post: Post, actor: Actor) -> list[Item]:
    """What is known of a post."""
    return [
        Item(_("Region"), post.region.path, kind="region"),
        Item(_("Role"), choices.role_label(post.role)),
        Item(_("Sector line"), dict(sectors()).get(post.sector, post.sector) or _("All lines")),
        Item(_("Held by"), post.holders),  # type: ignore[attr-defined]
    ]


def may_close(post: Post, actor: Actor) -> bool:
    """A post nobody holds may be closed."""
    return not post.closed and post.holders == 0  # type: ignore[attr-defined]


GRANTS = ListPage(
    name="office:grants",
    path="authorities/",
    title=_("Authorities"),
    icon="shield-check",
    permission=choices.SEE,
    selector=selectors.grants,
    table=GrantTable,
    filters=GrantFilters,
    lead=_("Who may do what where, and until when"),
    tabs=(
        Tab(_("In force today"), "when=now"),
        Tab(_("Ends within 30 days"), "when=soon"),
        Tab(_("Emergency"), "kind=emergency"),
        Tab(_("All"), ""),
    ),
    actions=(
        Action(
            _("Take an emergency authority"), "office:glass", icon="alert-octagon", permission="identity.break_glass"
        ),
    ),
    empty=Empty(_("No authorities"), _("None in your jurisdiction fits these filters.")),
    export=Export(permission=choices.SEE),
)
GRANT = RecordPage(
    name="office:grant",
    path="authorities/<int:pk>/",
    permission=choices.SEE,
    selector=selectors.grants,
    title=lambda grant: choices.role_label(grant.role),
    subtitle=lambda grant: grant.user.name,
    facts=grant_facts,
    back="office:grants",
    deadlines=False,
    timeline=False,
    sections=(Section(_("What the role may do"), items=may_do, icon="checklist", open=False),),
    actions=(Action(_("End"), "office:end", icon="shield-off", permission=MANAGE, tone="red", when=endable),),
)
GIVE = GiveToUser(
    name="office:give",
    path="users/<int:pk>/give/",
    title=_("Give an authority"),
    selector=selectors.manageable_users,
    act=services.give_grant,
    form=GiveForm,
    submit=_("Give"),
    message=_("The authority was given."),
)
GIVE_UNIT = GiveToUser(
    name="office:give-unit",
    path="users/<int:pk>/give-unit/",
    title=_("Let the account act for a unit"),
    selector=selectors.manageable_users,
    act=services.give_grant,
    form=UnitForm,
    submit=_("Give"),
    message=_("The authority was given."),
)
END = ActPage(
    name="office:end",
    path="authorities/<int:pk>/end/",
    title=_("End the authority"),
    selector=selectors.endable_grants,
    act=services.end_grant,
    form=EndForm,
    submit=_("End"),
    message=_("The authority was ended."),
    lead=lambda grant: f"{grant.user.name} · {choices.role_label(grant.role)}",
    done=lambda grant: links.url_of(grant.user),
    danger=True,
    cancel="office:grants",
)
GLASS = ActPage(
    name="office:glass",
    path="authorities/emergency/",
    title=_("Take an emergency authority"),
    act=services.break_glass,
    form=GlassForm,
    submit=_("Take it"),
    message=_("The authority counts now. Everybody who may give authorities here, and the auditors, were told."),
    intro=_(
        "For emergencies only: it counts for hours, stands in the journal with your reason, and is told at once to "
        "everybody who may give authorities in this region and above, and to the auditors."
    ),
    done=lambda grant: links.url_of(grant.user),
    cancel="office:grants",
    danger=True,
)
POSTS = ListPage(
    name="office:posts",
    path="posts/",
    title=_("Offices and posts"),
    icon="briefcase",
    permission=choices.SEE,
    selector=selectors.posts,
    table=PostTable,
    filters=PostFilters,
    lead=_("People come and go, the post stays with its role"),
    actions=(Action(_("Set up a post"), "office:add-post", icon="plus", permission=MANAGE),),
    empty=Empty(_("No posts"), _("Set one up, then appoint somebody to it on the page of the account.")),
    export=Export(permission=choices.SEE),
)
POST = RecordPage(
    name="office:post",
    path="posts/<int:pk>/",
    permission=choices.SEE,
    selector=selectors.posts,
    title=str,
    badges=lambda post: [(_("Post closed"), "grey")] if post.closed else [],
    facts=post_facts,
    back="office:posts",
    deadlines=False,
    sections=(
        Section(
            _("Who held it"),
            table=GrantTable,
            rows=lambda post, actor: selectors.grants(actor).filter(post=post),
            columns=("user", "valid_from", "valid_to", "kind", "reason"),
            icon="users",
            empty=_("Nobody has held this post yet."),
        ),
    ),
    actions=(
        Action(
            _("Close the post"), "office:close-post", icon="briefcase", permission=MANAGE, tone="red", when=may_close
        ),
    ),
)
ADD_POST = ActPage(
    name="office:add-post",
    path="posts/new/",
    title=_("Set up a post"),
    act=services.add_post,
    form=PostForm,
    submit=_("Set up a post"),
    message=_("The post was set up."),
    cancel="office:posts",
)
CLOSE_POST = ActPage(
    name="office:close-post",
    path="posts/<int:pk>/close/",
    title=_("Close the post"),
    selector=selectors.posts,
    act=services.close_post,
    form=ReasonForm,
    submit=_("Close the post"),
    message=_("The post was closed."),
    danger=True,
)
